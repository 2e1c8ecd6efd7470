"""Twenty questions: the seats ask in turn, and find out together what thing is meant.

By the list, code knows the thing: the seats choose among its questions and things. By the
moderator, they ask what they like, and the seat "moderator", which alone knows the thing, says
yes, no, unclear, or that the question has named it. Every question and every guess counts.
Source: the parlour game; TextArena's TwentyQuestions-v0 (whose judge is a model behind a key).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from random import Random
from typing import ClassVar, Final

from games.core import (
    Ask,
    BadSetup,
    Board,
    Game,
    Hidden,
    Level,
    Lines,
    Outcome,
    Seat,
    Text,
    View,
    Words,
)
from games.core.board import Label
from games.puzzle_words import Language
from games.things import Things, same_thing, things
from games.twenty_questions_events import (
    MODERATOR,
    Answered,
    Asked,
    GuessAnnounced,
    Guessed,
    Learnt,
    Revealed,
    SearchEvent,
    ThingChosen,
    Verdict,
)

MOST_QUESTIONS: Final = 40
LONGEST: Final = 200
"""Characters of a question."""
LONGEST_THING: Final = 60


class Judge(StrEnum):
    """Who answers the questions."""

    LIST = "list"
    MODERATOR = "moderator"


class Step(StrEnum):
    """What a seat may do in place of a question of the list."""

    GUESS = "I know what it is"


GUESSING: Final = Step.GUESS


@dataclass(frozen=True)
class Search:
    """What has been asked so far."""

    seats: tuple[Seat, ...]
    thing: str = ""
    used: int = 0
    """Questions and guesses that have been answered."""
    asked: frozenset[str] = frozenset()
    """Questions and things of the list that have had their turn."""
    pending: Words | None = None
    """What the moderator has to answer."""
    guessing: bool = False
    found: bool = False


@cache
def list_question(questions: tuple[str, ...], left: int) -> Ask:
    """Return the Ask for a question of the list."""
    prompt = Text("What do you ask? ({left} left)", left=left)
    return Ask(prompt, choices=(*questions, GUESSING), public=True)


@dataclass(frozen=True)
class TwentyQuestions(Game[Search, str, SearchEvent]):
    """Find out in twenty questions what thing is meant."""

    name: ClassVar[str] = "twenty-questions"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 8
    environment: ClassVar[Sequence[Seat]] = (MODERATOR,)

    judge: Judge = Judge.LIST
    """Who answers: a list of things and questions, or the moderator, to whom any may be put."""
    questions: int = 20
    """Questions and guesses in all, from 1 to 40."""
    language: Language = Language.ENGLISH
    """The language of the things and questions."""
    thing: Hidden[str] = None
    """The thing to find, instead of one drawn."""

    def check(self) -> None:
        if not 1 <= self.questions <= MOST_QUESTIONS:
            raise BadSetup(f"The option questions needs a number from 1 to {MOST_QUESTIONS}.")
        if self.thing is not None and not 1 <= len(self.thing.strip()) <= LONGEST_THING:
            raise BadSetup(f"The option thing needs 1 to {LONGEST_THING} characters.")
        if self.thing is not None and self.judge is Judge.LIST and not self._listed(self.thing):
            raise BadSetup(
                "The option thing is not in the list; choose another, or set judge to moderator."
            )

    def initial(self, seats: Sequence[Seat], /) -> Search:
        return Search(tuple(seats))

    def opening(self, search: Search, rng: Random, /) -> Sequence[SearchEvent]:
        if self.thing is not None:
            return (ThingChosen(self._listed(self.thing) or self.thing.strip()),)
        return (ThingChosen(rng.choice(list(self._known.yes))),)

    def asks(self, search: Search, /) -> Mapping[Seat, Ask]:
        left = self.questions - search.used
        if search.found or not left:
            return {}
        if search.pending is not None:
            return {MODERATOR: _judgement(search.thing, search.pending)}
        seat = search.seats[search.used % len(search.seats)]
        if search.guessing:
            named = tuple(thing for thing in self._known.yes if thing not in search.asked)
            return {seat: Ask("What is it?", choices=named, public=True)}
        if self.judge is Judge.LIST:
            fresh = tuple(one for one in self._known.questions if one not in search.asked)
            return {seat: list_question(fresh, left)}
        prompt = Text(
            "Ask what can be answered by yes or no, or say what it is. ({left} left)", left=left
        )
        return {seat: Ask(prompt, max_length=LONGEST, public=True)}

    def decide(
        self, search: Search, seat: Seat, said: str, rng: Random, /
    ) -> Sequence[SearchEvent]:
        left = self.questions - search.used - 1
        if search.pending is not None:
            verdict = Verdict(said)
            events: list[SearchEvent] = [Answered(verdict, left)]
            over = verdict is Verdict.FOUND
        elif search.guessing:
            over = said == search.thing
            events = [Guessed(seat, said, over, left)]
        elif self.judge is Judge.MODERATOR:
            return (Asked(seat, Words(" ".join(said.split()))),)
        elif said == GUESSING:
            return (GuessAnnounced(seat),)
        else:
            over = False
            events = [Learnt(seat, said, self._verdict(search.thing, said), left)]
        return [*events, Revealed(search.thing)] if over or not left else events

    def evolve(self, search: Search, event: SearchEvent, /) -> Search:
        match event:
            case ThingChosen(thing):
                return replace(search, thing=thing)
            case Asked(_, words):
                return replace(search, pending=words)
            case Answered(verdict):
                found = verdict is Verdict.FOUND
                return replace(search, pending=None, used=search.used + 1, found=found)
            case Learnt(_, question):
                return replace(search, used=search.used + 1, asked=search.asked | {question})
            case GuessAnnounced():
                return replace(search, guessing=True)
            case Guessed(_, thing, right):
                asked = search.asked | {thing}
                used = search.used + 1
                return replace(search, used=used, asked=asked, guessing=False, found=right)
            case Revealed():
                return search

    def outcome(self, search: Search, /) -> Outcome:
        scores = dict.fromkeys(search.seats, float(search.found))
        told = "Nobody has found out what it was: {thing}."
        if search.found:
            told = "“{thing}” has been found after {used} of {most} questions."
        values = {"thing": search.thing, "used": search.used, "most": self.questions}
        return Outcome(scores, Text(told, **values))

    def rules(self) -> Text:
        how = Text("You choose among questions, or name a thing of the list.")
        if self.judge is Judge.MODERATOR:
            how = Text(
                "You ask what you like, as long as it can be answered by yes or no. The moderator "
                "knows the thing and answers yes, no or unclear, or says that you have named it."
            )
        return Text(
            "Twenty questions. Find out what thing is meant, with {count} questions. {how} Guesses "
            "count as questions too. Several players ask in turn, and win or lose together.",
            count=self.questions,
            how=how,
        )

    def board(self, events: Sequence[SearchEvent], /) -> Board | None:
        lines: list[tuple[Label, Label]] = []
        question: Label = ""
        for event in events:
            match event:
                case Asked(_, words):
                    question = words
                case Answered(verdict):
                    lines.append((question or "…", verdict))
                case Learnt(_, question, verdict):
                    lines.append((question, verdict))
                case Guessed(_, thing, right):
                    lines.append((thing, Verdict.FOUND if right else Verdict.NO))
                case Revealed(thing):
                    lines.append((Text("It was"), thing))
        return Board(Text("Twenty questions, the answers"), [Lines(lines)]) if lines else None

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Ask what halves the things left: easy minds no answers, hard finds the best half."""
        if view.seat == MODERATOR:
            return self._house_verdict(view)
        left = self._left(view, level)
        asked = {str(said) for said, _ in _answers(view)}
        if ask.choices and GUESSING not in ask.choices:
            return rng.choice([one for one in left if one in ask.choices] or ask.choices)
        fresh = [one for one in self._known.questions if one not in asked]
        split = Counter(one for thing in left for one in self._known.yes[thing])
        useful = [one for one in fresh if 0 < split[one] < len(left)]
        if not useful or len(left) < 2:
            return GUESSING if ask.choices else self._house_guess(left, asked, rng)
        if level is not Level.HARD:
            return rng.choice(useful)
        return min(useful, key=lambda one: abs(2 * split[one] - len(left)))

    @property
    def _known(self) -> Things:
        return things(self.language)

    def _listed(self, thing: str) -> str | None:
        """Return the thing of the list that a text names; None where there is none."""
        return next((one for one in self._known.yes if same_thing(one, thing)), None)

    def _verdict(self, thing: str, question: str) -> Verdict:
        return Verdict.YES if question in self._known.yes[thing] else Verdict.NO

    def _left(self, view: View, level: Level) -> list[str]:
        """Return the things that all answers allow; an easy bot heeds the last four only."""
        heeded = _answers(view)[-4 if level is Level.EASY else -MOST_QUESTIONS :]
        return [
            thing
            for thing, yes in self._known.yes.items()
            if all(
                verdict is Verdict.UNCLEAR
                or (
                    not same_thing(said, thing)
                    if said not in self._known.questions
                    else (said in yes) == (verdict is Verdict.YES)
                )
                for said, verdict in heeded
            )
        ]

    def _house_guess(self, left: Sequence[str], asked: set[str], rng: Random) -> str:
        fresh = [thing for thing in left if thing not in asked] or list(self._known.yes)
        return rng.choice(fresh)

    def _house_verdict(self, view: View) -> str:
        """Answer what stands in the list; all else is unclear to code."""
        thing = next(event.thing for event in view.events if isinstance(event, ThingChosen))
        question = next(event.words for event in reversed(view.events) if isinstance(event, Asked))
        if same_thing(question.rstrip("?!. "), thing):
            return Verdict.FOUND
        if question in self._known.questions and thing in self._known.yes:
            return self._verdict(thing, question)
        return Verdict.NO if self._listed(question.rstrip("?!. ")) else Verdict.UNCLEAR


def _judgement(thing: str, question: str) -> Ask:
    """Return the Ask for the moderator; where it is silent, the answer is unclear."""
    prompt = Text(
        "The thing is: {thing}. What is the answer to “{question}”?", thing=thing, question=question
    )
    return Ask(prompt, choices=tuple(Verdict), default=Verdict.UNCLEAR)


def _answers(view: View) -> list[tuple[str, Verdict]]:
    """Return what has been asked or guessed, with its answer, oldest first."""
    said: list[tuple[str, Verdict]] = []
    question = ""
    for event in view.events:
        match event:
            case Asked(_, words):
                question = words
            case Answered(verdict):
                said.append((question, verdict))
            case Learnt(_, asked, verdict):
                said.append((asked, verdict))
            case Guessed(_, thing):
                said.append((thing, Verdict.NO))
    return said
