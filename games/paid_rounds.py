"""Rounds in which all seats choose in secret and all choices together pay: one family of games."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import ClassVar, Final

from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Event,
    Game,
    Grid,
    Look,
    Outcome,
    Public,
    Seat,
    Secret,
    Text,
    View,
)

Move = str | int
"""What a seat can choose: a word of the game, or a number."""
MOST_ROUNDS: Final = 100
PLACES: Final = 6
"""Decimals of a score: what the sums of fractions are off by is far behind them."""
SHOWN_ROUNDS: Final = 3
"""Rounds on the board; earlier ones leave it."""


@dataclass(frozen=True)
class Chosen(Secret):
    """A seat has committed itself; no other seat may know to what."""

    telling: ClassVar[str] = "You choose {choice}."
    choice: Move

    def told(self) -> Text:
        return Text(self.telling, choice=word(self.choice))


@dataclass(frozen=True)
class Paid(Public):
    """All choices are on the table, and each seat has got its points."""

    telling: ClassVar[str] = "The choices: {choices}. {note}Points: {points}."
    choices: Mapping[Seat, Move]
    points: Mapping[Seat, float]
    note: Text = field(default_factory=lambda: Text(""))
    """What the choices came to together, where that is worth a sentence."""

    def told(self) -> Text:
        choices = {seat: word(choice) for seat, choice in self.choices.items()}
        points = {seat: f"{points:+g}" for seat, points in self.points.items()}
        return Text(self.telling, choices=choices, points=points, note=self.note)


RoundEvent = Chosen | Paid


@dataclass(frozen=True)
class Ledger:
    """Points so far, rounds played, and choices still hidden, by seat."""

    points: Mapping[Seat, float]
    rounds: int = 0
    hidden: Mapping[Seat, Move] = field(default_factory=dict)


@dataclass(frozen=True)
class PaidRounds(Game[Ledger, Move, RoundEvent]):
    """All players choose at the same time; what each gets depends on the choices of all."""

    title: ClassVar[Text]
    """What the board is called."""

    rounds: int = 5
    """Rounds to play, from 1 to 100."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")

    @abstractmethod
    def question(self, number: int, seat: Seat, seats: Sequence[Seat]) -> Ask:
        """Return what a seat is asked in the round with this number, which counts from 1."""

    @abstractmethod
    def pay(self, choices: Mapping[Seat, Move]) -> Paid:
        """Return what these choices, in seat order, give each seat."""

    def initial(self, seats: Sequence[Seat], /) -> Ledger:
        return Ledger(dict.fromkeys(seats, 0.0))

    def asks(self, ledger: Ledger, /) -> Mapping[Seat, Ask]:
        if ledger.rounds == self.rounds:
            return {}
        seats = tuple(ledger.points)
        number = ledger.rounds + 1
        return {
            seat: self.question(number, seat, seats) for seat in seats if seat not in ledger.hidden
        }

    def decide(
        self, ledger: Ledger, seat: Seat, choice: Move, rng: Random, /
    ) -> Sequence[RoundEvent]:
        # What is kept is a plain str or int, as that is how it comes back from a store.
        plain = str(choice) if isinstance(choice, str) else choice
        choices = {**ledger.hidden, seat: plain}
        if len(choices) < len(ledger.points):
            return (Chosen(seat, plain),)
        return Chosen(seat, plain), self.pay({one: choices[one] for one in ledger.points})

    def evolve(self, ledger: Ledger, event: RoundEvent, /) -> Ledger:
        match event:
            case Chosen(seat, choice):
                return replace(ledger, hidden={**ledger.hidden, seat: choice})
            case Paid(_, points):
                total = {seat: won + points[seat] for seat, won in ledger.points.items()}
                return Ledger(total, ledger.rounds + 1)

    def outcome(self, ledger: Ledger, /) -> Outcome:
        return most_points(ledger.points, ledger.rounds)

    def board(self, events: Sequence[Event], /) -> Board | None:
        rounds = [event for event in events if isinstance(event, Paid)]
        if not rounds:
            return None
        shown = list(enumerate(rounds, start=1))[-SHOWN_ROUNDS:]
        seats = tuple(rounds[0].choices)
        rows = [
            (
                *(Cell(_choice_and_points(paid, seat)) for _, paid in shown),
                Cell(f"{sum(paid.points[seat] for paid in rounds):g}"),
            )
            for seat in seats
        ]
        heads = (*(Text("Round {round}", round=number) for number, _ in shown), Text("Points"))
        return Board(self.title, (Grid(rows, Look.TABLE, heads, seats),))

    def end(self) -> Text:
        """Return the sentence of the rules that says when the game is over and who wins."""
        if self.rounds == 1:
            return Text("One round is played; the most points win.")
        return Text("{rounds} rounds are played; the most points win.", rounds=self.rounds)


def most_points(points: Mapping[Seat, float], rounds: int) -> Outcome:
    """Return the outcome in which the most points win."""
    points = {seat: round(won, PLACES) for seat, won in points.items()}
    most = max(points.values())
    best = [seat for seat, won in points.items() if won == most]
    told = "{seats} have the most points after round {round}: {points}."
    if len(best) == 1:
        told = "{seats} has the most points after round {round}: {points}."
    return Outcome(points, Text(told, seats=tuple(best), round=rounds, points=f"{most:g}"))


def word(choice: Move) -> Text | int:
    """Return a choice as it is told: a word of the game is translated."""
    return Text(choice) if isinstance(choice, str) else choice


def past(view: View) -> Sequence[Mapping[Seat, Move]]:
    """Return the choices of all rounds that a seat has seen, oldest first."""
    return [event.choices for event in view.events if isinstance(event, Paid)]


def rivals(view: View) -> Sequence[Sequence[Move]]:
    """Return what the others chose, one row a round, oldest first."""
    return [
        [choice for seat, choice in choices.items() if seat != view.seat] for choices in past(view)
    ]


def _choice_and_points(paid: Paid, seat: Seat) -> Text:
    choice = word(paid.choices[seat])
    return Text("{choice} {points}", choice=choice, points=f"{paid.points[seat]:+g}")
