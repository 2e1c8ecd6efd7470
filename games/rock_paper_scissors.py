"""Rock-paper-scissors: two seats throw in secret, then both throws are shown.

Ties are thrown again, up to MOST_TIES in a row, so that every match ends; the first seat to win
`target` rounds wins the match.
Source: ChatArena, examples/rock-paper-scissors.json.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from random import Random
from typing import ClassVar, Final

from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Level,
    Look,
    Mark,
    Outcome,
    Public,
    Seat,
    Secret,
    Text,
    View,
)


class Throw(StrEnum):
    """What a hand can show."""

    ROCK = "rock"
    PAPER = "paper"
    SCISSORS = "scissors"


BEATS = {Throw.ROCK: Throw.SCISSORS, Throw.SCISSORS: Throw.PAPER, Throw.PAPER: Throw.ROCK}
BEATEN_BY = {loser: winner for winner, loser in BEATS.items()}
MOST_TIES: Final = 100
"""Equal throws in a row after which a match ends, as two machines might throw them for ever."""
SHOWN_ROUNDS = 4
"""Rounds on the board; earlier ones leave it."""
QUESTION = Ask("Rock, paper, or scissors?", choices=tuple(Throw), public=True)


@dataclass(frozen=True)
class Thrown(Secret):
    """A seat has committed itself; no other seat may know to what."""

    telling: ClassVar[str] = "You throw {throw}."
    throw: Throw


@dataclass(frozen=True)
class Revealed(Public):
    """Both throws are on the table."""

    telling: ClassVar[str] = "The throws: {throws}."
    throws: Mapping[Seat, Throw]


@dataclass(frozen=True)
class Scored(Public):
    """A seat has won the round."""

    telling: ClassVar[str] = "{seat} wins the round."
    seat: Seat


@dataclass(frozen=True)
class Duel:
    """Rounds won, and throws still hidden, by seat."""

    won: Mapping[Seat, int]
    hidden: Mapping[Seat, Throw] = field(default_factory=dict)
    ties: int = 0
    """Equal throws since somebody has won a round."""


RpsEvent = Thrown | Revealed | Scored


@dataclass(frozen=True)
class RockPaperScissors(Game[Duel, Throw, RpsEvent]):
    """Both players throw at the same time; rock beats scissors, scissors paper, paper rock."""

    name: ClassVar[str] = "rock-paper-scissors"

    target: int = 2
    """Rounds to win the match, from 1 to 100."""

    def check(self) -> None:
        if not 1 <= self.target <= 100:
            raise BadSetup("The option target needs a number from 1 to 100.")

    def initial(self, seats: Sequence[Seat], /) -> Duel:
        return Duel(won=dict.fromkeys(seats, 0))

    def asks(self, duel: Duel, /) -> Mapping[Seat, Ask]:
        if self.target in duel.won.values() or duel.ties == MOST_TIES:
            return {}
        return {seat: QUESTION for seat in duel.won if seat not in duel.hidden}

    def decide(self, duel: Duel, seat: Seat, throw: Throw, rng: Random, /) -> Sequence[RpsEvent]:
        thrown = Thrown(seat, throw)
        if not duel.hidden:
            return (thrown,)
        ((rival, theirs),) = duel.hidden.items()
        revealed = Revealed({rival: theirs, seat: throw})
        if throw is theirs:
            return thrown, revealed
        return thrown, revealed, Scored(seat if BEATS[throw] is theirs else rival)

    def evolve(self, duel: Duel, event: RpsEvent, /) -> Duel:
        match event:
            case Thrown():
                return Duel(duel.won, {**duel.hidden, event.seat: event.throw}, duel.ties)
            case Revealed():
                return Duel(duel.won, ties=duel.ties + 1)
            case Scored():
                return Duel({**duel.won, event.seat: duel.won[event.seat] + 1})

    def outcome(self, duel: Duel, /) -> Outcome:
        if duel.ties:
            told = "Equal throws {count} times in a row end the match. Rounds won: {won}."
            return Outcome(duel.won, Text(told, count=duel.ties, won=duel.won))
        winner = max(duel.won, key=duel.won.__getitem__)
        told = "{seat} wins 1 round." if self.target == 1 else "{seat} wins {won} rounds."
        return Outcome(duel.won, Text(told, seat=winner, won=self.target))

    def rules(self) -> Text:
        rounds = Text("1 round")
        if self.target > 1:
            rounds = Text("{count} rounds", count=self.target)
        return Text(
            "Rock-paper-scissors. Both players throw at the same time and in secret: rock beats "
            "scissors, scissors beat paper, paper beats rock. Equal throws are thrown again; "
            "{ties} in a row end the match as it stands. The first to win {rounds} wins the match.",
            rounds=rounds,
            ties=MOST_TIES,
        )

    def board(self, events: Sequence[RpsEvent], /) -> Board | None:
        rounds: list[Mapping[Seat, Throw]] = []
        winners: dict[int, Seat] = {}
        for event in events:
            match event:
                case Revealed(throws):
                    rounds.append(throws)
                case Scored(seat):
                    winners[len(rounds)] = seat
        if not rounds:
            return None
        shown = list(enumerate(rounds, start=1))[-SHOWN_ROUNDS:]
        won = list(winners.values())
        rows = [
            (
                *(
                    Cell(throws[seat], Mark.KEY if winners.get(number) == seat else Mark.NONE)
                    for number, throws in shown
                ),
                Cell(Text("{won} of {target}", won=won.count(seat), target=self.target)),
            )
            for seat in rounds[0]
        ]
        heads = (*(Text("Round {round}", round=number) for number, _ in shown), Text("Won"))
        grid = Grid(rows, Look.TABLE, heads, tuple(rounds[0]), key=Text("wins the round"))
        return Board(Text("Rock-paper-scissors, the score"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy throws at random; better bots expect the rival to repeat itself.

        Medium counts what the rival has thrown; hard what it threw after its last throw.
        """
        past = [e.throws for e in view.events if isinstance(e, Revealed)]
        theirs = [throw for throws in past for seat, throw in throws.items() if seat != view.seat]
        if level is Level.HARD:
            theirs = [b for a, b in pairwise(theirs) if a is theirs[-1]] or theirs
        if level is Level.EASY or not theirs:
            return ask.sample(rng)
        return BEATEN_BY[max(Throw, key=lambda throw: (theirs.count(throw), rng.random()))]
