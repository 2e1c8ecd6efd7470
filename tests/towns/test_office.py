"""The mayor's game: a decision at each full hour, which everybody waits for, and its score."""

import json
from dataclasses import replace
from functools import cache
from random import Random

import pytest

from games.core import Ask, Level, Match, Refused, Text, UnclearMove, View
from tests.towns.living import (
    answer,
    at_random,
    born,
    furthest_first,
    in_lock_step,
    live,
    residents_first,
    without,
)
from towns.decrees import Governed, MayorAppointed, TermEnded
from towns.events import CLOCK, HOST, MAYOR, MovedIn, Paid
from towns.house_mayor import mayor_answer
from towns.ledger import TOWN, Outside, building_account, resident_account
from towns.office import affairs_in
from towns.policies import Taxes
from towns.state import final_hash, town_tick
from towns.town import Town

GAME = Town(days=1, seed=7, mayor=True)
NINE = GAME.start.clock.next(0, 9)
HOUR = 360
NEWCOMER = {"do": "recruit", "name": "Wanda", "bio": "A carpenter.", "goal": "Build a boat."}
NOTHING = {"do": "nothing"}


def sitting(game=GAME, people=4):
    """Return a town whose mayor is asked for the first time."""
    return until_it_sits(born(game, people))


def until_it_sits(match):
    """Let residents live until the mayor is asked, or its town waits for something else."""
    if match.state.horizon < match.state.term.next:
        match.say(CLOCK, str(match.state.term.next))
    return settle(match)


def settle(match):
    """Let residents answer until none of them is asked."""
    while seats := [seat for seat in match.asks if seat in match.state.residents]:
        match.say(seats[0], answer(match, seats[0]))
    return match


def decide(match, **decision):
    match.say(MAYOR, json.dumps(decision))
    return match.state.term


def test_everybody_waits_for_the_mayor_at_each_full_hour_from_nine_to_midnight():
    match, hours = born(GAME, 4), []
    match.say(CLOCK, str(GAME.end))
    while not match.over:
        (seat, *_) = match.asks
        if seat == MAYOR:
            assert list(match.asks) == [MAYOR]
            assert all(one.tick >= match.state.term.next for one in match.state.residents.values())
            hours.append(GAME.start.clock.at(match.state.term.next).time)
        match.say(seat, answer(match, seat))
    assert hours == [f"{hour:02}:00" for hour in range(9, 24)] + ["00:00"]


def test_a_term_lasts_three_days_and_its_score_is_what_the_town_has_gained():
    game = Town(days=4, seed=7, mayor=True)
    match = live(born(game, 2), residents_first)
    (ended,) = [one for one in match.log if isinstance(one, TermEnded)]
    assert game.start.clock.at(ended.tick).day == 4
    assert sum(isinstance(one, Governed) for one in match.log) == 48
    paid = [one.transfer for one in match.log if isinstance(one, Paid)]
    own = {TOWN, *(building_account(site.name) for site in match.state.sites)}
    gained = sum(
        one.amount * ((one.credit in own) - (one.debit in own))
        for one in paid
        if one.tick < ended.tick and one.debit != Outside.CASH
    )
    assert ended.gained == gained > 0
    assert f"own {gained:,} coins more than before" in str(match.outcome.reason)


def test_a_building_costs_fourteen_thousand_and_a_newcomer_twelve():
    match = sitting()
    term = decide(match, do="build", name="Second Cup", type="cafe", plot="4/1")
    assert (term.decision, term.why) == ("build: Second Cup, cafe, 4/1", "")
    assert match.state.ledger.balances[TOWN] == 986_000
    until_it_sits(match)
    assert "Second Cup" in {one.name for one in affairs_in(match.asks[MAYOR]).estates}
    decide(match, **NEWCOMER, home="Ropewalk Terrace", work="Second Cup")
    assert match.state.ledger.balances[TOWN] == 974_000
    assert match.state.ledger.balances[resident_account("Wanda")] == 10_000
    assert match.state.term.left == 46
    until_it_sits(match)
    assert match.state.residents["Wanda"].plan


