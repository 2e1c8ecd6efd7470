"""Who and what can be seen: a whole building from inside it, else what is near."""

from typing import Final

from towns.floor_plan import Tile
from towns.grid import Area, TownMap

SIGHT: Final = 10
"""Tiles each way, outside."""
EARSHOT: Final = 4
"""Tiles each way."""


def seen_from(ground: TownMap, tile: Tile) -> Area:
    """Return what lies in sight: the building one is in, or the square around one."""
    building = ground.building_at(tile)
    if building is not None:
        return building.area
    x, y = tile
    right, bottom = ground.width - 1, ground.height - 1
    return Area(max(0, x - SIGHT), max(0, y - SIGHT), min(right, x + SIGHT), min(bottom, y + SIGHT))


def can_see(ground: TownMap, one: Tile, other: Tile) -> bool:
    """Return whether people there see each other; a building hides those who are inside."""
    building = ground.building_at(one)
    if ground.building_at(other) is not building:
        return False
    return building is not None or apart(one, other) <= SIGHT


def within_earshot(ground: TownMap, one: Tile, other: Tile, radius: int = EARSHOT) -> bool:
    """Return whether people there hear each other."""
    return apart(one, other) <= radius and can_see(ground, one, other)


def apart(one: Tile, other: Tile) -> int:
    """Return how many tiles lie between two, the longer way: across or down."""
    return max(abs(one[0] - other[0]), abs(one[1] - other[1]))
