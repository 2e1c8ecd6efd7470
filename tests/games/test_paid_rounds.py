"""The rules of the games in which all choose in secret and all choices pay, one test each."""

from random import Random

import pytest

from games.core import BadSetup, Level, Match, NotYourTurn, Seat, UnclearMove
from games.matching_pennies import MatchingPennies
from games.paid_rounds import Chosen
from games.public_goods import PublicGoods
from games.stag_hunt import StagHunt
from games.two_thirds import TwoThirds

ANN, BOB, CY = Seat("ann"), Seat("bob"), Seat("cy")


def play(game, *rounds):
    """Return a match of these rounds, each with the answers in seat order."""
    seats = (ANN, BOB, CY)[: len(rounds[0].split())]
    match = Match(game, seats, seed=7)
    for answers in rounds:
        for seat, answer in zip(seats, answers.split(), strict=True):
            match.say(seat, answer)
    return match


def duels(game, strong, weak, games=200):
    """Return the points per game of one bot, and of the mean of its rivals."""
    seats = (ANN, BOB, CY)[: max(game.min_seats, 2)]
    mine = others = 0.0
    for seed in range(games):
        match, rng, me = Match(game, seats, seed), Random(seed), seats[seed % len(seats)]
        while not match.over:
            seat = min(match.asked)
            level = strong if seat == me else weak
            match.say(seat, game.house_answer(match.view_of(seat), match.asks[seat], level, rng))
        scores = match.outcome.scores
        mine += scores[me] / games
        others += sum(scores[seat] for seat in seats if seat != me) / (len(seats) - 1) / games
    return mine, others


def test_a_choice_stays_secret_until_all_have_chosen_and_cannot_be_taken_back():
    match = Match(TwoThirds(), (ANN, BOB, CY), seed=7)
    match.say(ANN, "40")
    match.say(BOB, "20")
    assert match.view(ANN) == [Chosen(ANN, 40)]
    assert match.view(CY) == match.public_view() == []
    with pytest.raises(NotYourTurn, match="it is the turn of cy"):
        match.say(ANN, "41")
    assert match.view(ANN) == [Chosen(ANN, 40)]
    match.say(CY, "30")
    assert match.public_view()[0].choices == {ANN: 40, BOB: 20, CY: 30}


def test_as_many_rounds_are_played_as_the_option_says_and_added_up():
    match = play(StagHunt(rounds=2), "stag stag")
    assert not match.over
    match.say(ANN, "hare")
    match.say(BOB, "stag")
    assert match.over
    assert match.outcome.scores == {ANN: 4 + 3, BOB: 4}
    assert str(match.outcome.reason) == "ann has the most points after round 2: 7."


@pytest.mark.parametrize(
    ("stag", "hare", "choices", "ann", "bob"),
    [
        (0.004, 0.003, ["hare stag"], 0.003, 0),
        (0.25, 0.125, ["hare hare"] * 4, 0.5, 0.5),
        (0.3, 0.1, ["hare hare", "hare hare", "hare stag", "stag hare"], 0.3, 0.3),
    ],
)
def test_small_payoffs_count_in_full(stag, hare, choices, ann, bob):
    match = play(StagHunt(rounds=len(choices), stag=stag, hare=hare), *choices)
    assert match.outcome.scores == {ANN: ann, BOB: bob}
    assert f"{ann:g}" in str(match.board())


@pytest.mark.parametrize(
    ("choices", "ann", "bob"),
    [("stag stag", 4, 4), ("hare hare", 3, 3), ("hare stag", 3, 0), ("stag hare", 0, 3)],
)
def test_a_stag_takes_two_hunters_and_a_hare_one(choices, ann, bob):
    assert play(StagHunt(rounds=1), choices).outcome.scores == {ANN: ann, BOB: bob}


