"""How a town begins: its land, its buildings, its money and its first residents."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from games.core import listed
from games.core.tables import Table
from towns.catalogue import CATALOGUE, MOST_COINS, Catalogue, read_catalogue, read_time
from towns.clock import Clock
from towns.errors import BadTown
from towns.grid import Land, Site
from towns.policies import Tax, Taxes
from towns.tables import read_tables

MOST_TILES: Final = 300
"""Each way."""
ENVIRONMENT: Final = frozenset({"clock", "mayor", "host", "visitor", "table", "town"})
"""Names that no resident can have, in small letters."""
_NAME = re.compile(r"[^\W\d_](?:[^\W_]|[ '’-](?=[^\W_])){0,31}")


@dataclass(frozen=True)
class Profile:
    """Who a resident is before anything has happened."""

    name: str
    """Unique in the town; the seat's name too."""
    full_name: str
    age: int
    home: str
    """The name of a building."""
    work: str
    """The name of a building, or "" for no work."""
    job: str
    bio: str
    goal: str
    cash: int
    likes: tuple[str, ...]
    traits: tuple[str, ...]
    knows: Mapping[str, str]
    """What this resident thinks of others, by their names."""


@dataclass(frozen=True, eq=False)
class StartTown:
    """A town on its first day; made once and never changed, and so compared by identity."""

    name: str
    about: str
    clock: Clock
    land: Land
    town_cash: int
    invitation: int
    """Coins that inviting a newcomer costs the town, without what the newcomer is given."""
    taxes: Taxes
    """At the start."""
    most_taxes: Taxes
    """The highest ones that can be set."""
    sites: tuple[Site, ...]
    residents: Mapping[str, Profile]
    catalogue: Catalogue


def load_town(texts: Mapping[str, str], name: str) -> StartTown:
    """Return the town in the file of this name; the catalogue's files stand beside it.

    Raises BadTown.
    """
    *catalogue_files, file = read_tables((*CATALOGUE, name), texts)
    types = catalogue_files[-1].values
    town = _town(file, types, read_catalogue(catalogue_files))
    file.close()
    if file.faults:
        raise BadTown(file.faults)
    return town


def _town(file: Table, types: Mapping[str, object], catalogue: Catalogue) -> StartTown:
    """Return what can be read; the types that have faults are in `types` only."""
    land = _land(file)
    buildings = file.within("buildings")
    sites = tuple(_sites(buildings, land, types, catalogue))
    residents = _residents(file.within("residents"), buildings.values)
    _check_people(file, sites, residents, catalogue)
    money, (taxes, most_taxes) = file.within("money"), _taxes(file)
    town = StartTown(
        name=file.text("name", longest=60),
        about=file.text("about", longest=2_000),
        clock=_clock(file),
        land=land,
        town_cash=money.whole("town", 0, MOST_COINS),
        invitation=money.whole("invitation", 0, MOST_COINS),
        taxes=taxes,
        most_taxes=most_taxes,
        sites=sites,
        residents=residents,
        catalogue=catalogue,
    )
    money.close()
    return town


def _taxes(file: Table) -> tuple[Taxes, Taxes]:
    """Return the taxes at the start, and the highest ones."""
    table = file.within("taxes")
    wages, purchases = (table.whole(one, 0, 100, default=0) for one in Tax)
    most = [
        table.whole(f"most_{tax}", start, 100, default=start)
        for tax, start in ((Tax.WAGES, wages), (Tax.PURCHASES, purchases))
    ]
    table.close()
    return Taxes(wages, purchases), Taxes(*most)


def _land(file: Table) -> Land:
    table = file.within("map")
    width, height = table.whole("width", 10, MOST_TILES), table.whole("height", 10, MOST_TILES)
    columns = table.wholes("columns", 1, MOST_TILES)
    rows = table.wholes("rows", 1, MOST_TILES)
    for name, edges, most in (("columns", columns, width), ("rows", rows, height)):
        if list(edges) != sorted(set(edges)) or max(edges, default=0) >= most:
            table.fault(f"“{name}” must rise and stay below {most}: put them in order.")
    table.close()
    return Land(width, height, tuple(columns), tuple(rows))


