"""The double's time, which a test may advance, and the ids made of it."""

import time
from datetime import UTC, datetime

EPOCH_MS = 1_420_070_400_000
"""The first millisecond of 2015, where Discord's ids begin."""


class Clock:
    """The time of day, with as much added as a test has let pass at once."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass: tokens run out, nonces are forgotten, rate limits begin anew."""
        self._ahead += seconds

    def iso(self) -> str:
        """Now, as Discord writes it."""
        return datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="microseconds")


class Snowflakes:
    """Ids that grow: milliseconds above 22 bits of counter."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def next(self) -> int:
        """An id above all before it."""
        by_time = (int(self._clock.now() * 1000) - EPOCH_MS) << 22
        self._last = max(self._last + 1, by_time)
        return self._last
