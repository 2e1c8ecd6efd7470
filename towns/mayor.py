"""What whoever governs a town can do: build, invite, and let people come and go.

Prices and fees stand in the town's tables.
Source: the mayor's game of AgentSims.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from games.core import IllegalMove, Seat, listed
from towns.catalogue import BuildingType
from towns.events import Built, Gathered, MovedAway, MovedIn
from towns.grid import Area, Site
from towns.ledger import TOWN, Outside, resident_account
from towns.start import Profile, is_name
from towns.state import TownState
from towns.unfolding import Unfolding

NEWCOMERS_CASH: Final = 10_000
"""Coins that a newcomer is given, beside what the invitation costs."""
_AGE: Final = 30


def come(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let somebody of the town's files move in, without work where others have all jobs.

    Raises IllegalMove.
    """
    known, name = unfolding.state.ground.start.residents, fields.get("name", "")
    profile = next((one for one in known.values() if _same(one.name, name)), None)
    if profile is None:
        raise IllegalMove(f"The town's files know nobody called {name}; /town recruit does.")
    _need_new(unfolding.state, profile.name)
    _need_bed(unfolding.state, profile.home)
    if profile.work and profile.work not in free_jobs(unfolding.state):
        profile = replace(profile, work="", job="")
    _move_in(unfolding, profile, Outside.CASH)


