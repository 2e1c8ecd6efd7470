"""The rules of the prisoner's dilemma, one test each."""

from random import Random

import pytest

from games.core import BadSetup, Level, Match, NotYourTurn, Seat, UnclearMove
from games.prisoners_dilemma import Choice, Chosen, Horizon, PrisonersDilemma, Revealed

ANN, BOB = Seat("ann"), Seat("bob")
COOPERATE, DEFECT = Choice.COOPERATE, Choice.DEFECT


def started(**options):
    return Match(PrisonersDilemma(**options), seats=(ANN, BOB), seed=7)


def play(match, *rounds):
    for ann, bob in map(str.split, rounds):
        match.say(ANN, ann)
        match.say(BOB, bob)
    return match


def test_a_choice_stays_secret_until_both_have_chosen():
    match = started()
    match.say(ANN, "Defect!")
    assert match.view(ANN) == [Chosen(ANN, DEFECT)]
    assert match.view(BOB) == match.public_view() == []
    assert match.asked == {BOB}
    match.say(BOB, "cooperate")
    assert match.public_view() == [
        Revealed({ANN: DEFECT, BOB: COOPERATE}, {ANN: 5, BOB: 0}, last=True)
    ]


@pytest.mark.parametrize(
    ("choices", "ann", "bob"),
    [
        ("cooperate cooperate", 3, 3),
        ("defect defect", 1, 1),
        ("defect cooperate", 5, 0),
        ("cooperate defect", 0, 5),
    ],
)
def test_the_pair_of_choices_pays_and_more_points_are_better(choices, ann, bob):
    assert play(started(), choices).outcome.scores == {ANN: ann, BOB: bob}


def test_one_round_is_played_by_default():
    match = play(started(), "defect cooperate")
    assert match.over
    assert match.outcome.winners == [ANN]
    with pytest.raises(NotYourTurn, match="The match is over"):
        match.say(ANN, "defect")


def test_fractions_of_points_are_added_up_in_any_order():
    match = started(rounds=4, temptation=0.3, reward=0.2, punishment=0.1, sucker=0)
    play(match, "defect cooperate", "cooperate cooperate", "defect defect", "cooperate defect")
    assert match.outcome.scores == {ANN: 0.6, BOB: 0.6}
    assert str(match.outcome.reason) == "Both have equally many points after round 4."


def test_rounds_are_added_up():
    match = play(started(rounds=3), "defect cooperate", "defect defect")
    assert not match.over
    assert play(match, "cooperate cooperate").outcome.scores == {ANN: 9, BOB: 4}


def test_a_choice_cannot_be_taken_back():
    match = started()
    match.say(ANN, "defect")
    with pytest.raises(NotYourTurn, match="it is the turn of bob"):
        match.say(ANN, "cooperate")
    assert match.view(ANN) == [Chosen(ANN, DEFECT)]


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("silent", COOPERATE),
        ("I stay silent.", COOPERATE),
        ("Betray", DEFECT),
        ('{"answer": "betray"}', DEFECT),
        ("2", DEFECT),
    ],
)
def test_the_words_of_the_prison_cell_are_understood(text, choice):
    match = started()
    match.say(ANN, text)
    assert match.log == [Chosen(ANN, choice)]


@pytest.mark.parametrize("text", ["", "perhaps", "I will not betray", "silent or betray?", "3"])
def test_an_unclear_choice_is_refused_with_a_reason_and_changes_nothing(text):
    match = started()
    with pytest.raises(UnclearMove, match="Say exactly one of cooperate and defect"):
        match.say(ANN, text)
    assert match.log == []
    assert match.asked == {ANN, BOB}


def test_a_horizon_of_chance_may_end_after_any_round_and_a_replay_draws_nothing():
    lengths = set()
    for seed in range(40):
        match = Match(
            PrisonersDilemma(horizon=Horizon.CHANCE, stop_chance=0.5), (ANN, BOB), seed=seed
        )
        while not match.over:
            play(match, "cooperate cooperate")
        lengths.add(match.state.rounds)
        again = Match(match.game, match.seats, seed + 1, turns=match.turns)
        assert again.state == match.state
    assert len(lengths) > 2


def test_the_drawn_end_can_be_fixed_and_players_do_not_see_it():
    match = started(horizon=Horizon.CHANCE, stops_after=2)
    assert match.view_of(ANN).game.stops_after is None
    assert not play(match, "cooperate defect").over
    assert play(match, "cooperate defect").over


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rounds": 0}, "rounds needs a number from 1 to 1000"),
        ({"stop_chance": float("nan")}, "stop_chance needs a number above 0"),
        ({"stops_after": 0}, "stops_after needs a number"),
        ({"temptation": 3}, "temptation > reward > punishment > sucker"),
        ({"temptation": float("inf")}, "at most a million"),
        ({"sucker": float("-inf")}, "at most a million"),
        ({"temptation": 0, "reward": 2, "punishment": 5, "sucker": 10}, "negative points"),
    ],
)
def test_options_that_make_no_dilemma_are_refused(options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        PrisonersDilemma(**options)


def test_years_in_prison_are_negative_points():
    years = {"temptation": 0, "reward": -2, "punishment": -5, "sucker": -10}
    match = play(started(**years), "defect cooperate")
    assert match.outcome.scores == {ANN: 0, BOB: -10}
    assert match.outcome.winners == [ANN]


def duel(game, ann, bob, seed):
    """Return the scores of two house bots of these levels."""
    match = Match(game, (ANN, BOB), seed)
    rng = Random(seed)
    while not match.over:
        seat = min(match.asked)
        level = ann if seat == ANN else bob
        match.say(seat, game.house_answer(match.view_of(seat), match.asks[seat], level, rng))
    return match.outcome.scores


def test_the_medium_bot_plays_tit_for_tat():
    match = started(rounds=4)
    rng = Random(0)
    answers = []
    for theirs in ("defect", "cooperate", "defect"):
        answers.append(
            match.game.house_answer(match.view_of(ANN), match.asks[ANN], Level.MEDIUM, rng)
        )
        play(match, f"{answers[-1]} {theirs}")
    assert answers == [COOPERATE, DEFECT, COOPERATE]


def test_the_hard_bot_defects_where_nothing_can_follow():
    game = PrisonersDilemma(rounds=10)
    assert duel(game, Level.HARD, Level.MEDIUM, seed=1) == {ANN: 9 * 3 + 5, BOB: 9 * 3}
    assert duel(PrisonersDilemma(), Level.HARD, Level.HARD, seed=1) == {ANN: 1, BOB: 1}


def test_the_hard_bot_cooperates_with_one_that_answers_in_kind_and_exploits_a_random_one():
    game = PrisonersDilemma(rounds=30)

    def gains(ann, bob):
        scores = [duel(game, ann, bob, seed) for seed in range(30)]
        return sum(score[ANN] for score in scores) - sum(score[BOB] for score in scores)

    assert gains(Level.HARD, Level.EASY) > 0
    assert gains(Level.HARD, Level.MEDIUM) >= 0
    assert duel(game, Level.HARD, Level.HARD, seed=1)[ANN] == 29 * 3 + 1
