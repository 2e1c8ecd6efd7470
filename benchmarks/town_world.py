"""A small world whose residents do what depends on whom they see.

A scheduler that lets one of them step too early changes how it ends.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Final

from benchmarks.town_trace import HEIGHT, WIDTH, latency, uniform
from towns.causality import Course, Group, Reach, Standing
from towns.floor_plan import Tile
from towns.sight import apart

SIGHT: Final = 4
EARSHOT: Final = 2
_TALK: Final = 6
"""Ticks by which whoever is met decides later."""
_DIRECTIONS: Final = ((1, 0), (-1, 0), (0, 1), (0, -1))


class Way(StrEnum):
    """How residents stand on their courses."""

    PLAIN = "plain rule"
    """Tick by tick, and nobody tells where it will be."""
    LOOK_AHEAD = "look-ahead"
    """Tick by tick, and everybody tells its course."""
    AT_DECISIONS = "at decisions"
    """Only at the ticks at which something is decided."""

    @property
    def reach(self) -> Reach:
        return Reach(SIGHT + EARSHOT if self is Way.AT_DECISIONS else SIGHT)


@dataclass(frozen=True)
class Decision:
    """What a resident will do from now on."""

    course: Course
    mood: int
    met: str | None
    """Whom it talks to."""
    calls: Sequence[float]


class LiveWorld:
    """Residents who walk, stay and meet others; after each decision a resident has a new mood."""

    def __init__(
        self, seed: int, residents: int, end: int, way: Way, area: float = WIDTH * HEIGHT
    ) -> None:
        self.seed, self.end, self.way = seed, end, way
        self.width = max(1, round(math.sqrt(area * WIDTH / HEIGHT)))
        self.height = max(1, round(area / self.width))
        names = [f"{number:04}" for number in range(residents)]
        self.courses = {name: self._settled(name) for name in names}
        self.moods = dict.fromkeys(names, 0)
        self.standings: Mapping[str, Standing] = {name: self._standing(name, 0) for name in names}
        self._decided: dict[str, Decision] = {}

    @property
    def hash(self) -> str:
        """The final state in 16 digits."""
        every = sorted((name, *self.courses[name], self.moods[name]) for name in self.courses)
        return sha256(repr(every).encode()).hexdigest()[:16]

    def begin(self, group: Group, tick: int) -> Sequence[Sequence[float]]:
        deciding = [name for name in group if self.courses[name].until == tick]
        decided = {name: self._decide(name, tick) for name in deciding}
        self._decided.update(decided)
        return [decision.calls for decision in decided.values() if decision.calls]

    def finish(self, group: Group, tick: int) -> Mapping[str, Standing]:
        decided = {name: self._decided.pop(name) for name in group if name in self._decided}
        for name, decision in decided.items():
            self.courses[name], self.moods[name] = decision.course, decision.mood
        moved = {name: self._standing(name, tick + 1) for name in group}
        for decision in decided.values():
            other = decision.met
            if other is not None and other not in decided:
                moved |= self._meet(other, decision.mood, tick)
        return moved

    def _meet(self, other: str, mood: int, tick: int) -> Mapping[str, Standing]:
        """Change somebody's mood and put its decision off; return where it stands if it moved."""
        self.moods[other] = (3 * self.moods[other] + mood) % 1_000_003
        course = self.courses[other]
        if course.until >= tick + _TALK or other in self._decided:  # the rule forbids the latter
            return {}
        self.courses[other] = course._replace(until=tick + _TALK)
        return {other: self._standing(other, tick + 1)}

    def _standing(self, name: str, tick: int) -> Standing:
        course = self.courses[name]
        if self.way is Way.AT_DECISIONS:
            return Standing(course.until, course)
        standing = Standing(tick, course)
        if self.way is Way.LOOK_AHEAD:
            return standing
        return Standing(tick, Course(tick, (standing.place,), tick))

    def _settled(self, name: str) -> Course:
        x = int(uniform(self.seed, "x", name) * self.width)
        y = int(uniform(self.seed, "y", name) * self.height)
        return Course(0, ((x, y),), int(uniform(self.seed, "start", name) * 30))

    def _decide(self, name: str, tick: int) -> Decision:
        here = Standing(tick, self.courses[name]).place
        seen = self._seen(name, here, tick)
        key = (self.seed, name, tick, here, self.moods[name], seen)
        drawn = sha256(repr(key).encode()).digest()
        path = self._walk(here, drawn[0], drawn[1])
        near = [other for other, there, _ in seen if apart(here, there) <= EARSHOT]
        return Decision(
            Course(tick, path, tick + len(path) + drawn[2] % 40),
            (self.moods[name] + drawn[3] + 7 * len(seen)) % 1_000_003,
            near[drawn[4] % len(near)] if near and drawn[5] < 128 else None,
            [latency(self.seed, name, tick, call) for call in range(drawn[6] % 5)],
        )

    def _seen(self, name: str, here: Tile, tick: int) -> Sequence[tuple[str, Tile, int]]:
        """Return who is in sight: the name, place and mood of each."""
        found = []
        for other, course in self.courses.items():
            there = course.at(tick)
            if there is not None and other != name and apart(here, there) <= SIGHT:
                found.append((other, there, self.moods[other]))
        return found

    def _walk(self, here: Tile, turn: int, far: int) -> Sequence[Tile]:
        """Return the tiles of a straight walk; for two of three draws it stays."""
        right, down = _DIRECTIONS[turn % 4] if turn % 3 == 0 else (0, 0)
        steps = range(far % 30 + 1 if right or down else 1)
        return [
            (
                min(self.width - 1, max(0, here[0] + right * step)),
                min(self.height - 1, max(0, here[1] + down * step)),
            )
            for step in steps
        ]
