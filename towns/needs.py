"""What residents are short of: levels that fall with time and rise with what they do."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from towns.catalogue import Need

FULL: Final = 100.0
FADES: Final[Mapping[Need, float]] = {
    Need.FOOD: 10,
    Need.REST: 6,
    Need.FUN: 5,
    Need.COMPANY: 4,
    Need.HEALTH: 2,
}
"""Points an hour; half as many in sleep."""
GAINS: Final[Mapping[Need, float]] = {
    Need.REST: 13,
    Need.FUN: 30,
    Need.COMPANY: 30,
    Need.HEALTH: 60,
}
"""Points an hour for what is good for it."""
MEAL: Final = 65.0
"""Points for something to eat or to drink, however long it takes."""
TALK: Final = 20.0
"""Points of company for a talk."""


@dataclass(frozen=True)
class Needs:
    """How well a resident's needs are met, each from 0 to 100."""

    levels: Mapping[Need, float] = field(default_factory=lambda: dict.fromkeys(FADES, 70.0))

    def after(self, minutes: float, doing: Need = Need.NOTHING) -> "Needs":
        """Return the needs after a time spent on something that is good for one of them."""
        hours = minutes / 60
        pace = hours / 2 if doing is Need.REST else hours
        changed = {
            need: GAINS.get(need, 0.0) * hours if need is doing else -FADES[need] * pace
            for need in FADES
        }
        if doing is Need.FOOD:
            changed[Need.FOOD] = MEAL
        return self._changed(changed)

    def talked(self) -> "Needs":
        """Return the needs after a talk."""
        return self._changed({Need.COMPANY: TALK})

    def short(self, need: Need) -> float:
        """Return how many points are missing; 0 for a need that has no level, such as money."""
        return FULL - self.levels[need] if need in self.levels else 0.0

    @property
    def mean(self) -> float:
        """The mood: how well all needs are met, on average."""
        return sum(self.levels.values()) / len(self.levels)

    def __str__(self) -> str:
        return ", ".join(f"{need} {_worded(level)}" for need, level in self.levels.items())

    def _changed(self, by: Mapping[Need, float]) -> "Needs":
        return Needs(
            {
                need: min(FULL, max(0.0, level + by.get(need, 0.0)))
                for need, level in self.levels.items()
            }
        )


def _worded(level: float) -> str:
    """Return a level in the words that a prompt uses."""
    for least, word in ((75, "very good"), (50, "good"), (25, "low")):
        if level >= least:
            return word
    return "very low"
