"""House bots: the game's own rule-based player, at one of three levels."""

from collections.abc import Sequence
from random import Random
from zlib import crc32

from games.core import Ask, Level, Seat, Text, View


class HouseBot:
    """Plays a seat by the rules of thumb that the game ships; the same seed plays the same."""

    def __init__(self, level: Level, seed: int, seat: Seat) -> None:
        self._level = level
        self._seed = f"{seed}/{seat}"

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the game's house answer; after a refusal, any legal-looking one."""
        moment = (
            f"{self._seed}/{len(view.events)}/{crc32(str(ask.prompt).encode())}/{len(refusals)}"
        )
        rng = Random(moment)
        if refusals:
            return ask.sample(rng)
        return view.game.house_answer(view, ask, self._level, rng)