def build(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Put up a building for the town's money.  Raises IllegalMove."""
    state, start = unfolding.state, unfolding.state.ground.start
    types = start.catalogue.buildings
    kind = next((one for one in types if _same(one, fields.get("type", ""))), None)
    if kind is None:
        raise IllegalMove(f"There is no such type of building; choose from {listed(types)}.")
    site = Site(fields.get("name", ""), kind, *_need_plot(state, fields.get("plot", "")))
    _need_fit(state, site)
    price = types[kind].price
    _need_money(unfolding, price)
    unfolding.pay(state.limit, TOWN, Outside.FEES, price, f"building: {kind}")
    unfolding.tell(Built(state.limit, site, price), Gathered())


def free_plots(state: TownState) -> Mapping[str, tuple[int, int]]:
    """Return the columns and rows of plots without a building, by such names as "1/3"."""
    land = state.ground.start.land
    taken = {(one.column, one.row) for one in state.sites}
    return {
        f"{column}/{row}": (column, row)
        for row in range(1, len(land.rows) + 1)
        for column in range(1, len(land.columns) + 1)
        if (column, row) not in taken
    }


def _need_plot(state: TownState, wanted: str) -> tuple[int, int]:
    """Return the column and row of a free plot.  Raises IllegalMove."""
    plots = free_plots(state)
    if wanted not in plots:
        free = ", ".join(plots) or "none"
        raise IllegalMove(f"That plot is not free; free are, by column and row: {free}.")
    return plots[wanted]


def _need_fit(state: TownState, site: Site) -> None:
    """Refuse a building that has no name of its own, or no room.  Raises IllegalMove."""
    start = state.ground.start
    if not site.name:
        raise IllegalMove("A building needs a name; choose one.")
    if any(_same(one.name, site.name) for one in state.sites):
        raise IllegalMove(f"There is a {site.name} already; choose another name.")
    plan, room = start.catalogue.buildings[site.type].plan, start.land.room(site.column, site.row)
    if plan.width > room[0] or plan.height > room[1]:
        raise IllegalMove(f"That plot is too small for a {site.type}; choose another one.")
    left, top = start.land.corner(site.column, site.row)
    if _anybody_on(state, Area(left, top, left + plan.width - 1, top + plan.height - 1)):
        raise IllegalMove("Somebody is on that plot now; try again in a moment.")


def _anybody_on(state: TownState, area: Area) -> bool:
    """Return whether anybody is on its way over these tiles; while some are asked, who knows."""
    return not state.asked and any(
        area.left <= x <= area.right and area.top <= y <= area.bottom
        for one in state.residents.values()
        for x, y in one.course.path
    )


def recruit(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let somebody new move in for the town's money.  Raises IllegalMove."""
    state, name = unfolding.state, fields.get("name", "")
    if not is_name(name):
        raise IllegalMove("A resident needs a name of 1 to 32 letters that is no office's.")
    _need_new(state, name)
    if not (fields.get("bio") and fields.get("goal")):
        raise IllegalMove("A newcomer needs a biography and a goal; write both.")
    home = _need_bed(state, fields.get("home", ""))
    work = _need_job(state, fields["work"]) if fields.get("work") else ""
    profile = Profile(
        name=name,
        full_name=name,
        age=_AGE,
        home=home,
        work=work,
        job="",
        bio=fields["bio"],
        goal=fields["goal"],
        cash=NEWCOMERS_CASH,
        likes=(),
        traits=(),
        knows={},
    )
    fee = state.ground.start.invitation
    _need_money(unfolding, fee + NEWCOMERS_CASH)
    unfolding.pay(state.limit, TOWN, Outside.FEES, fee, f"invitation: {name}")
    _move_in(unfolding, profile, TOWN)


def _move_in(unfolding: Unfolding, profile: Profile, payer: str) -> None:
    tick, seat = unfolding.state.limit, Seat(profile.name)
    unfolding.tell(MovedIn(seat, tick, profile))
    unfolding.pay(tick, payer, resident_account(seat), profile.cash, "a newcomer's cash")
    unfolding.tell(Gathered())


def go(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let a resident move away with all its money.  Raises IllegalMove."""
    state, name = unfolding.state, fields.get("name", "")
    seat = next((one for one in state.residents if _same(one, name)), None)
    if seat is None:
        raise IllegalMove(
            f"Nobody called {name} lives here; choose from {listed(state.residents)}."
        )
    if len(state.residents) == 1:
        raise IllegalMove(f"{seat} is the last one here; a town needs somebody.")
    if state.residents[seat].talk and not state.asked:
        raise IllegalMove(f"{seat} is in the middle of a talk; try again in a moment.")
    account = resident_account(seat)
    cash = state.ledger.balances[account]
    unfolding.pay(state.limit, account, Outside.CASH, cash, "taken along")
    unfolding.tell(MovedAway(seat, state.limit), Gathered())


def _need_new(state: TownState, name: str) -> None:
    if any(_same(one, name) for one in state.residents):
        raise IllegalMove(f"{name} lives here already; name somebody else.")


def _need_bed(state: TownState, home: str) -> str:
    """Return a home that has a free bed.  Raises IllegalMove."""
    return _with_room(free_beds(state), home, "bed")


def _need_job(state: TownState, work: str) -> str:
    """Return a place that has a free job.  Raises IllegalMove."""
    return _with_room(free_jobs(state), work, "job")


def free_beds(state: TownState) -> Mapping[str, int]:
    """Return how many beds are free, by the buildings that have some."""
    taken = Counter(one.profile.home for one in state.residents.values())
    return _free(taken, {name: one.beds for name, one in _types(state)})


def free_jobs(state: TownState) -> Mapping[str, int]:
    """Return how many jobs nobody has, by the buildings that have some."""
    taken = Counter(one.profile.work for one in state.residents.values())
    return _free(taken, {name: one.jobs for name, one in _types(state)})


def _free(taken: Mapping[str, int], rooms: Mapping[str, int]) -> Mapping[str, int]:
    return {name: number - taken[name] for name, number in rooms.items() if number > taken[name]}


def _with_room(free: Mapping[str, int], wanted: str, what: str) -> str:
    found = next((name for name in free if _same(name, wanted)), None)
    if found is None:
        raise IllegalMove(
            f"There is no free {what} there; there are some in: {listed(free) or 'none'}."
        )
    return found


def _types(state: TownState) -> Iterator[tuple[str, BuildingType]]:
    return ((name, one.type) for name, one in state.ground.map.buildings.items())


def _need_money(unfolding: Unfolding, price: int) -> None:
    if why := unfolding.can_pay(unfolding.state.limit, TOWN, Outside.FEES, price):
        raise IllegalMove(f"The town cannot pay that. {why}")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.strip().casefold()
