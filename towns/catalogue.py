"""What a town can be built of: goods, equipment and types of buildings, read from tables."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from games.core.tables import Table
from towns.clock import Hours, clock_minutes
from towns.errors import BadTown
from towns.floor_plan import DOOR, FLOOR, WALL, FloorPlan, read_plan
from towns.tables import read_tables

CATALOGUE: Final = ("goods.toml", "equipment.toml", "buildings.toml")
"""The names of its files."""
MOST_COINS: Final = 1_000_000_000
MOST_MINUTES: Final = 24 * 60
MOST_PEOPLE: Final = 100
"""At one piece of equipment."""


class Who(StrEnum):
    """Who may do something with a piece of equipment."""

    ANYONE = "anyone"
    RESIDENTS = "residents"
    """Those who live in the building."""
    WORKERS = "workers"
    """Those who work in the building."""


class Need(StrEnum):
    """What doing something is good for."""

    FOOD = "food"
    REST = "rest"
    HEALTH = "health"
    FUN = "fun"
    COMPANY = "company"
    MONEY = "money"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Good:
    """Something one can have."""

    name: str
    kind: str
    """Such as "meal": what can be done with it."""
    price: int
    """Coins; 0 for what is never sold."""
    least: int
    """Coins, of the lowest price that can be set."""
    most: int


@dataclass(frozen=True)
class Operation:
    """Something one can do with a piece of equipment."""

    name: str
    """A verb with its object, such as "order a meal"."""
    minutes: int
    """Of game time, however it ends."""
    who: Who
    need: Need
    pays: int
    """Coins of wage at the end."""
    costs: int
    """Coins at the beginning, to the building."""
    buys: int
    """The most pieces of one good of the menu that can be bought at once; 0 for no buying."""
    takes: tuple[str, ...]
    """Kinds of goods, one piece of which is used up; none for nothing."""
    gives: Good | None
    least: int = 0
    """Coins, of the lowest `costs` that can be set."""
    most: int = 0


@dataclass(frozen=True)
class EquipmentKind:
    """What one kind of equipment is for."""

    name: str
    about: str
    """One sentence."""
    places: int
    """How many can use it at the same time."""
    beds: int
    """How many can live with it."""
    jobs: int
    """How many can be employed with it."""
    menu: Mapping[str, Good]
    operations: Mapping[str, Operation]


@dataclass(frozen=True)
class BuildingType:
    """A kind of building, as it can be built on a plot."""

    name: str
    about: str
    price: int
    """Coins, for building one."""
    hours: Hours
    plan: FloorPlan
    beds: int
    jobs: int


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All of it by name; made once and never changed, and so compared by identity."""

    goods: Mapping[str, Good]
    equipment: Mapping[str, EquipmentKind]
    buildings: Mapping[str, BuildingType]


def load_catalogue(texts: Mapping[str, str]) -> Catalogue:
    """Return the catalogue in three TOML texts by file name.  Raises BadTown."""
    tables = read_tables(CATALOGUE, texts)
    catalogue = read_catalogue(tables)
    if tables[0].faults:
        raise BadTown(tables[0].faults)
    return catalogue


def read_catalogue(tables: Sequence[Table]) -> Catalogue:
    """Return as much of the catalogue as can be read from its files, with every fault noted."""
    goods_file, equipment_file, buildings_file = tables
    goods = {name: _good(name, table) for name, table in goods_file.named()}
    equipment = {name: _equipment(name, table, goods) for name, table in equipment_file.named()}
    buildings = {name: _building(name, table, equipment) for name, table in buildings_file.named()}
    known = {name: one for name, one in buildings.items() if one is not None}
    return Catalogue(goods, equipment, known)


def _good(name: str, table: Table) -> Good:
    kind, price = table.text("kind"), table.whole("price", 0, MOST_COINS, default=0)
    return Good(name, kind, price, *_bounds(table, price))


def _bounds(table: Table, price: int) -> tuple[int, int]:
    """Return the lowest and the highest price that can be set."""
    least = table.whole("least", 0, MOST_COINS, default=price)
    most = table.whole("most", 0, MOST_COINS, default=price)
    if price and not least <= price <= most:
        table.fault(f"its price is {price:,}: choose “least” and “most” around that.")
    return least, most


