"""What the characters of chats remember of people there, and the summaries of long chats."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import structlog

from bot.arena.events import is_person
from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.errors import ParlourError
from bot.memories import ChatSummary
from characters.chat_events import history
from characters.lines import Line
from characters.memory import Scope
from characters.situation import Situation, Summary
from characters.summary import summary_prompt
from games.core import Seat

if TYPE_CHECKING:
    from bot.players.character import Speaker
    from bot.players.remembering import Remembering

TOKENS: Final = 500
"""For memories in one prompt."""
HERE: Final = 0
"""The user at this machine's own terminal."""

log = structlog.get_logger(__name__)


class ChatMemory:
    """What one character knows of one chat beside its lines."""

    def __init__(
        self,
        remembering: "Remembering",
        model: "Speaker",
        guild: int,
        character: str,
        seat: Seat,
        table: Callable[[], Table | None],
    ) -> None:
        """Take who remembers, who sums up, and the table of the chat while it is loaded."""
        self._remembering = remembering
        self._model = model
        self._guild = guild
        self._character = character
        self._seat = seat
        self._table = table
        self._noted = 0
        self._summing: asyncio.Task[None] | None = None

    async def memories(self, lines: Sequence[Line]) -> Sequence[str]:
        """Return what comes to mind about those who are there."""
        users = {user: str(seat) for seat, user in self._users().items()}
        return await self._remembering.recalled(
            self._guild, self._character, users, lines, datetime.now(UTC), TOKENS
        )

    async def summary(self) -> Summary | None:
        """Return what was said in older lines, in short."""
        if (table := self._table()) is None:
            return None
        kept = await self._remembering.summarised(table.setup.match_id, self._seat)
        return None if kept is None else Summary(kept.upto, kept.text)

    async def take_note(self, situation: Situation, summarise_to: int | None) -> None:
        """Learn from what people have said since the character spoke last, and sum up."""
        if (table := self._table()) is None:
            return
        own = [line.number for line in situation.lines if line.speaker == self._seat]
        since = max([self._noted, *own])
        self._noted = max([since, *(line.number for line in situation.lines)])
        for seat, user in self._users().items():
            said = [one for one in situation.lines if one.number > since and one.speaker == seat]
            scope = Scope(self._guild, self._character, user)
            await self._remembering.heard(scope, said, table.setup.match_id, datetime.now(UTC))
        if summarise_to and (self._summing is None or self._summing.done()):
            self._summing = asyncio.create_task(self._sum_up(table, situation, summarise_to))

    async def close(self) -> None:
        """Sum up no more."""
        if self._summing:
            self._summing.cancel()
            await asyncio.gather(self._summing, return_exceptions=True)

    def _users(self) -> Mapping[Seat, int]:
        """Return the people who are there, by their seats."""
        if (table := self._table()) is None:
            return {}
        here = table.match.state.members
        return {
            seat: person_in(player) or HERE
            for seat, player in table.players.items()
            if seat in here and is_person(player)
        }

    async def _sum_up(self, table: Table, situation: Situation, upto: int) -> None:
        """Sum up the older lines, unless one of them has changed meanwhile."""
        match_id, now = table.setup.match_id, datetime.now(UTC)
        try:
            said = await self._model.complete(summary_prompt(situation, upto))
            if _to(upto, history(table.match.log)) == _to(upto, situation.lines):
                summary = ChatSummary(match_id, self._seat, upto, said.text.strip())
                await self._remembering.keep_summary(summary, now)
        except ParlourError as why:
            log.warning("a chat was not summed up", match=match_id, why=str(why))


def _to(number: int, lines: Sequence[Line]) -> Sequence[Line]:
    return [line for line in lines if line.number <= number]
