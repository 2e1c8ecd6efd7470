"""Intervals against values computed by hand."""

import pytest

from characters.intervals import mean_interval, wilson


@pytest.mark.parametrize(
    ("passed", "count", "low", "high"),
    [
        # With all passed the lower end is n / (n + z²); with none the upper is z² / (n + z²).
        (10, 10, 10 / (10 + 3.841459), 1.0),
        (0, 10, 0.0, 3.841459 / (10 + 3.841459)),
        (1, 2, 0.5 - 0.405470, 0.5 + 0.405470),
        (24, 30, 0.765946 - 0.139003, 0.765946 + 0.139003),
    ],
)
def test_the_interval_of_a_rate_is_wilsons(passed, count, low, high):
    assert wilson(passed, count) == pytest.approx((low, high), abs=2e-6)


def test_the_interval_of_a_mean_spans_what_95_of_100_resamples_give():
    # Of the 256 resamples of four values 81 are all ones, and 13 have three sevens or four: more
    # than 2.5 % each; but all four are sevens in less.
    assert mean_interval([1, 1, 1, 7], seed=1) == (1.0, 5.5)
    assert mean_interval([1, 7], seed=1) == (1.0, 7.0)
    assert mean_interval([4, 4, 4], seed=1) == (4.0, 4.0)


def test_the_same_seed_gives_the_same_interval():
    values = [1, 2, 4, 5, 6, 6, 7, 3, 2]
    assert mean_interval(values, seed=5) == mean_interval(values, seed=5)


def test_a_single_value_has_no_interval():
    assert mean_interval([6], seed=1) is None
    assert mean_interval([], seed=1) is None
