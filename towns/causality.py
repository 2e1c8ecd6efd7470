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

`Frontier` is immutable, so a state may hold it: `evolve` calls `advanced`, and `asks` reads `free`.
Source: the rule for coupled and blocked agents of AI Metropolis (MLSys 2025), with known courses.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

Place = tuple[int, int]
"""A tile: x, y."""
Group = tuple[str, ...]
"""Residents who step together, in the order of their names."""

_CELL: Final = 16
"""Tiles along a side of the squares in which residents are looked up."""
_Cell = tuple[int, int]


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
    path: Sequence[Place]
    """A place for each tick; at the last one it stays until the end."""
    until: int
    """The tick of the next decision."""

    def at(self, tick: int) -> Place | None:
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
    def place(self) -> Place:
        """Where it is at its tick."""
        place = self.course.at(self.tick)
        assert place is not None, "a resident stands on its course"
        return place


def distance(one: Place, other: Place) -> int:
    """Return how many tiles two places are apart, diagonal steps counted as one."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))


def in_reach(reach: Reach, tick: int, place: Place, other: Course) -> bool:
    """Return whether somebody on a course that is known at or before a tick could be in sight."""
    known = min(tick, other.until)
    there = other.at(known)
    assert there is not None, "only those who are not ahead are compared"
    return distance(place, there) <= reach.sight + (tick - known) * reach.stride


def waits(reach: Reach, one: Standing, other: Standing) -> bool:
    """Return whether one may not step before the other has come further."""
    return other.tick < one.tick and in_reach(reach, one.tick, one.place, other.course)


def together(reach: Reach, one: Standing, other: Standing) -> bool:
    """Return whether two can only step together."""
    return other.tick == one.tick and in_reach(reach, one.tick, one.place, other.course)


@dataclass(frozen=True)
class Frontier:
    """How far all residents have come, and who of them may step now."""

    reach: Reach
    standings: Mapping[str, Standing]
    free: Mapping[str, Group] = field(compare=False)
    """Those who may step now, each with its group; a group is free until it has advanced."""
    freed: Sequence[Group] = field(compare=False)
    """The groups that the last step has made free."""
    _cells: dict[_Cell, Group] = field(compare=False, repr=False)
    _ticks: list[int] = field(compare=False, repr=False)
    """Of all residents, in order."""
    _held: dict[str, dict[str, str]] = field(compare=False, repr=False)
    """Whom a resident holds up; and which one of that one's group has to wait for it."""

    @classmethod
    def begun(cls, reach: Reach, standings: Mapping[str, Standing]) -> "Frontier":
        """Return the frontier of residents at any ticks, also after some have come or gone.

        A newcomer must not stand at an earlier tick than one that anybody has stepped.
        """
        ticks = sorted(standing.tick for standing in standings.values())
        new = cls(reach, dict(standings), {}, [], {}, ticks, {})
        for name, standing in standings.items():
            new._enter(name, _cell(standing.place))
        return new._examined(standings)

    def advanced(self, moved: Mapping[str, Standing]) -> "Frontier":
        """Return the frontier after a free group has stepped.

        `moved` has all of the group's members, and those it has met whose decision is put off.
        """
        free = {name: group for name, group in self.free.items() if name not in moved}
        standings = {**self.standings, **moved}
        cells, ticks, held = dict(self._cells), [*self._ticks], dict(self._held)
        new = Frontier(self.reach, standings, free, [], cells, ticks, held)
        for name, standing in moved.items():
            new._move(name, self.standings[name], standing)
        released = [waiter for name in moved for waiter in new._released(name)]
        met = [name for name in moved if name not in self.free]
        return new._examined([*moved, *released, *(new._left(met) if met else ())])

    # What follows changes a frontier that nobody has been given yet.

    def _move(self, name: str, old: Standing, new: Standing) -> None:
        assert old.tick < new.tick, "to advance is to come to a later tick"
        del self._ticks[bisect_left(self._ticks, old.tick)]
        insort(self._ticks, new.tick)
        before, after = _cell(old.place), _cell(new.place)
        if before != after:
            self._leave(name, before)
            self._enter(name, after)

    def _enter(self, name: str, cell: _Cell) -> None:
        self._cells[cell] = (*self._cells.get(cell, ()), name)

    def _leave(self, name: str, cell: _Cell) -> None:
        rest = tuple(other for other in self._cells[cell] if other != name)
        if rest:
            self._cells[cell] = rest
        else:
            del self._cells[cell]

    def _released(self, name: str) -> Sequence[str]:
        """Return those whom it no longer holds up, after it has moved."""
        held = self._held.pop(name, {})
        here = self.standings[name]
        still = {
            waiter: member
            for waiter, member in held.items()
            if waits(self.reach, self.standings[member], here)
        }
        if still:
            self._held[name] = still
        return [waiter for waiter in held if waiter not in still]

    def _left(self, met: Sequence[str]) -> Sequence[str]:
        """Return those who were to step together with somebody who now steps later."""
        found = []
        for blocker, held in self._held.items():
            found += [waiter for waiter, member in held.items() if member in met]
            rest = {waiter: member for waiter, member in held.items() if member not in met}
            self._held[blocker] = rest
        return found

    def _examined(self, names: Iterable[str]) -> "Frontier":
        """Return the same, with each of these either free or held up by somebody."""
        freed: list[Group] = []
        free = dict(self.free)
        for name in names:
            if name not in free:
                group = self._company(name)
                if not self._hold(name, group):
                    free.update(dict.fromkeys(group, group))
                    freed.append(group)
        return replace(self, free=free, freed=freed)

    def _company(self, name: str) -> Group:
        """Return all who must step together with one, itself among them."""
        found = {name: None}
        waiting = [name]
        while waiting:
            here = self.standings[waiting.pop()]
            for other in self._around(here.place, self.reach.sight):
                if other not in found and together(self.reach, here, self.standings[other]):
                    found[other] = None
                    waiting.append(other)
        return tuple(sorted(found))

    def _hold(self, name: str, group: Group) -> bool:
        """Return whether somebody holds the group up, who is then to release this one."""
        for member in group:
            blocker = self._blocker(self.standings[member])
            if blocker is not None:
                self._held[blocker] = {**self._held.get(blocker, {}), name: member}
                return True
        return False

    def _blocker(self, here: Standing) -> str | None:
        lag = here.tick - self._ticks[0]
        if not lag:
            return None
        around = self._around(here.place, self.reach.sight + lag * self.reach.stride)
        found = (name for name in around if waits(self.reach, here, self.standings[name]))
        return next(found, None)

    def _around(self, place: Place, far: int) -> Iterator[str]:
        """Give all within a distance, and some beyond."""
        left, top = _cell((place[0] - far, place[1] - far))
        right, bottom = _cell((place[0] + far, place[1] + far))
        if (right - left + 1) * (bottom - top + 1) >= len(self._cells):
            yield from self.standings
            return
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                yield from self._cells.get((x, y), ())


def _cell(place: Place) -> _Cell:
    return place[0] // _CELL, place[1] // _CELL
