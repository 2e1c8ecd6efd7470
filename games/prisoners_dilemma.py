"""Prisoner's dilemma: two seats choose in secret to cooperate or to defect, and both choices pay.

Points are good: the most points win. The known number of rounds is one by default; with the
horizon left to chance, the game may end after any round.
Source: Robert Axelrod, The Evolution of Cooperation (1984), for the payoffs 5, 3, 1 and 0.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import ClassVar

from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Hidden,
    Level,
    Look,
    Outcome,
    Public,
    Seat,
    Secret,
    Text,
    View,
)
from games.paid_rounds import PLACES


class Choice(StrEnum):
    """What a prisoner can do."""

    COOPERATE = "cooperate"
    DEFECT = "defect"


class Horizon(StrEnum):
    """How the end comes."""

    KNOWN = "known"
    CHANCE = "chance"


ALIASES = (
    (re.compile(r"\b(?:stay(?:s|ing)? |keep(?:s|ing)? )?silent\b", re.IGNORECASE), "cooperate"),
    (re.compile(r"\bbetray\b", re.IGNORECASE), "defect"),
)
"""The words of the prison cell, read as the words of the rules."""
LARGEST_PAYOFF = 1e6
MOST_ROUNDS = 1000
SHOWN_ROUNDS = 3
"""Rounds on the board; earlier ones leave it."""
TRUST = 2
"""Answers in kind, of either sort, that the hard bot takes for granted at the start."""


@dataclass(frozen=True)
class Chosen(Secret):
    """A seat has committed itself; no other seat may know to what."""

    telling: ClassVar[str] = "You {choice}."
    choice: Choice


@dataclass(frozen=True)
class Revealed(Public):
    """Both choices are on the table and paid; `last` says that no round follows."""

    telling: ClassVar[str] = "The choices: {choices}. Points: {points}."
    choices: Mapping[Seat, Choice]
    points: Mapping[Seat, float]
    last: bool


@dataclass(frozen=True)
class Prison:
    """Points so far, rounds played, and choices still hidden, by seat."""

    points: Mapping[Seat, float]
    rounds: int = 0
    over: bool = False
    hidden: Mapping[Seat, Choice] = field(default_factory=dict)


PrisonEvent = Chosen | Revealed


@dataclass(frozen=True)
class PrisonersDilemma(Game[Prison, Choice, PrisonEvent]):
    """Both players choose at the same time to cooperate or to defect; the pair of choices pays."""

    name: ClassVar[str] = "prisoners-dilemma"

    rounds: int = 1
    """Rounds to play when the horizon is known, from 1 to 1000."""
    horizon: Horizon = Horizon.KNOWN
    """Whether the number of rounds is known, or chance may end the game after each round."""
    stop_chance: float = 0.1
    """Chance of the end after each round, above 0 and up to 1, when the horizon is chance."""
    stops_after: Hidden[int] = None
    """Rounds after which a horizon of chance ends; drawn round by round where it is not given."""
    temptation: float = 5
    """Points for defecting alone; of the four payoffs it must be the largest."""
    reward: float = 3
    """Points for each when both cooperate; the second largest."""
    punishment: float = 1
    """Points for each when both defect; the third largest."""
    sucker: float = 0
    """Points for cooperating alone; the smallest. Years in prison are negative points."""

    def check(self) -> None:
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 1 to {MOST_ROUNDS}.")
        if not 0 < self.stop_chance <= 1:
            raise BadSetup("The option stop_chance needs a number above 0 and up to 1.")
        if self.stops_after is not None and not 1 <= self.stops_after <= MOST_ROUNDS:
            raise BadSetup(f"The option stops_after needs a number from 1 to {MOST_ROUNDS}.")
        if not (
            LARGEST_PAYOFF >= self.temptation > self.reward > self.punishment > self.sucker
            and self.sucker >= -LARGEST_PAYOFF
        ):
            raise BadSetup(
                "The payoffs need temptation > reward > punishment > sucker, each at most a "
                "million and more being better; write years in prison as negative points."
            )

    def initial(self, seats: Sequence[Seat], /) -> Prison:
        return Prison(points=dict.fromkeys(seats, 0.0))

    def asks(self, prison: Prison, /) -> Mapping[Seat, Ask]:
        if prison.over:
            return {}
        ask = Ask(
            Text("Round {round}: do you cooperate or defect?", round=prison.rounds + 1),
            choices=tuple(Choice),
            public=True,
        )
        return {seat: ask for seat in prison.points if seat not in prison.hidden}

    def parse(self, prison: Prison, seat: Seat, text: str, /) -> Choice:
        for alias, choice in ALIASES:
            text = alias.sub(choice, text)
        return Choice(str(self.asks(prison)[seat].parse(text)))

    def decide(
        self, prison: Prison, seat: Seat, choice: Choice, rng: Random, /
    ) -> Sequence[PrisonEvent]:
        chosen = Chosen(seat, choice)
        choices = {**prison.hidden, seat: choice}
        if len(choices) < 2:
            return (chosen,)
        in_order = {one: choices[one] for one in prison.points}
        last = self._ends(prison.rounds + 1, rng)
        return chosen, Revealed(in_order, self._pay(in_order), last)

    def evolve(self, prison: Prison, event: PrisonEvent, /) -> Prison:
        match event:
            case Chosen(seat, choice):
                return replace(prison, hidden={**prison.hidden, seat: choice})
            case Revealed(_, points, last):
                total = {seat: won + points[seat] for seat, won in prison.points.items()}
                return Prison(total, prison.rounds + 1, last)

    def outcome(self, prison: Prison, /) -> Outcome:
        points = {seat: round(won, PLACES) for seat, won in prison.points.items()}
        best = [seat for seat, won in points.items() if won == max(points.values())]
        told = "Both have equally many points after round {round}."
        if len(best) == 1:
            told = "{seat} has more points after round {round}."
        return Outcome(points, Text(told, seat=best[0], round=prison.rounds))

    def rules(self) -> Text:
        end = Text("The game ends after round {round}.", round=self.rounds)
        if self.horizon is Horizon.CHANCE:
            told = "After each round the game ends with a chance of {chance} %."
            end = Text(told, chance=f"{100 * self.stop_chance:g}")
        return Text(
            "The prisoner's dilemma. In each round both players choose at the same time and in "
            "secret to cooperate (stay silent) or to defect (betray). If both cooperate, each gets "
            "{reward} points; if both defect, each gets {punishment}; if only one "
            "defects, the defector gets {temptation} and the other {sucker}. "
            "More points are better. {end}",
            reward=f"{self.reward:g}",
            punishment=f"{self.punishment:g}",
            temptation=f"{self.temptation:g}",
            sucker=f"{self.sucker:g}",
            end=end,
        )

    def board(self, events: Sequence[PrisonEvent], /) -> Board | None:
        rounds = [event for event in events if isinstance(event, Revealed)]
        if not rounds:
            return None
        shown = list(enumerate(rounds, start=1))[-SHOWN_ROUNDS:]
        seats = tuple(rounds[0].choices)
        rows = [
            (
                *(Cell(_choice_and_points(told, seat)) for _, told in shown),
                Cell(f"{sum(told.points[seat] for told in rounds):g}"),
            )
            for seat in seats
        ]
        heads = (*(Text("Round {round}", round=number) for number, _ in shown), Text("Points"))
        grid = Grid(rows, Look.TABLE, heads, seats)
        return Board(Text("Prisoner's dilemma, the points"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy chooses at random; medium plays tit for tat; hard forgives, but does not trust.

        Hard defects in a last round it knows of, and against a rival that does not answer in kind.
        Source of its rate: Nowak and Sigmund, Tit for tat in heterogeneous populations (1992).
        """
        if level is Level.EASY:
            return ask.sample(rng)
        past = [e.choices for e in view.events if isinstance(e, Revealed)]
        own = [pair[view.seat] for pair in past]
        theirs = [one for pair in past for seat, one in pair.items() if seat != view.seat]
        if level is Level.MEDIUM:
            return theirs[-1] if theirs else Choice.COOPERATE
        last = self.horizon is Horizon.KNOWN and len(past) == self.rounds - 1
        if last or not self._answers_in_kind(own, theirs):
            return Choice.DEFECT
        forgiving = not theirs or theirs[-1] is Choice.COOPERATE or rng.random() < self._mercy()
        return Choice.COOPERATE if forgiving else Choice.DEFECT

    def _answers_in_kind(self, own: Sequence[Choice], theirs: Sequence[Choice]) -> bool:
        """Return whether a rival's answers to one's own choices make cooperation the better one."""
        answers: dict[Choice, list[Choice]] = {
            Choice.COOPERATE: [Choice.COOPERATE] * TRUST,
            Choice.DEFECT: [Choice.DEFECT] * TRUST,
        }
        for choice, answer in zip(own, theirs[1:], strict=False):
            answers[choice].append(answer)
        kind, unkind = (given.count(Choice.COOPERATE) / len(given) for given in answers.values())
        cooperating = kind * self.reward + (1 - kind) * self.sucker
        defecting = unkind * self.temptation + (1 - unkind) * self.punishment
        return cooperating > defecting

    def _ends(self, rounds: int, rng: Random) -> bool:
        """Return whether no round follows the one so numbered."""
        if self.horizon is Horizon.KNOWN:
            return rounds >= self.rounds
        if self.stops_after is not None:
            return rounds >= self.stops_after
        return rng.random() < self.stop_chance

    def _pay(self, choices: Mapping[Seat, Choice]) -> Mapping[Seat, float]:
        """Return the points that a pair of choices gives each seat."""
        both = set(choices.values())
        if len(both) == 1:
            return dict.fromkeys(
                choices, self.reward if Choice.COOPERATE in both else self.punishment
            )
        return {
            seat: self.temptation if choice is Choice.DEFECT else self.sucker
            for seat, choice in choices.items()
        }

    def _mercy(self) -> float:
        """Return the largest share of defections that can be forgiven without inviting more."""
        gain = self.temptation - self.reward
        return min(
            1 - gain / (self.reward - self.sucker),
            (self.reward - self.punishment) / (self.temptation - self.punishment),
        )


def _choice_and_points(told: Revealed, seat: Seat) -> Text:
    points = f"{told.points[seat]:+g}"
    return Text("{choice} {points}", choice=told.choices[seat], points=points)
