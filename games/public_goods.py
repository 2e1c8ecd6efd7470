"""Public goods: all seats give in secret to a pot that grows and is shared equally by all.

To give pays for all together and never for the giver alone, as long as the pot grows by less than
there are players.
Source: Ernst Fehr and Simon Gächter, Cooperation and Punishment in Public Goods Experiments,
American Economic Review 90 (2000), for 20 tokens and a pot that grows 1.6-fold.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import ClassVar, Final

from games.core import Ask, BadSetup, Level, Seat, Text, View
from games.paid_rounds import Move, Paid, PaidRounds, past, rivals

MOST_TOKENS: Final = 1000
GRUDGE: Final = 0.8
"""Of what the others gave on average, the share that the hard bot gives in the next round."""


@dataclass(frozen=True)
class PublicGoods(PaidRounds):
    """All players give to a common pot at the same time; it grows and is shared equally."""

    name: ClassVar[str] = "public-goods"
    max_seats: ClassVar[int] = 8
    title: ClassVar[Text] = Text("Public goods, the points")

    tokens: int = 20
    """Tokens that each player gets in each round, from 1 to 1000."""
    growth: float = 1.6
    """What the pot is multiplied by; above 1, and below the number of players."""

    def check(self) -> None:
        super().check()
        if not 1 <= self.tokens <= MOST_TOKENS:
            raise BadSetup(f"The option tokens needs a number from 1 to {MOST_TOKENS}.")
        if not 1 < self.growth < self.max_seats:
            raise BadSetup(f"The option growth needs a number between 1 and {self.max_seats}.")

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        if self.growth >= len(seats):
            raise BadSetup("The option growth must be below the number of players; lower it.")

    def question(self, number: int, seat: Seat, seats: Sequence[Seat]) -> Ask:
        told = "Round {round}: how many of your {tokens} tokens do you give to the pot?"
        prompt = Text(told, round=number, tokens=self.tokens)
        return Ask(prompt, low=0, high=self.tokens, public=True)

    def pay(self, choices: Mapping[Seat, Move]) -> Paid:
        gifts = {seat: int(choice) for seat, choice in choices.items()}
        pot = sum(gifts.values())
        share = self.growth * pot / len(gifts)
        points = {seat: round(self.tokens - gift + share, 2) for seat, gift in gifts.items()}
        told = "The pot of {pot} grows to {grown}, so each gets {share}. "
        grown = f"{round(self.growth * pot, 2):g}"
        note = Text(told, pot=pot, grown=grown, share=f"{round(share, 2):g}")
        return Paid(choices, points, note)

    def rules(self) -> Text:
        return Text(
            "Public goods. In each round every player gets {tokens} tokens, and all choose at the "
            "same time and in secret how many to give to a common pot. The pot is multiplied by "
            "{growth} and shared equally by all, whatever they gave; tokens kept and tokens "
            "shared out are points. {end}",
            tokens=self.tokens,
            growth=f"{self.growth:g}",
            end=self.end(),
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy gives at random; medium what the others gave; hard a little less, and nothing last.

        Both begin with half.
        """
        if level is Level.EASY:
            return ask.sample(rng)
        rounds = rivals(view)
        if level is Level.HARD and len(past(view)) == self.rounds - 1:
            return "0"
        given = [int(choice) for choice in rounds[-1]] if rounds else [self.tokens // 2]
        average = sum(given) / len(given)
        return str(round(average if level is Level.MEDIUM else GRUDGE * average))
