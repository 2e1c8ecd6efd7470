"""What can happen in a game of undercover, who may know of it, and how it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from games.core import Public, Seat, Secret, Text, Words


@dataclass(frozen=True)
class WordsDealt(Public):
    """Everybody has a word, and knows how many have the other one."""

    seats: tuple[Seat, ...]
    odd: int

    def told(self) -> Text:
        if self.odd == 1:
            told = "{seats} have a word each. One of them has another word than all others."
            return Text(told, seats=self.seats)
        told = "{seats} have a word each. {odd} of them have another word than all others."
        return Text(told, seats=self.seats, odd=self.odd)


@dataclass(frozen=True)
class WordGiven(Secret):
    """A seat has been told its word, but not which of the two it is."""

    telling: ClassVar[str] = "Your word is “{word}”."
    word: str


@dataclass(frozen=True)
class RoundBegun(Public):
    """A new round of clues."""

    telling: ClassVar[str] = "Round {number} begins."
    number: int


@dataclass(frozen=True)
class ClueGiven(Public):
    """A seat has given a clue to its word."""

    telling: ClassVar[str] = "{seat}'s clue: {clue}"
    seat: Seat
    clue: Words


@dataclass(frozen=True)
class Passed(Public):
    """A seat has given no clue in this round."""

    telling: ClassVar[str] = "{seat} says nothing."
    seat: Seat


@dataclass(frozen=True)
class Voted(Secret):
    """A seat has voted; nobody else may know for whom until all have."""

    accused: Seat | None

    def told(self) -> Text:
        if self.accused is None:
            return Text("You vote for nobody.")
        return Text("You vote for {accused}.", accused=self.accused)


@dataclass(frozen=True)
class Tallied(Public):
    """All votes are in and on the table."""

    votes: Mapping[Seat, Seat | None]
    """Who voted for whom, in seat order; None for nobody."""

    def told(self) -> Text:
        counts = []
        for accused in dict.fromkeys(self.votes.values()):
            voters = [voter for voter, choice in self.votes.items() if choice == accused]
            told = "{count} for {accused} (from {voters})"
            if accused is None:
                told = "{count} for nobody (from {voters})"
            counts.append(Text(told, count=len(voters), accused=accused, voters=voters))
        return Text("The votes are in: {counts}.", counts=counts)


@dataclass(frozen=True)
class VotedOut(Public):
    """A seat has left the table, and it is told whether its word was the odd one."""

    seat: Seat
    is_odd: bool

    def told(self) -> Text:
        told = "{seat} is voted out, and had the same word as most."
        if self.is_odd:
            told = "{seat} is voted out, and was undercover."
        return Text(told, seat=self.seat)


@dataclass(frozen=True)
class NobodyVotedOut(Public):
    """The vote was tied, or nobody was named."""

    telling: ClassVar[str] = "Nobody is voted out."


@dataclass(frozen=True)
class Revealed(Public):
    """The game is over, and both words are on the table."""

    telling: ClassVar[str] = "Undercover: {odd}, with “{odd_word}”. All others had “{word}”."
    odd: tuple[Seat, ...]
    odd_word: str
    word: str


UndercoverEvent = (
    WordsDealt
    | WordGiven
    | RoundBegun
    | ClueGiven
    | Passed
    | Voted
    | Tallied
    | VotedOut
    | NobodyVotedOut
    | Revealed
)
