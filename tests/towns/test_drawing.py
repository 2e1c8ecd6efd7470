"""A town at one moment: who is where, in letters and in words."""

import pytest

from games.core.board import ALT_TEXT_LIMIT
from towns.drawing import STREET, Sort, drawn, labels, sort_of
from towns.files import default_town
from towns.grid import town_map

TOWN = default_town()
GROUND = town_map(TOWN.land, TOWN.sites, TOWN.catalogue)


def inside(building):
    area = GROUND.buildings[building].area
    return area.left + 2, area.top + 3


def picture(tick=0, **positions):
    return drawn(TOWN, TOWN.sites, positions, tick)


def test_who_is_where_is_told_with_the_time_and_the_street_last():
    drawing = picture(1260, Ana=(0, 0), Bo=inside("Landing Park"), Cy=inside("Landing Park"))
    assert drawing.by_place == {"Landing Park": ["Bo", "Cy"], STREET: ["Ana"]}
    assert drawing.alt_text() == (
        "Map of Ferrywick, day 1, 09:30. Landing Park: Bo and Cy. On the street: Ana. "
        "Nothing stands on plot 4/1, plot 4/3, plot 1/4, plot 3/4 and plot 4/4."
    )


def test_many_are_counted_and_the_text_is_never_too_long():
    crowd = {f"Somebody With A Long Name {n}": inside("Landing Park") for n in range(1_000)}
    assert "Landing Park: 1,000 residents." in picture(**crowd).alt_text()
    spread = {
        f"Somebody With A Very Long Name Indeed {n}": inside(place)
        for n, place in enumerate(list(GROUND.buildings) * 12)
    }
    said = picture(**spread).alt_text()
    assert len(said) <= ALT_TEXT_LIMIT
    assert "Landing Park: 12 residents." in said


def test_labels_tell_residents_apart():
    assert labels(("Ngozi", "Nora", "Old Jon", "Otto", "X", "Oto")) == {
        "Ngozi": "Ng",
        "Nora": "No",
        "Old Jon": "OJ",
        "Otto": "Ot",
        "X": "X",
        "Oto": "Oo",
    }
    everybody = labels(tuple(TOWN.residents))
    assert len(set(everybody.values())) == len(TOWN.residents)


@pytest.mark.parametrize(
    ("kind", "sort"),
    [
        ("cottage", Sort.HOME),
        ("cafe", Sort.FOOD),
        ("shop", Sort.FOOD),
        ("office", Sort.WORK),
        ("park", Sort.LEISURE),
        ("museum", Sort.LEISURE),
        ("gym", Sort.LEISURE),
    ],
)
def test_a_building_has_the_colour_of_what_it_is_for(kind, sort):
    assert sort_of(TOWN.catalogue.buildings[kind], TOWN.catalogue) is sort


def test_every_plot_is_drawn_once():
    buildings = picture().backdrop.buildings
    assert len(buildings) == 16
    assert {one.name for one in buildings if one.sort is not Sort.FREE} == set(GROUND.buildings)


def test_every_wall_of_a_building_is_drawn():
    office = next(one for one in picture().backdrop.buildings if one.name == "Bridge Office")
    walls = {
        (x, y)
        for run in office.walls
        for x in range(run.left, run.right + 1)
        for y in range(run.top, run.bottom + 1)
    }
    plan = GROUND.buildings["Bridge Office"].type.plan
    assert len(walls) == sum(row.count("#") for row in plan.rows)
    assert not any(map(GROUND.can_walk, walls))
    assert [GROUND.can_walk((door.left, door.top)) for door in office.doors] == [True]
