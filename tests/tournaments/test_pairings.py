"""Who meets whom: known tables, and what holds for any number of players."""

from collections import Counter
from itertools import combinations
from math import comb

import pytest

from tests.tournaments.playing import by_seed, names, played
from tournaments import BadPlan, Format, Plan
from tournaments.pairings import knockout, round_robin


def meetings(rounds):
    return [meeting for one in rounds for meeting in one if not meeting.is_bye]


def test_four_players_meet_in_the_well_known_three_rounds():
    rounds = [[one.entrants for one in part] for part in round_robin(names(4), 2)]
    assert {frozenset(map(frozenset, part)) for part in rounds} == {
        frozenset({frozenset({"p1", "p4"}), frozenset({"p2", "p3"})}),
        frozenset({frozenset({"p1", "p3"}), frozenset({"p2", "p4"})}),
        frozenset({frozenset({"p1", "p2"}), frozenset({"p3", "p4"})}),
    }


@pytest.mark.parametrize("count", range(2, 14))
def test_in_a_round_robin_everybody_meets_everybody_once_and_sits_at_one_table_a_round(count):
    rounds = round_robin(names(count), 2)
    assert len(rounds) == count - (count % 2 == 0)
    met = Counter(frozenset(one.entrants) for one in meetings(rounds))
    assert met == {frozenset(pair): 1 for pair in combinations(names(count), 2)}
    for part in rounds:
        assert Counter(one for meeting in part for one in meeting.entrants) == dict.fromkeys(
            names(count), 1
        )


@pytest.mark.parametrize(("count", "table"), [(3, 3), (5, 3), (6, 4), (8, 3)])
def test_at_larger_tables_every_two_meet_equally_often(count, table):
    met = Counter(
        frozenset(pair)
        for meeting in meetings(round_robin(names(count), table))
        for pair in combinations(meeting.entrants, 2)
    )
    assert met == {
        frozenset(pair): comb(count - 2, table - 2) for pair in combinations(names(count), 2)
    }


@pytest.mark.parametrize("count", [*range(2, 18), 33, 64])
def test_a_swiss_tournament_has_no_rematch_and_no_second_bye(count):
    for rounds in {0, (count + 1) // 2 if count < 20 else 8}:
        now, _ = played(Plan(Format.SWISS, names(count), games=1, rounds=rounds), seed=count)
        pairs = Counter(frozenset(one.entrants) for one in meetings(now.rounds))
        assert set(pairs.values()) == {1}
        byes = Counter(m.entrants for part in now.rounds for m in part if m.is_bye)
        assert set(byes.values()) <= {1}
        assert all(len(part) == (count + 1) // 2 for part in now.rounds)


def test_a_swiss_round_pairs_those_who_stand_alike_the_upper_half_against_the_lower():
    plan = Plan(Format.SWISS, names(8), games=1)
    now, _ = played(plan, ranks=by_seed)
    first, second, third = ([one.entrants for one in part] for part in now.rounds)
    assert first == [("p1", "p5"), ("p2", "p6"), ("p3", "p7"), ("p4", "p8")]
    assert second == [("p1", "p3"), ("p2", "p4"), ("p5", "p7"), ("p6", "p8")]
    assert third[0] == ("p1", "p2")
    assert now.winner == "p1"
    assert now.scores[-1].entrant == "p8"


def test_the_bye_goes_to_the_last_who_has_had_none():
    now, _ = played(Plan(Format.SWISS, names(5), games=1), ranks=by_seed)
    byes = [meeting.entrants[0] for part in now.rounds for meeting in part if meeting.is_bye]
    assert byes[0] == "p5"
    assert len(set(byes)) == len(byes) == 3


def test_at_larger_tables_a_swiss_round_has_as_few_rematches_as_it_can():
    now, _ = played(Plan(Format.SWISS, names(9), table=3, games=1, rounds=3))
    pairs = Counter(
        frozenset(pair) for one in meetings(now.rounds) for pair in combinations(one.entrants, 2)
    )
    assert max(pairs.values()) <= 2
    assert all(len(part) == 3 for part in now.rounds)


@pytest.mark.parametrize("count", range(2, 18))
@pytest.mark.parametrize("table", [2, 3, 4])
def test_a_knockout_loses_all_but_one_and_gives_byes_in_the_first_round_only(count, table):
    if table > count:
        return
    alive, number = list(names(count)), 1
    while len(alive) > 1:
        part = knockout(number, alive, table)
        assert sorted(one for m in part for one in m.entrants) == sorted(alive)
        assert number == 1 or all(len(m.entrants) == table for m in part)
        byes = [m.entrants[0] for m in part if m.is_bye]
        assert byes == alive[: len(byes)]
        alive = sorted((m.entrants[0] for m in part), key=lambda one: int(one[1:]))
        number += 1


def test_in_a_knockout_of_eight_the_two_best_seeds_meet_in_the_final():
    now, _ = played(Plan(Format.KNOCKOUT, names(8), games=1), ranks=by_seed)
    rounds = [{one.entrants for one in part} for part in now.rounds]
    assert rounds[0] == {("p1", "p8"), ("p2", "p7"), ("p3", "p6"), ("p4", "p5")}
    assert rounds[1] == {("p1", "p4"), ("p2", "p3")}
    assert rounds[2] == {("p1", "p2")}
    assert [(one.entrant, one.rank) for one in now.scores[:5]] == [
        ("p1", 1),
        ("p2", 2),
        ("p3", 3),
        ("p4", 3),
        ("p5", 5),
    ]


def test_many_players_can_meet_two_by_two_and_by_the_swiss_system():
    assert len(meetings(round_robin(names(64), 2))) == 2016
    Plan(Format.ROUND_ROBIN, names(64))
    Plan(Format.SWISS, names(64), table=6)
    assert round_robin(names(64), 2) is round_robin(names(64), 2)  # reckoned once


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"entrants": ("a", "a")}, "Each player can enter once only."),
        ({"entrants": ("a",)}, "A tournament has 2 to 64 players, not 1."),
        ({"table": 5}, "At a table meet 2 to 4 of these players, not 5."),
        (
            {"sizes": (2,), "table": 3},
            "This game has 2 seats at most, so no more can meet.",
        ),
        (
            {"entrants": names(15), "table": 6},
            (
                "Everybody against everybody with 6 at a table would be 5005 "
                "meetings, more than 500; choose Swiss, or fewer seats."
            ),
        ),
        (
            {"entrants": names(16), "table": 3, "format": Format.BATCH},
            (
                "Everybody against everybody with 3 at a table would be 560 "
                "meetings, more than 500; choose Swiss, or fewer seats."
            ),
        ),
        ({"games": 0}, "A meeting has 1 to 10000 games, not 0."),
        ({"rounds": 2}, "Only a Swiss tournament has a number of rounds to choose."),
        (
            {"format": Format.SWISS, "rounds": 3},
            "With 4 players a Swiss tournament has 2 rounds at most.",
        ),
    ],
)
def test_what_cannot_be_played_is_refused_in_one_sentence(wrong, sentence):
    right = {"format": Format.ROUND_ROBIN, "entrants": names(4)}
    with pytest.raises(BadPlan) as refused:
        Plan(**{**right, **wrong})
    assert str(refused.value) == sentence
