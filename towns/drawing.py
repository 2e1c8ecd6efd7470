"""A town as it is drawn at one moment: what stands where, who is where, and the same in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Final

from games.core import Seat, listed
from games.core.board import ALT_TEXT_LIMIT
from towns.catalogue import BuildingType, Catalogue, Need
from towns.clock import GameTime
from towns.floor_plan import DOOR, WALL, Tile
from towns.grid import Area, Building, Land, Site, TownMap, town_map
from towns.start import StartTown

MOST_NAMED: Final = 12
"""At one place, in words; of more, only the number is told."""
STREET: Final = "the street"


class Sort(StrEnum):
    """What a building is for, as its colour tells."""

    HOME = "homes"
    FOOD = "food"
    WORK = "work"
    LEISURE = "leisure"
    FREE = "free plots"


@dataclass(frozen=True)
class DrawnBuilding:
    """A building, or a plot that is free for one, which is called by its column and row."""

    name: str
    sort: Sort
    area: Area
    walls: tuple[Area, ...] = ()
    doors: tuple[Area, ...] = ()
    equipment: tuple[Area, ...] = ()


@dataclass(frozen=True)
class Backdrop:
    """All that stands still."""

    width: int
    height: int
    buildings: tuple[DrawnBuilding, ...]


@dataclass(frozen=True)
class DrawnResident:
    """Somebody on the map."""

    name: str
    label: str
    """Two letters, as far as possible nobody else's."""
    number: int
    """Among all residents, from 0; it gives the colour."""
    tile: Tile
    place: str
    """A building, or `STREET`."""


@dataclass(frozen=True)
class TownDrawing:
    """The whole picture."""

    town: str
    time: GameTime
    backdrop: Backdrop
    residents: tuple[DrawnResident, ...]

    def alt_text(self) -> str:
        """Return what a screen reader reads in place of the picture, ALT_TEXT_LIMIT at most."""
        title = f"Map of {self.town}, {self.time}."
        for most in (MOST_NAMED, 0):
            said = " ".join([title, *self._places(most)])
            if len(said) <= ALT_TEXT_LIMIT:
                return said
        return f"{said[: ALT_TEXT_LIMIT - 1]}…"

    @cached_property
    def by_place(self) -> Mapping[str, Sequence[str]]:
        """Return who is where, for the places that are not empty, the street last."""
        names = [building.name for building in self.backdrop.buildings] + [STREET]
        found: dict[str, list[str]] = {name: [] for name in names}
        for resident in self.residents:
            found[resident.place].append(resident.name)
        return {place: people for place, people in found.items() if people}

    def _places(self, most: int) -> Iterator[str]:
        for place, people in self.by_place.items():
            count = f"{len(people):,} residents" if len(people) > 1 else "1 resident"
            where = f"On {STREET}" if place == STREET else place
            yield f"{where}: {listed(people) if len(people) <= most else count}."
        free = [one.name for one in self.backdrop.buildings if one.sort is Sort.FREE]
        if free:
            yield f"Nothing stands on {listed(free)}."


def drawn(
    start: StartTown,
    sites: tuple[Site, ...],
    positions: Mapping[Seat, Tile] | Mapping[str, Tile],
    tick: int,
) -> TownDrawing:
    """Return a town with these buildings and these residents at a tick."""
    ground = town_map(start.land, sites, start.catalogue)
    marks = labels(tuple(positions))
    residents = [
        DrawnResident(name, marks[name], number, tile, _place(ground, tile))
        for number, (name, tile) in enumerate(positions.items())
    ]
    backdrop = _backdrop(start.land, sites, start.catalogue)
    return TownDrawing(start.name, start.clock.at(tick), backdrop, tuple(residents))


@lru_cache(maxsize=64)
def labels(names: tuple[str, ...]) -> Mapping[str, str]:
    """Return two letters for each name: those of two words, else the first and another one."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        letters = [char for char in name if char.isalnum()]
        pairs = [letters[0].upper() + other.lower() for other in letters[1:]] or [name]
        if len(words := name.split()) > 1:
            pairs.insert(0, (words[0][0] + words[-1][0]).upper())
        found[name] = next((pair for pair in pairs if pair not in taken), pairs[0])
        taken.add(found[name])
    return found


def sort_of(kind: BuildingType, catalogue: Catalogue) -> Sort:
    """Return what a type of building is for: most of its equipment, if nobody lives or eats there.

    To sell something that is no food, such as tickets, does not make a place one for food.
    """
    pieces = [catalogue.equipment[piece.kind] for piece in kind.plan.equipment]
    operations = [operation for piece in pieces for operation in piece.operations.values()]
    if kind.beds:
        return Sort.HOME
    if any(one.buys and one.need is Need.FOOD for one in operations):
        return Sort.FOOD
    employing = sum(1 for piece in pieces if piece.jobs)
    return Sort.WORK if 2 * employing > len(pieces) else Sort.LEISURE


@lru_cache(maxsize=64)
def _backdrop(land: Land, sites: tuple[Site, ...], catalogue: Catalogue) -> Backdrop:
    ground = town_map(land, sites, catalogue)
    standing = [_building(building, catalogue) for building in ground.buildings.values()]
    return Backdrop(land.width, land.height, (*standing, *_free_plots(land, sites)))


def _building(building: Building, catalogue: Catalogue) -> DrawnBuilding:
    plan, area = building.type.plan, building.area
    outer = {(x, y) for x, y in plan.entrances() if plan.rows[y][x] == DOOR}
    return DrawnBuilding(
        building.name,
        sort_of(building.type, catalogue),
        area,
        walls=tuple(_runs(plan.rows, WALL, area)),
        doors=tuple(_tile(area.left + x, area.top + y) for x, y in sorted(outer)),
        equipment=tuple(_around(piece.tiles) for piece in building.equipment.values()),
    )


def _free_plots(land: Land, sites: tuple[Site, ...]) -> Iterator[DrawnBuilding]:
    taken = {(site.column, site.row) for site in sites}
    for row in range(1, len(land.rows) + 1):
        for column in range(1, len(land.columns) + 1):
            if (column, row) not in taken:
                (left, top), (width, height) = land.corner(column, row), land.room(column, row)
                area = Area(left, top, left + min(width, 20) - 1, top + min(height, 13) - 1)
                yield DrawnBuilding(f"plot {column}/{row}", Sort.FREE, area)


def _runs(rows: Sequence[str], char: str, area: Area) -> Iterator[Area]:
    """Yield where a character stands in a plan, one area for all that follow each other."""
    for y, row in enumerate(rows):
        start = 0
        while (start := row.find(char, start)) >= 0:
            end = start
            while end + 1 < len(row) and row[end + 1] == char:
                end += 1
            yield Area(area.left + start, area.top + y, area.left + end, area.top + y)
            start = end + 1


def _around(tiles: Sequence[Tile]) -> Area:
    across, down = zip(*tiles, strict=True)
    return Area(min(across), min(down), max(across), max(down))


def _tile(x: int, y: int) -> Area:
    return Area(x, y, x, y)


def _place(ground: TownMap, tile: Tile) -> str:
    building = ground.building_at(tile)
    return building.name if building else STREET
