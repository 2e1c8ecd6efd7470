"""How all stand: points, tie-breaks, and what does not count."""

import pytest

from tests.tournaments.playing import by_seed, names, played
from tournaments import Format, Plan, scheduled
from tournaments.standings import share


def score(now, entrant):
    return next(one for one in now.scores if one.entrant == entrant)


@pytest.mark.parametrize(
    ("ranks", "points"),
    [
        ({"a": 1, "b": 2}, 1.0),
        ({"a": 1, "b": 1}, 0.5),
        ({"a": 2, "b": 1}, 0.0),
        ({"a": 2, "b": 1, "c": 3, "d": 4}, 2 / 3),
        ({"a": 1, "b": 1, "c": 3}, 0.75),
    ],
)
def test_points_are_the_share_of_the_others_who_were_left_behind(ranks, points):
    assert share("a", ranks) == pytest.approx(points)


def test_a_round_robin_goes_by_points_for_each_game():
    now, _ = played(Plan(Format.ROUND_ROBIN, names(3)), ranks=by_seed)
    assert [(one.entrant, one.rank, one.points, one.won, one.lost) for one in now.scores] == [
        ("p1", 1, 4, 4, 0),
        ("p2", 2, 2, 2, 2),
        ("p3", 3, 0, 0, 4),
    ]
    assert now.winner == "p1"


def test_level_players_share_a_place_and_nobody_has_won_then():
    now, _ = played(Plan(Format.ROUND_ROBIN, names(3)), ranks=lambda p: dict.fromkeys(p, 1))
    assert {one.rank for one in now.scores} == {1}
    assert {one.drawn for one in now.scores} == {4}
    assert now.winner is None


def test_aborted_games_are_counted_and_nothing_else():
    plan = Plan(Format.ROUND_ROBIN, names(2), games=3)
    fixtures = scheduled(plan, {}).fixtures
    results = {fixtures[0].name: {"p1": 1, "p2": 2}, fixtures[1].name: {}, fixtures[2].name: {}}
    now = scheduled(plan, results)
    assert now.over
    first = score(now, "p1")
    assert (first.games, first.aborted, first.points, first.rate) == (1, 2, 1, 1)


def test_in_a_swiss_tournament_buchholz_parts_those_with_as_many_points():
    plan = Plan(Format.SWISS, names(4), games=1)
    results = {"r1-t1-g01": {"p1": 1, "p3": 2}, "r1-t2-g01": {"p2": 1, "p4": 2}}
    second = scheduled(plan, results)
    assert [one.entrants for one in second.rounds[1]] == [("p1", "p2"), ("p3", "p4")]
    results |= {"r2-t1-g01": {"p1": 1, "p2": 2}, "r2-t2-g01": {"p3": 2, "p4": 1}}
    now = scheduled(plan, results)
    # Two have one point each: p2 met p4 (1) and p1 (2), p4 met p2 (1) and p3 (0).
    assert [(one.entrant, one.points, one.buchholz) for one in now.scores] == [
        ("p1", 2, 1),
        ("p2", 1, 3),
        ("p4", 1, 1),
        ("p3", 0, 3),
    ]
    assert [one.rank for one in now.scores] == [1, 2, 3, 4]


def test_a_bye_is_worth_a_won_meeting():
    now = scheduled(Plan(Format.SWISS, names(3), games=2), {})
    rests = score(now, "p3")
    assert (rests.byes, rests.points, rests.games) == (1, 2, 0)


def test_a_level_knockout_meeting_goes_on_and_then_the_better_seed_does():
    plan = Plan(Format.KNOCKOUT, names(2), games=2)
    results = {}
    for games in (2, 4, 6):
        now = scheduled(plan, results)
        assert len(now.fixtures) == games
        assert not now.over
        results |= {one.name: {"p1": 1, "p2": 1} for one in now.open}
    assert scheduled(plan, results).winner == "p1"


def test_a_play_off_can_let_the_worse_seed_go_on():
    plan = Plan(Format.KNOCKOUT, names(2), games=1)
    results = {"r1-t1-g01": {"p1": 1, "p2": 1}}
    extra = [one.name for one in scheduled(plan, results).open]
    assert extra == ["r1-t1-g02", "r1-t1-g03"]
    results |= {name: {"p1": 2, "p2": 1} for name in extra}
    now = scheduled(plan, results)
    assert now.winner == "p2"
    assert [one.entrant for one in now.scores] == ["p2", "p1"]
