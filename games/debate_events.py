"""What can happen in a debate, and how it is told; everybody hears everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from games.core import Public, Seat, Text, Words


@dataclass(frozen=True)
class MotionSet(Public):
    """The sentence that is debated is on the table."""

    telling: ClassVar[str] = "The motion: {motion}"
    motion: str


@dataclass(frozen=True)
class HalfBegan(Public):
    """The sides are given out; in the second half they are swapped."""

    telling: ClassVar[str] = (
        "Half {half}: {pro} speaks for the motion and begins, {con} against it."
    )
    half: int
    pro: Seat
    con: Seat


@dataclass(frozen=True)
class Spoken(Public):
    """A seat has made a speech."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Passed(Public):
    """A seat has let its speech go by."""

    telling: ClassVar[str] = "{seat} says nothing."
    seat: Seat


@dataclass(frozen=True)
class Rated(Public):
    """The judge has given a seat its points for a half, with what it said as evidence."""

    seat: Seat
    points: int
    quote: Words

    def told(self) -> Text:
        if not self.quote:
            return Text("{seat} gets {points} of 10 points.", seat=self.seat, points=self.points)
        told = "{seat} gets {points} of 10 points. Evidence: “{quote}”"
        return Text(told, seat=self.seat, points=self.points, quote=self.quote)


@dataclass(frozen=True)
class Judged(Public):
    """The judge has explained the points of a half, and this is how things stand."""

    reason: Words
    points: Mapping[Seat, int]
    over: bool

    def told(self) -> Text:
        if not self.reason:
            return Text("The points so far: {points}.", points=self.points)
        told = "The judge: {reason} The points so far: {points}."
        return Text(told, reason=self.reason, points=self.points)


DebateEvent = MotionSet | HalfBegan | Spoken | Passed | Rated | Judged