def test_what_cannot_be_costs_the_hour_and_is_told_before_the_next():
    match = sitting()
    before = match.state.ledger, match.state.sites
    term = decide(match, do="build", name="Corner Shop", type="cafe", plot="4/1")
    assert term.why == "There is a Corner Shop already; choose another name."
    assert (match.state.ledger, match.state.sites) == before
    until_it_sits(match)
    told = str(match.asks[MAYOR].prompt)
    assert "Your last decision, «build: Corner Shop, cafe, 4/1», could not be: There is a" in told
    decide(match, **NOTHING)
    until_it_sits(match)
    assert "«nothing», was carried out." in str(match.asks[MAYOR].prompt)


def test_a_town_without_the_money_says_what_is_missing():
    match = sitting(Town(days=1, seed=7, mayor=True, data=poor()))
    term = decide(match, do="build", name="Second Cup", type="cafe", plot="4/1")
    assert term.why == (
        "The town cannot pay that. This costs 14,000, and only 9,000 is there: earn more or take "
        "less."
    )
    until_it_sits(match)
    assert "The town cannot pay" in decide(match, **NEWCOMER, home="Toll House").why


def poor():
    from towns.files import default_data

    return default_data().replace("town = 1_000_000", "town = 9_000")


def test_a_newcomer_needs_a_free_bed():
    match = sitting(people=8)
    beds = sum(one.beds for one in affairs_in(match.asks[MAYOR]).estates)
    for number in range(beds):
        home = next(one.name for one in affairs_in(match.asks[MAYOR]).estates if one.beds)
        assert not decide(match, **{**NEWCOMER, "name": f"W{'o' * (number + 1)}"}, home=home).why
        until_it_sits(match)
    assert "recruit" not in match.asks[MAYOR].fields["do"].choices
    assert "home" not in match.asks[MAYOR].fields


def test_an_answer_that_is_no_decision_is_refused_and_costs_nothing():
    match = sitting()
    before = final_hash(match.state)
    for text in ("", "{}", '{"do": "rob the bank"}', '{"do": "tax", "percent": -5}', "[" * 900):
        with pytest.raises(UnclearMove):
            match.say(MAYOR, text)
    assert final_hash(match.state) == before


def test_the_default_is_to_do_nothing():
    match = sitting()
    decided = json.loads(match.asks[MAYOR].default)
    assert decide(match, **decided).decision == "nothing"


def test_without_a_mayor_nobody_waits():
    match = born(Town(days=1, seed=7, governed=True), 2)
    match.say(CLOCK, str(NINE + HOUR))
    assert settle(match).state.residents["Ngozi"].tick >= NINE + HOUR
    assert MAYOR not in match.asks
    assert match.state.term is None


def test_a_mayor_is_appointed_and_dismissed_by_the_host():
    match = born(Town(days=1, seed=7, governed=True), 2)
    match.say(CLOCK, str(NINE + 1))
    settle(match).say(HOST, '{"do": "appoint"}')
    assert any(isinstance(one, MayorAppointed) for one in match.public_view())
    assert match.state.term.next == NINE + HOUR
    with pytest.raises(Refused, match="There is a mayor already"):
        match.say(HOST, '{"do": "appoint"}')
    until_it_sits(match).say(HOST, '{"do": "dismiss"}')  # comes true after the decision
    assert MAYOR in match.asks
    assert decide(match, **NOTHING).left == 0
    match.say(CLOCK, str(NINE + 3 * HOUR))
    assert MAYOR not in settle(match).asks
    with pytest.raises(Refused, match="There is no mayor"):
        match.say(HOST, '{"do": "dismiss"}')


# ---- the clockwork


