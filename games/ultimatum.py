"""Ultimatum: one seat offers a part of a stake, the other takes it or leaves both with nothing.

The two take turns to offer; the most points win.
Source: Werner Güth, Rolf Schmittberger and Bernd Schwarze, An Experimental Analysis of Ultimatum
Bargaining, Journal of Economic Behavior and Organization 3 (1982).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import sqrt
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
    Level,
    Look,
    Outcome,
    Public,
    Seat,
    Text,
    View,
)
from games.paid_rounds import MOST_ROUNDS, most_points

LARGEST_STAKE: Final = 1000
SHOWN_ROUNDS: Final = 4
"""Rounds on the board; earlier ones leave it."""


class Reply(StrEnum):
    """What can be said to an offer."""

    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True)
class Offered(Public):
    """A seat has offered another so much of the stake."""

    telling: ClassVar[str] = "{seat} offers {rival} {amount} of {stake}."
    seat: Seat
    rival: Seat
    amount: int
    stake: int


@dataclass(frozen=True)
class Replied(Public):
    """The offer is taken and the stake divided, or nobody gets anything."""

    telling: ClassVar[str] = "{seat} says: {reply}. Points: {points}."
    seat: Seat
    reply: Reply
    points: Mapping[Seat, int]


UltimatumEvent = Offered | Replied


@dataclass(frozen=True)
class Stakes:
    """Points so far, rounds played, and the offer that stands."""

    points: Mapping[Seat, float]
    rounds: int = 0
    offer: int | None = None

    @property
    def proposer(self) -> Seat:
        """Whose turn it is to offer."""
        return tuple(self.points)[self.rounds % 2]

    @property
    def responder(self) -> Seat:
        """Who takes the offer or leaves it."""
        return tuple(self.points)[1 - self.rounds % 2]


@dataclass(frozen=True)
class Ultimatum(Game[Stakes, Reply | int, UltimatumEvent]):
    """One player offers a part of the stake; the other accepts it, or both get nothing."""

    name: ClassVar[str] = "ultimatum"

    rounds: int = 4
    """Rounds to play, from 1 to 100; the players take turns to offer."""
    stake: int = 10
    """Points to divide in each round, from 1 to 1000."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")
        if not 1 <= self.stake <= LARGEST_STAKE:
            raise BadSetup(f"The option stake needs a number from 1 to {LARGEST_STAKE}.")

    def initial(self, seats: Sequence[Seat], /) -> Stakes:
        return Stakes(dict.fromkeys(seats, 0.0))

    def asks(self, stakes: Stakes, /) -> Mapping[Seat, Ask]:
        if stakes.rounds == self.rounds:
            return {}
        number = stakes.rounds + 1
        if stakes.offer is None:
            told = "Round {round}: how much of {stake} do you offer {rival}?"
            prompt = Text(told, round=number, stake=self.stake, rival=stakes.responder)
            return {stakes.proposer: Ask(prompt, low=0, high=self.stake, public=True)}
        told = "Round {round}: {rival} offers you {offer} of {stake}. Do you accept?"
        prompt = Text(
            told, round=number, rival=stakes.proposer, offer=stakes.offer, stake=self.stake
        )
        return {stakes.responder: Ask(prompt, choices=tuple(Reply), public=True)}

    def decide(
        self, stakes: Stakes, seat: Seat, said: Reply | int, rng: Random, /
    ) -> Sequence[UltimatumEvent]:
        if isinstance(said, int):
            return (Offered(seat, stakes.responder, said, self.stake),)
        assert stakes.offer is not None
        shares = {stakes.proposer: self.stake - stakes.offer, seat: stakes.offer}
        accepted = said is Reply.ACCEPT
        return (Replied(seat, said, {s: shares[s] if accepted else 0 for s in stakes.points}),)

    def evolve(self, stakes: Stakes, event: UltimatumEvent, /) -> Stakes:
        match event:
            case Offered():
                return replace(stakes, offer=event.amount)
            case Replied(_, _, points):
                total = {seat: won + points[seat] for seat, won in stakes.points.items()}
                return Stakes(total, stakes.rounds + 1)

    def outcome(self, stakes: Stakes, /) -> Outcome:
        return most_points(stakes.points, stakes.rounds)

    def rules(self) -> Text:
        return Text(
            "The ultimatum game. In each round one player offers the other a part of {stake} "
            "points. If the other accepts, they are divided so; if not, both get nothing. The "
            "players take turns to offer. After round {rounds} the most points win.",
            stake=self.stake,
            rounds=self.rounds,
        )

    def board(self, events: Sequence[Event], /) -> Board | None:
        rounds = [event for event in events if isinstance(event, Replied)]
        if not rounds:
            return None
        shown = list(enumerate(rounds, start=1))[-SHOWN_ROUNDS:]
        seats = tuple(rounds[0].points)
        rows = [
            (
                *(Cell(f"{replied.points[seat]:+g}") for _, replied in shown),
                Cell(f"{sum(replied.points[seat] for replied in rounds):g}"),
            )
            for seat in seats
        ]
        heads = (*(Text("Round {round}", round=number) for number, _ in shown), Text("Points"))
        return Board(Text("Ultimatum, the points"), (Grid(rows, Look.TABLE, heads, seats),))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy answers at random; medium offers half and wants a third; hard learns what is taken.

        Hard rejects only what is below a quarter, and in the last round nothing but nothing.
        """
        if level is Level.EASY:
            return ask.sample(rng)
        if ask.choices:
            offer = next(e.amount for e in reversed(view.events) if isinstance(e, Offered))
            last = sum(isinstance(e, Replied) for e in view.events) == self.rounds - 1
            wanted = self.stake / 3 if level is Level.MEDIUM else self.stake / 4
            least = 1.0 if last and level is Level.HARD else wanted
            return Reply.ACCEPT if offer >= least else Reply.REJECT
        if level is Level.MEDIUM:
            return str(self.stake // 2)
        return str(_best_offer(self.stake, _replies(view)))


def _replies(view: View) -> Sequence[tuple[int, bool]]:
    """Return the offers of a seat, each with whether it was taken."""
    mine: list[tuple[int, bool]] = []
    for offered, replied in zip(view.events[::2], view.events[1::2], strict=False):
        if isinstance(offered, Offered) and offered.seat == view.seat:
            assert isinstance(replied, Replied)
            mine.append((offered.amount, replied.reply is Reply.ACCEPT))
    return mine


def _best_offer(stake: int, replies: Sequence[tuple[int, bool]]) -> int:
    """Return the offer that leaves most, with the chance that it is taken.

    Before anything is known the chance grows with the root of the offer, up to certainty at a
    half; what was taken counts for all offers above it, what was rejected for all below.
    """

    def worth(offer: int) -> float:
        near = [
            taken for amount, taken in replies if (amount <= offer if taken else amount >= offer)
        ]
        prior = sqrt(min(1.0, 2 * offer / stake))
        return (stake - offer) * (prior + sum(near)) / (1 + len(near))

    return max(range(stake + 1), key=worth)
