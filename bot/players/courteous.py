"""Manners on an open floor: answer when spoken to, and otherwise let others speak first."""

import asyncio
from collections.abc import Sequence

from bot.arena.events import words_in
from bot.ports import Counting, Player, Usage
from games.core import Ask, Seat, Text, View


class Courteous:
    """Lets a player wait before it takes the floor unasked.

    The table cancels the wait when somebody speaks and asks again, so a player that waits has
    found the floor quiet.
    """

    def __init__(self, player: Player, quiet_seconds: float) -> None:
        self._player = player
        self._quiet_seconds = quiet_seconds

    def used(self) -> Usage:
        """Return what the player's model has used since this was asked last."""
        return self._player.used() if isinstance(self._player, Counting) else Usage()

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the player's answer, after a pause where others may speak first."""
        if ask.open_floor and view.seat not in addressed(view):
            # One after the other, or all would begin in the same moment.
            behind = view.seats.index(view.seat) if view.seat in view.seats else 0
            await asyncio.sleep(self._quiet_seconds * (1 + behind / 4))
        return await self._player.answer(view, ask, refusals)


def addressed(view: View) -> Sequence[Seat]:
    """Return who was spoken to by the last words at the table."""
    for event in reversed(view.events):
        if words_in(event):
            return tuple(getattr(event, "addressed", ()))
    return ()
