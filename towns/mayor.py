"""Mayor and host: buildings and newcomers that the town pays, and residents who come and go.

Both are asked at any time, and need not answer. What they want comes true at the tick up to which
time was given, before which everybody decides without it.
Source: the mayor's game of AgentSims; prices and fees stand in the town's tables.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from games.core import Answer, Ask, IllegalMove, Seat, clean, listed
from towns.events import Built, Gathered, MovedAway, MovedIn, TownEvent, Wished, WishHeard
from towns.grid import Area, Building, Site
from towns.ledger import TOWN, Outside, resident_account
from towns.start import Profile, is_name
from towns.state import TownState
from towns.steps import go_on_from
from towns.unfolding import Unfolding

NEWCOMERS_CASH: Final = 10_000
"""Coins that a newcomer is given, beside what the invitation costs."""
_AGE: Final = 30


def _text(prompt: str, longest: int = 32) -> Ask:
    return Ask(prompt, max_length=longest, optional=True)


MAYOR_ASK: Final = Ask(
    "What does the town build, or whom does it invite?",
    fields={
        "do": Ask("What?", choices=("build", "recruit")),
        "name": Ask("What is the building, or the newcomer, called?", max_length=32),
        "type": _text("Which type of building?"),
        "column": Ask("In which column of plots?", low=1, high=99, optional=True),
        "row": Ask("In which row of plots?", low=1, high=99, optional=True),
        "home": _text("Where does the newcomer live?", 60),
        "work": _text("Where does the newcomer work?", 60),
        "bio": _text("Who is it?", 500),
        "goal": _text("What does it want?", 200),
    },
    optional=True,
)
HOST_ASK: Final = Ask(
    "Who comes, or goes?",
    fields={
        "do": Ask("What?", choices=("come", "go")),
        "name": Ask("Who?", max_length=32),
    },
    optional=True,
)


def wish(unfolding: Unfolding, seat: Seat, answer: Answer) -> None:
    """Grant what the mayor or the host wants, at once or when everybody has come to this tick.

    Raises IllegalMove.
    """
    if not isinstance(answer, Mapping):
        return
    fields = {name: clean(str(value), 500) for name, value in answer.items() if value is not None}
    wished = Wished(seat, unfolding.state.horizon, fields)
    trial = Unfolding(unfolding.rules, unfolding.state)
    for earlier in unfolding.state.wishes:
        with suppress(IllegalMove):
            trial.tell(*_granted(trial, earlier))
    granted = _granted(trial, wished)  # also where it is for later: what is wrong is told now
    if unfolding.state.asked or unfolding.state.wishes:
        unfolding.tell(wished)
    else:
        unfolding.tell(*granted)


def grant_wishes(unfolding: Unfolding) -> None:
    """Let the wishes come true for which everybody has come far enough, and go on."""
    while unfolding.state.wishes and not unfolding.state.asked:
        wished, why = unfolding.state.wishes[0], ""
        try:
            unfolding.tell(*_granted(unfolding, wished))
        except IllegalMove as reason:
            why = str(reason)
        unfolding.tell(WishHeard(wished.by, wished.tick, why))
        go_on_from(unfolding, wished.tick)


def _granted(unfolding: Unfolding, wished: Wished) -> Sequence[TownEvent]:
    """Return what happens when a wish comes true.  Raises IllegalMove."""
    trial = Unfolding(unfolding.rules, unfolding.state)
    _WISHES[wished.fields["do"]](trial, wished.fields)
    return trial.events


def _come(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    known, name = unfolding.state.ground.start.residents, clean(fields["name"], 32)
    profile = next((one for one in known.values() if _same(one.name, name)), None)
    if profile is None:
        raise IllegalMove(f"The town's files know nobody called {name}; /town recruit does.")
    _need_new(unfolding.state, profile.name)
    _need_bed(unfolding.state, profile.home)
    _move_in(unfolding, profile, Outside.CASH)


def _build(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    state, start = unfolding.state, unfolding.state.ground.start
    types = start.catalogue.buildings
    kind = next((one for one in types if _same(one, fields.get("type", ""))), None)
    if kind is None:
        raise IllegalMove(f"There is no such type of building; choose from {listed(types)}.")
    site = Site(fields["name"], kind, int(fields.get("column", 0)), int(fields.get("row", 0)))
    _need_plot(state, site)
    price = types[kind].price
    _need_money(unfolding, price)
    unfolding.pay(state.limit, TOWN, Outside.FEES, price, f"building: {kind}")
    unfolding.tell(Built(state.limit, site, price), Gathered())


def _need_plot(state: TownState, site: Site) -> None:
    start = state.ground.start
    taken = {(one.column, one.row) for one in state.sites}
    plots = [
        (column, row)
        for row in range(1, len(start.land.rows) + 1)
        for column in range(1, len(start.land.columns) + 1)
        if (column, row) not in taken
    ]
    if (site.column, site.row) not in plots:
        free = ", ".join(f"{column}/{row}" for column, row in plots) or "none"
        raise IllegalMove(f"That plot is not free; free are, by column and row: {free}.")
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


def _recruit(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    state = unfolding.state
    name = fields["name"]
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


def _go(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    state, name = unfolding.state, clean(fields["name"], 32)
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
    taken = Counter(one.profile.home for one in state.residents.values())
    beds = {name: one.type.beds - taken[name] for name, one in _buildings(state).items()}
    return _with_room(beds, home, "bed")


def _need_job(state: TownState, work: str) -> str:
    """Return a place that has a free job.  Raises IllegalMove."""
    taken = Counter(one.profile.work for one in state.residents.values())
    jobs = {name: one.type.jobs - taken[name] for name, one in _buildings(state).items()}
    return _with_room(jobs, work, "job")


def _with_room(places: Mapping[str, int], wanted: str, what: str) -> str:
    free = [name for name, number in places.items() if number > 0]
    found = next((name for name in free if _same(name, wanted)), None)
    if found is None:
        raise IllegalMove(
            f"There is no free {what} there; there are some in: {listed(free) or 'none'}."
        )
    return found


def _buildings(state: TownState) -> Mapping[str, Building]:
    return state.ground.map.buildings


def _need_money(unfolding: Unfolding, price: int) -> None:
    if why := unfolding.can_pay(unfolding.state.limit, TOWN, Outside.FEES, price):
        raise IllegalMove(f"The town cannot pay that. {why}")


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.strip().casefold()


_WISHES: Final[Mapping[str, Callable[[Unfolding, Mapping[str, str]], None]]] = {
    "build": _build,
    "recruit": _recruit,
    "come": _come,
    "go": _go,
}
