"""The mayor's term: it decides once at each full hour of the day, and its gains are counted.

Source: the mayor's game of AgentSims, which lasts for three days, from 9:00 to 24:00 each.
"""

from dataclasses import dataclass
from typing import Final

from towns.clock import Clock, GameTime

HOURS: Final = range(9, 25)
"""At which it decides."""


@dataclass(frozen=True)
class Term:
    """How far a term has come."""

    since: int
    """Its first tick."""
    next: int
    """The tick of the next decision."""
    left: int
    """Decisions; 0 for a term that is over."""
    owned: int
    """Coins that the town and its buildings had when it began."""
    gained: int = 0
    """Coins, once it is over."""
    decision: str = ""
    """The last one; "" before the first."""
    why: str = ""
    """Why it could not be carried out; "" where it was."""


def decisions_in(days: int) -> int:
    """Return how many decisions a term of so many days has."""
    return days * len(HOURS)


def next_hour(clock: Clock, tick: int) -> int:
    """Return the first tick from this one on at which a mayor decides."""
    day = clock.at(tick).day
    ticks = (clock.tick(GameTime(day, hour, 0)) for hour in (*HOURS, HOURS[0] + 24))
    return next(found for found in ticks if found >= tick)
