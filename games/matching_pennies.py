"""Matching pennies: two seats each lay a coin in secret; one wants a match, the other does not.

Source: John von Neumann and Oskar Morgenstern, Theory of Games and Economic Behavior (1944).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from random import Random
from typing import ClassVar, Final

from games.core import Ask, Level, Seat, Text, View
from games.paid_rounds import Move, Paid, PaidRounds, past, rivals


class Side(StrEnum):
    """Which side of the coin is up."""

    HEADS = "heads"
    TAILS = "tails"


OTHER: Final = {Side.HEADS: Side.TAILS, Side.TAILS: Side.HEADS}
RESTLESS: Final = 0.7
"""How often the easy bot turns its coin: like people, it takes chance to alternate too much."""


@dataclass(frozen=True)
class MatchingPennies(PaidRounds):
    """Both players show a coin at the same time: the first wants a match, the second does not."""

    name: ClassVar[str] = "matching-pennies"
    title: ClassVar[Text] = Text("Matching pennies, the points")

    rounds: int = 9
    """Rounds to play, from 1 to 100."""

    def question(self, number: int, seat: Seat, seats: Sequence[Seat]) -> Ask:
        told = "Round {round}: heads or tails? You win if the coins differ."
        if seat == seats[0]:
            told = "Round {round}: heads or tails? You win if the coins match."
        return Ask(Text(told, round=number), choices=tuple(Side), public=True)

    def pay(self, choices: Mapping[Seat, Move]) -> Paid:
        matching, other = choices
        winner = matching if len(set(choices.values())) == 1 else other
        return Paid(choices, {seat: float(seat == winner) for seat in choices})

    def rules(self) -> Text:
        return Text(
            "Matching pennies. In each round both players choose heads or tails at the same time "
            "and in secret. If the coins match, the first player gets a point; if they differ, "
            "the second does. {end}",
            end=self.end(),
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy alternates too much; medium tosses; hard expects the rival to turn as it used to."""
        if level is Level.MEDIUM:
            return ask.sample(rng)
        if level is Level.EASY:
            return _restless(view, rng)
        guess = _guess([Side(str(row[0])) for row in rivals(view)], rng)
        return guess if view.seat == view.seats[0] else OTHER[guess]


def _restless(view: View, rng: Random) -> Side:
    """Return a coin that is the other side of one's last too often."""
    rounds = past(view)
    if not rounds:
        return rng.choice(tuple(Side))
    last = Side(str(rounds[-1][view.seat]))
    return OTHER[last] if rng.random() < RESTLESS else last


def _guess(theirs: Sequence[Side], rng: Random) -> Side:
    """Return the rival's next side: its last one turned, if it has turned more often than not."""
    turns = [1 if one is not other else -1 for one, other in pairwise(theirs)]
    if sum(turns) == 0:
        return rng.choice(tuple(Side))
    return OTHER[theirs[-1]] if sum(turns) > 0 else theirs[-1]
