"""Prices, taxes and opening hours that a town sets are those that its residents meet."""

import json
from random import Random

import pytest

from games.core import IllegalMove, Level, Match
from tests.towns.living import answer, born
from towns.decrees import HoursSet, PriceSet, TaxSet
from towns.errors import BadTown
from towns.events import CLOCK, HOST, Paid, Used
from towns.files import default_data
from towns.ground import start_of
from towns.ledger import TOWN, building_account, resident_account
from towns.newspaper import newspaper
from towns.policies import Tax, Taxes
from towns.policy_making import policy_lines
from towns.questions import briefing_of
from towns.state import final_hash
from towns.town import Town

GAME = Town(days=1, seed=7, governed=True)
CAFE, SHOP, HOME = "Café Estuary", "Corner Shop", "Toll House"


@pytest.fixture
def match():
    return born(GAME, 8)


def want(match, **fields):
    match.say(HOST, json.dumps(fields))


def refused(match, told, **fields):
    before = final_hash(match.state)
    with pytest.raises(IllegalMove) as why:
        want(match, **fields)
    assert str(why.value) == told
    assert final_hash(match.state) == before


def lived(match, until=GAME.end):
    match.say(CLOCK, str(until))
    while seats := [seat for seat in match.asks if seat in match.state.residents]:
        match.say(seats[0], answer(match, seats[0]))
    return match


def test_a_price_within_its_bounds_holds_wherever_the_thing_is_sold(match):
    want(match, do="price", item="Latte", coins="25")
    assert match.state.policies.price(CAFE, "latte") == 25
    (offer,) = [
        one for one in match.state.ground.guide.places[CAFE].offers
        if one.good and one.good.name == "latte"
    ]  # fmt: skip
    assert offer.costs == 25
    assert "latte (30 min, 25 coins" in offer.label


def test_a_price_outside_its_bounds_is_refused_with_them(match):
    bounds = "latte can cost 7 to 30 coins; choose from these."
    for coins in ("31", "6", "-8", "8.5", "", "9" * 12, "٣"):
        refused(match, bounds, do="price", item="latte", coins=coins)


def test_a_price_can_hold_at_one_place_only():
    match = born(GAME, 2)
    want(match, do="build", name="Second Cup", type="cafe", plot="4/1")
    want(match, do="price", item="latte", coins="9", place="second cup")
    assert match.state.policies.price(CAFE, "latte") is None
    assert match.state.policies.price("Second Cup", "latte") == 9


def test_what_is_not_sold_or_does_not_stand_is_refused_with_what_there_is(match):
    refused(
        match, "That is not sold there; there is: museum ticket.",
        do="price", item="latte", coins="9", place="River Museum",
    )  # fmt: skip
    with pytest.raises(IllegalMove, match=r"There is no such building; choose from Heron Cottage"):
        want(match, do="price", item="latte", coins="9", place="Moon")
    with pytest.raises(IllegalMove, match=r"That is not sold here; there is: bread, eggs"):
        want(match, do="price", item="gold", coins="9")


def test_taxes_have_a_highest_rate(match):
    refused(match, "The tax on wages can be 0 to 30 %; choose from these.",
            do="tax", tax="wages", percent="31")  # fmt: skip
    refused(match, "The tax on purchases can be 0 to 20 %; choose from these.",
            do="tax", tax="purchases", percent="no")  # fmt: skip
    refused(match, "There is no such tax; choose wages or purchases.",
            do="tax", tax="dogs", percent="3")  # fmt: skip


def test_hours_are_times_of_day_and_homes_have_none(match):
    told = "An opening and a closing time are needed, such as 08:00 and 20:00."
    for opens, closes in (("8", "20:00"), ("08:00", ""), ("08:00", "25:00")):
        refused(match, told, do="hours", place=SHOP, opens=opens, closes=closes)
    refused(
        match, "People live at Toll House, which is always open; choose another.",
        do="hours", place=HOME, opens="08:00", closes="20:00",
    )  # fmt: skip


