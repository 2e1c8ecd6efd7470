import re
from pathlib import Path

import pytest

from towns.catalogue import CATALOGUE
from towns.errors import BadTown
from towns.files import DATA, default_town, read_town
from towns.grid import town_map
from towns.paths import distance
from towns.start import load_town

TEXTS = {file.name: file.read_text("utf-8") for file in DATA.glob("*.toml")}
FILE = "default_town.toml"
GUIDE = Path(__file__).parents[2] / "docs" / "towns.md"
SMALL = re.search(
    r"```toml\n(name = \"Two Wells\".*?)```", GUIDE.read_text("utf-8"), re.DOTALL
).group(1)


def faults_of(text):
    with pytest.raises(BadTown) as bad:
        load_town({**TEXTS, FILE: text}, FILE)
    return bad.value.faults


def changed(old, new):
    assert old in SMALL
    return SMALL.replace(old, new, 1)


def test_the_default_town_can_live():
    town = default_town()
    types = {site.type for site in town.sites}
    assert types >= {"office", "shop", "cafe", "restaurant", "park", "museum"}
    assert len(town.residents) == 12
    working = [who for who in town.residents.values() if who.work]
    assert len(working) == 11
    assert all(who.job for who in working)
    assert str(town.clock.at(0)) == "day 1, 06:00"
    assert (town.town_cash, town.invitation) == (1_000_000, 2_000)


def test_the_default_town_has_room_for_newcomers_and_plots_for_the_mayor():
    town = default_town()
    beds = sum(town.catalogue.buildings[site.type].beds for site in town.sites)
    assert beds - len(town.residents) == 2
    assert len(town.land.columns) * len(town.land.rows) - len(town.sites) == 5


def test_every_resident_has_a_biography_a_goal_likes_and_somebody_they_know():
    for who in default_town().residents.values():
        assert 60 <= len(who.bio.split()) <= 120, who.name
        assert who.goal
        assert who.likes
        assert who.traits
        assert who.knows
        assert who.name not in who.knows


def test_everybody_of_the_default_town_can_walk_from_bed_to_everything():
    town = default_town()
    ground = town_map(town.land, town.sites, town.catalogue)
    bed = next(iter(ground.buildings["Heron Cottage"].equipment.values())).stands[0]
    for building in ground.buildings.values():
        for piece in building.equipment.values():
            assert distance(ground, bed, piece.stands) < 300


def test_the_town_of_the_guide_can_be_read():
    town = load_town({**TEXTS, "hamlet.toml": SMALL}, "hamlet.toml")
    assert list(town.residents) == ["Mira", "Old Jon"]
    assert town.residents["Mira"].knows == {"Old Jon": "He mends my fence and never says so."}
    assert [site.type for site in town.sites] == ["cottage", "cafe"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'type = "cafe"',
            'type = "caff"',
            "[buildings.Crossing Café]: there is no type of building “caff”: did you mean “cafe”.",
        ),
        (
            "column = 2, row = 1",
            "column = 1, row = 1",
            (
                "[buildings.Crossing Café]: “Well Cottage” stands on its plot already: "
                "choose another plot."
            ),
        ),
        (
            "column = 2, row = 1",
            "column = 3, row = 1",
            (
                "[buildings.Crossing Café.plot]: “column” must be a whole number from 1 to 2: "
                "correct it."
            ),
        ),
        (
            "columns = [4, 30]",
            "columns = [4, 20]",
            (
                "[buildings.Well Cottage]: it has 21 × 14 tiles, and its plot has room for "
                "15 × 15: choose another plot, or move the plots apart."
            ),
        ),
        (
            "columns = [4, 30]",
            "columns = [30, 4]",
            "[map]: “columns” must rise and stay below 56: put them in order.",
        ),
        (
            'home = "Well Cottage"',
            'home = "Well Cotage"',
            "[residents.Mira]: there is no building “Well Cotage”: did you mean “Well Cottage”.",
        ),
        (
            "age = 34",
            "age = -1",
            "[residents.Mira]: “age” must be a whole number from 0 to 150: correct it.",
        ),
        (
            "cash = 800",
            "cash = 1.5",
            "[residents.Mira]: “cash” must be a whole number from 0 to 1,000,000,000: correct it.",
        ),
        (
            "[residents.Mira]",
            "[residents.Mayor]",
            (
                "[residents.Mayor]: no resident can be called that: choose 1 to 32 letters, "
                "and none of clock, host, mayor, table, town and visitor."
            ),
        ),
        (
            '"Old Jon" = "He',
            'Jim = "He',
            "[residents.Mira]: there is no resident “Jim”: use Mira or Old Jon.",
        ),
        (
            'work = "Crossing Café"',
            "wrok = 3",
            "[residents.Mira]: “wrok” means nothing here: did you mean “work”.",
        ),
        (
            "seconds_per_tick = 10",
            "seconds_per_tick = 0",
            "[time]: “seconds_per_tick” must be a whole number from 1 to 3,600: correct it.",
        ),
        (
            'starts = "06:00"',
            'starts = "6"',
            "[time]: “starts”: “6” is no time of day: write it as 09:30.",
        ),
    ],
)
def test_a_fault_is_named_with_its_place_and_what_to_do(old, new, said):
    assert f"{FILE}, {said}" in faults_of(changed(old, new))


