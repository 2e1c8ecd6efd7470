"""Two thirds of the average: all seats choose a number in secret; who is nearest to it wins.

Source: Alain Ledoux, Concours résultats complets, Jeux & Stratégie 10 (1981); Rosemarie Nagel,
Unraveling in Guessing Games: An Experimental Study, American Economic Review 85 (1995).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import ClassVar, Final

from games.core import Ask, Level, Seat, Text, View
from games.paid_rounds import Move, Paid, PaidRounds, rivals

HIGHEST: Final = 100


@dataclass(frozen=True)
class TwoThirds(PaidRounds):
    """All players choose a number; nearest to two thirds of the average wins the round."""

    name: ClassVar[str] = "two-thirds"
    # Of two players the one with the lower number would always win.
    min_seats: ClassVar[int] = 3
    max_seats: ClassVar[int] = 10
    title: ClassVar[Text] = Text("Two thirds of the average, the points")

    def question(self, number: int, seat: Seat, seats: Sequence[Seat]) -> Ask:
        told = Text("Round {round}: which number, from 0 to {high}?", round=number, high=HIGHEST)
        return Ask(told, low=0, high=HIGHEST, public=True)

    def pay(self, choices: Mapping[Seat, Move]) -> Paid:
        numbers = {seat: int(choice) for seat, choice in choices.items()}
        total = sum(numbers.values())
        # Whole numbers only, so that equal distances are equal: 3n times the distance.
        far = {seat: abs(3 * len(numbers) * one - 2 * total) for seat, one in numbers.items()}
        nearest = min(far.values())
        target = f"{2 * total / (3 * len(numbers)):.2f}"
        note = Text("Two thirds of the average is {target}. ", target=target)
        return Paid(choices, {seat: float(far[seat] == nearest) for seat in numbers}, note)

    def rules(self) -> Text:
        return Text(
            "Two thirds of the average. In each round all players choose a whole number from 0 to "
            "{high} at the same time and in secret. Who is nearest to two thirds of the average "
            "of all numbers gets a point; if several are equally near, each gets one. {end}",
            high=HIGHEST,
            end=self.end(),
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy chooses at random; medium takes two thirds of the last average of the others.

        Hard reckons with all that each rival has chosen and where that is going, and with what
        its own number does to the average.
        """
        if level is Level.EASY:
            return ask.sample(rng)
        rounds = [[int(choice) for choice in row] for row in rivals(view)]
        others = len(view.seats) - 1
        if level is Level.MEDIUM:
            expected = sum(rounds[-1]) / others if rounds else HIGHEST / 2
            return str(round(expected * 2 / 3))
        if not rounds:
            return str(_reply(others * HIGHEST / 2 * 2 / 3, others))
        return str(_reply(sum(map(_next, zip(*rounds, strict=True))), others))


def _next(numbers: Sequence[int]) -> float:
    """Return what a rival may choose next: a share of its last number if that is where it goes."""
    if len(numbers) > 1 and all(b <= a for a, b in pairwise(numbers)):
        return numbers[-1] * numbers[-1] / max(numbers[-2], 1)
    return sum(numbers) / len(numbers)


def _reply(total: float, others: int) -> int:
    """Return the number that is two thirds of the average of itself and a total of the others."""
    return min(HIGHEST, round(2 * total / (3 * (others + 1) - 2)))
