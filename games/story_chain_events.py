"""What can happen in a story chain, who may know of it, and how it is told."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import ClassVar

from games.core import Event, Limited, Public, Seat, Secret, Text, Words


@dataclass(frozen=True)
class Begun(Public):
    """The first sentence of the story is there."""

    telling: ClassVar[str] = "The story begins: {beginning}"
    beginning: str


@dataclass(frozen=True)
class WordGiven(Public):
    """The word that the next part must use has been drawn."""

    telling: ClassVar[str] = "{seat} goes on, with the word “{word}”."
    seat: Seat
    word: str


@dataclass(frozen=True)
class Continued(Event):
    """A seat has added a part; if it is not shown to all, only the next seat reads it."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words
    reader: Seat
    shown: bool

    def seen_by(self, viewer: Seat) -> bool:
        return self.shown or viewer in (self.seat, self.reader)


@dataclass(frozen=True)
class Skipped(Public):
    """A seat adds nothing this time."""

    telling: ClassVar[str] = "{seat} adds nothing."
    seat: Seat


@dataclass(frozen=True)
class HandedOn(Limited):
    """After a pass the next seat reads the last part that only some have read."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words
    reader: Seat

    @property
    def audience(self) -> Collection[Seat]:
        return (self.reader,)


@dataclass(frozen=True)
class Unfolded(Public):
    """The parts that were hidden are read out from here on."""

    telling: ClassVar[str] = "The whole story is read out:"


@dataclass(frozen=True)
class ReadOut(Public):
    """A part that was hidden is read by all."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Voted(Secret):
    """A seat has voted; nobody else may know for whom until all have."""

    choice: Seat | None

    def told(self) -> Text:
        if self.choice is None:
            return Text("You vote for nobody.")
        return Text("You vote for {choice}.", choice=self.choice)


@dataclass(frozen=True)
class Tallied(Public):
    """All votes are on the table."""

    telling: ClassVar[str] = "The votes: {counts}."
    votes: Mapping[Seat, Seat | None]

    def told(self) -> Text:
        cast = Counter(choice for choice in self.votes.values() if choice is not None)
        if not cast:
            return Text("Nobody has been voted for.")
        return Text(self.telling, counts=dict(cast.most_common()))


StoryEvent = (
    Begun | WordGiven | Continued | Skipped | HandedOn | Unfolded | ReadOut | Voted | Tallied
)