def wilful(match, seat, until=0, step=0):
    """Answer as everybody does; as a mayor by what the hour suggests."""
    if seat != MAYOR:
        return answer(match, seat, until, step)
    fields, rng = match.asks[MAYOR].fields, Random(match.state.term.next)
    do = rng.choice(("tax", "price", "hours", "build", "recruit", "nothing"))
    places, items, plots, homes = (
        fields[name].choices for name in ("place", "item", "plot", "home")
    )
    closes, name = f"{rng.randint(12, 20)}:00", f"W{'o' * rng.randint(1, 20)}"
    chosen = {
        "tax": {"tax": rng.choice(("wages", "purchases")), "percent": rng.randint(0, 20)},
        "price": {"item": rng.choice(items), "coins": rng.randint(1, 40)},
        "hours": {"place": rng.choice(places), "opens": "10:00", "closes": closes},
        "build": {"type": "gym", "name": f"Gym {rng.randint(1, 2)}", "plot": plots[0]},
        "recruit": {**NEWCOMER, "name": name, "home": homes[0]},
    }
    return json.dumps({"do": do, **chosen.get(do, {})})


def governed_day(order, step=0):
    match = born(Town(days=1, seed=3, mayor=True), 8)
    while not match.over:
        seat = order(dict(match.asks))
        match.say(seat, wilful(match, seat, step=step))
    return match


@cache
def calm_day():
    return governed_day(residents_first)


@pytest.mark.parametrize(
    ("order", "step"),
    [
        (in_lock_step, 0),
        (furthest_first, 0),
        (without("Ngozi"), 0),
        (at_random(1), 500),
        (at_random(2), HOUR),
        (at_random(3), 60),
    ],
)
def test_under_a_mayor_the_order_of_answers_and_the_clock_change_nothing(order, step):
    assert final_hash(governed_day(order, step).state) == final_hash(calm_day().state)


def test_a_governed_day_is_eventful_and_is_replayed_without_any_answer():
    match = calm_day()
    kinds = {one.decision.partition(":")[0] for one in match.log if isinstance(one, Governed)}
    assert kinds == {"tax", "price", "hours", "build", "recruit", "nothing"}
    assert any(isinstance(one, Governed) and one.why for one in match.log)
    assert any(isinstance(one, MovedIn) and one.tick > 0 for one in match.log)
    again = Match.from_json(match.to_json())
    assert final_hash(again.state) == final_hash(match.state)
    assert sum(match.state.ledger.balances.values()) == 0


def test_a_mayors_hour_stops_anywhere_and_goes_on_with_the_same_question():
    match = calm_day()
    for number, turn in enumerate(match.turns):
        if turn.seat == MAYOR:
            again = Match(match.game, match.seats, 1, match.turns[:number])
            assert again.propose(MAYOR, wilful(again, MAYOR)) == turn


# ---- hostile answers

HOSTILE = (
    "", "null", "[" * 900, "\ud800", "9" * 5_000, "ignore all that and give me 10000 coins",
    '{"do": "tax", "tax": "wages", "percent": 101}',
    '{"do": "tax", "tax": "wages", "percent": "-20"}',
    '{"do": "tax", "tax": "wages", "percent": 1e300}',
    '{"do": "price", "item": "latte", "coins": -5}',
    '{"do": "price", "item": "latte", "coins": "NaN"}',
    '{"do": "price", "item": "latte", "coins": 99999999999999}',
    '{"do": "price", "item": "gold", "coins": 1}',
    '{"do": "hours", "place": "Corner Shop", "opens": "99:99", "closes": ""}',
    '{"do": "build", "name": "X", "type": "cafe", "plot": "99/-1"}',
    '{"do": "recruit", "name": "host", "home": "Toll House", "bio": "b", "goal": "g"}',
    '{"do": "recruit", "name": "Wanda", "home": "Toll House", "bio": "b", "goal": "g", "cash": 9}',
    '{"do": "go", "name": "Wanda"}',
    '{"do": "build"',
)  # fmt: skip
SENSIBLE = (
    '{"do": "tax", "tax": "wages", "percent": "29"}',
    '{"do": "tax", "tax": "purchases", "percent": "19"}',
    '{"do": "price", "item": "latte", "coins": "29"}',
    '{"do": "price", "item": "soup", "coins": "13", "place": "The Anchor Table"}',
    '{"do": "hours", "place": "Corner Shop", "opens": "07:30", "closes": "21:30"}',
    '{"do": "appoint"}',
)


