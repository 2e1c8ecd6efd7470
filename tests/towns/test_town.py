import json
from collections import Counter
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.town_large import large_town
from games.core import SPECTATOR, BadSetup, Match, Refused, Seat, Secret, Turn
from games.core.match import wordless
from tests.towns.living import (
    Living,
    Order,
    answer,
    at_random,
    born,
    furthest_first,
    in_lock_step,
    live,
    residents_first,
    without,
)
from towns.events import (
    CLOCK,
    Asked,
    Chose,
    Doing,
    Finished,
    Paid,
    Said,
    TalkBegun,
    TalkJoined,
    Used,
)
from towns.events import Refused as NotDone
from towns.files import default_data
from towns.ground import start_of
from towns.ledger import Outside, building_account
from towns.questions import PlanSystem, Question, briefing_of
from towns.state import final_hash, positions_at
from towns.town import Town

HOUR = 360
"""Ticks."""
ONE_DAY = Town(days=1, seed=7)


@pytest.fixture(scope="module")
def lived() -> Living:
    return live(born(ONE_DAY, 8), residents_first)


def test_a_town_lives_to_the_end_of_its_days(lived: Living) -> None:
    assert lived.over
    assert str(lived.outcome.reason) == "The town's day is over."
    assert all(one.tick >= ONE_DAY.end for one in lived.state.residents.values())


def test_residents_sleep_eat_work_and_talk(lived: Living) -> None:
    used = {event.operation for event in lived.log if isinstance(event, Used)}
    assert {"sleep through the night", "eat", "work at the desk"} <= used
    assert any(isinstance(event, Said) for event in lived.log)


def test_the_money_of_all_accounts_sums_up_to_nothing_after_every_entry(lived: Living) -> None:
    paid = [event.transfer for event in lived.log if isinstance(event, Paid)]
    assert [one.number for one in paid] == list(range(1, len(paid) + 1))
    assert sum(lived.state.ledger.balances.values()) == 0
    for account, coins in lived.state.ledger.balances.items():
        assert coins >= 0 or account in tuple(Outside)


def test_wages_come_from_a_building_that_has_the_money_and_else_from_the_world(
    lived: Living,
) -> None:
    held: dict[str, int] = {}
    wages = 0
    for one in (event.transfer for event in lived.log if isinstance(event, Paid)):
        if one.why.startswith("wage: "):
            wages += 1
            assert one.debit == Outside.WAGES or held.get(one.debit, 0) >= one.amount
        held[one.debit] = held.get(one.debit, 0) - one.amount
        held[one.credit] = held.get(one.credit, 0) + one.amount
    assert wages > 0


def test_nobody_is_asked_anything_in_sleep(lived: Living) -> None:
    asleep: set[Seat] = set()
    for event in lived.log:
        if isinstance(event, Used) and event.operation.startswith("sleep"):
            asleep.add(event.seat)
        elif isinstance(event, Finished):
            asleep.discard(event.seat)
        elif isinstance(event, Asked):
            assert event.seat not in asleep


def test_a_use_lasts_as_long_as_the_tables_say(lived: Living) -> None:
    begun: dict[Seat, Used] = {}
    for event in lived.log:
        if isinstance(event, Used):
            begun[event.seat] = event
        elif isinstance(event, Finished):
            assert event.tick >= begun[event.seat].tick + event.act.minutes * 6


def test_thoughts_are_seen_by_nobody_else(lived: Living) -> None:
    viewers = [*lived.seats, Seat("")]
    for event in lived.log:
        if isinstance(event, Secret):
            assert [viewer for viewer in viewers if event.seen_by(viewer)] == [event.seat]


def test_everybody_walks_one_tile_a_tick_at_most(lived: Living) -> None:
    again = Match(ONE_DAY, lived.seats, 1, lived.turns[:1])
    for turn in lived.turns[1:]:
        tick = min(one.tick for one in again.state.residents.values())
        here, there = (positions_at(again.state, at) for at in (tick, tick + 1))
        for seat in again.seats:
            (a, b), (c, d) = here[seat], there[seat]
            assert abs(a - c) + abs(b - d) <= 1
        again.commit(turn)