def test_taxes_go_to_the_treasury_to_the_last_coin(match):
    want(match, do="tax", tax="wages", percent="15")
    want(match, do="tax", tax="purchases", percent="20")
    lived(match)
    paid = [one.transfer for one in match.log if isinstance(one, Paid)]
    wages = [one.amount for one in paid if one.why.startswith("wage: ")]
    assert sum(one.amount for one in paid if one.why == "tax on wages") == sum(
        amount * 15 // 100 for amount in wages
    )
    used = [one for one in match.log if isinstance(one, Used) and one.paid]
    taxes = [one.amount for one in paid if one.why == "tax on purchases"]
    assert sum(taxes) == sum(one.paid * 20 // 100 for one in used) > 0
    brought = sum(one.amount for one in paid if one.why.startswith("tax on "))
    assert match.state.ledger.balances[TOWN] == GAME.start.town_cash + brought
    assert sum(match.state.ledger.balances.values()) == 0


def test_what_is_paid_is_the_price_with_the_tax_in_it(match):
    want(match, do="tax", tax="purchases", percent="20")
    want(match, do="price", item="cheesecake", coins="54")
    lived(match)
    use = next(one for one in match.log if isinstance(one, Used) and one.good == "cheesecake")
    assert use.paid == 54
    shares = {
        one.transfer.credit: one.transfer.amount
        for one in match.log
        if isinstance(one, Paid)
        and one.transfer.tick == use.tick
        and one.transfer.debit == resident_account(use.seat)
    }
    assert shares == {building_account(CAFE): 44, TOWN: 10}


def test_residents_come_when_a_place_is_open_and_not_when_it_is_closed(match):
    want(match, do="hours", place=CAFE, opens="15:00", closes="17:00")
    lived(match)
    clock = GAME.start.clock
    times = [clock.at(one.tick).hour for one in match.log if isinstance(one, Used)
             if one.place == CAFE]  # fmt: skip
    assert times
    assert set(times) <= {15, 16}


def test_residents_read_what_they_need_to_know(match):
    want(match, do="tax", tax="wages", percent="12")
    want(match, do="tax", tax="purchases", percent="5")
    want(match, do="price", item="latte", coins="22")
    want(match, do="hours", place=CAFE, opens="09:30", closes="17:00")
    match.say(CLOCK, "1")
    told = str(briefing_of(match.asks["Ngozi"]))
    assert "The town takes 12 % of every wage.\nPrices contain a tax of 5 %." in told
    assert f"{CAFE} (cafe, 09:30 to 17:00)" in told
    assert "latte 22" in told


def test_a_wage_is_remembered_with_its_tax(match):
    want(match, do="tax", tax="wages", percent="10")
    lived(match)
    results = {act.result for one in match.state.residents.values() for act in one.acts}
    results |= {
        act.result
        for one in match.state.residents.values()
        for experience in one.memory.experiences.values()
        for act in experience.acts
    }
    assert "earned 200 coins, 20 of them for the town" in results


def test_a_policy_made_amid_a_day_comes_true_when_everybody_has_come_there(match):
    match.say(CLOCK, "1000")
    want(match, do="tax", tax="wages", percent="10")
    assert match.state.policies.taxes == Taxes()
    while seats := [seat for seat in match.asks if seat in match.state.residents]:
        match.say(seats[0], answer(match, seats[0]))
    assert match.state.policies.taxes == Taxes(wages=10)
    (told,) = [one for one in match.public_view() if isinstance(one, TaxSet)]
    assert (told.tick, told.tax, told.percent) == (1_000, Tax.WAGES, 10)


def test_policies_are_public_and_stand_in_the_newspaper(match):
    lived(match, 1_000)
    want(match, do="price", item="latte", coins="22")
    want(match, do="hours", place=CAFE, opens="06:30", closes="17:00")
    want(match, do="hours", place=SHOP, opens="06:00", closes="06:00")
    want(match, do="tax", tax="purchases", percent="10")
    lived(match)
    start, guide = GAME.start, match.state.ground.guide
    seen = match.public_view()
    assert {PriceSet, HoursSet, TaxSet} <= {type(one) for one in seen}
    paper = newspaper(seen, guide, start.catalogue, start.clock, 1).plain()
    assert "latte costs 22 coins from now on: Café Estuary." in paper
    assert "Café Estuary is open from 06:30 to 17:00 from now on." in paper
    assert "Corner Shop is always open from now on." in paper
    assert "The town takes 10 % of purchases from now on. Taxes brought" in paper
    assert "Café Estuary opens first, at 06:30." in paper


def test_a_newspaper_knows_nothing_of_what_was_decided_after_its_day():
    game = Town(days=2, seed=7, governed=True)
    match = lived(born(game, 2), game.start.clock.next(0, 0) + 10)
    start = game.start

    def issue():
        guide = match.state.ground.guide
        return newspaper(match.public_view(), guide, start.catalogue, start.clock, 1).plain()

    before = issue()
    want(match, do="hours", place=CAFE, opens="05:00", closes="17:00")
    want(match, do="build", name="Early Bird", type="cafe", plot="4/1")
    assert issue() == before


def test_what_is_in_force_is_listed_with_its_bounds(match):
    want(match, do="tax", tax="wages", percent="12")
    want(match, do="price", item="tea", coins="12")
    told = "\n".join(policy_lines(match.state))
    assert told.startswith(
        "The town takes 12 % of wages (at most 30 %) and 0 % of purchases (at most 20 %)."
    )
    assert "Café Estuary, 07:00 to 19:00: latte 15 (7 to 30)" in told
    assert "tea 12 (5 to 20)" in told
    assert HOME not in told


def test_a_town_with_policies_is_the_same_when_it_is_read_back(match):
    want(match, do="tax", tax="wages", percent="12")
    want(match, do="hours", place=CAFE, opens="09:30", closes="17:00")
    want(match, do="price", item="tea", coins="12")
    lived(match, 2_000)
    again = Match.from_json(match.to_json())
    assert final_hash(again.state) == final_hash(match.state)
    assert again.state.policies == match.state.policies


def test_a_town_can_begin_with_taxes_and_says_what_is_wrong_with_its_tables():
    taxed = default_data().replace("wages = 0\\npurchases = 0", "wages = 10\\npurchases = 5")
    assert born(Town(data=taxed), 2).state.policies.taxes == Taxes(10, 5)
    with pytest.raises(BadTown) as why:
        start_of(default_data().replace("most_wages = 30", "most_wages = 300"))
    assert "“most_wages” must be a whole number from 0 to 100: correct it." in str(why.value)
    with pytest.raises(BadTown) as why:
        start_of(default_data().replace("price = 15, least = 7", "price = 15, least = 17"))
    assert "its price is 15: choose “least” and “most” around that." in str(why.value)


def test_what_has_no_bounds_keeps_its_price():
    fixed = default_data().replace("price = 10, least = 5, most = 20", "price = 10")
    match = born(Town(data=fixed, governed=True), 2)
    refused(match, "The price of tea is fixed: 10 coins.",
            do="price", item="tea", coins="11")  # fmt: skip


def test_nobody_pays_more_than_they_have_when_prices_rise():
    poor = default_data().replace("cash = 1_800", "cash = 20")
    match = born(Town(days=1, seed=7, data=poor, governed=True), 3)
    rng = Random(1)
    match.say(CLOCK, "3000")
    while seats := [seat for seat in match.asks if seat in match.state.residents]:
        seat = rng.choice(seats)
        view = match.view_of(seat)
        match.say(seat, GAME.house_answer(view, match.asks[seat], Level.HARD, rng))
        if rng.random() < 0.2:
            item = rng.choice(("tea", "latte", "soup", "apples"))
            most = {"tea": 20, "latte": 30, "soup": 50, "apples": 8}[item]
            want(match, do="price", item=item, coins=str(most))
    assert min(match.state.ledger.balances[resident_account(seat)] for seat in match.seats) >= 0
