"""Charts of a town, made from its journal alone."""

from datetime import UTC, datetime

from bot.arena.events import Counted, Seated
from bot.pictures.charts import render_chart
from bot.pictures.town_charts import chart_of
from bot.ports import Entry, Setup, Stored
from games.core import TABLE, Seat
from tests.lived_town import lived
from towns.subjects import Subject

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def stored(match, used=()):
    """Return a town as its journal holds it; `used` are turns before which a model was asked."""
    first = Entry(1, TABLE, (Seated(Seat("Ngozi"), "model:x"), *match.turns[0].events), NOW)
    later = [
        Entry(
            number + 1,
            turn.seat,
            (*([Counted(turn.seat, 2, 1_500, 500)] if number in used else []), *turn.events),
            NOW,
        )
        for number, turn in enumerate(match.turns)
        if number
    ]
    setup = Setup("t", match.game, match.seats, match.seed, "town:1:2:t", NOW)
    return Stored(setup, (first, *later), None)


def test_calls_and_tokens_are_counted_by_the_towns_hours():
    match = lived()
    morning, *_, night = [n for n, turn in enumerate(match.turns) if turn.seat in match.seats]
    chart = chart_of(match.game, stored(match, {morning, night}), Subject.CALLS)
    calls, tokens = chart.lines["calls"], chart.lines["thousands of tokens"]
    assert chart.title == "Calls of models an hour"
    assert (calls[0], sum(calls)) == (2, 4)
    assert (tokens[0], sum(tokens)) == (2, 4)
    assert len(calls) == len(chart.times) == 25


def test_calls_of_a_longer_time_are_counted_by_its_days():
    match = lived(4, 3)
    chart = chart_of(match.game, stored(match, {5}), Subject.CALLS)
    assert chart.title == "Calls of models a day"
    assert list(chart.times) == ["day 1", "day 2", "day 3", "day 4"]
    assert list(chart.lines["calls"]) == [2, 0, 0, 0]


def test_mood_lies_between_nothing_and_everything_and_money_is_what_people_have():
    match = lived()
    mood = chart_of(match.game, stored(match), Subject.MOOD)
    assert all(0 <= value <= 100 for line in mood.lines.values() for value in line)
    money = chart_of(match.game, stored(match), Subject.MONEY)
    ledger = match.state.ledger.balances
    assert {name: line[-1] for name, line in money.lines.items()} == {
        seat: ledger[f"resident:{seat}"] for seat in match.seats
    }
    answers = chart_of(match.game, stored(match), Subject.ANSWERS)
    asked = sum(turn.seat in match.seats for turn in match.turns)
    assert sum(sum(line) for line in answers.lines.values()) == asked


def test_the_same_town_gives_the_same_picture():
    match = lived()
    once, again = (render_chart(chart_of(match.game, stored(match), Subject.MOOD)) for _ in "ab")
    assert once == again
