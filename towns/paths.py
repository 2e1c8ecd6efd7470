"""Shortest ways on foot, one tile at a time, across or down.

Many people walk to few places, so what is kept is how far every tile is from a place: a way is
then read off it, and asking for a distance is free.  Short ways, such as across a room, lead to
many places and are searched for.
"""

from array import array
from collections.abc import Sequence
from functools import lru_cache
from heapq import heappop, heappush
from typing import Final

from towns.floor_plan import Tile, neighbours
from towns.grid import TownMap

_SHORT: Final = 40
"""Tiles across and down to a target, up to which a way is searched for."""


def path(ground: TownMap, start: Tile, targets: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """Return the tiles to walk to the nearest target, without the first and with the last.

    Which of several shortest ways it is never changes.  Raises ValueError where there is none.
    """
    if ground.can_walk(start) and _least(start, targets) <= _SHORT:
        return _searched(ground, start, targets)
    steps, far = _steps(ground), _far(ground, targets)
    here = ground.index(start)
    tiles = []
    for left in range(distance(ground, start, targets) - 1, -1, -1):
        here = next(near for near in steps[here] if far[near] == left)
        tiles.append((here % ground.width, here // ground.width))
    return tuple(tiles)


def distance(ground: TownMap, start: Tile, targets: tuple[Tile, ...]) -> int:
    """Return how many steps it is to the nearest target.  Raises ValueError where there is none."""
    found = _far(ground, targets)[ground.index(start)] if ground.has(start) else -1
    if found < 0:
        raise ValueError(f"Nobody can walk from {start} to any of {targets}.")
    return found


def _least(start: Tile, targets: tuple[Tile, ...]) -> int:
    """Return how many steps it would be to the nearest target if nothing stood in between."""
    x, y = start
    return min(abs(x - to[0]) + abs(y - to[1]) for to in targets)


@lru_cache(maxsize=8192)
def _searched(ground: TownMap, start: Tile, targets: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """Return a way as `path` does.

    Source: A*, Hart, Nilsson and Raphael 1968.
    """
    came: dict[Tile, Tile] = {}
    steps = {start: 0}
    waiting = [(_least(start, targets), 0, start)]
    while waiting:
        _, _, tile = heappop(waiting)
        if tile in targets:
            return _walked(came, start, tile)
        step = steps[tile] + 1
        for near in neighbours(tile):
            if ground.can_walk(near) and step < steps.get(near, step + 1):
                steps[near], came[near] = step, tile
                # Of equally long ways the one that has come furthest is followed first.
                heappush(waiting, (step + _least(near, targets), -step, near))
    raise ValueError(f"Nobody can walk from {start} to any of {targets}.")


def _walked(came: dict[Tile, Tile], start: Tile, target: Tile) -> tuple[Tile, ...]:
    tiles = []
    while target != start:
        tiles.append(target)
        target = came[target]
    return tuple(reversed(tiles))


@lru_cache(maxsize=512)
def _far(ground: TownMap, targets: tuple[Tile, ...]) -> "array[int]":
    """Return how many steps each tile is away from the nearest target, row after row, or -1."""
    steps = _steps(ground)
    far = [-1] * len(steps)
    edge = [ground.index(tile) for tile in targets if ground.can_walk(tile)]
    away = 0
    while edge:
        fresh: list[int] = []
        for here in edge:
            if far[here] < 0:
                far[here] = away
                fresh.extend(steps[here])
        edge, away = fresh, away + 1
    return array("i", far)


@lru_cache(maxsize=8)
def _steps(ground: TownMap) -> Sequence[tuple[int, ...]]:
    """Return which tiles can be walked to from each tile, row after row."""
    tiles = ((x, y) for y in range(ground.height) for x in range(ground.width))
    return [
        tuple(ground.index(near) for near in neighbours(tile) if ground.can_walk(near))
        for tile in tiles
    ]
