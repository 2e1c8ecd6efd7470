"""The rules of liar's dice, one test each."""

from random import Random

import pytest

from games import liars_dice_house as house
from games.core import BadSetup, IllegalMove, Level, Match, Seat, UnclearMove
from games.liars_dice import LiarsDice, question
from games.liars_dice_events import Bid, DieLost, Doubted, Rolled, RoundBegan, spoken
from tests.games.contract import house_answer, play_at_random, shown

ANN, BOB, CY = Seat("ann"), Seat("bob"), Seat("cy")


@pytest.fixture
def match():
    return Match(LiarsDice(dice=5), seats=(ANN, BOB, CY), seed=7)


def play(match, *said):
    for text in said:
        match.say(*match.asked, text)
    return match


def count(match, face):
    return sum(hand.count(face) for hand in match.state.hands.values())


def test_each_rolls_five_dice_and_the_first_seat_begins(match):
    assert match.log[0] == RoundBegan(ANN, {ANN: 5, BOB: 5, CY: 5})
    assert [len(event.hand) for event in match.log[1:]] == [5, 5, 5]
    assert match.asked == {ANN}


def test_nobody_sees_the_dice_of_others_before_a_bid_is_doubted(match):
    play(match, "1 x 2")
    for seat in match.seats:
        assert [e.seat for e in match.view(seat) if isinstance(e, Rolled)] == [seat]
        hand = " ".join(map(str, match.state.hands[seat]))
        assert [hand in shown(match, other) for other in match.seats] == [
            other == seat for other in match.seats
        ]
    play(match, "liar")
    doubted = next(event for event in match.public_view() if isinstance(event, Doubted))
    assert list(doubted.hands) == [ANN, BOB, CY]


def test_more_dice_or_a_higher_face_make_a_higher_bid(match):
    play(match, "2 x 5", "3 x 1", "3 x 2")
    assert match.log[-1] == Bid(CY, 3, 2)
    assert match.asked == {ANN}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("2 x 5", "2 x 5 is not higher than 2 x 5. Bid more dice, or as many of a higher face."),
        ("2 x 4", "2 x 4 is not higher than 2 x 5. Bid more dice, or as many of a higher face."),
        ("1 x 6", "1 x 6 is not higher than 2 x 5. Bid more dice, or as many of a higher face."),
        ("16 x 2", "There are 15 dice in all. Bid 1 to 15, or say “liar”."),
        ("0 x 2", "There are 15 dice in all. Bid 1 to 15, or say “liar”."),
        ("3 x 7", "A die shows 1 to 6, not 7. Bid another face."),
    ],
)
def test_a_bid_that_is_not_higher_is_refused_and_changes_nothing(match, said, sentence):
    before = list(play(match, "2 x 5").log)
    with pytest.raises(IllegalMove) as why:
        match.say(BOB, said)
    assert str(why.value) == sentence
    assert match.log == before
    assert match.asked == {BOB}


@pytest.mark.parametrize("said", ["16 x 2", "0 x 3"])
def test_a_refused_first_bid_does_not_name_what_cannot_be_said(match, said):
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, said)
    assert str(why.value) == "There are 15 dice in all. Bid 1 to 15."


@pytest.mark.parametrize("text", ["", "liar", "many", "2 x 3 or 2 x 4", "not 2 x 3", "x"])
def test_an_unclear_bid_changes_nothing_and_nobody_can_doubt_before_a_bid(match, text):
    before = list(match.log)
    with pytest.raises(UnclearMove, match="Say exactly one of 1 x 1, 1 x 2"):
        match.say(ANN, text)
    assert match.log == before


@pytest.mark.parametrize(
    "text",
    ["3 x 5", "3x5", "3×5", "3 5", "three fives", "Three fives!", "3 5s", "I bid 3 dice of 5",
     '{"answer": "3 x 5"}'],
)  # fmt: skip
def test_a_bid_can_be_said_in_many_ways(match, text):
    assert match.say(ANN, text).events == (Bid(ANN, 3, 5),)


def test_a_bid_beyond_the_options_can_be_typed(match):
    assert "14 x 2" not in match.asks[ANN].choices
    play(match, "14 x 2")
    assert match.log[-1] == Bid(ANN, 14, 2)


@pytest.mark.parametrize("total", [2, 15, 40])
def test_the_options_always_fit_one_menu(total):
    claims = [None, *house.above(None, total)]
    assert all(1 <= len(question(bid, total).choices) <= 25 for bid in claims)
    assert question((total, 6), total).choices == ("liar",)


