"""What can happen in a game of chameleon, who may know of it, and how it is told."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from games.core import Either, Public, Seat, Secret, Text, Words


@dataclass(frozen=True)
class TopicDrawn(Public):
    """The topic and its words are on the table."""

    telling: ClassVar[str] = "The topic is {topic}. The secret word is one of {words}."
    topic: str
    words: tuple[str, ...]

    def told(self) -> Text:
        return Text(self.telling, topic=self.topic, words=Either(self.words))


@dataclass(frozen=True)
class WordLearnt(Secret):
    """A seat that is not the chameleon has been told the word."""

    telling: ClassVar[str] = "The secret word is “{word}”. You are not the chameleon."
    word: str


@dataclass(frozen=True)
class ChameleonChosen(Secret):
    """A seat has been told that it is the chameleon; it does not know the word."""

    telling: ClassVar[str] = (
        "You are the chameleon. You do not know the secret word: give a clue that could fit it."
    )


@dataclass(frozen=True)
class ClueGiven(Public):
    """A seat has given its clue."""

    telling: ClassVar[str] = "{seat}'s clue: {clue}"
    seat: Seat
    clue: Words


@dataclass(frozen=True)
class Spoken(Public):
    """A seat has said something in the discussion."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Passed(Public):
    """A seat has nothing to say in this round of the discussion."""

    telling: ClassVar[str] = "{seat} says nothing."
    seat: Seat


@dataclass(frozen=True)
class Voted(Secret):
    """A seat has voted; nobody else may know for whom until all have."""

    telling: ClassVar[str] = "You vote for {accused}."
    accused: Seat


@dataclass(frozen=True)
class Tallied(Public):
    """All votes are in and on the table."""

    telling: ClassVar[str] = "The votes are in: {counts}."
    votes: Mapping[Seat, Seat]
    """Who voted for whom, in seat order."""

    def told(self) -> Text:
        counts = []
        for accused, count in Counter(self.votes.values()).most_common():
            voters = [voter for voter, choice in self.votes.items() if choice == accused]
            told = "{count} for {accused} (from {voters})"
            counts.append(Text(told, count=count, accused=accused, voters=voters))
        return Text(self.telling, counts=counts)


@dataclass(frozen=True)
class Tied(Public):
    """Several seats share the most votes."""

    seats: tuple[Seat, ...]
    again: bool
    """Whether there is another vote, among these seats."""

    def told(self) -> Text:
        if self.again:
            return Text("{seats} are tied: all vote once more, for one of them.", seats=self.seats)
        return Text("{seats} are tied, so nobody is accused.", seats=self.seats)


@dataclass(frozen=True)
class Accused(Public):
    """One seat has more votes than any other."""

    seat: Seat
    is_chameleon: bool

    def told(self) -> Text:
        if self.is_chameleon:
            return Text(
                "{seat} is the chameleon, and now has one guess at the word.", seat=self.seat
            )
        return Text("{seat} is accused, but is not the chameleon.", seat=self.seat)


@dataclass(frozen=True)
class Guessed(Public):
    """The chameleon has made its one guess."""

    telling: ClassVar[str] = "{seat} guesses “{word}”."
    seat: Seat
    word: str


@dataclass(frozen=True)
class Revealed(Public):
    """Everything is told, and the game is over."""

    telling: ClassVar[str] = "The chameleon was {chameleon}, and the secret word was “{word}”."
    chameleon: Seat
    word: str


ChameleonEvent = (
    TopicDrawn
    | WordLearnt
    | ChameleonChosen
    | ClueGiven
    | Spoken
    | Passed
    | Voted
    | Tallied
    | Tied
    | Accused
    | Guessed
    | Revealed
)
