"""What a character remembers while it talks: recalled for an answer, learnt after it."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

import structlog

from bot.errors import ParlourError
from bot.memories import ChatSummary, Embedder, Forgotten, Memories, Recalled, Which
from bot.players.learner import PAUSE, Learner
from bot.players.model import Model
from characters.learning import own
from characters.lines import Line
from characters.memory import Scope
from characters.recall import distinct, fused, ranked, told, within

if TYPE_CHECKING:
    from bot.memories import Vectors

ASKED_BY: Final = 3
"""The last lines of a chat, which say what to recall."""
EMBEDDING: Final = 2.0
"""Seconds that an answer waits for the vector of its question."""

_log = structlog.get_logger()


class Remembering:
    """Recalls and learns, for any number of characters and members.

    `pause` is in seconds: how long lines wait for more before they are learnt from.
    """

    def __init__(
        self,
        memories: Memories,
        model: Model | None = None,
        embedder: Embedder | None = None,
        pause: float = PAUSE,
    ) -> None:
        self.memories = memories
        self._learner = Learner(memories, model, self._embed, pause)
        self._embedder = embedder
        self._embedded: set[Scope] = set()
        self._aside: set[asyncio.Task[None]] = set()

    async def recalled(
        self,
        guild: int,
        character: str,
        users: Mapping[int, str],
        lines: Sequence[Line],
        now: datetime,
        tokens: int,
    ) -> Sequence[str]:
        """Return what comes to mind about these users, best first, ready for a prompt.

        `users` are called by their names here; `lines` are the chat's last. Where the database or
        a model fails, less comes to mind, or nothing.
        """
        question = " ".join(line.words for line in lines[-ASKED_BY:])
        vector = await self._vector_of(question)
        found = [
            await self._found(Scope(guild, character, user), question, vector) for user in users
        ]
        by_question = [way for one in found for way in (one.by_words, one.by_meaning)]
        relevance = fused([memory.id for memory in way] for way in by_question)
        best = ranked((memory for way in by_question for memory in way), relevance, now)
        standing = [memory for one in found for memory in one.standing]
        known = {
            told(memory, users[memory.scope.user], now): memory.id
            for memory in distinct([*best, *standing])
        }
        kept = within(known, tokens)
        self._start_aside(self._note([known[text] for text in kept], now))
        return kept

    async def heard(
        self, scope: Scope, lines: Sequence[Line], match_id: str, now: datetime
    ) -> None:
        """Take up a member's own new lines, to learn from them soon; call it after the answer.

        Lines of characters are passed over; nothing is held of a member who does not want it.
        """
        said = own(lines)
        try:
            if said and await self.memories.may_remember(scope):
                self._learner.take(scope, said, match_id, now)
        except ParlourError as why:
            _log.warning("what was said is not remembered", why=str(why))

    async def unsaid(self, scope: Scope, match_id: str, line: int, now: datetime) -> Forgotten:
        """Forget what was learnt from a line that its member has deleted or edited."""
        self._learner.drop(scope, match_id, line)
        return await self.memories.forget(Which(user=scope.user, match_id=match_id, line=line), now)

    async def reflect(self, scope: Scope, now: datetime) -> None:
        """Conclude something from what was learnt, if that is enough and there is a model.

        Raises ModelError, NotUnderstood.
        """
        await self._learner.reflect(scope, now)

    async def summarised(self, match_id: str, seat: str) -> ChatSummary | None:
        """Return the summary of a chat for a seat; None where there is none."""
        return await self.memories.summary_of(match_id, seat)

    async def keep_summary(self, summary: ChatSummary, now: datetime) -> None:
        """Keep a summary in the place of an older one."""
        await self.memories.keep_summary(summary, now)

    async def close(self) -> None:
        """Learn from what still waits, as far as that is soon done, then stop."""
        await self._learner.close()
        for task in (unfinished := list(self._aside)):
            task.cancel()
        await asyncio.gather(*unfinished, return_exceptions=True)

    async def _vector_of(self, question: str) -> "Vectors | None":
        if self._embedder is None or not question.strip():
            return None
        try:
            async with asyncio.timeout(EMBEDDING):
                found: Vectors = (await self._embedder.embed([question]))[0]
                return found
        except (ParlourError, TimeoutError) as why:
            _log.warning("memories are recalled by words alone", why=str(why) or "too slow")
            return None

    async def _found(self, scope: Scope, question: str, vector: "Vectors | None") -> Recalled:
        if scope not in self._embedded:  # once: the model may be another one than before
            self._embedded.add(scope)
            self._start_aside(self._embed(scope))
        name = self._embedder.name if self._embedder else ""
        try:
            return await self.memories.recall(scope, question, vector, name)
        except ParlourError as why:
            _log.warning("nothing was recalled", why=str(why))
            return Recalled()

    async def _embed(self, scope: Scope) -> None:
        """Make the vectors that memories of a scope lack."""
        if self._embedder is None:
            return
        try:
            while seen := await self.memories.without_vector(scope, self._embedder.name):
                vectors = await self._embedder.embed([memory.text for memory in seen])
                await self.memories.keep_vectors(self._embedder.name, seen, vectors)
        except (ParlourError, ValueError) as why:
            self._embedded.discard(scope)
            _log.warning("some memories have no vectors yet", why=str(why))

    async def _note(self, ids: Sequence[int], now: datetime) -> None:
        try:
            await self.memories.accessed(ids, now)
        except ParlourError as why:
            _log.warning("what was recalled is not noted", why=str(why))

    def _start_aside(self, work: Coroutine[None, None, None]) -> None:
        """Do something that no answer waits for."""
        task = asyncio.create_task(work)
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)
