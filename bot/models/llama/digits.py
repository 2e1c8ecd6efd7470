"""Grammars for the numbers of a grid, digit by digit.  Pure.

A number is handled as the whole number that it is once its decimal point is left out.
"""

from collections import defaultdict
from collections.abc import Callable
from typing import Final

from bot.models.llama.gbnf import Rules

MOST_STATES: Final = 600
"""Of one number."""


class TooManyStates(Exception):
    """A step has no small grammar."""


class Digits:
    """The numbers low, low + step, ... each divided by ten to the power of `places`."""

    def __init__(self, rules: Rules, step: int, places: int) -> None:
        self._rules = rules
        self._step = step
        self._places = places
        self._seen: dict[tuple[int, int, int], str] = {}

    def body(self, low: int, high: int) -> str:
        """Return the alternatives for the numbers from `low` to `high`.  Raises TooManyStates."""
        step = self._step
        below = min(high, -1)
        last_below = below - (below - low) % step
        first_above = low + max(0, -(low // step)) * step
        parts = []
        if low <= last_below:
            parts.append(f'"-" ( {self._by_length(-last_below, -low)} )')
        if first_above <= high:
            parts.append(self._by_length(first_above, high))
        return " | ".join(parts)

    def _by_length(self, first: int, last: int) -> str:
        """Return the alternatives for positive numbers, one for each length of the whole part."""
        parts = []
        width = self._places + 1
        while first <= last:
            if first <= (most := min(last, 10**width - 1)):
                parts.append(self._whole(width, first, most))
                first += ((10**width - first - 1) // self._step + 1) * self._step
            width += 1
        return " | ".join(parts)

    def _whole(self, width: int, first: int, last: int) -> str:
        """Return what may follow, where `width` digits are left that give `first` to `last`."""
        if width == self._places:
            return self._point(first, last)
        if self._is_free(width, first, last):
            return f"[0-9]{{{width - self._places}}} {self._point(0, 10**self._places - 1)}"
        return self._digit(width, first, last, self._whole)

    def _point(self, first: int, last: int) -> str:
        if self._places == 0:
            return ""
        fraction = f'"." {self._fraction(self._places, first, last)}'
        return f"( {fraction} )?" if first == 0 else fraction

    def _fraction(self, width: int, first: int, last: int) -> str:
        if self._is_free(width, first, last):
            return f"[0-9]{{1,{width}}}"
        return self._digit(width, first, last, self._more_fraction)

    def _more_fraction(self, width: int, first: int, last: int) -> str:
        if width == 0:
            return ""
        more = self._fraction(width, first, last)
        return f"( {more} )?" if first == 0 else more  # zeros at the end may be left out

    def _digit(
        self, width: int, first: int, last: int, follow: Callable[[int, int, int], str]
    ) -> str:
        """Return the name of the rule for one digit and what follows it."""
        if (key := (width, first, last)) not in self._seen:
            if len(self._seen) >= MOST_STATES:
                raise TooManyStates
            digits: dict[str, str] = defaultdict(str)
            for digit in range(10):
                if window := self._window(width - 1, digit, first, last):
                    digits[follow(width - 1, *window)] += str(digit)
            ways = [f"[{some}] {after}".rstrip() for after, some in digits.items()]
            self._seen[key] = self._rules.name(" | ".join(ways))
        return self._seen[key]

    def _window(self, width: int, digit: int, first: int, last: int) -> tuple[int, int] | None:
        """Return first and last of what the digits after this one may give; None for nothing."""
        start, step = digit * 10**width, self._step
        lowest = first + max(0, -((first - start) // step)) * step
        highest = min(last, start + 10**width - 1)
        if lowest > highest:
            return None
        return lowest - start, highest - (highest - lowest) % step - start

    def _is_free(self, width: int, first: int, last: int) -> bool:
        return self._step == 1 and first == 0 and last == 10**width - 1
