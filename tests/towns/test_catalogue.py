import pytest

from towns.catalogue import CATALOGUE, Need, Who, load_catalogue
from towns.clock import GameTime
from towns.errors import BadTown
from towns.files import DATA

SHIPPED = {name: (DATA / name).read_text("utf-8") for name in CATALOGUE}


@pytest.fixture(scope="module")
def catalogue():
    return load_catalogue(SHIPPED)


def faults_of(**texts):
    with pytest.raises(BadTown) as bad:
        load_catalogue({**SHIPPED, **{f"{name}.toml": text for name, text in texts.items()}})
    return bad.value.faults


def changed(name, *changes):
    text = SHIPPED[f"{name}.toml"]
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    return {name: text}


def test_there_are_twelve_types_of_buildings_at_14_000_each(catalogue):
    assert {kind.price for kind in catalogue.buildings.values()} == {14_000}
    sizes = {
        name: (kind.plan.width, kind.plan.height) for name, kind in catalogue.buildings.items()
    }
    assert sizes == {
        "shop": (21, 14),
        "restaurant": (21, 14),
        "dessert shop": (21, 11),
        "gym": (19, 15),
        "terraced house": (19, 13),
        "park": (27, 12),
        "cottage": (21, 14),
        "office": (21, 14),
        "museum": (21, 14),
        "bungalow": (21, 14),
        "shared house": (21, 13),
        "cafe": (21, 14),
    }


def test_beds_and_jobs_of_a_building_are_those_of_its_equipment(catalogue):
    beds = {name: kind.beds for name, kind in catalogue.buildings.items() if kind.beds}
    assert beds == {"terraced house": 4, "cottage": 2, "bungalow": 2, "shared house": 4}
    assert catalogue.buildings["office"].jobs == 7


def test_what_a_desk_pays_and_a_bed_takes_stands_in_the_tables(catalogue):
    work = catalogue.equipment["desk"].operations["work at the desk"]
    assert (work.minutes, work.pays, work.who, work.need) == (120, 200, Who.WORKERS, Need.MONEY)
    sleep = catalogue.equipment["bed"].operations["sleep through the night"]
    assert (sleep.minutes, sleep.who) == (420, Who.RESIDENTS)


def test_cooking_turns_groceries_into_a_meal_that_a_table_takes(catalogue):
    cook = catalogue.equipment["stove"].operations["cook a meal"]
    eat = catalogue.equipment["dining table"].operations["eat"]
    assert cook.takes == ("groceries",)
    assert cook.gives.kind in eat.takes


def test_menus_have_the_prices_of_the_goods(catalogue):
    prices = {good.name: good.price for good in catalogue.equipment["cafe counter"].menu.values()}
    assert prices == {"latte": 15, "cappuccino": 21, "americano": 18, "tea": 10}


def test_a_building_has_its_hours_and_a_home_is_always_open(catalogue):
    assert str(catalogue.buildings["museum"].hours) == "10:00 to 18:00"
    assert catalogue.buildings["cottage"].hours.has(GameTime(1, 3, 0))


def test_everything_that_can_be_used_up_can_be_had_and_is_used_somewhere(catalogue):
    standing = [piece.kind for b in catalogue.buildings.values() for piece in b.plan.equipment]
    assert set(standing) == set(catalogue.equipment)
    operations = [o for kind in catalogue.equipment.values() for o in kind.operations.values()]
    sold = {good.name for kind in catalogue.equipment.values() for good in kind.menu.values()}
    made = {operation.gives.name for operation in operations if operation.gives}
    assert sold | made == set(catalogue.goods)
    taken = {kind for operation in operations for kind in operation.takes}
    assert taken == {good.kind for good in catalogue.goods.values()}


def test_every_fault_of_every_file_is_named_at_once():
    faults = faults_of(
        **changed("goods", ('kind = "drink", price = 15', 'knd = "drink", price = -15')),
        **changed("equipment", ("minutes = 420", 'minutes = "7 h"'), ('"eggs"', '"egs"')),
        **changed("buildings", ('t = "toilet"', 't = "toilette"'), ('s = "20:00"', 's = "8 pm"')),
    )
    assert (
        "\n".join(faults)
        == """\
goods.toml, [latte]: “kind” must be a text: write one.
goods.toml, [latte]: “price” must be a whole number from 0 to 1,000,000,000: correct it.
goods.toml, [latte]: “knd” means nothing here: did you mean “kind”.
equipment.toml, [bed.operations 1]: “minutes” must be a whole number from 1 to 1,440: correct it.
equipment.toml, [grocery shelf]: there is no good “egs”: did you mean “eggs”.
equipment.toml, [cafe counter]: “latte” is on the menu and has no price: give it one in goods.toml.
buildings.toml, [shop]: “closes”: “8 pm” is no time of day: write it as 09:30.
buildings.toml, [terraced house.legend]: there is no equipment “toilette”: did you mean “toilet”."""
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (", buys = 10", "", "a menu needs an operation with “buys”"),
        ("jobs = 1\n", "", "“jobs” needs an operation for workers"),
        ('who = "workers", ', "", "only work is paid"),
        ('"take a nap"', '"sleep through the night"', "two operations have the same name"),
        ('who = "residents"', 'who = "guests"', "must be anyone, residents or workers: choose one"),
        ('takes = ["groceries"]', 'takes = ["grocery"]', "there is no kind of goods “grocery”"),
        ('takes = ["groceries"]', "takes = 3", "“takes” must be a list of texts"),
        ("beds = 1", "beds = true", "“beds” must be a whole number from 0 to 100"),
        ("[bed]", '[""]', "such a name is not possible: choose 1 to 60 characters."),
        ("[toilet]", "[toilet.x]", "“x” means nothing here"),
    ],
)
def test_equipment_that_makes_no_sense_says_what_to_do(old, new, said):
    faults = faults_of(**changed("equipment", (old, new)))
    assert any(said in fault and fault.startswith("equipment.toml") for fault in faults)


def test_a_file_that_is_no_toml_or_missing_is_named_and_nothing_else():
    assert faults_of(goods="x =", buildings="[park")[0].startswith(
        "goods.toml: this is no valid TOML"
    )
    with pytest.raises(BadTown) as bad:
        load_catalogue({name: SHIPPED[name] for name in CATALOGUE[:2]})
    assert bad.value.faults == ("buildings.toml: the file is missing: put it beside the others.",)
