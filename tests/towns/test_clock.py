import pytest
from hypothesis import given
from hypothesis import strategies as st

from towns.clock import Clock, GameTime, Hours, clock_minutes, clock_text


def test_a_town_begins_on_day_1_at_the_minute_it_starts():
    assert str(Clock().at(0)) == "day 1, 00:00"
    assert str(Clock(starts=clock_minutes("06:30")).at(0)) == "day 1, 06:30"


def test_a_tick_is_ten_seconds_unless_the_town_says_otherwise():
    assert Clock().at(6) == GameTime(1, 0, 1)
    assert Clock().at(1) == GameTime(1, 0, 0, 10)
    assert Clock(seconds_per_tick=60).at(1) == GameTime(1, 0, 1)


def test_the_day_changes_at_midnight():
    clock = Clock(starts=clock_minutes("06:00"))
    assert str(clock.at(18 * 360 - 1)) == "day 1, 23:59"
    assert str(clock.at(18 * 360)) == "day 2, 00:00"


@given(st.integers(0, 10**7), st.integers(1, 600), st.integers(0, 1439))
def test_the_tick_of_a_time_is_the_one_at_which_it_is_that_time(tick, seconds, starts):
    clock = Clock(seconds, starts)
    assert clock.tick(clock.at(tick)) == tick


@given(st.integers(0, 10**5), st.integers(1, 86400), st.integers(0, 23), st.integers(0, 59))
def test_the_next_time_is_not_over_and_the_tick_before_it_is(tick, seconds, hour, minute):
    clock = Clock(seconds)
    found = clock.next(tick, hour, minute)
    assert found >= tick
    wanted = GameTime(clock.at(tick).day, hour, minute)
    later = GameTime(wanted.day + 1, hour, minute)
    assert clock.at(found) >= (wanted if clock.tick(wanted) >= tick else later)
    assert found == tick or clock.at(found - 1) < (wanted if found == clock.tick(wanted) else later)


def test_a_part_of_a_tick_lasts_a_whole_one():
    assert Clock().ticks(30) == 180
    assert Clock(seconds_per_tick=420).ticks(30) == 5
    assert Clock().ticks(0) == 0


def test_a_place_is_open_from_the_first_minute_to_the_last_but_not_at_closing_time():
    hours = Hours(clock_minutes("09:00"), clock_minutes("17:30"))
    times = [(8, 59), (9, 0), (17, 29), (17, 30)]
    assert [hours.has(GameTime(1, *time)) for time in times] == [False, True, True, False]
    assert str(hours) == "09:00 to 17:30"


def test_a_place_may_close_after_midnight():
    hours = Hours(clock_minutes("18:00"), clock_minutes("02:00"))
    times = [(17, 59), (18, 0), (0, 0), (1, 59), (2, 0)]
    assert [hours.has(GameTime(3, *time)) for time in times] == [False, True, True, True, False]


def test_opening_and_closing_at_the_same_minute_means_always_open():
    assert all(Hours().has(GameTime(1, hour, 0)) for hour in range(24))
    assert str(Hours()) == "always open"


def test_whoever_comes_too_early_waits_until_it_opens():
    clock, hours = Clock(), Hours(clock_minutes("18:00"), clock_minutes("02:00"))
    assert clock.next_open(clock.next(0, 9), hours) == clock.next(0, 18)
    assert clock.next_open(clock.next(0, 19), hours) == clock.next(0, 19)
    late = clock.tick(GameTime(2, 2, 0))
    assert str(clock.at(clock.next_open(late, hours))) == "day 2, 18:00"


def test_a_time_is_read_as_it_is_written():
    assert clock_text(clock_minutes("09:05")) == "09:05"
    assert clock_minutes("24:00") == 0


@pytest.mark.parametrize("text", ["9:30", "25:00", "12:60", "noon", "", "12:00 ", "0٩:30"])
def test_what_is_no_time_of_day_is_refused_with_the_way_to_write_it(text):
    with pytest.raises(ValueError, match="is no time of day: write it as 09:30"):
        clock_minutes(text)