def _clock(file: Table) -> Clock:
    table = file.within("time")
    seconds = table.whole("seconds_per_tick", 1, 3_600)
    starts = read_time(table, "starts")
    table.close()
    return Clock(seconds, starts)


def _sites(
    buildings: Table, land: Land, types: Mapping[str, object], catalogue: Catalogue
) -> Sequence[Site]:
    sites: list[Site] = []
    taken: dict[tuple[int, int], str] = {}
    for name, table in buildings.named():
        kind = table.text("type")
        plot = table.within("plot")
        column = plot.whole("column", 1, max(1, len(land.columns)))
        row = plot.whole("row", 1, max(1, len(land.rows)))
        plot.close()
        other = taken.setdefault((column, row), name)
        if other != name:
            table.fault(f"“{other}” stands on its plot already: choose another plot.")
        if table.known(kind, types, "type of building") and kind in catalogue.buildings:
            _check_room(table, land, Site(name, kind, column, row), catalogue)
            sites.append(Site(name, kind, column, row))
    return sites


def _check_room(table: Table, land: Land, site: Site, catalogue: Catalogue) -> None:
    if site.column > len(land.columns) or site.row > len(land.rows):
        return  # the map has a fault of its own
    plan = catalogue.buildings[site.type].plan
    width, height = land.room(site.column, site.row)
    if plan.width > width or plan.height > height:
        table.fault(
            f"it has {plan.width} × {plan.height} tiles, and its plot has room for "
            f"{width} × {height}: choose another plot, or move the plots apart."
        )


def _residents(file: Table, buildings: Mapping[str, object]) -> Mapping[str, Profile]:
    residents = {}
    for name, table in file.named():
        if not is_name(name):
            table.fault(
                "no resident can be called that: choose 1 to 32 letters, and none of "
                f"{listed(sorted(ENVIRONMENT))}."
            )
        residents[name] = _profile(name, table, buildings)
        for other in residents[name].knows:
            table.known(other, file.values, "resident")
    if not residents:
        file.fault("there are no residents: add one as [residents.NAME].")
    for name, number in Counter(map(str.casefold, residents)).items():
        if number > 1:
            file.fault(f"two residents are called “{name}”: rename one.")
    return residents


def is_name(text: str) -> bool:
    """Return whether a resident can be called so."""
    return bool(_NAME.fullmatch(text)) and text.casefold() not in ENVIRONMENT


def _profile(name: str, table: Table, buildings: Mapping[str, object]) -> Profile:
    home, work = table.text("home"), table.text("work", default="")
    table.known(home, buildings, "building")
    table.known(work, buildings, "building")
    knows = table.within("knows")
    return Profile(
        name=name,
        full_name=table.text("full_name", default=name),
        age=table.whole("age", 0, 150),
        home=home,
        work=work,
        job=table.text("job", default=""),
        bio=table.text("bio", longest=2_000),
        goal=table.text("goal", longest=500),
        cash=table.whole("cash", 0, MOST_COINS),
        likes=tuple(table.texts("likes")),
        traits=tuple(table.texts("traits")),
        knows={other: knows.text(other) for other in knows.values},
    )


def _check_people(
    file: Table, sites: Sequence[Site], residents: Mapping[str, Profile], catalogue: Catalogue
) -> None:
    """Note each building that has too few beds or jobs for those who shall be there."""
    at_home = Counter(profile.home for profile in residents.values())
    at_work = Counter(profile.work for profile in residents.values())
    for site in sites:
        kind = catalogue.buildings[site.type]
        for people, places, what in (
            (at_home[site.name], kind.beds, "live"),
            (at_work[site.name], kind.jobs, "work"),
        ):
            if people > places:
                file.fault(
                    f"{people} residents shall {what} in “{site.name}”, which has room for "
                    f"{places}: send some elsewhere."
                )
