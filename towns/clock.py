"""The time of a town: whole ticks, and what a clock on the wall says at each of them."""

import re
from dataclasses import dataclass
from typing import Final

MINUTES_A_DAY: Final = 24 * 60
SECONDS_A_DAY: Final = MINUTES_A_DAY * 60
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


@dataclass(frozen=True, order=True)
class GameTime:
    """A moment; the first day is day 1."""

    day: int
    hour: int
    minute: int
    second: int = 0

    @property
    def minutes(self) -> int:
        """Whole minutes since midnight."""
        return self.hour * 60 + self.minute

    @property
    def time(self) -> str:
        """Such as "09:30"."""
        return f"{self.hour:02}:{self.minute:02}"

    def __str__(self) -> str:
        return f"day {self.day}, {self.time}"


@dataclass(frozen=True)
class Hours:
    """When a place is open, every day, in minutes since midnight.

    It may close after midnight; opening and closing at the same minute means always open.
    """

    opens: int = 0
    closes: int = 0

    @property
    def always(self) -> bool:
        """Whether it never closes."""
        return self.opens == self.closes

    def has(self, time: GameTime) -> bool:
        """Return whether it is open."""
        if self.opens == self.closes:
            return True
        if self.opens < self.closes:
            return self.opens <= time.minutes < self.closes
        return time.minutes >= self.opens or time.minutes < self.closes

    def __str__(self) -> str:
        if self.always:
            return "always open"
        return f"{clock_text(self.opens)} to {clock_text(self.closes)}"


@dataclass(frozen=True)
class Clock:
    """How ticks and time belong together: tick 0 is day 1 at the minute it starts."""

    seconds_per_tick: int = 10
    starts: int = 0
    """Minutes since midnight."""

    def at(self, tick: int) -> GameTime:
        """Return what time it is."""
        seconds = self.starts * 60 + tick * self.seconds_per_tick
        days, seconds = divmod(seconds, SECONDS_A_DAY)
        minutes, second = divmod(seconds, 60)
        hour, minute = divmod(minutes, 60)
        return GameTime(days + 1, hour, minute, second)

    def tick(self, time: GameTime) -> int:
        """Return the first tick that is not before this time; negative before the start."""
        seconds = (time.day - 1) * SECONDS_A_DAY + time.minutes * 60 + time.second
        return -((self.starts * 60 - seconds) // self.seconds_per_tick)

    def ticks(self, minutes: int) -> int:
        """Return how many ticks this lasts; a part of a tick counts as a whole one."""
        return -(-minutes * 60 // self.seconds_per_tick)

    def next(self, tick: int, hour: int, minute: int = 0) -> int:
        """Return the first tick from this one on that is not before the hour, today or tomorrow."""
        today = self.at(tick)
        found = self.tick(GameTime(today.day, hour, minute))
        return found if found >= tick else self.tick(GameTime(today.day + 1, hour, minute))

    def next_open(self, tick: int, hours: Hours) -> int:
        """Return the first tick from this one on at which a place is open."""
        return tick if hours.has(self.at(tick)) else self.next(tick, *divmod(hours.opens, 60))


def clock_minutes(text: str) -> int:
    """Return the minutes since midnight of "09:30"; "24:00" is midnight too.  Raises ValueError."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"“{text}” is no time of day: write it as 09:30.")
    hour, minute = text.split(":")
    return (int(hour) * 60 + int(minute)) % MINUTES_A_DAY


def clock_text(minutes: int) -> str:
    """Return minutes since midnight as "09:30"."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
