"""Shortest ways on foot, one tile at a time, across or down."""

from functools import lru_cache
from heapq import heappop, heappush

from towns.floor_plan import Tile, neighbours
from towns.grid import TownMap


@lru_cache(maxsize=10_000)
def path(ground: TownMap, start: Tile, target: Tile) -> tuple[Tile, ...]:
    """Return the tiles to walk, without the first and with the last.

    Which of several shortest ways it is never changes.  Raises ValueError where there is none.
    Source: A*, Hart, Nilsson and Raphael 1968, with the distance across and down as the bound.
    """
    came: dict[Tile, Tile] = {}
    steps = {start: 0}
    waiting = [(_bound(start, target), 0, start)]
    while waiting:
        _, _, tile = heappop(waiting)
        if tile == target:
            return _walked(came, start, target)
        step = steps[tile] + 1
        for near in neighbours(tile):
            if ground.can_walk(near) and step < steps.get(near, step + 1):
                steps[near], came[near] = step, tile
                # Of equally long ways the one that has come furthest is followed first.
                heappush(waiting, (step + _bound(near, target), -step, near))
    raise ValueError(f"Nobody can walk from {start} to {target}.")


def distance(ground: TownMap, start: Tile, target: Tile) -> int:
    """Return how many steps it is."""
    return len(path(ground, start, target))


def nearest(ground: TownMap, start: Tile, targets: tuple[Tile, ...]) -> Tile:
    """Return the target with the shortest way; of equals the first."""
    return min(targets, key=lambda target: distance(ground, start, target))


def _bound(tile: Tile, target: Tile) -> int:
    return abs(tile[0] - target[0]) + abs(tile[1] - target[1])


def _walked(came: dict[Tile, Tile], start: Tile, target: Tile) -> tuple[Tile, ...]:
    tiles = []
    while target != start:
        tiles.append(target)
        target = came[target]
    return tuple(reversed(tiles))
