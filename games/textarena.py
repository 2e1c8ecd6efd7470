"""Games of TextArena, as many of them as work without a network: see docs/textarena.md.

Nothing of TextArena is here but what was measured of it, so a match can be shown and replayed where
it is not installed. Source: TextArena 0.7.4.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import ClassVar, Final

from games.core import BadSetup, Seat, Text, listed, quoted
from games.foreign import ForeignGame
from games.word_lists import DATA

USUAL: Final = "SimpleNegotiation-v0"


@dataclass(frozen=True)
class Facts:
    """What was measured of an environment that works."""

    env: str
    seats: tuple[int, ...]
    """How many can play."""
    needs: tuple[str, ...]
    """Beside the extra: a newer Python, or a package."""
    prompt: int
    """Characters of the first prompt, the longest of any seat."""
    moves: int | None
    """How many moves a game took in which any were made at random; None for more than 300."""
    bots: bool
    """Whether house bots find moves that count."""


@dataclass(frozen=True)
class Census:
    """Every environment that is registered, and the version in which it is."""

    version: str
    playable: Mapping[str, Facts]
    excluded: Mapping[str, str]
    """Why the others cannot be played."""


@cache
def census() -> Census:
    """Return what was measured, read on first use."""
    raw = json.loads((DATA / "textarena.json").read_text("utf-8"))
    playable = {
        env: Facts(
            env,
            tuple(facts["seats"]),
            tuple(facts["needs"]),
            facts["prompt"],
            facts["moves"],
            facts["bots"],
        )
        for env, facts in raw["playable"].items()
    }
    return Census(raw["version"], playable, raw["excluded"])


@dataclass(frozen=True)
class TextArena(ForeignGame):
    """One of the games of TextArena, which the option env names."""

    name: ClassVar[str] = "textarena"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 15

    env: str = USUAL
    """Which game is played, such as TruthAndDeception-v0; its version may be left off."""

    def check(self) -> None:
        super().check()
        object.__setattr__(self, "env", _known(self.env))
        seats = self.facts.seats  # of one environment, where the class speaks of all
        object.__setattr__(self, "min_seats", min(seats))
        object.__setattr__(self, "max_seats", max(seats))

    @classmethod
    def envs(cls) -> Sequence[str]:
        return tuple(census().playable)

    @property
    def facts(self) -> Facts:
        """What was measured of this environment."""
        return census().playable[self.env]

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        if len(seats) not in self.facts.seats:
            wanted = listed([str(number) for number in self.facts.seats], "or")
            raise BadSetup(f"{self.env} needs {wanted} seats; {len(seats)} were given.")

    def rules(self) -> Text:
        return Text(
            "The game {env} of TextArena. It tells each player the rules when it begins; what "
            "each may know of the game, they alone are told.\n"
            "Moves are words, often in brackets such as [Accept]. A move that does not count is "
            "told to whoever made it, and can be made again; {patience} in a row lose the game. "
            "After {longest} moves the game ends without a result.",
            env=self.env,
            patience=self.patience,
            longest=self.longest,
        )


def _known(env: str) -> str:
    """Return the whole id of an environment that can be played.  Raises BadSetup."""
    known = census()
    ids = {one.casefold(): one for one in known.playable}
    wanted = env.strip().casefold()
    for form in (wanted, f"{wanted}-v0"):
        if form in ids:
            return ids[form]
    reasons = {one.casefold(): (one, why) for one, why in known.excluded.items()}
    for form in (wanted, f"{wanted}-v0"):
        if form in reasons:
            whole, why = reasons[form]
            raise BadSetup(f"{whole} of TextArena cannot be played: {why}.")
    close = [one for form, one in ids.items() if wanted and form.startswith(wanted[:4])][:5]
    hint = f" There are {listed(close)}." if close else ""
    raise BadSetup(
        f"There is no game {quoted(env)} of TextArena.{hint} See them all: python bot.py games "
        "--textarena."
    )
