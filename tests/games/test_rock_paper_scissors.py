"""The rules of rock-paper-scissors, one test each."""

import pytest

from games.core import Ask, Match, Seat, UnclearMove
from games.rock_paper_scissors import Revealed, RockPaperScissors, Scored, Throw

ANN, BOB = Seat("ann"), Seat("bob")


@pytest.fixture
def match():
    return Match(RockPaperScissors(), seats=(ANN, BOB), seed=7)


def play(match, *rounds):
    for ann, bob in map(str.split, rounds):
        match.say(ANN, ann)
        match.say(BOB, bob)
    return [event.seat for event in match.log if isinstance(event, Scored)]


def test_a_throw_stays_secret_until_both_have_thrown(match):
    match.say(ANN, "Rock!")
    assert match.view(BOB) == []
    assert match.asked == {BOB}
    match.say(BOB, "paper, I think")
    assert match.view(BOB)[1:] == [Revealed({ANN: Throw.ROCK, BOB: Throw.PAPER}), Scored(BOB)]


def test_ties_are_thrown_again_until_someone_has_won_twice(match):
    assert play(match, "rock paper", "rock rock", "paper rock") == [BOB, ANN]
    assert not match.over
    assert play(match, "rock scissors") == [BOB, ANN, ANN]
    assert match.over
    assert match.outcome.scores == {ANN: 2, BOB: 1}
    assert match.outcome.ranks == {ANN: 1, BOB: 2}


def test_a_hundred_ties_in_a_row_end_the_match_as_it_stands(match):
    play(match, *["rock rock"] * 99, "rock paper", *["rock rock"] * 99)
    assert not match.over
    play(match, "paper paper")
    assert match.over
    assert match.outcome.winners == [BOB]
    assert str(match.outcome.reason) == (
        "Equal throws 100 times in a row end the match. Rounds won: ann 0, bob 1."
    )


@pytest.mark.parametrize("text", ["", "rocket", "rock or paper", "not rock"])
def test_an_unclear_answer_changes_nothing(match, text):
    with pytest.raises(UnclearMove, match="exactly one of"):
        match.say(ANN, text)
    assert match.log == []


def test_throws_stay_throws_where_another_question_has_the_same_words():
    Ask("Which word?", choices=("rock", "paper", "scissors")).parse("Rock!")
    assert Ask("Which throw?", choices=tuple(Throw)).parse("Rock!") is Throw.ROCK