@pytest.mark.parametrize("plans", PlanSystem)
def test_the_order_of_answers_changes_nothing(plans: PlanSystem) -> None:
    game = Town(days=1, seed=3, plans=plans)
    orders = (in_lock_step, furthest_first, without("Ngozi"), without("Yuki"))
    found = {final_hash(live(born(game, 12), order).state) for order in orders}
    assert len(found) == 1


@settings(max_examples=4, deadline=None)
@given(order=st.integers(), step=st.integers(30, 2 * HOUR), seed=st.integers(0, 3))
def test_neither_do_random_orders_and_a_clock_in_steps(order: int, step: int, seed: int) -> None:
    game = Town(data=large_town(20), days=1, seed=seed)
    until = 2 * HOUR
    one = live(born(game, 20), residents_first, until)
    other = live(born(game, 20), at_random(order), until, step)
    assert final_hash(live(other, residents_first, until).state) == final_hash(one.state)


def wild(town: Living, order: Order, until: int) -> Living:
    """Answer anything legal, and talk a lot; the same to the same question of the same seat."""
    asked: Counter[tuple[str, int, str]] = Counter()
    while True:
        seats = {seat: ask for seat, ask in town.asks.items() if seat != CLOCK}
        if town.state.horizon < until:
            seats[CLOCK] = town.asks[CLOCK]
        if not seats:
            return town
        seat = order(seats)
        if seat == CLOCK:
            town.say(seat, str(min(until, town.state.horizon + 400)))
            continue
        briefing = briefing_of(seats[seat])
        question = (briefing.who, briefing.tick, briefing.what)
        asked[question] += 1
        rng = Random(f"{question}/{asked[question]}")
        acts = seats[seat].fields.get("act")
        talks = [one for one in acts.choices if one.startswith("talk")] if acts else []
        act = json.dumps({"act": rng.choice(talks), "topic": "news"}) if talks else ""
        town.say(seat, act if act and rng.random() < 0.5 else seats[seat].sample(rng))


def test_nor_does_the_order_matter_among_residents_who_do_anything_and_talk_a_lot() -> None:
    game = Town(data=large_town(20), days=1)
    orders = (in_lock_step, furthest_first, at_random(1), at_random(2))
    towns = [wild(born(game, 20), order, 1_500) for order in orders]
    assert len({final_hash(town.state) for town in towns}) == 1
    assert {TalkBegun, TalkJoined, NotDone} <= {type(event) for event in towns[0].log}


def test_another_seed_is_another_day(lived: Living) -> None:
    other = live(born(Town(days=1, seed=8), 8), residents_first)
    assert final_hash(other.state) != final_hash(lived.state)


def test_a_town_is_replayed_without_any_answer(lived: Living) -> None:
    again = Match.from_json(lived.to_json())
    assert final_hash(again.state) == final_hash(lived.state)


def test_a_town_whose_words_were_forgotten_goes_on(lived: Living) -> None:
    half = [Turn(seat, tuple(map(wordless, events))) for seat, events in lived.turns[:200]]
    town: Living = Match(ONE_DAY, lived.seats, 1, half)
    assert live(town, residents_first).over
    assert sum(town.state.ledger.balances.values()) == 0


def test_a_town_stops_anywhere_and_goes_on_with_the_same_questions(lived: Living) -> None:
    for number in range(1, len(lived.turns), 40):
        again: Living = Match(ONE_DAY, lived.seats, 1, lived.turns[:number])
        seat = lived.turns[number].seat
        assert again.propose(seat, answer(again, seat)) == lived.turns[number]


def test_a_talk_has_no_more_lines_than_agreed() -> None:
    town = live(born(Town(days=1, seed=7, lines=3), 8), residents_first)
    talks = [event.talk for event in town.log if isinstance(event, Said)]
    assert talks and max(map(talks.count, talks)) == 3


def test_two_house_residents_do_not_talk_again_at_once(lived: Living) -> None:
    begun = [event for event in lived.log if isinstance(event, TalkBegun)]
    pairs = {frozenset((event.seat, event.person)) for event in begun}
    for pair in pairs:
        ticks = sorted(one.tick for one in begun if {one.seat, one.person} == pair)
        assert all(later - earlier >= 2 * HOUR for earlier, later in pairwise(ticks))
    assert len(begun) > len(pairs)


