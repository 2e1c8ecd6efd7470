"""The mayor builds and invites, the host lets people come and go, and every coin is accounted."""

import json
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import IllegalMove, Level, Match
from tests.towns.living import answer
from towns.events import CLOCK, HOST, Built, WishHeard
from towns.ledger import TOWN, Outside, resident_account
from towns.mayor import free_plots
from towns.state import final_hash
from towns.town import Town

GAME = Town(days=1, seed=7, governed=True)
NAMES = list(GAME.start.residents)
BIO = {"bio": "A carpenter who whistles.", "goal": "Build a boat."}


@pytest.fixture
def match():
    return Match(GAME, NAMES[:4], 7)


def live(match, until):
    """Let residents live by rules of thumb up to a tick."""
    match.say(CLOCK, str(until))
    while waiting := [seat for seat in match.asks if seat in match.state.residents]:
        ask, view = match.asks[waiting[0]], match.view_of(waiting[0])
        match.say(waiting[0], GAME.house_answer(view, ask, Level.HARD, Random(0)))


def wish(match, seat, **fields):
    match.say(seat, json.dumps(fields))


def refused(match, seat, told, **fields):
    before = final_hash(match.state)
    with pytest.raises(IllegalMove, match=told):
        wish(match, seat, **fields)
    assert final_hash(match.state) == before


def free_plot(match):
    return next(iter(free_plots(match.state)))


def test_the_host_builds_on_a_free_plot_and_the_town_pays(match):
    kind = GAME.start.catalogue.buildings["cafe"]
    before = match.state.ledger.balances[TOWN]
    wish(match, HOST, do="build", name="Second Cup", type="Cafe", plot=free_plot(match))
    assert "Second Cup" in match.state.ground.guide.places
    assert match.state.ledger.balances[TOWN] == before - kind.price
    assert sum(match.state.ledger.balances.values()) == 0
    assert any(isinstance(one, Built) for one in match.public_view())


def test_nothing_is_built_where_something_stands_nor_twice_nor_of_no_type(match):
    taken = match.state.sites[0]
    plot = {"plot": free_plot(match)}
    refused(
        match, HOST, "That plot is not free; free are",
        do="build", name="X", type="cafe", plot=f"{taken.column}/{taken.row}",
    )  # fmt: skip
    refused(match, HOST, "choose another name", do="build", name=taken.name, type="cafe", **plot)
    refused(match, HOST, "no such type of building", do="build", name="X", type="castle", **plot)


def test_a_newcomer_moves_in_where_a_bed_is_free_and_lives(match):
    home = "Toll House"
    before = match.state.ledger.balances[TOWN]
    wish(match, HOST, do="recruit", name="Wanda", home=home, **BIO)
    assert match.state.ledger.balances[TOWN] == before - GAME.start.invitation - 10_000
    assert match.state.ledger.balances[resident_account("Wanda")] == 10_000
    live(match, 2_000)
    assert match.state.residents["Wanda"].tick >= 2_000
    assert match.state.residents["Wanda"].memory.stream


def test_nobody_is_invited_without_a_bed_a_name_or_a_life(match):
    home = "Toll House"
    refused(match, HOST, "no free bed", do="recruit", name="Wanda", home="The moon", **BIO)
    refused(match, HOST, "no free job", do="recruit", name="W", home=home, work="x", **BIO)
    refused(match, HOST, "lives here already", do="recruit", name=NAMES[0], home=home, **BIO)
    refused(match, HOST, "needs a name", do="recruit", name="mayor", home=home, **BIO)
    refused(match, HOST, "a biography and a goal", do="recruit", name="Wanda", home=home)


def test_people_of_the_towns_files_come_and_go_with_their_money(match):
    live(match, 1_000)
    wish(match, HOST, do="come", name=NAMES[5].upper())
    assert NAMES[5] in match.state.residents
    refused(match, HOST, "lives here already", do="come", name=NAMES[5])
    refused(match, HOST, "know nobody called Wanda", do="come", name="Wanda")
    live(match, 3_000)
    gone = next(one for one in NAMES[:4] if not match.state.residents[one].talk)
    wish(match, HOST, do="go", name=gone)
    assert gone not in match.state.residents
    assert match.state.ledger.balances[resident_account(gone)] == 0
    assert sum(match.state.ledger.balances.values()) == 0
    refused(match, HOST, f"Nobody called {gone} lives here", do="go", name=gone)
    live(match, GAME.end)
    assert match.over


def test_whoever_has_waited_for_one_who_leaves_goes_on(match):
    match.say(CLOCK, str(GAME.end - 1))
    for _ in range(60):
        seat = next(seat for seat in match.asks if seat in match.state.residents)
        ask, view = match.asks[seat], match.view_of(seat)
        match.say(seat, GAME.house_answer(view, ask, Level.HARD, Random(0)))
    asked = [seat for seat in match.asks if seat in match.state.residents]
    going = next(seat for seat in asked if not match.state.residents[seat].talk)
    wish(match, HOST, do="go", name=going)
    live(match, GAME.end)
    assert match.over
    assert all(one.tick >= GAME.end for one in match.state.residents.values())


