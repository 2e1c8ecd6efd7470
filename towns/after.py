"""What each event does to a town: mechanical, so that a replay needs no decision and no model."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from games.core import Seat, Secret
from towns import events as happened
from towns.causality import Course, Standing
from towns.courses import standing
from towns.doings import DEEDS
from towns.events import TownEvent
from towns.frontier import Frontier
from towns.ground import ground_of
from towns.ledger import building_account, resident_account
from towns.minds import THOUGHTS
from towns.questions import Question
from towns.situation import first_memory
from towns.state import Open, Resident, TownState, left_out, without


def after(state: TownState, event: TownEvent) -> TownState:
    """Return the town after an event."""
    if isinstance(event, Secret):
        resident = THOUGHTS[type(event)](state.residents[event.seat], event)
        asked = _asked(state, event)
        residents = {**state.residents, event.seat: resident}
        return replace(state, residents=residents, asked=asked)
    return _EVENTS[type(event)](state, event)


def _asked(state: TownState, event: Any) -> Mapping[Seat, Open]:
    """Return who is asked after a thought: it answers what stood, unless it is a question."""
    if isinstance(event, happened.Asked):
        return {**state.asked, event.seat: Open(event.what)}
    return left_out(state.asked, event.seat)


def _founded(state: TownState, event: happened.Founded) -> TownState:
    ground = ground_of(event.data, event.sites)
    ledger = state.ledger
    for site in event.sites:
        ledger = ledger.opened(building_account(site.name))
    return replace(state, data=event.data, sites=event.sites, ground=ground, ledger=ledger)


def _moved_in(state: TownState, event: happened.MovedIn) -> TownState:
    home = state.ground.entrances[event.profile.home][0]
    resident = Resident(
        event.profile,
        Course(event.tick, (home,), event.tick),
        Question.PLAN,
        memory=first_memory(event.profile),
        felt=event.tick,
    )
    ledger = state.ledger.opened(resident_account(event.seat))
    residents = {**state.residents, event.seat: resident}
    return replace(state, ledger=ledger, residents=residents)


def _moved_away(state: TownState, event: happened.MovedAway) -> TownState:
    residents = left_out(state.residents, event.seat)
    asked = left_out(state.asked, event.seat)
    users = {place: without(names, event.seat) for place, names in state.users.items()}
    return replace(state, residents=residents, asked=asked, users=users)


def _built(state: TownState, event: happened.Built) -> TownState:
    sites = (*state.sites, event.site)
    ledger = state.ledger.opened(building_account(event.site.name))
    return replace(state, sites=sites, ground=ground_of(state.data, sites), ledger=ledger)


def _wished(state: TownState, event: happened.Wished) -> TownState:
    return replace(state, wishes=(*state.wishes, event))


def _wish_heard(state: TownState, _: happened.WishHeard) -> TownState:
    return replace(state, wishes=state.wishes[1:])


def _paid(state: TownState, event: happened.Paid) -> TownState:
    return replace(state, ledger=state.ledger.after(event.transfer))


def _time_given(state: TownState, event: happened.TimeGiven) -> TownState:
    return replace(state, horizon=event.until)


def _stepped(state: TownState, event: happened.Stepped) -> TownState:
    standings: dict[str, Standing] = {name: standing(state.residents[name]) for name in event.names}
    return replace(state, frontier=state.frontier.advanced(standings))


def _gathered(state: TownState, _: happened.Gathered) -> TownState:
    standings: dict[str, Standing] = {name: standing(one) for name, one in state.residents.items()}
    return replace(state, frontier=Frontier.begun(state.ground.reach, standings))


_EVENTS: Final[Mapping[type, Callable[[TownState, Any], TownState]]] = {
    **DEEDS,
    happened.Founded: _founded,
    happened.MovedIn: _moved_in,
    happened.MovedAway: _moved_away,
    happened.Built: _built,
    happened.Wished: _wished,
    happened.WishHeard: _wish_heard,
    happened.Paid: _paid,
    happened.TimeGiven: _time_given,
    happened.Gathered: _gathered,
    happened.Stepped: _stepped,
}
