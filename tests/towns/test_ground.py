"""The map, the ways on it and what can be seen from where."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from towns.files import default_town
from towns.grid import Area, Land, Site, town_map
from towns.paths import distance, path
from towns.sight import can_see, seen_from, within_earshot

TOWN = default_town()
CATALOGUE = TOWN.catalogue
GROUND = town_map(TOWN.land, TOWN.sites, CATALOGUE)
FLOOR = [
    (x, y) for y in range(GROUND.height) for x in range(GROUND.width) if GROUND.can_walk((x, y))
]


def steps_apart(tiles):
    return {abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in pairwise(tiles)}


def test_the_default_land_has_143_by_81_tiles_and_four_by_four_plots():
    land = Land()
    assert TOWN.land == land
    assert (land.width, land.height, len(land.columns), len(land.rows)) == (143, 81, 4, 4)
    assert land.corner(2, 4) == (45, 64)
    assert land.room(4, 4) == (27, 16)


def test_every_type_of_building_fits_every_default_plot():
    plans = [kind.plan for kind in CATALOGUE.buildings.values()]
    rooms = [Land().room(column, row) for column in range(1, 5) for row in range(1, 5)]
    assert max(plan.width for plan in plans) <= min(width for width, _ in rooms)
    assert max(plan.height for plan in plans) <= min(height for _, height in rooms)


def test_one_walks_on_streets_doors_and_floor_and_not_through_walls_and_equipment():
    house = GROUND.buildings["Ropewalk Terrace"]
    left, bottom = house.area.left, house.area.bottom
    assert not GROUND.can_walk((left, bottom))
    assert GROUND.can_walk((left + 9, bottom))
    assert GROUND.can_walk((left - 1, bottom))
    assert not any(GROUND.can_walk(tile) for tile in house.equipment["sofa"].tiles)
    assert not GROUND.can_walk((-1, 0))
    assert not GROUND.can_walk((0, 81))


def test_a_tile_knows_its_building():
    park = GROUND.buildings["Landing Park"]
    assert GROUND.building_at((park.area.left, park.area.top)) is park
    assert GROUND.building_at((0, 0)) is None


def test_equipment_stands_where_its_building_does():
    for building in GROUND.buildings.values():
        for piece in building.equipment.values():
            assert all(
                building.area.has(tile) and not GROUND.can_walk(tile) for tile in piece.tiles
            )
            assert all(GROUND.can_walk(tile) for tile in piece.stands)


def test_the_same_buildings_are_the_same_map():
    assert town_map(TOWN.land, TOWN.sites, CATALOGUE) is GROUND
    more = town_map(TOWN.land, (*TOWN.sites, Site("Gym", "gym", 4, 4)), CATALOGUE)
    assert more.buildings.keys() - GROUND.buildings.keys() == {"Gym"}


def test_every_floor_and_street_of_the_town_can_be_reached():
    assert all(distance(GROUND, tile, ((0, 0),)) >= 0 for tile in FLOOR)


@settings(deadline=None)  # the first way to a place takes longer
@given(st.sampled_from(FLOOR), st.sampled_from(FLOOR[::97]))
def test_a_way_goes_tile_by_tile_and_there_is_none_shorter(start, target):
    way = path(GROUND, start, (target,))
    assert len(way) == distance(GROUND, start, (target,)) == distance(GROUND, target, (start,))
    assert len(way) >= abs(start[0] - target[0]) + abs(start[1] - target[1])
    assert steps_apart((start, *way)) <= {1}
    assert all(GROUND.can_walk(tile) for tile in way)
    assert (start, *way)[-1] == target


def test_a_way_leads_to_the_nearest_of_several_targets():
    assert path(GROUND, (0, 0), ((5, 0), (0, 3), (0, 80)))[-1] == (0, 3)
    assert path(GROUND, (0, 0), ((3, 3), (0, 0))) == ()


def test_the_edges_of_the_map_do_not_touch_each_other():
    assert distance(GROUND, (0, 2), ((142, 1),)) == 143


@pytest.mark.parametrize("start", [(10, 5), (-1, 3), (143, 0)])
def test_nobody_walks_out_of_a_wall_or_from_beyond_the_map(start):
    with pytest.raises(ValueError, match="Nobody can walk from"):
        path(GROUND, start, ((0, 0),))


def test_ways_are_as_long_as_measured_in_a_town_of_the_same_geometry():
    # Source: AgentSims' first town, where it is 110, 92, 127 and 5 steps to about these tiles; our
    # furniture and the gym's door stand elsewhere, and a pond makes us stop 3 steps earlier.
    land = Land(143, 81, (45, 79, 80, 111), (7, 23, 25, 64))
    sites = (
        Site("dessert", "dessert shop", 2, 1),
        Site("gym", "gym", 3, 2),
        Site("house", "terraced house", 1, 4),
        Site("park", "park", 4, 3),
    )
    ground = town_map(land, sites, CATALOGUE)
    targets = ((89, 12), (89, 35), (121, 30), (54, 70))
    lengths = [distance(ground, (50, 71), (target,)) for target in targets]
    assert lengths == [112, 87, 124, 5]


def test_inside_one_sees_the_whole_building_and_outside_ten_tiles_each_way():
    cafe = GROUND.buildings["Café Estuary"].area
    assert seen_from(GROUND, (cafe.left + 1, cafe.bottom - 1)) == cafe
    assert seen_from(GROUND, (72, 41)) == Area(62, 31, 82, 51)
    assert seen_from(GROUND, (0, 80)) == Area(0, 70, 10, 80)


def test_people_outside_see_each_other_up_to_ten_tiles_and_hear_each_other_up_to_four():
    assert can_see(GROUND, (0, 0), (10, 3))
    assert not can_see(GROUND, (0, 0), (11, 0))
    assert within_earshot(GROUND, (0, 0), (4, 4))
    assert not within_earshot(GROUND, (0, 0), (5, 0))
    assert within_earshot(GROUND, (0, 0), (5, 0), radius=5)


def test_a_building_hides_who_is_inside_from_who_is_outside_and_back():
    cafe = GROUND.buildings["Café Estuary"].area
    corner, far = (cafe.left + 1, cafe.bottom - 1), (cafe.right - 1, cafe.top + 2)
    street = (cafe.left - 1, cafe.bottom)
    assert can_see(GROUND, corner, far)
    assert not within_earshot(GROUND, corner, far)
    assert not can_see(GROUND, corner, street)
    assert not can_see(GROUND, street, corner)


@given(st.sampled_from(FLOOR), st.sampled_from(FLOOR))
def test_sight_goes_both_ways_and_only_as_far_as_the_area_in_sight(one, other):
    assert can_see(GROUND, one, other) == can_see(GROUND, other, one)
    assert not can_see(GROUND, one, other) or seen_from(GROUND, one).has(other)
