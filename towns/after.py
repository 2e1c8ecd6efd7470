"""What each event does to a town: mechanical, so that a replay needs no decision and no model."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from games.core import Seat, Secret
from games.core.changing import changed
from towns import decrees
from towns import events as happened
from towns.causality import Course, Standing
from towns.courses import standing
from towns.doings import DEEDS
from towns.events import TownEvent
from towns.frontier import Frontier
from towns.ground import start_of
from towns.ledger import building_account, resident_account
from towns.minds import THOUGHTS
from towns.policies import Policies
from towns.questions import Question
from towns.situation import first_memory
from towns.state import Open, Resident, TownState, left_out, without
from towns.terms import Term
from towns.visits import visited


def after(state: TownState, event: TownEvent) -> TownState:
    """Return the town after an event."""
    if isinstance(event, Secret):
        resident = THOUGHTS[type(event)](state.residents[event.seat], event)
        asked = _asked(state, event)
        residents = {**state.residents, event.seat: resident}
        return changed(state, residents=residents, asked=asked)
    return _EVENTS[type(event)](state, event)


def _asked(state: TownState, event: Any) -> Mapping[Seat, Open]:
    """Return who is asked after a thought: it answers what stood, unless it is a question."""
    if isinstance(event, happened.Asked):
        return {**state.asked, event.seat: Open(event.what)}
    return left_out(state.asked, event.seat)


def _founded(state: TownState, event: happened.Founded) -> TownState:
    policies = Policies(taxes=start_of(event.data).taxes)
    state = changed(state, data=event.data, sites=event.sites).with_policies(policies)
    ledger = state.ledger
    for site in event.sites:
        ledger = ledger.opened(building_account(site.name))
    return changed(state, ledger=ledger)


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
    return changed(state, ledger=ledger, residents=residents)


def _moved_away(state: TownState, event: happened.MovedAway) -> TownState:
    residents = left_out(state.residents, event.seat)
    asked = left_out(state.asked, event.seat)
    users = {place: without(names, event.seat) for place, names in state.users.items()}
    return changed(state, residents=residents, asked=asked, users=users)


def _built(state: TownState, event: happened.Built) -> TownState:
    sites = (*state.sites, event.site)
    ledger = state.ledger.opened(building_account(event.site.name))
    return changed(state, sites=sites, ledger=ledger).with_policies(state.policies)


def _wished(state: TownState, event: happened.Wished) -> TownState:
    return changed(state, wishes=(*state.wishes, event))


def _wish_heard(state: TownState, _: happened.WishHeard) -> TownState:
    return changed(state, wishes=state.wishes[1:])


def _price_set(state: TownState, event: decrees.PriceSet) -> TownState:
    return state.with_policies(state.policies.with_price(event.places, event.item, event.coins))


def _tax_set(state: TownState, event: decrees.TaxSet) -> TownState:
    taxes = state.policies.taxes.changed(event.tax, event.percent)
    return state.with_policies(changed(state.policies, taxes=taxes))


def _hours_set(state: TownState, event: decrees.HoursSet) -> TownState:
    return state.with_policies(state.policies.with_hours(event.place, event.hours))


def _mayor_appointed(state: TownState, event: decrees.MayorAppointed) -> TownState:
    term = Term(event.tick, event.first, event.decisions, state.owned)
    return changed(state, term=term)


def _governed(state: TownState, event: decrees.Governed) -> TownState:
    assert state.term is not None, "only a mayor decides"
    left = state.term.left - 1
    term = changed(state.term, next=event.next, left=left, decision=event.decision, why=event.why)
    return changed(state, term=term)


def _term_ended(state: TownState, event: decrees.TermEnded) -> TownState:
    assert state.term is not None, "only what has begun ends"
    return changed(state, term=changed(state.term, left=0, gained=event.gained))


def _paid(state: TownState, event: happened.Paid) -> TownState:
    return changed(state, ledger=state.ledger.after(event.transfer))


def _time_given(state: TownState, event: happened.TimeGiven) -> TownState:
    return changed(state, horizon=event.until)


def _stepped(state: TownState, event: happened.Stepped) -> TownState:
    standings: dict[str, Standing] = {name: standing(state.residents[name]) for name in event.names}
    return changed(state, frontier=state.frontier.advanced(standings))


def _gathered(state: TownState, _: happened.Gathered) -> TownState:
    standings: dict[str, Standing] = {name: standing(one) for name, one in state.residents.items()}
    return changed(state, frontier=Frontier.begun(state.ground.reach, standings))


_EVENTS: Final[Mapping[type, Callable[[TownState, Any], TownState]]] = {
    **DEEDS,
    happened.Founded: _founded,
    happened.MovedIn: _moved_in,
    happened.MovedAway: _moved_away,
    happened.Built: _built,
    happened.Visited: visited,
    happened.Wished: _wished,
    happened.WishHeard: _wish_heard,
    decrees.PriceSet: _price_set,
    decrees.TaxSet: _tax_set,
    decrees.HoursSet: _hours_set,
    decrees.MayorAppointed: _mayor_appointed,
    decrees.Governed: _governed,
    decrees.TermEnded: _term_ended,
    happened.Paid: _paid,
    happened.TimeGiven: _time_given,
    happened.Gathered: _gathered,
    happened.Stepped: _stepped,
}