def test_a_town_that_was_governed_is_the_same_when_it_is_read_back(match):
    wish(match, HOST, do="build", name="Second Cup", type="cafe", plot=free_plot(match))
    wish(match, HOST, do="come", name=NAMES[6])
    live(match, 2_000)
    again = Match.from_json(match.to_json())
    assert final_hash(again.state) == final_hash(match.state)


def test_the_last_resident_stays():
    match = Match(GAME, NAMES[:1], 7)
    refused(match, HOST, "a town needs somebody", do="go", name=NAMES[0])


def test_money_leaves_the_town_by_its_fees_only(match):
    home = "Toll House"
    before = match.state.ledger.balances[Outside.FEES]
    wish(match, HOST, do="recruit", name="Wanda", home=home, **BIO)
    assert match.state.ledger.balances[Outside.FEES] == before + GAME.start.invitation


EVENTFUL = (
    (700, HOST, {"do": "come", "name": "Faisal"}),
    (1_200, HOST, {"do": "build", "name": "Second Cup", "type": "cafe", "plot": ""}),
    (1_200, HOST, {"do": "recruit", "name": "Wanda", "home": "Old Customs House", **BIO}),
    (1_500, HOST, {"do": "tax", "tax": "purchases", "percent": "20"}),
    (2_000, HOST, {"do": "go", "name": "Cormac"}),
    (2_000, HOST, {"do": "appoint"}),
    (2_100, HOST, {"do": "hours", "place": "Café Estuary", "opens": "10:00", "closes": "14:00"}),
    (2_600, HOST, {"do": "recruit", "name": "Zed", "home": "Quarry Bungalow", **BIO}),
    (3_000, HOST, {"do": "price", "item": "steak", "coins": "110"}),
    (3_600, HOST, {"do": "go", "name": "Wanda"}),
    (4_000, HOST, {"do": "dismiss"}),
    (4_500, HOST, {"do": "come", "name": "Tane"}),
)


def eventful(seed):
    """Live a governed day in which every wish is made amid some number of answers."""
    match, rng = Match(GAME, NAMES[:8], 7), Random(seed)
    for until, by, fields in EVENTFUL:
        if until > match.state.horizon:
            match.say(CLOCK, str(until))
        settle(match, rng, rng.choice((0, 5, 40, 1_000)) if seed else 1_000)
        there = {"plot": free_plot(match)} if "plot" in fields else {}
        wish(match, by, **{**fields, **there})
    match.say(CLOCK, "5000")
    settle(match, rng, 10_000)
    return match


@cache
def calm_end():
    """How the day ends where everybody has come before anything is wished."""
    return final_hash(eventful(0).state)


def settle(match, rng, answers):
    """Let residents answer so many questions at most, in any order."""
    for _ in range(answers):
        waiting = [seat for seat in match.asks if seat not in (CLOCK, HOST)]
        if not waiting:
            return
        seat = rng.choice(waiting)
        match.say(seat, answer(match, seat))


@settings(max_examples=6, deadline=None)
@given(st.integers(1, 10**6))
def test_a_day_on_which_people_come_and_go_and_much_is_decided_ends_the_same(seed):
    match = eventful(seed)
    assert final_hash(match.state) == calm_end()
    assert not match.state.wishes
    assert {"Faisal", "Zed", "Tane"} <= set(match.state.residents)
    assert "Second Cup" in match.state.ground.guide.places
    assert match.state.term.decision
    assert match.state.term.left == 0
    assert match.state.policies.price("The Anchor Table", "steak") == 110


def test_a_wish_made_while_some_are_behind_comes_true_when_all_have_come(match):
    match.say(CLOCK, "1000")
    wish(match, HOST, do="come", name=NAMES[6])
    assert NAMES[6] not in match.state.residents
    match.say(CLOCK, "3000")
    assert all(
        one.tick <= 1_000 for seat, one in match.state.residents.items() if seat in match.asks
    )
    settle(match, Random(0), 10_000)
    assert match.state.residents[NAMES[6]].tick >= 3_000
    assert Match.from_json(match.to_json()).state.wishes == ()


def test_a_wish_counts_on_those_before_it(match):
    match.say(CLOCK, "1000")
    home = "Old Customs House"
    for name in ("Una", "Vic", "Wim", "Xia"):
        wish(match, HOST, do="recruit", name=name, home=home, **BIO)
    refused(match, HOST, "no free bed", do="recruit", name="Yan", home=home, **BIO)
    refused(match, HOST, "lives here already", do="recruit", name="Una", home=home, **BIO)
    wish(match, HOST, do="go", name="Una")
    wish(match, HOST, do="recruit", name="Yan", home=home, **BIO)
    settle(match, Random(0), 10_000)
    assert set(match.state.residents) == {*NAMES[:4], "Vic", "Wim", "Xia", "Yan"}


def test_a_wish_that_cannot_come_true_then_is_dropped_with_its_reason(match):
    calm = Match(GAME, match.seats, 7)
    while not any(one.talk for one in calm.state.residents.values()):
        live(calm, calm.state.horizon + 5)
    talking = next(seat for seat, one in calm.state.residents.items() if one.talk)
    match.say(CLOCK, str(calm.state.horizon))
    wish(match, HOST, do="go", name=talking)
    settle(match, Random(0), 10_000)
    heard = [event.why for event in match.log if isinstance(event, WishHeard)]
    assert heard == [f"{talking} is in the middle of a talk; try again in a moment."]
    assert talking in match.state.residents