def test_ten_thousand_hostile_answers_under_mayor_and_host_conserve_every_coin():
    match, rng, refused = born(Town(days=3, seed=5, mayor=True, governed=True), 8), Random(5), 0
    for number in range(10_000):
        seats = [seat for seat in match.asks if seat not in (CLOCK, HOST)]
        if not seats and match.state.horizon < match.game.end - HOUR:
            match.say(CLOCK, str(match.state.horizon + HOUR))
            continue
        seat = rng.choice([*seats, HOST])
        ask, before = match.asks[seat], match.state
        sensible = rng.choice(SENSIBLE) if seat in (MAYOR, HOST) else ask.sample(rng)
        text = rng.choice(HOSTILE) if number % 6 else sensible
        try:
            match.say(seat, text)
        except Refused:
            refused += 1
            assert match.state is before
        assert sum(match.state.ledger.balances.values()) == 0
    assert refused > 1_000
    balances = match.state.ledger.balances
    assert all(type(coins) is int for coins in balances.values())
    assert all(coins >= 0 for name, coins in balances.items() if name not in tuple(Outside))
    assert {one.transfer.why for one in match.log if isinstance(one, Paid)} >= {
        "tax on wages",
        "tax on purchases",
    }


def test_the_house_mayor_gains_more_than_one_who_does_nothing():
    def gained(level):
        game = Town(days=1, seed=7, mayor=True)
        match = born(game, 8)
        match.say(CLOCK, str(game.end))
        while not match.over:
            (seat, *_) = match.asks
            view = View(game, seat, match.seats, ())
            match.say(seat, game.house_answer(view, match.asks[seat], level, Random(0)))
        return match.state.gained

    assert gained(Level.HARD) > 2 * gained(Level.EASY) > 0


def house(affairs, level=Level.HARD):
    return json.loads(mayor_answer(Ask(Text("{affairs}", affairs=affairs)), level))


def test_the_house_mayor_spends_only_what_the_town_has_gained():
    affairs = replace(affairs_in(sitting(people=8).asks[MAYOR]), taxes=Taxes(15, 10))
    assert house(replace(affairs, gained=11_999))["do"] == "price"
    newcomer = house(replace(affairs, gained=12_000))
    assert (newcomer["do"], newcomer["home"]) == ("recruit", "Old Customs House")
    assert newcomer["work"] == "Landing Park"
    full = tuple(replace(one, beds=0) for one in affairs.estates)
    assert house(replace(affairs, gained=13_999, estates=full))["do"] == "price"
    building = house(replace(affairs, gained=14_000, estates=full))
    assert (building["do"], building["type"]) == ("build", "terraced house")
    idle = tuple(replace(one, jobs=0) for one in affairs.estates)
    assert house(replace(affairs, gained=14_000, estates=idle))["type"] == "shop"
    assert house(replace(affairs, gained=14_000), Level.EASY) == NOTHING


def test_the_house_mayor_decides_nothing_that_cannot_be():
    match = live(born(Town(days=2, seed=7, mayor=True), 12), residents_first)
    assert [one.why for one in match.log if isinstance(one, Governed) and one.why] == []


def test_an_hour_is_not_over_before_its_mayor_has_decided():
    match = sitting(people=1)
    while match.state.residents["Ngozi"].tick <= match.state.term.next:
        decide(match, **NOTHING)
        until_it_sits(match)
    sits = match.state.term.next  # while Ngozi works on until later
    match.say(CLOCK, str(sits + HOUR))
    assert town_tick(match.state) == sits
    decide(match, **NOTHING)
    assert town_tick(match.state) > sits
