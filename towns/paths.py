"""Shortest ways on foot, one tile at a time, across or down.

Many people walk to few places, so what is kept is how far every tile is from a place: a way is
then read off it, and asking for a distance is free.
"""

from array import array
from collections.abc import Sequence
from functools import lru_cache

from towns.floor_plan import Tile, neighbours
from towns.grid import TownMap


def path(ground: TownMap, start: Tile, targets: tuple[Tile, ...]) -> tuple[Tile, ...]:
    """Return the tiles to walk to the nearest target, without the first and with the last.

    Which of several shortest ways it is never changes.  Raises ValueError where there is none.
    """
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