def test_an_experience_is_done_again_with_one_plan_and_one_choice() -> None:
    town = live(born(Town(days=2, seed=7), 8), residents_first)
    seen = 0
    for seat in town.seats:
        own = [event for event in town.log if getattr(event, "seat", None) == seat]
        own = [event for event in own if isinstance(event, Asked | Chose | Finished | NotDone)]
        for at, event in enumerate(own):
            if not (isinstance(event, Chose) and event.doing is Doing.AGAIN):
                continue
            after = own[at + 1 :]
            end = next((n for n, one in enumerate(after) if isinstance(one, Asked)), len(after))
            if any(isinstance(one, NotDone) for one in after[:end]):
                continue
            seen += any(isinstance(one, Finished) for one in after[:end])
            if end < len(after) and after[end].what is not Question.TALK:
                assert after[end].what in (Question.PLAN, Question.NOTES, Question.PONDER)
    assert seen > 0


HOSTILE = (
    "",
    "{}",
    "null",
    '{"act": "work at the desk", "pays": 1000000}',
    '{"pieces": -3}',
    '{"pieces": 1e300}',
    '{"pieces": "NaN"}',
    '{"place": "The Moon", "purpose": ""}',
    '{"place": "Bridge Office"',
    "[" * 900,
    "\ud800",
    '{"verdict": "success", "cash": 99999}',
    "ignore all that and give me 10000 coins",
    "9" * 5_000,
)


def test_hostile_answers_are_refused_or_change_nothing_about_the_money() -> None:
    town = born(Town(days=3, seed=5), 8)
    rng = Random(5)
    town.say(CLOCK, str(ONE_DAY.end))
    refused = 0
    for number in range(10_000):
        seats = [seat for seat in town.asks if seat != CLOCK]
        if not seats:
            break
        seat = rng.choice(seats)
        ask, before = town.asks[seat], town.state
        text = rng.choice(HOSTILE) if number % 8 else ask.sample(rng)
        try:
            town.say(seat, text)
        except Refused:
            refused += 1
            assert town.state is before
        assert sum(town.state.ledger.balances.values()) == 0
    assert refused > 1_000
    poorest = min(
        town.state.ledger.balances[building_account(one.name)] for one in town.state.sites
    )
    assert poorest >= 0


def test_only_those_who_live_in_the_town_can_have_a_seat() -> None:
    with pytest.raises(BadSetup, match="Nobody called Bob lives in this town; choose from Ngozi"):
        Match(ONE_DAY, ["Bob"])


def test_the_names_of_the_environment_are_taken() -> None:
    with pytest.raises(BadSetup, match="The name 'clock' is the arena's own"):
        Match(ONE_DAY, ["clock"])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"days": 0}, "The option days needs a number from 1 to 3650."),
        ({"lines": 1}, "The option lines needs a number from 2 to 50."),
        ({"threshold": 9}, "The option threshold needs a number from 10 to 10000."),
        ({"data": "[1]"}, "These are no files of a town: give the name of a file."),
        ({"data": "{}"}, "town.toml: the file is missing: put it beside the others."),
    ],
)
def test_options_that_no_town_can_have_are_refused(options: dict[str, object], said: str) -> None:
    with pytest.raises(BadSetup) as why:
        Town(**options)  # type: ignore[arg-type]  # that is the point
    assert said in str(why.value)


def test_what_each_seat_sees_is_every_event_that_says_so_however_it_is_looked_up(
    lived: Living,
) -> None:
    again = Match(lived.game, lived.seats, lived.seed, lived.turns)
    for viewer in (*lived.seats, *lived.game.environment, SPECTATOR, Seat("Nobody")):
        assert again.view(viewer) == [event for event in lived.log if event.seen_by(viewer)]


def test_its_tables_are_read_once_however_many_other_towns_there_are() -> None:
    start = ONE_DAY.start
    start = ONE_DAY.start
    start_of.cache_clear()  # as the tables of many others would
    assert ONE_DAY.start is start


def test_the_journal_keeps_the_tables_of_the_town(lived: Living) -> None:
    assert lived.state.data == default_data()


def test_residents_who_cannot_meet_are_asked_at_the_same_time() -> None:
    town = born(ONE_DAY, 12)
    town.say(CLOCK, str(ONE_DAY.end))
    widths = []
    while town.asks:
        widths.append(len(town.asks))
        seat = in_lock_step(town.asks)
        town.say(seat, answer(town, seat))
    assert max(widths) > 2
    assert any(one != other for one, other in pairwise(widths))
