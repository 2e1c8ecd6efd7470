"""What can happen in a game of codenames, who may know of it, and how it is told."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from games.core import Public, Seat, Secret, Text, Words


class Card(StrEnum):
    """What is under a word; the first two are the teams."""

    BLUE = "blue"
    ORANGE = "orange"
    BYSTANDER = "bystander"
    ASSASSIN = "assassin"


TEAMS = (Card.BLUE, Card.ORANGE)


@dataclass(frozen=True)
class TeamsFormed(Public):
    """Who is in which team; the first of each is its spymaster."""

    blue: tuple[Seat, ...]
    orange: tuple[Seat, ...]

    def told(self) -> Text:
        return Text(
            "Team blue: {blue}, with {first} as spymaster. Team orange: {orange}, with {second} "
            "as spymaster.",
            blue=self.blue,
            first=self.blue[0],
            orange=self.orange,
            second=self.orange[0],
        )


@dataclass(frozen=True)
class WordsLaid(Public):
    """The words are on the table."""

    telling: ClassVar[str] = "The words on the table: {words}."
    words: tuple[str, ...]


@dataclass(frozen=True)
class KeySeen(Secret):
    """A spymaster has seen what is under each word."""

    cards: tuple[Card, ...]
    """In the order of the words."""
    words: tuple[str, ...]

    def told(self) -> Text:
        blue, orange, _, assassin = [
            [w for w, c in zip(self.words, self.cards, strict=True) if c is card] for card in Card
        ]
        return Text(
            "The key. Blue: {blue}. Orange: {orange}. The assassin: {assassin}. All others are "
            "bystanders.",
            blue=blue,
            orange=orange,
            assassin=assassin,
        )


@dataclass(frozen=True)
class ClueGiven(Public):
    """A spymaster has given a clue."""

    seat: Seat
    clue: Words
    number: int

    def told(self) -> Text:
        values = {"seat": self.seat, "clue": self.clue, "number": self.number}
        return Text("{seat}'s clue: {clue}, {number}", **values)


@dataclass(frozen=True)
class CluePassed(Public):
    """A spymaster has given no clue, and the turn is over."""

    telling: ClassVar[str] = "{seat} gives no clue."
    seat: Seat


@dataclass(frozen=True)
class Touched(Public):
    """A guesser has touched a word, and it is told what was under it."""

    seat: Seat
    word: str
    card: Card

    def told(self) -> Text:
        told = "{seat} touches “{word}”: {card}."
        return Text(told, seat=self.seat, word=self.word, card=self.card)


@dataclass(frozen=True)
class Stopped(Public):
    """A guesser leaves it at that."""

    telling: ClassVar[str] = "{seat} stops guessing."
    seat: Seat


@dataclass(frozen=True)
class TurnBegun(Public):
    """The other team is on."""

    telling: ClassVar[str] = "Team {team} is on."
    team: Card


@dataclass(frozen=True)
class KeyShown(Public):
    """The game is over, and everybody sees the key."""

    telling: ClassVar[str] = "The game is over, and the key is on the table."
    cards: tuple[Card, ...]


CodenamesEvent = (
    TeamsFormed
    | WordsLaid
    | KeySeen
    | ClueGiven
    | CluePassed
    | Touched
    | Stopped
    | TurnBegun
    | KeyShown
)
