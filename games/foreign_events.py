"""What happens in a game whose rules run elsewhere, and who may know of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final

from games.core import Event, Public, Seat, Secret, Text, Words
from games.foreign_report import Diagram, Question

_COLUMNS: Final = re.compile(r"\S {2,}\S|[|─│┼]|[-+]{3}|(?:\S ){5}")
REFEREE: Final = Seat("referee")
"""The seat of the environment: it alone sees everything."""


@dataclass(frozen=True)
class Begun(Secret):
    """The environment has been given its seed; nobody else may know it."""

    telling: ClassVar[str] = "The seed is {seed}."
    seed: int


@dataclass(frozen=True)
class Moved(Event):
    """A seat wants to move; whether it counts, and who hears of it, is for the environment."""

    telling: ClassVar[str] = "Your move: {move}"
    seat: Seat
    option: str
    """"" where the move is free text, or was no option."""
    words: Words

    @property
    def move(self) -> str:
        """The move as it was made; "" once its words have been forgotten."""
        return self.option or self.words

    def seen_by(self, viewer: Seat) -> bool:
        return viewer in (self.seat, REFEREE)

    def told(self) -> Text:
        return Text(self.telling, move=self.move) if self.move else Text("You have moved.")


@dataclass(frozen=True)
class Observed(Event):
    """The environment shows something to some seats, or to everybody."""

    telling: ClassVar[str] = "{text}"
    to: tuple[Seat, ...] | None
    text: str

    def seen_by(self, viewer: Seat) -> bool:
        return _is_for(self.to, viewer)


@dataclass(frozen=True)
class Pictured(Public):
    """The board of the environment looks like this now; it is drawn, and not told."""

    diagram: Diagram

    def told(self) -> Text:
        return Text("")


@dataclass(frozen=True)
class Heard(Event):
    """Some seats, or everybody, hear what a seat has said, or what the game says of it."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    to: tuple[Seat, ...] | None
    words: Words
    verbatim: bool

    def seen_by(self, viewer: Seat) -> bool:
        return _is_for(self.to, viewer)

    def told(self) -> Text:
        if not self.words:
            return Text("{seat} has said something.", seat=self.seat)
        return super().told() if self.verbatim else Text("{words}", words=self.words)


@dataclass(frozen=True)
class Asked(Event):
    """It is a seat's turn; only it may know which moves count."""

    question: Question

    def seen_by(self, viewer: Seat) -> bool:
        return viewer in (self.question.seat, REFEREE)

    def told(self) -> Text:
        return Text("{prompt}", prompt=self.question.prompt) if self.question.prompt else Text("")


@dataclass(frozen=True)
class TurnedDown(Event):
    """A move does not count; the same seat moves again."""

    telling: ClassVar[str] = "That move does not count: {reason}"
    seat: Seat
    reason: Words
    """It may repeat what the seat has said."""

    def seen_by(self, viewer: Seat) -> bool:
        return viewer in (self.seat, REFEREE)

    def told(self) -> Text:
        return super().told() if self.reason else Text("That move does not count.")


@dataclass(frozen=True)
class Forfeited(Public):
    """A seat has moved too often in ways that do not count, and comes last."""

    telling: ClassVar[str] = "{seat} has made {times} moves in a row that do not count, and loses."
    seat: Seat
    times: int


@dataclass(frozen=True)
class Finished(Public):
    """The environment has ended the game."""

    scores: Mapping[Seat, float]
    reason: str

    def told(self) -> Text:
        if self.reason:
            return Text("The game is over: {reason}", reason=self.reason)
        return Text("The game is over.")


@dataclass(frozen=True)
class BrokenOff(Public):
    """The game ends without a result."""

    reason: Text

    def told(self) -> Text:
        return Text("The game is broken off: {reason}", reason=self.reason)


ForeignEvent = (
    Begun
    | Moved
    | Observed
    | Pictured
    | Heard
    | Asked
    | TurnedDown
    | Forfeited
    | Finished
    | BrokenOff
)


def is_drawn(text: str) -> bool:
    """Return whether a text is a drawing of signs, whose columns must stay in line."""
    return text.count("\n") >= 2 and bool(_COLUMNS.search(text))


def _is_for(to: tuple[Seat, ...] | None, viewer: Seat) -> bool:
    return to is None or viewer in to or viewer == REFEREE
