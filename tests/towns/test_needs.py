import pytest
from hypothesis import given
from hypothesis import strategies as st

from towns.catalogue import Need
from towns.needs import FADES, FULL, GAINS, MEAL, TALK, Needs

HALF = Needs(dict.fromkeys(FADES, 50.0))


def test_needs_fall_with_time():
    after = HALF.after(120)
    assert after.levels == {need: 50 - 2 * FADES[need] for need in FADES}


def test_what_is_good_for_a_need_raises_it_while_the_others_fall():
    after = HALF.after(60, Need.FUN)
    assert after.levels[Need.FUN] == 50 + GAINS[Need.FUN]
    assert after.levels[Need.FOOD] == 50 - FADES[Need.FOOD]


def test_a_meal_feeds_however_long_it_takes():
    hungry = HALF.after(240)
    for minutes in (15, 60):
        assert hungry.after(minutes, Need.FOOD).levels[Need.FOOD] == 10 + MEAL


def test_asleep_one_gets_hungry_half_as_fast():
    assert HALF.after(120, Need.REST).levels[Need.FOOD] == 50 - FADES[Need.FOOD]


def test_a_talk_is_company():
    assert HALF.talked().levels == {**HALF.levels, Need.COMPANY: 50 + TALK}


@pytest.mark.parametrize("need", [Need.MONEY, Need.NOTHING])
def test_money_has_no_level(need):
    assert HALF.short(need) == 0
    assert HALF.after(60, need) == HALF.after(60)


def test_levels_are_told_in_words():
    assert str(Needs({Need.FOOD: 80.0, Need.REST: 10.0})) == "food very good, rest very low"


@given(st.lists(st.tuples(st.integers(0, 9999), st.sampled_from(list(Need))), max_size=20))
def test_levels_stay_between_nothing_and_full(spent):
    needs = HALF
    for minutes, doing in spent:
        needs = needs.after(minutes, doing)
    assert set(needs.levels) == set(FADES)
    assert all(0 <= level <= FULL for level in needs.levels.values())
