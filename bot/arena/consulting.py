"""Questions to a player from outside its match: they change nothing there."""

from typing import Final

from bot.errors import ModelError
from bot.ports import Player
from games.core import Answer, Ask, Text, UnclearMove, View

TRIES: Final = 3


async def consulted(player: Player, view: View, ask: Ask) -> Answer:
    """Return a player's answer; one that cannot be read is asked for again.

    Raises OperatorError, BudgetSpent.
    """
    refusals: list[Text | str] = []
    while len(refusals) < TRIES:
        try:
            return ask.parse(await player.answer(view, ask, tuple(refusals)))
        except UnclearMove as why:
            refusals.append(why.args[0])
    raise ModelError(f"No usable answer: {refusals[-1]}")