def _equipment(name: str, table: Table, goods: Mapping[str, Good]) -> EquipmentKind:
    wanted = [good for good in table.texts("menu") if table.known(good, goods, "good")]
    operations = [_operation(row, goods) for row in table.rows("operations")]
    kind = EquipmentKind(
        name=name,
        about=table.text("about"),
        places=table.whole("places", 1, MOST_PEOPLE, default=1),
        beds=table.whole("beds", 0, MOST_PEOPLE, default=0),
        jobs=table.whole("jobs", 0, MOST_PEOPLE, default=0),
        menu={good: goods[good] for good in wanted},
        operations={operation.name: operation for operation in operations},
    )
    _check_equipment(kind, operations, table)
    return kind


def _operation(row: Table, goods: Mapping[str, Good]) -> Operation:
    gives = row.text("gives", default="")
    takes = row.texts("takes")
    costs = row.whole("costs", 0, MOST_COINS, default=0)
    least, most = _bounds(row, costs)
    for kind in takes:
        row.known(kind, {good.kind: good for good in goods.values()}, "kind of goods")
    return Operation(
        name=row.text("name", longest=60),
        minutes=row.whole("minutes", 1, MOST_MINUTES),
        who=row.choice("who", Who, Who.ANYONE),
        need=row.choice("need", Need, Need.NOTHING),
        pays=row.whole("pays", 0, MOST_COINS, default=0),
        costs=costs,
        buys=row.whole("buys", 0, MOST_PEOPLE, default=0),
        takes=tuple(takes),
        gives=goods[gives] if row.known(gives, goods, "good") else None,
        least=least,
        most=most,
    )


def _check_equipment(kind: EquipmentKind, operations: Sequence[Operation], table: Table) -> None:
    if len(kind.operations) < len(operations):
        table.fault("two operations have the same name: rename one.")
    if not operations:
        table.fault("it has no operations: add one, or take the equipment out.")
    buying = any(operation.buys for operation in operations)
    if buying != bool(kind.menu):
        table.fault("a menu needs an operation with “buys”, and such an operation needs a menu.")
    if any(operation.pays and operation.who is not Who.WORKERS for operation in operations):
        table.fault('only work is paid: say who = "workers", or take “pays” out.')
    for good in kind.menu.values():
        if not good.price:
            table.fault(
                f"“{good.name}” is on the menu and has no price: give it one in {CATALOGUE[0]}."
            )
    working = any(operation.who is Who.WORKERS for operation in operations)
    if working != bool(kind.jobs):
        table.fault("“jobs” needs an operation for workers, and such an operation needs “jobs”.")


def _building(
    name: str, table: Table, equipment: Mapping[str, EquipmentKind]
) -> BuildingType | None:
    about, price = table.text("about"), table.whole("price", 1, MOST_COINS)
    hours = Hours(read_time(table, "opens"), read_time(table, "closes"))
    drawn = table.text("plan", longest=5_000)
    plan = _plan(drawn, _legend(table, equipment), table)
    if plan is None:
        return None
    pieces = [equipment[piece.kind] for piece in plan.equipment]
    beds, jobs = sum(one.beds for one in pieces), sum(one.jobs for one in pieces)
    return BuildingType(name, about, price, hours, plan, beds, jobs)


def _legend(table: Table, equipment: Mapping[str, EquipmentKind]) -> Mapping[str, str]:
    """Return the kind of equipment by letter; the unknown ones, noted, are left as "" for floor."""
    legend = table.within("legend")
    found = {}
    for letter in legend.values:
        kind = legend.text(letter)
        if len(letter) != 1 or letter in (WALL, DOOR, FLOOR):
            legend.fault(f"“{letter}” must be one letter or digit: choose another.")
        found[letter] = kind if legend.known(kind, equipment, "equipment") else ""
    return found


def _plan(drawn: str, legend: Mapping[str, str], table: Table) -> FloorPlan | None:
    faults: list[str] = []
    plan = read_plan(drawn, legend, faults) if drawn else None
    for fault in faults:
        table.fault(fault)
    if plan is None or faults:
        return None
    known = tuple(piece for piece in plan.equipment if piece.kind)
    return replace(plan, equipment=known)


def read_time(table: Table, name: str) -> int:
    """Return the minutes since midnight of a time of day; midnight where there is none."""
    text = table.text(name, default="00:00")
    try:
        return clock_minutes(text)
    except ValueError as why:
        table.fault(f"“{name}”: {why}")
        return 0
