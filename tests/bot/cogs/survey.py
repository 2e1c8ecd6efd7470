"""A game for tests only: one question of every kind, put to the first seat."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from games.core import Ask, Game, Outcome, Public, Seat, Secret, Text

COLOURS = ("red", "green", "blue")
MONTHS = tuple(f"month {number}" for number in range(1, 13))
TOWNS = tuple(f"town {number}" for number in range(1, 41))
QUESTIONS: Mapping[str, Ask] = {
    "button": Ask("Which colour, privately?", choices=COLOURS),
    "select": Ask("Which month?", choices=MONTHS, public=True),
    "several": Ask("Which months?", choices=MONTHS, at_least=1, at_most=3, public=True),
    "town": Ask("Which town?", choices=TOWNS, public=True),
    "number": Ask("How many?", low=0, high=10, public=True),
    "text": Ask("What do you say?", max_length=60, public=True),
    "form": Ask(
        "Who are you?",
        fields={
            "name": Ask("Your name?", max_length=20),
            "colour": Ask("Your colour?", choices=COLOURS),
            "age": Ask("Your age?", low=1, high=120),
            "motto": Ask("Your motto?", optional=True),
        },
        public=True,
    ),
    "long": Ask("Seven words?", fields={f"w{n}": Ask("A word?") for n in range(7)}, public=True),
    "optional": Ask("A colour, or none?", choices=COLOURS, optional=True, public=True),
    "open": Ask("Anything else?", optional=True, public=True),
}


@dataclass(frozen=True)
class Noted(Secret):
    """An answer was given."""

    telling: ClassVar[str] = "You answer {answer}."
    answer: str


@dataclass(frozen=True)
class Thanked(Public):
    """Everybody hears that somebody has answered."""

    telling: ClassVar[str] = "{seat} has answered."
    seat: Seat


@dataclass(frozen=True)
class Progress:
    """How many questions are answered."""

    seats: Sequence[Seat]
    answered: int = 0


SurveyEvent = Noted | Thanked


@dataclass(frozen=True)
class Survey(Game[Progress, str | None, SurveyEvent]):
    """The first seat answers questions."""

    name: ClassVar[str] = "survey"
    min_seats: ClassVar[int] = 1

    questions: tuple[str, ...] = ("button",)
    """Which questions are put, by name."""

    def initial(self, seats: Sequence[Seat], /) -> Progress:
        return Progress(tuple(seats))

    def asks(self, progress: Progress, /) -> Mapping[Seat, Ask]:
        left = self.questions[progress.answered :]
        return {progress.seats[0]: QUESTIONS[left[0]]} if left else {}

    def decide(self, progress, seat, action, rng, /):
        return [Noted(seat, json.dumps(action, default=dict)), Thanked(seat)]

    def evolve(self, progress, event, /):
        if isinstance(event, Noted):
            return replace(progress, answered=progress.answered + 1)
        return progress

    def outcome(self, progress: Progress, /) -> Outcome:
        return Outcome({progress.seats[0]: 1}, Text("everything was answered."))
