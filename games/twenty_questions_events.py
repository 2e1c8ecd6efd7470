"""What can happen in twenty questions, who may know of it, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final

from games.core import Event, Public, Seat, Text, Words

MODERATOR: Final = Seat("moderator")


class Verdict(StrEnum):
    """What may be answered to a question."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    FOUND = "that is it"


@dataclass(frozen=True)
class ThingChosen(Event):
    """The thing has been chosen; only the moderator may know it before the end."""

    telling: ClassVar[str] = "The thing to find is: {thing}."
    thing: str

    def seen_by(self, viewer: Seat) -> bool:
        return viewer == MODERATOR


@dataclass(frozen=True)
class Asked(Public):
    """A seat has asked in its own words."""

    telling: ClassVar[str] = "{seat} asks: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Answered(Public):
    """The moderator has answered; `left` questions are left."""

    telling: ClassVar[str] = "The answer is: {verdict}. ({left} left)"
    verdict: Verdict
    left: int


@dataclass(frozen=True)
class Learnt(Public):
    """A question of the list has its answer."""

    telling: ClassVar[str] = "{seat} asks: {question} The answer is: {verdict}. ({left} left)"
    seat: Seat
    question: str
    verdict: Verdict
    left: int


@dataclass(frozen=True)
class GuessAnnounced(Public):
    """A seat has said that it will name a thing of the list."""

    telling: ClassVar[str] = "{seat} wants to say what it is."
    seat: Seat


@dataclass(frozen=True)
class Guessed(Public):
    """A seat has named a thing of the list."""

    seat: Seat
    thing: str
    right: bool
    left: int

    def told(self) -> Text:
        told = "{seat} guesses “{thing}”: no. ({left} left)"
        if self.right:
            told = "{seat} guesses “{thing}”: that is it!"
        return Text(told, seat=self.seat, thing=self.thing, left=self.left)


@dataclass(frozen=True)
class Revealed(Public):
    """The game is over and the thing told."""

    telling: ClassVar[str] = "It was: {thing}."
    thing: str


SearchEvent = ThingChosen | Asked | Answered | Learnt | GuessAnnounced | Guessed | Revealed
