"""Debate: two seats argue for and against a motion, and the seat "judge" gives points.

After the speeches of a half the judge fills in a form: points from 0 to 10 for each side, and as
evidence for each a quote, which must stand in that side's speeches. In the second half the sides
and the order of speaking are swapped, so that a leaning to a side or to the first speaker cancels
out.
Source: ChatArena, environment umshini debate (two debaters, one call to a judge, 0 to 10 points);
Zheng et al., Judging LLM-as-a-Judge (2023), for judges that favour a position.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import ClassVar, Final

from games import debate_house as house
from games.core import (
    PASS,
    Answer,
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Level,
    Look,
    Outcome,
    Seat,
    Text,
    View,
    Words,
)
from games.debate_events import (
    DebateEvent,
    HalfBegan,
    Judged,
    MotionSet,
    Passed,
    Rated,
    Spoken,
)
from games.debate_judging import MOST_POINTS, SIDES, evidence, judging_form
from games.puzzle_words import Language

JUDGE: Final = Seat("judge")
SPEECH_LENGTH: Final = 1500
MOTION_LENGTH: Final = 300
MOST_SPEECHES: Final = 10


@dataclass(frozen=True)
class Stand:
    """Where the debate stands; the speeches are those of the present half."""

    seats: tuple[Seat, Seat]
    motion: str = ""
    half: int = 0
    sides: tuple[Seat, ...] = ()
    """Who is for the motion, and who against it."""
    turns: int = 0
    speeches: Mapping[Seat, tuple[Words, ...]] = field(default_factory=dict)
    points: Mapping[Seat, int] = field(default_factory=dict)
    over: bool = False


@dataclass(frozen=True)
class Debate(Game[Stand, Answer, DebateEvent]):
    """Two players argue for and against a motion; a judge gives points, with quotes as evidence."""

    name: ClassVar[str] = "debate"
    environment: ClassVar[Sequence[Seat]] = (JUDGE,)

    motion: str = ""
    """The sentence to be debated, up to 300 characters; one is drawn where none is given."""
    speeches: int = 2
    """Speeches of each side in a half, from 1 to 10."""
    swap: bool = True
    """Whether there is a second half, in which each argues the other side."""
    language: Language = Language.ENGLISH
    """The language of the motions that are drawn."""

    def check(self) -> None:
        if len(self.motion) > MOTION_LENGTH:
            raise BadSetup(f"The option motion takes at most {MOTION_LENGTH} characters.")
        if not 1 <= self.speeches <= MOST_SPEECHES:
            raise BadSetup(f"The option speeches needs a number from 1 to {MOST_SPEECHES}.")

    def initial(self, seats: Sequence[Seat], /) -> Stand:
        return Stand((seats[0], seats[1]), points=dict.fromkeys(seats, 0))

    def opening(self, stand: Stand, rng: Random, /) -> Sequence[DebateEvent]:
        motion = self.motion or rng.choice(list(house.motions(self.language).reasons))
        return MotionSet(motion), HalfBegan(1, *stand.seats)

    def asks(self, stand: Stand, /) -> Mapping[Seat, Ask]:
        if stand.over:
            return {}
        if stand.turns == 2 * self.speeches:
            return {JUDGE: judging_form(stand.half, stand.motion, stand.sides, stand.speeches)}
        told = "Speech {number} of {most}: argue for the motion “{motion}”"
        if stand.turns % 2:
            told = "Speech {number} of {most}: argue against the motion “{motion}”"
        number = stand.turns // 2 + 1
        prompt = Text(told, number=number, most=self.speeches, motion=stand.motion)
        ask = Ask(prompt, max_length=SPEECH_LENGTH, optional=True, default=PASS, public=True)
        return {stand.sides[stand.turns % 2]: ask}

    def decide(
        self, stand: Stand, seat: Seat, answer: Answer, rng: Random, /
    ) -> Sequence[DebateEvent]:
        if isinstance(answer, Mapping):
            return self._judged(stand, answer)
        return (Passed(seat) if answer is None else Spoken(seat, Words(answer)),)

    def evolve(self, stand: Stand, event: DebateEvent, /) -> Stand:
        match event:
            case MotionSet(motion):
                return replace(stand, motion=motion)
            case HalfBegan(half, pro, con):
                return replace(stand, half=half, sides=(pro, con), turns=0, speeches={})
            case Spoken(seat, words):
                said = (*stand.speeches.get(seat, ()), words)
                speeches = {**stand.speeches, seat: said}
                return replace(stand, speeches=speeches, turns=stand.turns + 1)
            case Passed():
                return replace(stand, turns=stand.turns + 1)
            case Rated(seat, points):
                total = {**stand.points, seat: stand.points[seat] + points}
                return replace(stand, points=total)
            case Judged(_, _, over):
                return replace(stand, over=over)

    def outcome(self, stand: Stand, /) -> Outcome:
        one, other = sorted(stand.seats, key=lambda seat: -stand.points[seat])
        told = "{seat} wins the debate with {points} to {fewer} points."
        if stand.points[one] == stand.points[other]:
            told = "The debate is a draw, with {points} points each."
        values = {"points": stand.points[one], "fewer": stand.points[other]}
        scores = {seat: float(points) for seat, points in stand.points.items()}
        return Outcome(scores, Text(told, seat=one, **values))

    def rules(self) -> Text:
        swap: Text | str = ""
        if self.swap:
            swap = Text(
                "In the second half both swap sides, and who spoke second begins; the points of "
                "both halves are added. "
            )
        return Text(
            "A debate. One player speaks for the motion and begins, the other against it. Each "
            "makes {speeches} speeches in turn, of at most {length} characters. Then the judge "
            "gives each from 0 to {most} points for the strength of the reasons and the answers "
            "to the other side, whatever the judge's own opinion is, and quotes for each, word "
            "for word, what decided it. {swap}The most points win.",
            speeches=self.speeches,
            length=SPEECH_LENGTH,
            most=MOST_POINTS,
            swap=swap,
        )

    def board(self, events: Sequence[DebateEvent], /) -> Board | None:
        seats: tuple[Seat, ...] = ()
        halves: list[dict[Seat, int]] = []
        for event in events:
            match event:
                case HalfBegan(_, pro, con):
                    seats = seats or (pro, con)
                    halves.append({})
                case Rated(seat, points):
                    halves[-1][seat] = points
        judged = [half for half in halves if half]
        if not judged:
            return None
        rows = [
            [Cell(str(points)) for points in (*(half[seat] for half in judged), total)]
            for seat in seats
            for total in [sum(half[seat] for half in judged)]
        ]
        heads = [Text("Half {half}", half=number) for number, _ in enumerate(judged, start=1)]
        grid = Grid(rows, Look.TABLE, (*heads, Text("Points")), seats)
        return Board(Text("Debate, the points"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy has few reasons, medium one a speech, hard answers the other side as well.

        As the judge, the lower its level the more of its points are chance.
        """
        known, heard = house.motions(self.language), house.heard(view.events)
        reasons = dict(zip(heard.sides, known.reasons.get(heard.motion, ((), ())), strict=True))
        if view.seat != JUDGE:
            rival = next(seat for seat in heard.sides if seat != view.seat)
            own, theirs = heard.speeches_of(view.seat), heard.speeches_of(rival)
            return house.speech(known, reasons[view.seat], own, theirs, level, rng)
        points = {
            seat: house.points(reasons[seat], heard, seat, level, rng) for seat in heard.sides
        }
        form = json.loads(str(ask.default))
        form |= dict(zip(SIDES, points.values(), strict=True))
        return json.dumps({**form, "reason": house.verdict(known, points)}, ensure_ascii=False)

    def _judged(self, stand: Stand, form: Mapping[str, Answer]) -> Sequence[DebateEvent]:
        """Return the points of a half, and the next half or the end.  Raises IllegalMove."""
        events: list[DebateEvent] = []
        total = dict(stand.points)
        for side, seat in zip(SIDES, stand.sides, strict=True):
            quote = evidence(str(form[f"{side}_quote"] or ""), stand.speeches.get(seat, ()), seat)
            points = form[side]
            assert isinstance(points, int)
            total[seat] += points
            events.append(Rated(seat, points, quote))
        over = stand.half == (2 if self.swap else 1)
        events.append(Judged(Words(form["reason"] or ""), total, over))
        if not over:
            pro, con = stand.sides
            events.append(HalfBegan(stand.half + 1, con, pro))
        return events
