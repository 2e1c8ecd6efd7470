"""What is played next follows from what was played, and from nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tournaments.playing import names, played
from tournaments import Format, Plan, scheduled


def plans(draw):
    format_ = draw(st.sampled_from(Format))
    count = draw(st.integers(2, 9))
    table = draw(st.integers(2, min(4, count)))
    games = draw(st.integers(1, 5))
    sizes = draw(st.sampled_from([(4,), (2, 3, 4), (4, 6)]))
    return Plan(format_, names(count), table, sizes, games, seed=1)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_whatever_was_played_every_tournament_comes_to_its_end(data):
    plan = plans(data.draw)
    now, results = played(plan, seed=data.draw(st.integers(0, 99)))
    assert now.over
    assert len({one.name for one in now.fixtures}) == len(now.fixtures) == len(results)
    assert sorted(one.entrant for one in now.scores) == sorted(plan.entrants)
    assert scheduled(plan, dict(reversed(results.items()))) == now


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_it_comes_to_its_end_also_when_every_game_is_aborted(data):
    now, _ = played(plans(data.draw), ranks=lambda _: {})
    assert now.over
    assert all(one.games == 0 for one in now.scores)


@pytest.mark.parametrize("games", [1, 7, 50])
def test_a_batch_has_as_many_games_in_all_spread_evenly_over_the_meetings(games):
    now = scheduled(Plan(Format.BATCH, names(3), games=games), {})
    assert len(now.fixtures) == games
    playing = [meeting for part in now.rounds for meeting in part if not meeting.is_bye]
    counts = [sum(one.meeting == meeting for one in now.fixtures) for meeting in playing]
    assert max(counts) - min(counts) <= 1


def test_wherever_it_is_stopped_whole_turns_of_seats_are_played_first():
    now = scheduled(Plan(Format.ROUND_ROBIN, names(3), games=4), {})
    assert [one.name for one in now.open] == [
        *("r1-t1-g01", "r1-t1-g02", "r2-t1-g01", "r2-t1-g02", "r3-t1-g01", "r3-t1-g02"),
        *("r1-t1-g03", "r1-t1-g04", "r2-t1-g03", "r2-t1-g04", "r3-t1-g03", "r3-t1-g04"),
    ]


def test_the_games_of_a_round_are_those_of_the_first_that_is_not_played():
    plan = Plan(Format.ROUND_ROBIN, names(4), games=1)
    now = scheduled(plan, {})
    assert {one.meeting.round for one in now.round_now} == {1}
    after = scheduled(plan, {one.name: {} for one in now.round_now})
    assert {one.meeting.round for one in after.round_now} == {2}
    assert scheduled(plan, {one.name: {} for one in now.open}).round_now == []
