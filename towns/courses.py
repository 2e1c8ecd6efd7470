"""Where residents go, and how long they stay."""

from typing import Final

from towns.causality import Course, Standing
from towns.floor_plan import Tile
from towns.ground import Ground
from towns.paths import path
from towns.state import Resident

_NEAR: Final = 2
"""Tiles between two who talk."""


def walk(ground: Ground, start: Tile, targets: tuple[Tile, ...], tick: int) -> Course:
    """Return the way to the nearest of some tiles, which ends in a decision at once."""
    tiles = (start, *path(ground.map, start, targets))
    return Course(tick, tiles, tick + len(tiles) - 1)


def approach(ground: Ground, start: Tile, person: Tile, tick: int) -> Course:
    """Return the way to somebody, which ends a little before, and a tick later at the least."""
    tiles = (start, *path(ground.map, start, (person,)))
    tiles = tiles[: max(1, len(tiles) - _NEAR)]
    return Course(tick, tiles, tick + max(1, len(tiles) - 1))


def stay(resident: Resident, tick: int, until: int) -> Course:
    """Return the course of one who stays where it is."""
    return Course(tick, (resident.place,), until)


def standing(resident: Resident) -> Standing:
    """Return how far a resident has come: it stands at its next decision."""
    return Standing(resident.course.until, resident.course)