@pytest.mark.parametrize(
    ("coins", "winner"),
    [("heads heads", ANN), ("tails tails", ANN), ("heads tails", BOB), ("tails heads", BOB)],
)
def test_the_first_player_wins_a_match_of_the_pennies_and_the_second_a_difference(coins, winner):
    match = Match(MatchingPennies(rounds=1), (ANN, BOB), seed=7)
    assert "if the coins match" in str(match.asks[ANN].prompt)
    assert "if the coins differ" in str(match.asks[BOB].prompt)
    assert play(MatchingPennies(rounds=1), coins).outcome.winners == [winner]


@pytest.mark.parametrize(
    ("numbers", "winners"),
    [
        ("30 20 100", [ANN]),  # two thirds of the average is 33.3
        ("0 0 0", [ANN, BOB, CY]),
        ("0 4 8", [BOB]),  # 2.67
        ("3 3 90", [ANN, BOB]),  # 21.33
        ("6 10 20", [ANN, BOB]),  # 8: equally far
    ],
)
def test_who_is_nearest_to_two_thirds_of_the_average_gets_a_point(numbers, winners):
    scores = play(TwoThirds(rounds=1), numbers).outcome.scores
    assert [seat for seat, points in scores.items() if points == 1] == winners


def test_two_players_cannot_guess_two_thirds_as_the_lower_number_would_always_win():
    with pytest.raises(BadSetup, match="two-thirds needs 3 to 10 seats; 2 were given"):
        Match(TwoThirds(), (ANN, BOB))


def test_the_pot_grows_and_is_shared_by_all_whatever_they_gave():
    match = play(PublicGoods(rounds=1), "20 10 0")
    assert match.outcome.scores == {ANN: 16, BOB: 26, CY: 36}  # 30 * 1.6 / 3 = 16 for each
    told = str(match.public_view()[0].told())
    assert "The pot of 30 grows to 48, so each gets 16." in told


@pytest.mark.parametrize(
    ("game", "text", "sentence"),
    [
        (StagHunt(), "boar", "Say exactly one of stag and hare"),
        (MatchingPennies(), "heads or tails", "Say exactly one of heads and tails"),
        (PublicGoods(), "21", "Say one whole number from 0 to 20"),
        (PublicGoods(), "-1", "Say one whole number from 0 to 20"),
        (TwoThirds(), "33.3", "Say one whole number from 0 to 100"),
    ],
)
def test_an_unclear_choice_is_refused_with_what_would_do_and_changes_nothing(game, text, sentence):
    match = Match(game, (ANN, BOB, CY)[: game.min_seats])
    asks = dict(match.asks)
    with pytest.raises(UnclearMove, match=sentence):
        match.say(ANN, text)
    assert match.log == []
    assert match.asks == asks


@pytest.mark.parametrize(
    ("game", "options", "sentence"),
    [
        (StagHunt, {"rounds": 0}, "rounds needs a number from 1 to 100"),
        (StagHunt, {"hare": 4}, "stag > hare > 0"),
        (StagHunt, {"stag": float("inf")}, "at most a million"),
        (StagHunt, {"hare": float("nan")}, "stag > hare > 0"),
        (PublicGoods, {"tokens": 0}, "tokens needs a number from 1 to 1000"),
        (PublicGoods, {"growth": 1}, "growth needs a number between 1 and 8"),
        (PublicGoods, {"growth": float("nan")}, "growth needs a number between 1 and 8"),
    ],
)
def test_options_that_make_another_game_are_refused(game, options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        game(**options)


def test_a_pot_that_grows_by_as_much_as_there_are_players_is_refused():
    with pytest.raises(BadSetup, match="growth must be below the number of players"):
        Match(PublicGoods(growth=3), (ANN, BOB, CY))


@pytest.mark.parametrize("game", [StagHunt(), MatchingPennies(), TwoThirds(), PublicGoods()])
def test_the_hard_bot_earns_more_than_the_easy_one(game):
    mine, others = duels(game, Level.HARD, Level.EASY)
    assert mine > 1.05 * others


def test_two_hard_bots_hunt_the_stag_together():
    assert duels(StagHunt(), Level.HARD, Level.HARD, games=5) == (20, 20)
