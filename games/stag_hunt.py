"""Stag hunt: two hunters choose in secret; a stag takes both of them, a hare only one.

Source: Jean-Jacques Rousseau, Discourse on Inequality (1755); Brian Skyrms, The Stag Hunt and the
Evolution of Social Structure (2004), for a hare that is worth the same whatever the other does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import ClassVar, Final

from games.core import Ask, BadSetup, Level, Seat, Text, View
from games.paid_rounds import Move, Paid, PaidRounds, rivals


class Hunt(StrEnum):
    """What a hunter can go after."""

    STAG = "stag"
    HARE = "hare"


LARGEST_PAYOFF: Final = 1e6
TRUST: Final = 1
"""Rounds in which a rival went for the stag that the hard bot takes for granted at the start."""


@dataclass(frozen=True)
class StagHunt(PaidRounds):
    """Both players choose at the same time: hunt the stag, which takes two, or a hare alone."""

    name: ClassVar[str] = "stag-hunt"
    title: ClassVar[Text] = Text("Stag hunt, the points")

    stag: float = 4
    """Points for each when both hunt the stag; more than for a hare."""
    hare: float = 3
    """Points for a hare; more than 0, which is what a lone hunter of the stag gets."""

    def check(self) -> None:
        super().check()
        if not 0 < self.hare < self.stag <= LARGEST_PAYOFF:
            raise BadSetup("The payoffs need stag > hare > 0, each at most a million.")

    def question(self, number: int, seat: Seat, seats: Sequence[Seat]) -> Ask:
        told = Text("Round {round}: do you hunt the stag or a hare?", round=number)
        return Ask(told, choices=tuple(Hunt), public=True)

    def pay(self, choices: Mapping[Seat, Move]) -> Paid:
        together = set(choices.values()) == {Hunt.STAG}
        gains = {Hunt.STAG: self.stag if together else 0.0, Hunt.HARE: self.hare}
        return Paid(choices, {seat: gains[Hunt(str(choice))] for seat, choice in choices.items()})

    def rules(self) -> Text:
        return Text(
            "The stag hunt. In each round both players choose at the same time and in secret to "
            "hunt the stag or a hare. If both hunt the stag, each gets {stag} points; who hunts "
            "it alone gets nothing. A hare gives {hare} points whatever the other does. {end}",
            stag=f"{self.stag:g}",
            hare=f"{self.hare:g}",
            end=self.end(),
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy chooses at random; medium does what the rival did; hard reckons with its habits."""
        theirs = [str(row[0]) for row in rivals(view)]
        if level is Level.EASY:
            return ask.sample(rng)
        if level is Level.MEDIUM:
            return theirs[-1] if theirs else Hunt.STAG
        trusted = (theirs.count(Hunt.STAG) + TRUST) / (len(theirs) + TRUST)
        return Hunt.STAG if trusted * self.stag > self.hare else Hunt.HARE
