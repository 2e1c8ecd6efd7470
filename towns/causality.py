"""Who may step now: the order in which the residents of a town may be asked.

Each resident stands at a tick of its own. It may step unless somebody who stands at an earlier
tick could be in its sight by then; residents at the same tick who see each other step together.
Everybody else is free at the same time, whatever their ticks, and yet what each one sees is what it
would see if all went tick by tick:

- a resident knows where it will be until its next decision (its `Course`), so only from that
  tick on it could be anywhere that its stride allows;
- one who decides at a tick sees the others where their courses say they are at that tick; somebody
  whose course begins later is never in sight.

A course is a promise. Whoever is met on the way stays on it, and at most decides later.

Two ways to stand. Where anybody can be met at any tick, step tick by tick on the same course. Where
only those who decide begin anything, stand at `course.until` at once, and let `sight` be what a
resident sees plus how far it can meet others, since those whom it meets are seen by others again.

The rule needs places that nobody can leave faster than by its stride, and one number for sight. All
who are in a building may stand at its door: they see each other there, and pass it on their way.

`towns.frontier` finds those who are free.
Source: the rule for coupled and blocked agents of AI Metropolis (MLSys 2025), with known courses.
"""

from collections.abc import Sequence
from typing import NamedTuple

from towns.floor_plan import Tile
from towns.sight import apart

Group = tuple[str, ...]
"""Residents who step together, in the order of their names."""


class Reach(NamedTuple):
    """How far residents see, and how fast they are."""

    sight: int
    """Tiles, in each direction."""
    stride: int = 1
    """Tiles in one tick, at most."""


class Course(NamedTuple):
    """Where a resident is, whatever others do, until its next decision."""

    since: int
    """The tick of the first place."""
    path: Sequence[Tile]
    """A place for each tick; at the last one it stays until the end."""
    until: int
    """The tick of the next decision."""

    def at(self, tick: int) -> Tile | None:
        """Return the place at a tick; None outside the course."""
        if not self.since <= tick <= self.until:
            return None
        return self.path[min(tick - self.since, len(self.path) - 1)]


class Standing(NamedTuple):
    """How far a resident has come."""

    tick: int
    """The next one to be stepped; on the course."""
    course: Course

    @property
    def place(self) -> Tile:
        """Where it is at its tick."""
        place = self.course.at(self.tick)
        assert place is not None, "a resident stands on its course"
        return place


def margin(reach: Reach, tick: int, known: int) -> int:
    """Return how far from each other two may be who see each other at a tick, in tiles.

    One of them is known to be where it is only at an earlier tick.
    """
    return reach.sight + (tick - known) * reach.stride


def in_reach(reach: Reach, tick: int, place: Tile, other: Course) -> bool:
    """Return whether somebody on a course that is known at or before a tick could be in sight."""
    known = min(tick, other.until)
    there = other.at(known)
    assert there is not None, "only those who are not ahead are compared"
    return apart(place, there) <= margin(reach, tick, known)


def waits(reach: Reach, tick: int, place: Tile, other: Standing) -> bool:
    """Return whether somebody at a place at a tick may not step before another has come further."""
    return other.tick < tick and in_reach(reach, tick, place, other.course)


def together(reach: Reach, tick: int, place: Tile, other: Standing) -> bool:
    """Return whether somebody at a place at a tick can only step together with another."""
    return other.tick == tick and in_reach(reach, tick, place, other.course)
