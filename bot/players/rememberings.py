"""What is remembered from each chat of a server, at the cost of whoever has opened it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.arena.table import Table
from bot.memories import Embedder, Memories
from bot.players.chat_memories import ChatMemory
from bot.players.remembering import Remembering
from bot.ports import Setup
from characters.chat import Chat
from characters.lines import Line
from characters.memory import Scope
from games.core import Seat

if TYPE_CHECKING:
    from bot.players.character import Speaker


class Rememberings:
    """One Remembering for each chat that characters speak in."""

    def __init__(
        self,
        memories: Memories,
        guild_of: Callable[[Setup], int],
        table_of: Callable[[str], Table | None],
        embedder: Embedder | None = None,
    ) -> None:
        self._memories = memories
        self._embedder = embedder
        self._guild_of = guild_of
        self._table_of = table_of
        self._of: dict[str, Remembering] = {}

    def recollection(
        self, setup: Setup, seat: Seat, character: str, model: "Speaker"
    ) -> ChatMemory | None:
        """Return what a character knows of a chat; with its model it learns and sums up."""
        match_id = setup.match_id
        if not isinstance(setup.game, Chat):
            return None
        if match_id not in self._of:
            self._of[match_id] = Remembering(self._memories, model, self._embedder)
        return ChatMemory(
            self._of[match_id],
            model,
            self._guild_of(setup),
            character,
            seat,
            lambda: self._table_of(match_id),
        )

    async def unlearn(
        self, setup: Setup, character: str, user: int, line: int, instead: Line | None
    ) -> None:
        """Forget what a character has learnt from a line, and learn from what it says instead."""
        remembering = self._of.get(setup.match_id) or Remembering(self._memories)
        scope = Scope(self._guild_of(setup), character, user)
        await remembering.unsaid(scope, setup.match_id, line, datetime.now(UTC))
        if instead:
            await remembering.heard(scope, [instead], setup.match_id, datetime.now(UTC))

    async def close(self) -> None:
        """Learn from what still waits, as far as that is soon done."""
        await asyncio.gather(*(one.close() for one in self._of.values()))
        self._of.clear()
