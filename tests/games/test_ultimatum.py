"""The rules of the ultimatum game, one test each."""

from random import Random

import pytest

from games.core import BadSetup, Level, Match, NotYourTurn, Seat, UnclearMove
from games.ultimatum import Ultimatum

ANN, BOB = Seat("ann"), Seat("bob")


@pytest.fixture
def match():
    return Match(Ultimatum(rounds=2), seats=(ANN, BOB), seed=7)


def test_an_offer_that_is_accepted_divides_the_stake(match):
    match.say(ANN, "3")
    assert str(match.asks[BOB].prompt) == "Round 1: ann offers you 3 of 10. Do you accept?"
    match.say(BOB, "accept")
    assert match.state.points == {ANN: 7, BOB: 3}


def test_an_offer_that_is_rejected_leaves_both_with_nothing(match):
    match.say(ANN, "3")
    match.say(BOB, "reject")
    assert match.state.points == {ANN: 0, BOB: 0}


def test_the_players_take_turns_to_offer_and_the_most_points_win(match):
    match.say(ANN, "3")
    match.say(BOB, "accept")
    assert match.asked == {BOB}
    match.say(BOB, "5")
    match.say(ANN, "accept")
    assert match.over
    assert match.outcome.scores == {ANN: 12, BOB: 8}
    assert str(match.outcome.reason) == "ann has the most points after round 2: 12."


@pytest.mark.parametrize("text", ["11", "-1", "2.5", "half"])
def test_an_offer_outside_the_stake_is_refused_and_changes_nothing(match, text):
    with pytest.raises(UnclearMove, match="Say one whole number from 0 to 10"):
        match.say(ANN, text)
    assert match.log == []
    assert match.asked == {ANN}


def test_only_who_was_offered_to_replies(match):
    match.say(ANN, "3")
    with pytest.raises(NotYourTurn, match="it is the turn of bob"):
        match.say(ANN, "accept")
    assert len(match.log) == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rounds": 101}, "rounds needs a number from 1 to 100"),
        ({"stake": 0}, "stake needs a number from 1 to 1000"),
    ],
)
def test_options_out_of_bounds_are_refused(options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        Ultimatum(**options)


def test_the_hard_bot_earns_more_than_the_easy_and_the_medium_one():
    for rival in (Level.EASY, Level.MEDIUM):
        mine = theirs = 0.0
        for seed in range(200):
            match, rng = Match(Ultimatum(), (ANN, BOB), seed), Random(seed)
            me = (ANN, BOB)[seed % 2]
            while not match.over:
                (seat,) = match.asked
                level = Level.HARD if seat == me else rival
                view, ask = match.view_of(seat), match.asks[seat]
                match.say(seat, match.game.house_answer(view, ask, level, rng))
            mine += match.outcome.scores[me]
            theirs += sum(match.outcome.scores.values()) - match.outcome.scores[me]
        assert mine > 1.1 * theirs
