"""A day in a town, drawn beforehand: who is where at each tick, and which model calls that takes.

It is the same, call by call, for every scheduler, so only how they order the calls differs.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from towns.causality import Course, Group, Reach, Standing
from towns.floor_plan import Tile
from towns.sight import apart

WIDTH: Final = 143
HEIGHT: Final = 81
SIGHT: Final = 4
REACH: Final = Reach(SIGHT)
TICKS: Final = 720
"""Two hours, at ten game seconds each."""
_TALK: Final = 6
"""Ticks that a talk lasts."""
_PAUSE: Final = 180
"""Ticks after which the same two may talk again."""


def uniform(*key: object) -> float:
    """Return a number from 0 to below 1 that depends on the key alone."""
    return int.from_bytes(sha256(repr(key).encode()).digest()[:8], "big") / 2**64


def latency(seed: int, *key: object) -> float:
    """Return seconds for one call: lognormal, median 0.8, sigma 0.6, from 0.1 to 8."""
    radius = math.sqrt(-2 * math.log(max(uniform(seed, "n1", *key), 1e-12)))
    normal = radius * math.cos(2 * math.pi * uniform(seed, "n2", *key))
    return min(8.0, max(0.1, 0.8 * math.exp(0.6 * normal)))


@dataclass
class _Resident:
    course: Course
    arrives: int = 0
    """The tick from which it does not walk."""
    busy: int = 0
    """The tick until which it talks."""

    def idle(self, tick: int) -> bool:
        return tick >= self.arrives and tick >= self.busy


class Trace:
    """All calls and courses of one day; nothing in a course was decided after its first tick."""

    def __init__(self, seed: int, residents: int, ticks: int = TICKS) -> None:
        self.seed, self.ticks = seed, ticks
        self.places = [_drawn(seed, number) for number in range(max(8, residents // 2))]
        self.calls: list[list[tuple[float, ...]]] = [[] for _ in range(residents)]
        """Seconds of the calls that one resident makes at one tick, one after the other."""
        self.courses: list[list[Course]] = [[] for _ in range(residents)]
        """Of one resident, as it is known when it comes to a tick; also to the last."""
        self._talked: dict[tuple[int, int], int] = {}
        self._people = [self._settled(number) for number in range(residents)]
        for tick in range(ticks):
            self._step(tick)
        for number, one in enumerate(self._people):
            self.courses[number].append(one.course)

    def place(self, number: int, tick: int) -> Tile:
        """Return where a resident is at a tick."""
        return Standing(tick, self.courses[number][tick]).place

    @property
    def work(self) -> float:
        """Seconds of all calls together."""
        return sum(sum(calls) for row in self.calls for calls in row)

    def _settled(self, number: int) -> _Resident:
        x, y = self.places[int(uniform(self.seed, "h", number) * len(self.places))]
        x += int(uniform(self.seed, "hx", number) * 9) - 4
        y += int(uniform(self.seed, "hy", number) * 9) - 4
        return _Resident(Course(0, ((x, y),), int(uniform(self.seed, "st", number) * 60)))

    def _step(self, tick: int) -> None:
        for number, one in enumerate(self._people):
            self.courses[number].append(one.course)
            calls = self._decided(number, one, tick) if tick == one.course.until else 0
            self.calls[number].append(
                tuple(latency(self.seed, number, tick, call) for call in range(calls))
            )
        for number, one in enumerate(self._people):
            if one.idle(tick):
                self._talk(number, one, tick)

    def _decided(self, number: int, one: _Resident, tick: int) -> int:
        """Plan anew and walk, or use what is there; return how many calls that takes."""
        here = self.place(number, tick)
        if uniform(self.seed, "d", number, tick) < 0.30:
            path = _walk(here, self._target(number, tick))
            one.course = Course(tick, path, tick + len(path))
            one.arrives = one.course.until - 1
            return 5
        lasts = 30 + int(uniform(self.seed, "du", number, tick) * 90)
        one.course = Course(tick, (here,), tick + lasts)
        return 3

    def _target(self, number: int, tick: int) -> Tile:
        x, y = self.places[int(uniform(self.seed, "pl", number, tick) * len(self.places))]
        x += int(uniform(self.seed, "ox", number, tick) * 9) - 4
        y += int(uniform(self.seed, "oy", number, tick) * 9) - 4
        return min(WIDTH - 1, max(0, x)), min(HEIGHT - 1, max(0, y))

    def _talk(self, number: int, one: _Resident, tick: int) -> None:
        """Let two who are idle and near talk, if chance will have it; the first makes all calls."""
        here = self.place(number, tick)
        for other in range(number + 1, len(self._people)):
            second, pair = self._people[other], (number, other)
            if not second.idle(tick) or apart(here, self.place(other, tick)) > SIGHT:
                continue
            if self._talked.get(pair, -999) >= tick - _PAUSE:
                continue
            if uniform(self.seed, "talk", number, other, tick) < 0.004:
                lines = (latency(self.seed, "cv", number, other, tick, line) for line in range(10))
                self.calls[number][tick] += tuple(lines)
                self._talked[pair] = tick
                for person in (one, second):
                    person.busy = tick + _TALK
                    later = max(person.course.until, person.busy)
                    person.course = person.course._replace(until=later)
                return


class Replayed:
    """A trace as a world whose residents go tick by tick."""

    def __init__(self, trace: Trace, *, look_ahead: bool) -> None:
        self.trace, self.look_ahead, self.end = trace, look_ahead, trace.ticks
        self.numbers = {f"{number:04}": number for number in range(len(trace.courses))}
        self.standings: Mapping[str, Standing] = {
            name: self._standing(name, 0) for name in self.numbers
        }

    def begin(self, group: Group, tick: int) -> Sequence[Sequence[float]]:
        every = (self.trace.calls[self.numbers[name]][tick] for name in group)
        return [calls for calls in every if calls]

    def finish(self, group: Group, tick: int) -> Mapping[str, Standing]:
        return {name: self._standing(name, tick + 1) for name in group}

    def _standing(self, name: str, tick: int) -> Standing:
        standing = Standing(tick, self.trace.courses[self.numbers[name]][tick])
        if self.look_ahead:
            return standing
        return Standing(tick, Course(tick, (standing.place,), tick))


def critical_path(trace: Trace) -> float:
    """Return seconds of the longest chain of calls that must wait for each other.

    Whoever sees each other at a tick leaves it together.
    """
    done = [0.0] * len(trace.courses)
    for tick in range(trace.ticks):
        for group in _seeing(trace, tick):
            longest = max(sum(trace.calls[number][tick]) for number in group)
            end = max(done[number] for number in group) + longest
            for number in group:
                done[number] = end
    return max(done)


def lower_bound(trace: Trace, slots: int) -> float:
    """Return seconds that no scheduler can beat."""
    return max(trace.work / slots, critical_path(trace))


def _seeing(trace: Trace, tick: int) -> Sequence[Sequence[int]]:
    """Return the groups of those who see each other at a tick, through others or directly."""
    places = [trace.place(number, tick) for number in range(len(trace.courses))]
    left, groups = set(range(len(places))), []
    while left:
        group = [left.pop()]
        for one in group:  # grows while it is gone through
            near = [other for other in left if apart(places[one], places[other]) <= SIGHT]
            left.difference_update(near)
            group += near
        groups.append(group)
    return groups


def _drawn(seed: int, number: int) -> Tile:
    return (
        int(10 + uniform(seed, "px", number) * 120),
        int(5 + uniform(seed, "py", number) * 68),
    )


def _walk(here: Tile, there: Tile) -> Sequence[Tile]:
    """Return the tiles from one place to another, both included, at least two; first along x."""
    (x, y), (to_x, to_y) = here, there
    right, down = (1 if to_x > x else -1), (1 if to_y > y else -1)
    along = [(column, y) for column in range(x, to_x, right)]
    across = [(to_x, row) for row in range(y, to_y, down)]
    path = (*along, *across, there)
    return path if len(path) > 1 else (here, there)
