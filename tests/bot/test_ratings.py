"""Ratings: what they go by, what they leave out, and that they follow the matches."""

from dataclasses import replace
from random import Random

import pytest

from bot.arena.lobbies import Result, rated_as
from bot.ratings import Pool, Record, ladder, pool_of, rated
from games.core import Outcome, Seat, Text
from games.core.codec import game_to_json
from games.textarena import TextArena
from games.tic_tac_toe import TicTacToe

ANN, BOB, CY = "person:1", "person:2", "person:3"
BARD, HARD = "model:bard", "house:hard"
OVER = Text("It is over.")


def match(scores, *, aborted=False):
    """Return the result of a match, given the score of each player."""
    players = {Seat(f"seat {number}"): player for number, player in enumerate(scores)}
    points = dict(zip(players, scores.values(), strict=True))
    return Result(players, Outcome({} if aborted else points, OVER, aborted), "chess")


def standing(found, player):
    return next(one for one in found.standings if one.player == player)


def test_who_wins_more_is_rated_higher_and_is_known_better():
    few = ladder([match({ANN: 1, BOB: 0})], Pool.PEOPLE)
    many = ladder([match({ANN: 1, BOB: 0})] * 10, Pool.PEOPLE)
    assert [one.player for one in many.standings] == [ANN, BOB]
    assert standing(many, ANN).rating > standing(few, ANN).rating > 25
    assert standing(many, ANN).margin < standing(few, ANN).margin
    assert (standing(many, ANN).matches, standing(many, ANN).won) == (10, 10)


def test_ranks_count_and_not_points():
    near = ladder([match({ANN: 2, BOB: 1, CY: 0})], Pool.PEOPLE)
    far = ladder([match({ANN: 900, BOB: 1, CY: -50})], Pool.PEOPLE)
    assert near == far


def test_a_ladder_goes_by_what_is_certain_so_that_one_lucky_win_is_not_the_top():
    matches = [match({ANN: 1, BOB: 0})] * 20 + [match({CY: 1, ANN: 0})]
    assert ladder(matches, Pool.PEOPLE).standings[0].player == ANN


def test_each_pool_has_a_ladder_of_its_own():
    assert pool_of([ANN, BOB]) is Pool.PEOPLE
    assert pool_of([BARD, HARD]) is Pool.MODELS
    assert pool_of([ANN, BARD]) is Pool.MIXED
    matches = [match({ANN: 1, BOB: 0}), match({BARD: 1, HARD: 0}), match({ANN: 0, BARD: 1})]
    people, models, mixed = (ladder(matches, pool) for pool in Pool)
    assert {one.player for one in people.standings} == {ANN, BOB}
    assert {one.player for one in models.standings} == {BARD, HARD}
    assert [one.player for one in mixed.standings] == [BARD, ANN]


@pytest.mark.parametrize(
    "unrated",
    [
        match({ANN: 1, BOB: 0}, aborted=True),
        match({ANN: 1}),
        match({ANN: 1, "person:0": 0}),
    ],
    ids=["aborted", "alone", "with one who was forgotten"],
)
def test_a_match_without_a_contest_counts_for_nobody(unrated):
    assert rated(unrated) == {}
    played = [match({ANN: 1, BOB: 0})]
    assert ladder([*played, unrated], Pool.PEOPLE) == ladder(played, Pool.PEOPLE)


def test_a_game_that_nobody_has_ever_won_has_no_ladder():
    assert ladder([match({ANN: 0, BOB: 0})] * 3, Pool.PEOPLE).standings == ()


def test_who_fills_several_seats_counts_for_the_first_of_them():
    players = {Seat("a"): HARD, Seat("b"): BARD, Seat("c"): HARD}
    both = Result(players, Outcome({Seat("a"): 0, Seat("b"): 1, Seat("c"): 2}, OVER), "chess")
    assert rated(both) == {HARD: Seat("a"), BARD: Seat("b")}


def test_who_only_makes_up_the_number_does_not_count_and_hides_nobody():
    players = {Seat("a"): f"filler:{HARD}", Seat("b"): BARD, Seat("c"): HARD}
    match_ = Result(players, Outcome({Seat("a"): 0, Seat("b"): 1, Seat("c"): 2}, OVER), "chess")
    assert rated(match_) == {BARD: Seat("b"), HARD: Seat("c")}
    people = {Seat("a"): ANN, Seat("b"): BOB, Seat("c"): f"filler:{HARD}"}
    assert pool_of(rated(replace(match_, players=people))) is Pool.PEOPLE


def test_a_draw_is_known_as_one_and_wins_and_losses_mirror_each_other():
    matches = [match({ANN: 1, BOB: 0}), match({ANN: 1, BOB: 1}), match({BOB: 1, ANN: 0})]
    records = ladder([*matches, matches[0]], Pool.PEOPLE).records
    assert records[ANN, BOB] == Record(won=2, drawn=1, lost=1)
    assert records[BOB, ANN] == Record(won=1, drawn=1, lost=2)


def test_a_line_has_the_rating_before_the_first_match_and_after_each():
    matches = [match({ANN: 1, BOB: 0}), match({ANN: 1, CY: 0})]
    found = ladder(matches, Pool.PEOPLE)
    ann, bob, cy = map(found.line_of, (ANN, BOB, CY))
    assert [len(line) for line in (ann, bob, cy)] == [3, 3, 3]
    assert ann[2] > ann[1] > ann[0] == 25
    assert cy[:2] == [25, 25]
    assert bob[1] == bob[2] < 25
    assert {one.player: one.rating for one in found.standings} == {
        player: line[-1] for player, line in ((ANN, ann), (BOB, bob), (CY, cy))
    }


def test_what_is_kept_grows_with_the_matches_and_not_with_all_players_in_each():
    pairs = [(f"person:{number}", f"person:{number + 1}") for number in range(1, 400, 2)]
    found = ladder([match({one: 1, other: 0}) for one, other in pairs], Pool.PEOPLE)
    assert sum(map(len, found.changes.values())) == 2 * len(pairs) == 2 * found.matches


def test_the_same_matches_give_the_same_ratings():
    rng = Random(7)
    matches = [match({ANN: rng.random(), BOB: rng.random(), CY: 0.3}) for _ in range(50)]
    assert ladder(matches, Pool.PEOPLE) == ladder(matches, Pool.PEOPLE)


def test_ratings_find_who_plays_better():
    rng = Random(7)
    skill = {ANN: 3.0, BOB: 2.0, CY: 1.0}
    matches = [
        match({player: rng.gauss(mean, 1) for player, mean in skill.items()}) for _ in range(100)
    ]
    assert [one.player for one in ladder(matches, Pool.PEOPLE).standings] == [ANN, BOB, CY]


def test_people_at_one_keyboard_are_people_each_by_the_own_seat():
    assert pool_of(["me:Ann", "me:Bob"]) is Pool.PEOPLE
    assert pool_of(["me:Ann", BARD]) is Pool.MIXED


def test_each_game_of_another_library_has_a_ladder_of_its_own():
    assert rated_as(game_to_json(TextArena(env="Taboo-v0"))) == "textarena Taboo-v0"
    assert rated_as(game_to_json(TextArena())) == "textarena SimpleNegotiation-v0"
    assert rated_as(game_to_json(TicTacToe())) == "tic-tac-toe"
