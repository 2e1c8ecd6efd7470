"""Seats go round, and whoever changes seats gets the same deal."""

from collections import Counter
from itertools import pairwise

import pytest

from games.connect_four import ConnectFour
from games.core import BadSetup
from tournaments import Format, Meeting, Plan, sizes_of
from tournaments.plan import FILLER, seat_order

PARTY = ("a", "b", "c", "d", "e")


def test_two_players_change_seats_after_every_game():
    orders = [seat_order(("a", "b"), game) for game in range(4)]
    assert orders == [("a", "b"), ("b", "a"), ("a", "b"), ("b", "a")]


@pytest.mark.parametrize("count", range(2, 6))
def test_after_each_whole_turn_everybody_has_had_each_seat_equally_often(count):
    party = PARTY[:count]
    for turns in (1, 2, 5):
        orders = [seat_order(party, game) for game in range(turns * count)]
        for seat in range(count):
            assert Counter(order[seat] for order in orders) == dict.fromkeys(party, turns)


def test_in_time_every_order_is_played_equally_often():
    orders = Counter(seat_order(PARTY[:4], game) for game in range(48))
    assert len(orders) == 24
    assert set(orders.values()) == {2}


def test_many_players_sit_in_many_orders_at_once():
    party = tuple(map(str, range(15)))
    assert all(sorted(seat_order(party, game)) == sorted(party) for game in (0, 14, 9_999))


def test_games_between_which_only_the_seats_change_are_dealt_alike_and_others_are_not():
    plan = Plan(Format.ROUND_ROBIN, PARTY[:2], games=6, seed=7)
    meeting = Meeting(1, 1, PARTY[:2])
    seeds = [plan.fixture(meeting, game).seed for game in range(1, 7)]
    assert seeds[0::2] == seeds[1::2]
    assert all(one != other for one, other in pairwise(seeds[0::2]))


def test_all_meetings_play_the_same_deals_and_another_seed_deals_others():
    first, other = (Meeting(1, table, party) for table, party in ((1, ("a", "b")), (2, ("c", "d"))))
    plan = Plan(Format.ROUND_ROBIN, PARTY, seed=7)
    assert plan.fixture(first, 1).seed == plan.fixture(other, 1).seed
    again = Plan(Format.ROUND_ROBIN, PARTY, seed=8)
    assert plan.fixture(first, 1).seed != again.fixture(first, 1).seed


def test_fillers_make_up_the_number_and_go_round_with_the_others():
    plan = Plan(Format.ROUND_ROBIN, ("a", "b"), sizes=(4, 6), games=4)
    seats = [plan.fixture(Meeting(1, 1, ("a", "b")), game).seats for game in range(1, 5)]
    assert all(Counter(one) == {"a": 1, "b": 1, FILLER: 2} for one in seats)
    assert {one.index("a") for one in seats} == {0, 1, 2, 3}


def test_a_fixture_has_a_name_that_people_can_say():
    assert Plan(Format.ROUND_ROBIN, PARTY).fixture(Meeting(2, 3, PARTY[:2]), 4).name == "r2-t3-g04"


class Pairs(ConnectFour):
    max_seats = 6

    def check_seats(self, seats):
        if len(seats) % 2:
            raise BadSetup("An even number plays.")


def test_some_games_are_played_by_an_even_number_only():
    assert sizes_of(ConnectFour()) == (2,)
    assert sizes_of(Pairs()) == (2, 4, 6)
    plan = Plan(Format.ROUND_ROBIN, PARTY, table=5, sizes=sizes_of(Pairs()))
    assert len(plan.fixture(Meeting(1, 1, PARTY), 1).seats) == 6
