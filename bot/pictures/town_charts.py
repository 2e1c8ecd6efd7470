"""How money, mood, calls and answers of a town have changed, as charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.arena.events import Counted
from bot.arena.snapshots import turn_in
from bot.pictures.charts import Chart
from bot.ports import Stored
from games.core import Seat
from towns.history import History
from towns.subjects import Subject
from towns.town import Town

_HOURS: Final = 2
"""Between two points, where these are not too many."""
_MOST_POINTS: Final = 180
_MOST_HOURS: Final = 48
"""For which calls are counted hour by hour; those of a longer time by day."""
_THOUSAND: Final = 1_000


@dataclass(frozen=True)
class _Call:
    """What models have used up to an answer."""

    tick: int
    calls: int
    tokens: int


def chart_of(town: Town, stored: Stored, subject: Subject) -> Chart:
    """Return how something has changed in a town, made from its journal alone."""
    turns = [turn for entry in stored.entries if (turn := turn_in(entry))]
    told = History(town, stored.setup.seats, turns)
    if subject is Subject.CALLS:
        return _calls(told, _used(told, stored))
    if subject is Subject.ANSWERS:
        days = [told.calls_between(*told.day_ticks(day)) for day in told.days()]
        return _chart("Answers a day", [f"day {day}" for day in told.days()], days)
    clock = told.start.clock
    moments = told.moments(max(_HOURS, -(-told.tick // (clock.ticks(60) * _MOST_POINTS))))
    times = [str(clock.at(tick)) for tick in moments]
    if subject is Subject.MONEY:
        return _chart("Money, in coins", times, [told.cash(tick) for tick in moments])
    return _chart("Mood, from 0 to 100", times, [told.mood(tick) for tick in moments])


def _used(told: History, stored: Stored) -> Sequence[_Call]:
    """Return what models have used, at the ticks of the residents whom they play."""
    found, turns = [], 0
    for entry in stored.entries:
        if turn_in(entry) is None:
            continue
        tick = told.ticks[turns]
        turns += 1
        counted = [event for event in entry.events if isinstance(event, Counted)]
        found += [_Call(tick, one.calls, one.tokens_in + one.tokens_out) for one in counted]
    return found


def _calls(told: History, used: Sequence[_Call]) -> Chart:
    clock = told.start.clock
    hours = told.moments(1)
    if len(hours) <= _MOST_HOURS:
        spans = [(tick, tick + clock.ticks(60)) for tick in hours]
        title, times = "Calls of models an hour", [str(clock.at(tick)) for tick in hours]
    else:
        spans = [told.day_ticks(day) for day in told.days()]
        title, times = "Calls of models a day", [f"day {day}" for day in told.days()]
    within = [[one for one in used if since <= one.tick < until] for since, until in spans]
    lines = {
        "calls": [float(sum(one.calls for one in some)) for some in within],
        "thousands of tokens": [sum(one.tokens for one in some) / _THOUSAND for some in within],
    }
    return Chart(title, times, lines)


def _chart(title: str, times: Sequence[str], found: Sequence[Mapping[Seat, float]]) -> Chart:
    names = dict.fromkeys(name for one in found for name in one)
    return Chart(title, times, {str(name): [one[name] for one in found] for name in names})
