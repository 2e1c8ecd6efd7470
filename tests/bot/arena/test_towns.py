"""How fast the time of a town passes, and what it may cost."""

from datetime import timedelta

from bot.administration import Amount, Limit
from bot.arena.house_rules import time_limit
from bot.arena.towns import CatchUp, Per, TownPlace
from games.core import Ask
from towns.events import CLOCK

ASK = Ask("Up to which tick?", low=101, high=8640)
NOW = timedelta()


def pace(**options):
    return TownPlace("t", 1, 2, 3, "i:4", **options).house_rules().paces[CLOCK]


def test_sixty_game_seconds_in_a_second_are_ten_game_minutes_every_ten_seconds():
    going = pace(going=True)
    assert going.seconds == 10
    assert going.answer(ASK, NOW) == "160"


def test_a_fast_clock_steps_once_a_second_in_longer_steps():
    going = pace(going=True, speed=3600)
    assert going.seconds == 1
    assert going.answer(ASK, NOW) == "460"


def test_a_step_never_goes_beyond_the_last_day():
    assert pace(going=True, speed=1_000_000).answer(ASK, NOW) == "8640"


def test_the_time_in_which_the_bot_was_down_counts_only_where_that_is_wanted():
    hour = timedelta(hours=1)
    assert pace(going=True).answer(ASK, hour) == "172"  # two seconds late at most
    assert pace(going=True, catch_up=CatchUp.RUN).answer(ASK, hour) == "8640"


def test_a_clock_that_stands_has_no_time_limit_however_long_people_may_think():
    town = TownPlace("t", 1, 2, 3, "i:4", seconds=30)
    assert time_limit(ASK, CLOCK, "person", town.house_rules()) is None


def test_a_budget_is_spent_when_one_of_its_units_is():
    town = TownPlace("t", 1, 2, 3, "i:4", limit=Limit(requests=10, tokens=500))
    assert town.spent(Amount(9, 499, 0)) == ""
    assert town.spent(Amount(10, 0, 0)) == "10 requests for its whole life"
    assert town.spent(Amount(0, 600, 0)) == "500 tokens for its whole life"


def test_the_budget_of_a_game_day_leaves_out_what_earlier_days_have_cost():
    limit = Limit(money=2_500_000)
    town = TownPlace("t", 1, 2, 3, "i:4", limit=limit, per=Per.DAY, before=Amount(0, 0, 4_000_000))
    assert town.spent(Amount(0, 0, 6_000_000)) == ""
    assert town.spent(Amount(0, 0, 6_500_000)) == "2.50 in money for its game day"
