"""Learns from what members say, a little later than they say it, so that no answer waits for it.

Lines that nobody has learnt from yet are only in memory: who kills the process loses the last few
lines of each member as memories, though never as lines.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import structlog

from bot.errors import ParlourError
from bot.memories import Memories, Which
from bot.players.model import Model
from characters.learning import (
    FACTS,
    INSIGHTS,
    REFLECT_AT,
    NotUnderstood,
    facts_in,
    facts_prompt,
    insights_in,
    plain_episodes,
    reflection_prompt,
)
from characters.lines import Line
from characters.memory import Learnt, Scope, says_again

EVERY: Final = 4
"""New lines of a member that are learnt from at once."""
PAUSE: Final = 60.0
"""Seconds after which fewer lines are learnt from."""
MOST_LINES: Final = 40
"""Lines that wait while a model fails, and memories that a reflection looks at."""
CLOSING: Final = 10.0
"""Seconds at the end for learning from what still waits."""

_log = structlog.get_logger()
_Chat = tuple[Scope, str]


@dataclass
class _Waiting:
    """Lines of one member in one chat that nobody has learnt from yet, by number."""

    lines: dict[int, tuple[Line, datetime]] = field(default_factory=dict)
    fresh: int = 0
    """Lines heard since the last try."""
    enough: asyncio.Event = field(default_factory=asyncio.Event)


class Learner:
    """Learns for any number of characters and members; `learnt` is called after each time."""

    def __init__(
        self,
        memories: Memories,
        model: Model | None,
        learnt: Callable[[Scope], Awaitable[None]],
        pause: float = PAUSE,
    ) -> None:
        self._memories = memories
        self._model = model
        self._after = learnt
        self._pause = pause
        self._waiting: dict[_Chat, _Waiting] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closing = False

    def take(self, scope: Scope, lines: Sequence[Line], match_id: str, now: datetime) -> None:
        """Take up a member's lines, to learn from them soon; one that has changed counts anew."""
        chat = (scope, match_id)
        known = chat in self._waiting
        waiting = self._waiting.setdefault(chat, _Waiting())
        for line in lines:
            if waiting.lines.get(line.number, (None,))[0] != line:
                waiting.lines[line.number] = (line, now)
                waiting.fresh += 1
        for number in sorted(waiting.lines)[:-MOST_LINES]:
            del waiting.lines[number]
        if waiting.fresh >= EVERY:
            waiting.enough.set()
        if not known:
            task = asyncio.create_task(self._tend(chat, waiting), name="learning")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def drop(self, scope: Scope, match_id: str, line: int) -> None:
        """Let go of a line that was taken back."""
        if waiting := self._waiting.get((scope, match_id)):
            waiting.lines.pop(line, None)

    async def reflect(self, scope: Scope, now: datetime) -> None:
        """Conclude something from what was learnt, if that is enough and there is a model."""
        if self._model is None or not await self._memories.may_remember(scope):
            return
        fresh = await self._memories.unlearnt(scope)
        if sum(memory.importance for memory in fresh) < REFLECT_AT:
            return
        asked = reflection_prompt(fresh[-MOST_LINES:])
        answer = await self._model.complete(asked, schema=INSIGHTS)
        await self._memories.remember(scope, insights_in(answer.text), now)

    async def close(self) -> None:
        """Learn from what still waits, as far as that is soon done, then stop."""
        self._closing = True
        for waiting in self._waiting.values():
            waiting.enough.set()
        tasks = list(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSING)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _tend(self, chat: _Chat, waiting: _Waiting) -> None:
        """Learn from lines when they are enough or a pause is over, until none are left."""
        failed = False
        try:
            while waiting.lines and not (failed and self._closing):
                with suppress(TimeoutError):
                    await asyncio.wait_for(waiting.enough.wait(), None if failed else self._pause)
                waiting.enough.clear()
                waiting.fresh = 0
                failed = not await self._tried(chat, waiting)
        finally:
            del self._waiting[chat]

    async def _tried(self, chat: _Chat, waiting: _Waiting) -> bool:
        """Learn from the lines that wait; return whether that went well.  If not, they wait on."""
        scope, match_id = chat
        taken = dict(waiting.lines)
        if not taken:
            return True
        heard_at = min(at for _, at in taken.values())
        try:
            if await self._memories.may_remember(scope):  # asked again, as a pause is long
                learnt = await self._learnt([line for line, _ in taken.values()], match_id)
                await self._memories.remember(scope, await self._new(scope, learnt), heard_at)
        except (ParlourError, NotUnderstood) as why:
            _log.warning("nothing was learnt, so the lines wait", why=str(why))
            return False
        for number, one in taken.items():
            if waiting.lines.get(number) is one:
                del waiting.lines[number]
        await self._after(scope)
        try:
            await self.reflect(scope, heard_at)
        except (ParlourError, NotUnderstood) as why:
            _log.warning("nothing was concluded", why=str(why))
        return True

    async def _learnt(self, lines: Sequence[Line], match_id: str) -> Sequence[Learnt]:
        """Return what is in lines.  Raises ModelError, NotUnderstood."""
        if self._model is None:
            return plain_episodes(lines, match_id)
        answer = await self._model.complete(facts_prompt(lines), schema=FACTS)
        return facts_in(answer.text, lines, match_id)

    async def _new(self, scope: Scope, learnt: Sequence[Learnt]) -> Sequence[Learnt]:
        """Return what is not known yet."""
        which = Which(user=scope.user, guild=scope.guild, character=scope.character)
        found = [await self._memories.search(which, one.text, 5) for one in learnt]
        return [
            one
            for one, known in zip(learnt, found, strict=True)
            if not any(says_again(one, other) for other in known)
        ]
