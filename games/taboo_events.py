"""What can happen in a game of taboo, who may know of it, and how it is told."""

from dataclasses import dataclass
from typing import ClassVar

from games.core import Public, Seat, Secret, Text, Words


@dataclass(frozen=True)
class CardDrawn(Public):
    """A seat has a new card to describe; which, only it knows."""

    telling: ClassVar[str] = "Card {number} of {cards}: {seat} describes, {guessers} guess."
    seat: Seat
    guessers: tuple[Seat, ...]
    number: int
    cards: int

    def told(self) -> Text:
        told = super().told()
        if len(self.guessers) > 1:
            return told
        return Text(
            "Card {number} of {cards}: {seat} describes, {guessers} guesses.", **told.values
        )


@dataclass(frozen=True)
class CardSeen(Secret):
    """The describing seat has read its card; nobody else may know it."""

    telling: ClassVar[str] = "Your word: “{target}”. You may not say: {forbidden}."
    target: str
    forbidden: tuple[str, ...]


@dataclass(frozen=True)
class ClueGiven(Public):
    """A clue that breaks no rule is on the table."""

    telling: ClassVar[str] = "{seat}'s clue: {clue}"
    seat: Seat
    clue: Words


@dataclass(frozen=True)
class GaveUp(Public):
    """The describing seat puts its card away."""

    telling: ClassVar[str] = "{seat} gives this card up."
    seat: Seat


@dataclass(frozen=True)
class Guessed(Secret):
    """A seat has guessed; no other seat may know what until all have."""

    guess: Words

    def told(self) -> Text:
        return Text("You guess: {guess}" if self.guess else "You have answered.", guess=self.guess)


@dataclass(frozen=True)
class GuessShown(Public):
    """A guess is on the table."""

    seat: Seat
    guess: Words
    right: bool

    def told(self) -> Text:
        told = "{seat} has no right guess."
        if self.right:
            told = "{seat} guesses: {guess} – right!" if self.guess else "{seat} has guessed right."
        elif self.guess:
            told = "{seat} guesses: {guess} – no."
        return Text(told, seat=self.seat, guess=self.guess)


@dataclass(frozen=True)
class CardClosed(Public):
    """The word is told, and these seats get a point each."""

    target: str
    scorers: tuple[Seat, ...]

    def told(self) -> Text:
        if not self.scorers:
            return Text("Nobody has found “{target}”.", target=self.target)
        told = "The word was “{target}”. A point each for {seats}."
        return Text(told, target=self.target, seats=self.scorers)


TabooEvent = CardDrawn | CardSeen | ClueGiven | GaveUp | Guessed | GuessShown | CardClosed
