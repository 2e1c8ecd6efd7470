"""Who may step now, kept up to date while residents step, also for a thousand of them.

A `Frontier` is never changed, so a state may hold it: `evolve` calls `advanced`, and `asks` reads
`free`. Somebody who may not step yet is kept with one who holds it up, and looked at again when
that one has moved; squares of the map tell who is near.
"""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from towns.causality import Group, Reach, Standing, margin, together, waits
from towns.floor_plan import Tile

_CELL: Final = 32
"""Tiles along a side of the squares in which residents are looked up."""
_Cell = tuple[int, int]
_Hold = tuple[str, str]
"""Who holds somebody up, and the one of that one's group who has to wait."""


@dataclass(frozen=True)
class Frontier:
    """How far all residents have come, and who of them may step now."""

    reach: Reach
    standings: Mapping[str, Standing]
    free: dict[str, Group] = field(compare=False)
    """Those who may step now, each with its group; a group is free until it has advanced."""
    freed: list[Group] = field(compare=False)
    """The groups that the last step has made free."""
    _cells: dict[_Cell, tuple[int, Group]] = field(compare=False, repr=False)
    """The earliest tick of those in a square, and their names."""
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
            cell = _cell(standing.place)
            new._fill(cell, (*new._names(cell), name))
        new._examine(standings)
        return new

    def advanced(self, moved: Mapping[str, Standing]) -> "Frontier":
        """Return the frontier after a free group has stepped.

        `moved` has all of the group's members, and those it has met whose decision is put off.
        """
        free, met = dict(self.free), [name for name in moved if name not in self.free]
        for name in moved:
            free.pop(name, None)
        standings = {**self.standings, **moved}
        cells, ticks, held = dict(self._cells), [*self._ticks], dict(self._held)
        new = Frontier(self.reach, standings, free, [], cells, ticks, held)
        for name, standing in moved.items():
            new._move(name, self.standings[name], standing)
        released = [waiter for name in moved for waiter in new._released(name)]
        new._examine([*moved, *released, *(new._left(met) if met else ())])
        return new

    def near(self, place: Tile, far: int) -> Iterator[str]:
        """Yield all whose next decision is made within a distance, and some others."""
        for cell in self._around(place, far):
            yield from self._cells[cell][1]

    # What follows changes a frontier that nobody has been given yet.

    def _move(self, name: str, old: Standing, new: Standing) -> None:
        assert old.tick < new.tick, "to advance is to come to a later tick"
        del self._ticks[bisect_left(self._ticks, old.tick)]
        insort(self._ticks, new.tick)
        before, after = _cell(old.place), _cell(new.place)
        self._fill(before, tuple(other for other in self._names(before) if other != name))
        self._fill(after, (*self._names(after), name))

    def _names(self, cell: _Cell) -> Group:
        return self._cells[cell][1] if cell in self._cells else ()

    def _fill(self, cell: _Cell, names: Group) -> None:
        if names:
            earliest = min(self.standings[name].tick for name in names)
            self._cells[cell] = earliest, names
        else:
            self._cells.pop(cell, None)

    def _released(self, name: str) -> Sequence[str]:
        """Return those whom it no longer holds up, after it has moved."""
        held = self._held.pop(name, {})
        still = {
            waiter: member
            for waiter, member in held.items()
            if waits(self.reach, *self._where(member), self.standings[name])
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

    def _examine(self, names: Iterable[str]) -> None:
        """Find for each of these that it is free, or somebody who holds it up."""
        found: dict[str, _Hold] = {}  # whoever holds up one of a group holds up all of it
        for name in names:
            if name in self.free:
                continue
            hold = found.get(name) or self._hold((name,))  # the usual cases first
            group: Group = ()
            if hold is None:
                group = self._company(name)
                hold = self._hold(group)
            if hold is None:
                self.free.update(dict.fromkeys(group, group))
                self.freed.append(group)
            else:
                blocker, member = hold
                self._held[blocker] = {**self._held.get(blocker, {}), name: member}
                found.update(dict.fromkeys(group, hold))

    def _company(self, name: str) -> Group:
        """Return all who must step together with one, itself among them."""
        found = {name: None}
        waiting = [name]
        while waiting:
            tick, place = self._where(waiting.pop())
            for cell in self._around(place, self.reach.sight):
                for other in self._cells[cell][1]:
                    standing = self.standings[other]
                    if standing.tick != tick or other in found:
                        continue
                    if together(self.reach, tick, place, standing):
                        found[other] = None
                        waiting.append(other)
        return tuple(sorted(found))

    def _hold(self, group: Group) -> _Hold | None:
        """Return somebody who holds the group up, and which of its members; None for nobody."""
        for member in group:
            blocker = self._blocker(*self._where(member))
            if blocker is not None:
                return blocker, member
        return None

    def _blocker(self, tick: int, place: Tile) -> str | None:
        """Return somebody for whom one at a place at a tick has to wait."""
        first = self._ticks[0]
        if first == tick:
            return None
        x, y = _cell(place)
        for cell in self._around(place, margin(self.reach, tick, first)):
            earliest, names = self._cells[cell]
            between = (max(abs(cell[0] - x), abs(cell[1] - y)) - 1) * _CELL
            if earliest < tick and between <= margin(self.reach, tick, earliest):
                for name in names:
                    if waits(self.reach, tick, place, self.standings[name]):
                        return name
        return None

    def _where(self, name: str) -> tuple[int, Tile]:
        standing = self.standings[name]
        return standing.tick, standing.place

    def _around(self, place: Tile, far: int) -> Sequence[_Cell]:
        """Return all squares within a distance that are not empty, and perhaps others."""
        left, top = _cell((place[0] - far, place[1] - far))
        right, bottom = _cell((place[0] + far, place[1] + far))
        if (right - left + 1) * (bottom - top + 1) >= len(self._cells):
            return [*self._cells]
        every = ((x, y) for x in range(left, right + 1) for y in range(top, bottom + 1))
        return [cell for cell in every if cell in self._cells]


def _cell(place: Tile) -> _Cell:
    return place[0] // _CELL, place[1] // _CELL
