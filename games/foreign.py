"""The common ground of games whose rules run elsewhere, in an environment of another library.

The seat "referee" stands for the environment. It is asked once at the beginning and after each
move, and its answer, a `Report`, says who sees what and who moves next. So all that the
environment did is in the journal: a match is replayed without it, and who may see what holds
whatever it does. A library is one subclass, which names it in `name`, and an adapter behind the
seat: see bot/environments/environment.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import ClassVar, Final

from games.core import (
    Answer,
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Hidden,
    Level,
    Outcome,
    Seat,
    Text,
    View,
    Words,
)
from games.core.ask import SMALL_TALK
from games.foreign_events import (
    REFEREE,
    Asked,
    Begun,
    BrokenOff,
    Finished,
    ForeignEvent,
    Forfeited,
    Heard,
    Moved,
    Observed,
    Pictured,
    TurnedDown,
)
from games.foreign_report import LONGEST_REPORT, Diagram, Observation, Question, Report, read_report

LONGEST_MOVE: Final = 1000
"""Characters."""
MOST_MOVES: Final = 5000


@dataclass(frozen=True)
class Standing:
    """Who is asked; what the game itself looks like, only the environment knows."""

    seats: Sequence[Seat]
    question: Question | None = None
    """Who moves; None before the first report."""
    judging: bool = True
    """Whether the environment is asked what follows."""
    moves: int = 0
    """Moves that have counted."""
    refusals: int = 0
    """Moves of the seat, in a row, that have not."""
    refusal: Words | None = None
    scores: Mapping[Seat, float] = field(default_factory=dict)
    over: bool = False
    reason: Text | None = None
    """How it has ended; together with no scores, why it was broken off."""


@dataclass(frozen=True)
class ForeignGame(Game[Standing, Answer, ForeignEvent]):
    """A game of another library."""

    environment: ClassVar[Sequence[Seat]] = (REFEREE,)

    env: str = ""
    """Id of the environment, the game that is played."""
    longest: int = 300
    """Moves after which the game is broken off without a result, from 1 to 5000."""
    patience: int = 10
    """Moves in a row that do not count, from 1 to 100, after which their seat comes last."""
    seed: Hidden[int] = None
    """The seed of the environment, from 0 to 2147483647; by default it is drawn."""

    def check(self) -> None:
        if not 1 <= self.longest <= MOST_MOVES:
            raise BadSetup(f"The option longest needs a number from 1 to {MOST_MOVES}.")
        if not 1 <= self.patience <= 100:
            raise BadSetup("The option patience needs a number from 1 to 100.")
        if isinstance(self.seed, int) and not 0 <= self.seed < 2**31:
            raise BadSetup("The option seed needs a number from 0 to 2147483647.")

    @classmethod
    def envs(cls) -> Sequence[str]:
        """Return the ids of the environments that can be played."""
        return ()

    def initial(self, seats: Sequence[Seat], /) -> Standing:
        return Standing(tuple(seats))

    def opening(self, standing: Standing, rng: Random, /) -> Sequence[ForeignEvent]:
        drawn = rng.randrange(2**31)
        return (Begun(REFEREE, drawn if self.seed is None else self.seed),)

    def asks(self, standing: Standing, /) -> Mapping[Seat, Ask]:
        if standing.over:
            return {}
        if standing.judging:
            return {REFEREE: Ask("What follows?", max_length=LONGEST_REPORT)}
        assert standing.question is not None, "somebody moves"
        question = standing.question
        prompt = Text("{prompt}", prompt=question.prompt) if question.prompt else Text("Your move.")
        if standing.refusal is not None:
            told = "That move does not count: {reason} What is your move?"
            prompt = Text(told, reason=str(standing.refusal))
        return {question.seat: Ask(prompt, choices=question.options, max_length=LONGEST_MOVE)}

    def parse(self, standing: Standing, seat: Seat, text: str, /) -> Answer:
        if seat == REFEREE:  # a report may be longer than what people write
            return text
        return self.asks(standing)[seat].parse(text)

    def decide(
        self, standing: Standing, seat: Seat, answer: Answer, rng: Random, /
    ) -> Sequence[ForeignEvent]:
        assert isinstance(answer, str), "a move and a report are texts"
        if seat == REFEREE:
            return self._follow(standing, read_report(answer, standing.seats))
        assert standing.question is not None, "somebody moves"
        if answer in standing.question.options:
            return (Moved(seat, answer, Words("")),)
        return (Moved(seat, "", Words(answer)),)

    def evolve(self, standing: Standing, event: ForeignEvent, /) -> Standing:
        match event:
            case Moved():
                return replace(standing, judging=True)
            case Asked(question):
                moves = standing.moves + (standing.question is not None)
                return replace(
                    standing,
                    question=question,
                    judging=False,
                    moves=moves,
                    refusals=0,
                    refusal=None,
                )
            case TurnedDown(_, reason):
                refusals = standing.refusals + 1
                return replace(standing, judging=False, refusals=refusals, refusal=reason)
            case Forfeited(seat):
                scores = {one: float(one != seat) for one in standing.seats}
                return replace(standing, over=True, scores=scores, reason=event.told())
            case Finished(scores):
                return replace(standing, over=True, scores=scores, reason=event.told())
            case BrokenOff(reason):
                return replace(standing, over=True, reason=reason)
            case Begun() | Observed() | Pictured() | Heard():
                return standing

    def outcome(self, standing: Standing, /) -> Outcome:
        assert standing.reason is not None, "it is over"
        return Outcome(standing.scores, standing.reason, aborted=not standing.scores)

    def board(self, events: Sequence[ForeignEvent], /) -> Board | None:
        pictures = [event.diagram for event in events if isinstance(event, Pictured)]
        if not pictures:
            return None
        drawn = pictures[-1]
        rows = [[_cell(text, drawn) for text in row] for row in drawn.rows]
        return Board(
            Text("Board of {env}", env=self.env),
            (Grid(rows, columns=drawn.columns, labels=drawn.labels),),
        )

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Make any move that the environment accepts, as far as it has said which."""
        asked = [event for event in view.events if isinstance(event, Asked)]
        examples = asked[-1].question.examples if asked else ()
        return ask.sample(rng) if ask.choices else rng.choice(examples or SMALL_TALK)

    def _follow(self, standing: Standing, report: Report) -> Sequence[ForeignEvent]:
        """Return what a report makes happen."""
        told = [_told(one) for one in report.told]
        told += [Pictured(report.board)] if report.board else []
        if report.scores is not None:
            return (*told, Finished(report.scores, report.reason))
        if report.aborted:
            return (*told, BrokenOff(Text("{reason}", reason=report.aborted)))
        if report.asked is None:
            return self._turn_down(standing, Words(report.refused))
        if standing.moves + 1 >= self.longest and standing.question:
            reason = Text("{moves} moves have been made.", moves=self.longest)
            return (*told, BrokenOff(reason))
        return (*told, Asked(report.asked))

    def _turn_down(self, standing: Standing, reason: Words) -> Sequence[ForeignEvent]:
        if standing.question is None:
            return (BrokenOff(Text("{reason}", reason=str(reason))),)
        seat, times = standing.question.seat, standing.refusals + 1
        refused = TurnedDown(seat, reason)
        return (refused, Forfeited(seat, times)) if times >= self.patience else (refused,)


def _cell(text: str, drawn: Diagram) -> Cell:
    sides = (number for number, texts in enumerate(drawn.sides, start=1) if text in texts)
    return Cell(text, side=next(sides, 0))


def _told(observation: Observation) -> ForeignEvent:
    """Return what tells of an observation; what somebody said can be forgotten."""
    if observation.by is None:
        return Observed(observation.to, observation.text)
    return Heard(observation.by, observation.to, Words(observation.text), observation.verbatim)
