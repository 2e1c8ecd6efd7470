"""Classic games of PettingZoo, as many of them as work without a large library: docs/pettingzoo.md.

Nothing of PettingZoo is here but what was measured of it, so a match can be shown and replayed
where it is not installed. Source: PettingZoo 1.27.0, package pettingzoo.classic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from games.core import BadSetup, Text, listed, quoted
from games.foreign import ForeignGame

USUAL: Final = "connect_four_v3"


@dataclass(frozen=True)
class Facts:
    """What was measured of an environment that works."""

    about: Text
    """What it is, in a few words."""
    moves: int
    """How many a game took in which all were made at random, the median of 50."""
    seats: tuple[int, ...] = (2,)
    """How many can play."""
    needs: str = ""
    """What it imports beside PettingZoo, NumPy and pygame."""


PLAYABLE: Final[Mapping[str, Facts]] = {
    "tictactoe_v3": Facts(Text("three in a line"), 7),
    "connect_four_v3": Facts(Text("four in a line"), 20),
    "rps_v2": Facts(Text("rock, paper, scissors, 15 rounds"), 30),
    "go_v5": Facts(Text("go on a board of 9 by 9, komi 7.5"), 122),
    "chess_v6": Facts(Text("chess, with moves in standard notation"), 343, needs="chess"),
    "leduc_holdem_v4": Facts(Text("poker with six cards, one hand"), 2, needs="rlcard"),
    "texas_holdem_v4": Facts(Text("limit hold'em, one hand"), 2, tuple(range(2, 11)), "rlcard"),
    "texas_holdem_no_limit_v6": Facts(
        Text("no-limit hold'em, one hand"), 2, tuple(range(2, 11)), "rlcard"
    ),
}
EXCLUDED: Final[Mapping[str, str]] = {
    "hanabi_v5": "it needs OpenSpiel and Shimmy, which are 170 MB more",
}
"""Why the others cannot be played."""


@dataclass(frozen=True)
class PettingZoo(ForeignGame):
    """One of PettingZoo's classic games, which the option env names."""

    name: ClassVar[str] = "pettingzoo"
    max_seats: ClassVar[int] = 10

    env: str = USUAL
    """Which game is played, such as leduc_holdem_v4; its version may be left off."""
    longest: int = 1000
    """Moves after which the game is broken off without a result, from 1 to 5000."""

    def check(self) -> None:
        super().check()
        object.__setattr__(self, "env", _known(self.env))
        seats = self.facts.seats  # of one environment, where the class speaks of all
        object.__setattr__(self, "max_seats", max(seats))

    @classmethod
    def envs(cls) -> Sequence[str]:
        return tuple(PLAYABLE)

    @property
    def facts(self) -> Facts:
        """What was measured of this environment."""
        return PLAYABLE[self.env]

    def rules(self) -> Text:
        return Text(
            "The game {env} of PettingZoo: {about}. Each move is one of those that are legal, and "
            "what only one player may know they alone are told. After {longest} moves the game "
            "ends without a result.",
            env=self.env,
            about=self.facts.about,
            longest=self.longest,
        )


def _known(env: str) -> str:
    """Return the whole id of an environment that can be played.  Raises BadSetup."""
    wanted = env.strip().casefold()
    for known in (*PLAYABLE, *EXCLUDED):
        if wanted in (known, known.rpartition("_")[0]):
            if known in EXCLUDED:
                raise BadSetup(f"{known} of PettingZoo cannot be played: {EXCLUDED[known]}.")
            return known
    there = listed(list(PLAYABLE))
    raise BadSetup(f"There is no game {quoted(env)} of PettingZoo. There are {there}.")
