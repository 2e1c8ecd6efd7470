"""The ground of a town: which tile is street, wall, floor or equipment, and of which building."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from towns.catalogue import BuildingType, Catalogue
from towns.floor_plan import Equipment, Tile


@dataclass(frozen=True)
class Land:
    """How large a town is, and where buildings can stand in it, in tiles."""

    width: int = 143
    height: int = 81
    columns: tuple[int, ...] = (10, 45, 79, 115)
    """Where buildings begin from the left, for each column of plots."""
    rows: tuple[int, ...] = (5, 24, 44, 64)
    """Where buildings begin from the top, for each row of plots."""

    def corner(self, column: int, row: int) -> Tile:
        """Return the first tile of a plot; columns and rows are counted from 1."""
        return self.columns[column - 1], self.rows[row - 1]

    def room(self, column: int, row: int) -> tuple[int, int]:
        """Return the width and height of the largest building that leaves a street around it."""
        ends_x, ends_y = (*self.columns, self.width), (*self.rows, self.height)
        return (
            ends_x[column] - ends_x[column - 1] - 1,
            ends_y[row] - ends_y[row - 1] - 1,
        )


@dataclass(frozen=True)
class Site:
    """A building on a plot, as it is written down."""

    name: str
    """Unique in its town."""
    type: str
    column: int
    row: int


@dataclass(frozen=True)
class Area:
    """A rectangle of tiles; all four edges belong to it."""

    left: int
    top: int
    right: int
    bottom: int

    def has(self, tile: Tile) -> bool:
        """Return whether a tile lies in it."""
        return self.left <= tile[0] <= self.right and self.top <= tile[1] <= self.bottom


@dataclass(frozen=True)
class Building:
    """A building as it stands on the map."""

    name: str
    type: BuildingType
    area: Area
    equipment: Mapping[str, Equipment]
    """By name, from the top left to the bottom right."""


@dataclass(frozen=True, eq=False)
class TownMap:
    """The whole ground; made once for each set of buildings, and kept out of every state."""

    width: int
    height: int
    buildings: Mapping[str, Building]
    walkable: bytes = field(repr=False)
    """1 or 0 by tile, row after row."""
    _owners: Sequence[int] = field(repr=False)
    """The number of the building by tile, row after row, from 1; 0 for streets."""
    _names: Sequence[str] = field(repr=False)
    """The names of the buildings by number."""

    def index(self, tile: Tile) -> int:
        """Return where a tile stands in what is kept row after row."""
        return tile[1] * self.width + tile[0]

    def has(self, tile: Tile) -> bool:
        """Return whether a tile lies on the map."""
        return 0 <= tile[0] < self.width and 0 <= tile[1] < self.height

    def can_walk(self, tile: Tile) -> bool:
        """Return whether one can stand there."""
        return self.has(tile) and self.walkable[self.index(tile)] == 1

    def building_at(self, tile: Tile) -> Building | None:
        """Return the building that a tile belongs to, its walls and doors included."""
        owner = self._owners[self.index(tile)]
        return self.buildings[self._names[owner]] if owner else None


@lru_cache(maxsize=64)
def town_map(land: Land, sites: tuple[Site, ...], catalogue: Catalogue) -> TownMap:
    """Return the map with these buildings, whose plots are free and large enough."""
    walkable = bytearray(b"\1" * (land.width * land.height))
    owners = [0] * (land.width * land.height)
    buildings = {site.name: _building(land, site, catalogue) for site in sites}
    for number, building in enumerate(buildings.values(), 1):
        (left, top), plan = (building.area.left, building.area.top), building.type.plan
        for y in range(top, top + plan.height):
            for x in range(left, left + plan.width):
                walkable[y * land.width + x] = 0
                owners[y * land.width + x] = number
        for x, y in plan.floor():
            walkable[(top + y) * land.width + left + x] = 1
    names = ("", *buildings)
    return TownMap(land.width, land.height, buildings, bytes(walkable), owners, names)


def _building(land: Land, site: Site, catalogue: Catalogue) -> Building:
    kind = catalogue.buildings[site.type]
    corner = left, top = land.corner(site.column, site.row)
    area = Area(left, top, left + kind.plan.width - 1, top + kind.plan.height - 1)
    equipment = {piece.name: piece.moved(corner) for piece in kind.plan.equipment}
    return Building(site.name, kind, area, equipment)