def test_who_bid_too_much_loses_a_die_and_begins_the_next_round(match):
    bid = f"{count(match, 4) + 1} x 4"
    play(match, bid, "liar")
    assert DieLost(ANN, 4) in match.log
    assert match.state.dice == {ANN: 4, BOB: 5, CY: 5}
    assert match.asked == {ANN}
    assert match.state.bid is None


def test_who_doubts_a_true_bid_loses_a_die(match):
    face = max(range(1, 7), key=lambda face: count(match, face))
    play(match, f"{count(match, face)} x {face}", "liar")
    assert match.state.dice == {ANN: 5, BOB: 4, CY: 5}
    assert match.asked == {BOB}


def test_wild_ones_count_as_the_face_that_is_bid():
    hands = ((1, 1, 4), (4, 5, 6))
    assert house.matching(hands, 4, wild=False) == 2
    assert house.matching(hands, 4, wild=True) == 4
    assert house.matching(hands, 1, wild=True) == 2
    for seed in range(20):
        plain, wild = (
            Match(LiarsDice(dice=5, wild_ones=wild), (ANN, BOB), seed) for wild in (False, True)
        )
        ones, fours = count(plain, 1), count(plain, 4)
        assert play(plain, "10 x 4", "liar").log[-4 - 1].found == fours
        assert play(wild, "10 x 4", "liar").log[-4 - 1].found == fours + ones


def test_who_has_no_dice_is_out_and_the_last_with_dice_wins():
    match = Match(LiarsDice(dice=1), (ANN, BOB, CY), seed=3)
    first = match.state.turn
    play(match, f"{count(match, 2) + 1} x 2" if count(match, 2) < 3 else "3 x 3", "liar")
    assert match.state.out == (first,)
    assert match.asked == {BOB}
    assert [e.seat for e in match.view(CY) if isinstance(e, Rolled)] == [CY, CY]
    play(match, "2 x 6", "liar")
    assert match.over
    winner = match.outcome.winners[0]
    assert str(match.outcome.reason) == f"{winner} is the last with dice and wins."
    assert match.outcome.scores == {first: 0, winner: 2, ({BOB, CY} - {winner}).pop(): 1}


def test_dice_are_never_made_and_one_is_lost_with_each_doubt():
    for seed in range(30):
        match = Match(LiarsDice(dice=5), (ANN, BOB, CY), seed)
        for _ in play_at_random(match, Random(seed)):
            pass
        lost = [event for event in match.log if isinstance(event, DieLost)]
        assert len(lost) == sum(isinstance(event, Doubted) for event in match.log)
        assert sum(match.state.dice.values()) == 15 - len(lost)


def test_the_board_shows_ones_own_dice_and_question_marks(match):
    play(match, "2 x 5")
    hand = " ".join(map(str, match.state.hands[BOB]))
    assert str(match.board(BOB)).splitlines() == [
        "     Dice       They show  Bid",
        "ann  5          ? ? ? ? ?  2 x 5",
        f"bob  5          {hand}  .",
        "cy   5          ? ? ? ? ?  .",
    ]


@pytest.mark.parametrize("dice", [0, 7])
def test_too_many_or_no_dice_are_refused(dice):
    with pytest.raises(BadSetup, match="The option dice needs a number from 1 to 6"):
        LiarsDice(dice=dice)


def test_a_long_text_is_no_bid():
    assert spoken("3 x 5" + " " * 100 + "or not") is None
    assert spoken("9" * 10_000) is None


def test_chances_are_those_of_the_binomial_law():
    assert house.at_least(0, 3, 1 / 6) == 1
    assert house.at_least(1, 2, 1 / 6) == pytest.approx(11 / 36)
    assert house.at_least(3, 2, 1 / 6) == 0


def wins(ours, theirs, games):
    """Return the share of games that the first level wins; the seats change after each."""
    won = 0
    for seed in range(games):
        match = Match(LiarsDice(dice=5), (ANN, BOB), seed)
        us = match.seats[seed % 2]
        while not match.over:
            (seat,) = match.asked
            match.say(seat, house_answer(match, seat, ours if seat == us else theirs))
        won += match.outcome.winners == [us]
    return won / games


def test_house_bots_play_the_better_the_higher_their_level():
    assert wins(Level.MEDIUM, Level.EASY, 100) > 0.9
    assert wins(Level.HARD, Level.EASY, 100) > 0.9
    assert wins(Level.HARD, Level.MEDIUM, 200) > 0.6
