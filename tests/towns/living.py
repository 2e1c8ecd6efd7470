"""Towns whose residents follow rules of thumb, answered in any order."""

from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Any

from games.core import Ask, Level, Match, Seat, View
from towns.events import CLOCK, HOST, MAYOR
from towns.questions import briefing_of
from towns.town import Town

Order = Callable[[Mapping[Seat, Ask]], Seat]
Living = Match[Any, Any, Any]


def born(game: Town, people: int) -> Living:
    """Return a town with its first residents."""
    return Match(game, list(game.start.residents)[:people], seed=1)


def live(town: Living, order: Order, until: int = 0, step: int = 0) -> Living:
    """Answer what is asked until the town is over, or nobody is asked before a tick.

    `step` is how many ticks the clock gives at a time; 0 for all that is wanted.
    """
    while not town.over:
        asks = dict(town.asks)
        if until and town.state.horizon >= until:
            asks.pop(CLOCK, None)
            asks.pop(HOST, None)
        if not asks:
            return town
        seat = order(asks)
        town.say(seat, answer(town, seat, until, step))
    return town


def answer(town: Living, seat: Seat, until: int = 0, step: int = 0) -> str:
    """Return what a resident answers by its rules of thumb, or how far the clock goes."""
    ask = town.asks[seat]
    if seat == CLOCK:
        assert ask.low is not None and ask.high is not None
        most = until or int(ask.high)
        return str(max(int(ask.low), min(most, int(ask.low) + step if step else most)))
    return town.game.house_answer(View(town.game, seat, town.seats, ()), ask, Level.HARD, Random(0))


def residents_first(asks: Mapping[Seat, Ask]) -> Seat:
    """Answer for residents as long as one is asked."""
    return _residents(asks)[0] if _residents(asks) else _office(asks)


def in_lock_step(asks: Mapping[Seat, Ask]) -> Seat:
    """Answer for whoever is furthest behind."""
    return min(_residents(asks), key=lambda seat: _tick(asks[seat]), default=_office(asks))


def furthest_first(asks: Mapping[Seat, Ask]) -> Seat:
    """Answer for whoever is furthest ahead."""
    return max(_residents(asks), key=lambda seat: _tick(asks[seat]), default=_office(asks))


def without(slow: str) -> Order:
    """Answer for one resident only when nothing else can go on."""

    def order(asks: Mapping[Seat, Ask]) -> Seat:
        others = {seat: ask for seat, ask in asks.items() if seat != slow}
        return furthest_first(others or asks)

    return order


def at_random(seed: int) -> Order:
    """Answer for anybody who is asked, the clock among them."""
    rng = Random(seed)
    return lambda asks: rng.choice(list(asks))


def _residents(asks: Mapping[Seat, Ask]) -> Sequence[Seat]:
    return [seat for seat in asks if seat not in (CLOCK, MAYOR, HOST)]


def _office(asks: Mapping[Seat, Ask]) -> Seat:
    """Return the mayor, for whom everybody waits, or the clock."""
    return MAYOR if MAYOR in asks else CLOCK


def _tick(ask: Ask) -> int:
    return briefing_of(ask).tick
