"""What never changes in a town while nobody governs it: its tables, its map and its guide."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from towns.causality import Reach
from towns.errors import BadTown
from towns.floor_plan import Tile
from towns.grid import Site, TownMap, town_map
from towns.policies import Policies
from towns.sight import SIGHT
from towns.situation import Guide, Offer, place_of
from towns.start import StartTown, load_town

TOWN_FILE: Final = "town.toml"


@dataclass(frozen=True, eq=False)
class Ground:
    """Made once for each set of buildings and policies, and compared by identity."""

    start: StartTown
    map: TownMap
    guide: Guide
    entrances: Mapping[str, tuple[Tile, ...]]
    """Where one can come in, by building."""
    reach: Reach

    def place_at(self, tile: Tile) -> str:
        """Return the name of the building that a tile belongs to; "" on the street."""
        building = self.map.building_at(tile)
        return building.name if building else ""

    def offer(self, place: str, equipment: str, operation: str, good: str) -> Offer | None:
        """Return what is on offer at a place by its names; None where it is not."""
        doing = (equipment, operation, good)
        return next((one for one in self.guide.places[place].offers if one.doing == doing), None)


def packed(texts: Mapping[str, str], name: str) -> str:
    """Return a town's file and its catalogue as one text, which a journal can keep."""
    files = {TOWN_FILE if file == name else file: text for file, text in texts.items()}
    return json.dumps(files, ensure_ascii=False)


@lru_cache(maxsize=32)
def start_of(data: str) -> StartTown:
    """Return the town in a text that `packed` has made.  Raises BadTown."""
    try:
        texts = json.loads(data)
        assert all(isinstance(text, str) for text in texts.values())
    except (ValueError, AttributeError, AssertionError):
        raise BadTown(["These are no files of a town: give the name of a file."]) from None
    return load_town(texts, TOWN_FILE)


@lru_cache(maxsize=32)
def ground_of(data: str, sites: tuple[Site, ...], policies: Policies) -> Ground:
    """Return the ground of a town with these buildings and policies."""
    start = start_of(data)
    ground = town_map(start.land, sites, start.catalogue)
    places = {
        name: place_of(building, start.catalogue, policies)
        for name, building in ground.buildings.items()
    }
    entrances = {
        name: tuple(
            (building.area.left + x, building.area.top + y)
            for x, y in building.type.plan.entrances()
        )
        for name, building in ground.buildings.items()
    }
    guide = Guide(start.name, places, policies.taxes)
    return Ground(start, ground, guide, entrances, _reach(ground))


def _reach(ground: TownMap) -> Reach:
    """Return how far anybody can see or meet others: a whole building, or what is near outside."""
    areas = [building.area for building in ground.buildings.values()]
    sides = [max(area.right - area.left, area.bottom - area.top) for area in areas]
    return Reach(max([SIGHT, *sides]))