def test_a_house_takes_no_more_people_than_it_has_beds_nor_more_workers_than_jobs():
    crowd = "".join(
        f'[residents.{name}]\nhome = "Well Cottage"\nwork = "Crossing Café"\nage = 40\n'
        'bio = "Here."\ngoal = "Stay."\ncash = 0\n'
        for name in ("Ann", "Bea")
    )
    over = "which has room for 2: send some elsewhere."
    assert faults_of(SMALL + crowd) == (
        f"{FILE}: 4 residents shall live in “Well Cottage”, {over}",
        f"{FILE}: 3 residents shall work in “Crossing Café”, {over}",
    )


def test_faults_of_the_town_and_of_its_catalogue_are_named_together():
    with pytest.raises(BadTown) as bad:
        load_town(
            {
                **TEXTS,
                "goods.toml": TEXTS["goods.toml"] + "nut = 3\n",
                FILE: changed('bio = "', 'boi = "'),
            },
            FILE,
        )
    assert {fault.partition(":")[0] for fault in bad.value.faults} == {
        "goods.toml",
        "goods.toml, [nut]",
        f"{FILE}, [residents.Mira]",
    }


def test_a_type_of_building_with_a_fault_is_not_called_unknown_too():
    broken = TEXTS["buildings.toml"].replace("#eeee....hh...", "#eeee.?..hh...", 1)
    with pytest.raises(BadTown) as bad:
        load_town({**TEXTS, "buildings.toml": broken, FILE: SMALL}, FILE)
    [fault] = bad.value.faults
    assert fault.startswith("buildings.toml, [cafe]: the plan has “?”")


def test_an_empty_file_says_everything_that_is_missing():
    faults = faults_of("")
    assert f"{FILE}, [residents]: there are no residents: add one as [residents.NAME]." in faults
    assert f"{FILE}: “name” must be a text: write one." in faults


def test_two_names_that_differ_in_capitals_only_are_refused():
    assert f"{FILE}, [residents]: two residents are called “mira”: rename one." in faults_of(
        changed('[residents."Old Jon"]', "[residents.mira]")
    )


def test_a_town_of_ones_own_takes_from_parlour_what_is_not_beside_it(tmp_path):
    file = tmp_path / "hamlet.toml"
    file.write_text(SMALL, "utf-8")
    assert read_town(file).catalogue.goods["latte"].price == 15
    own = TEXTS["goods.toml"].replace('kind = "drink", price = 15', 'kind = "drink", price = 16')
    (tmp_path / CATALOGUE[0]).write_text(own, "utf-8")
    assert read_town(file).catalogue.goods["latte"].price == 16


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    file = tmp_path / "hamlet.toml"
    with pytest.raises(BadTown, match=r"hamlet\.toml: it cannot be read \(No such file"):
        read_town(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadTown, match=r"hamlet\.toml: this is no UTF-8 text: save it as UTF-8\."):
        read_town(file)
