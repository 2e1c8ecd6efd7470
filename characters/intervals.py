"""How sure a rate or a mean is: 95 % intervals."""

from collections.abc import Sequence
from math import sqrt
from random import Random
from statistics import fmean
from typing import Final

Z: Final = 1.959964
"""Of the normal distribution, for 95 %."""
RESAMPLES: Final = 2000


def wilson(passed: float, count: int) -> tuple[float, float]:
    """Return between what the rate behind some passes out of `count` (1 or more) lies.

    Where one can pass in part, the interval is rather too wide.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference
    (1927).
    """
    rate = passed / count
    middle = rate + Z * Z / (2 * count)
    reach = Z * sqrt(rate * (1 - rate) / count + Z * Z / (4 * count * count))
    scale = 1 + Z * Z / count
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def mean_interval(values: Sequence[float], seed: int) -> tuple[float, float] | None:
    """Return between what the mean behind some values lies; None for fewer than two.

    It is the percentile bootstrap; the same seed gives the same.
    """
    if len(values) < 2:
        return None
    rng = Random(f"{seed}/resamples")
    means = sorted(fmean(rng.choices(values, k=len(values))) for _ in range(RESAMPLES))
    cut = RESAMPLES // 40
    return means[cut], means[-cut - 1]
