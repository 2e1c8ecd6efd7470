"""A recipe: a game as a TOML file describes it, read and checked."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from games.core import BadSetup, Seat

MODERATOR: Final = Seat("moderator")
EVERYONE: Final = "everyone"
LEADER: Final = "leader"
"""One seat, another one each round."""
OTHERS: Final = "others"
"""Everybody but the leader."""
NOBODY: Final = "nobody"
AFTERWARDS: Final = "afterwards"
ANSWER: Final = "answer"
"""The name of the only part of an answer that is no form."""

SLOT: Final = re.compile(r"\{(\w+)\}")
"""Where a value stands in a template."""
BRACES: Final = re.compile(r"\{([^{}]*)\}")
"""Where one was meant to stand."""

Amount = int | str
"""A whole number, or the name of the option that holds it."""
Cell = str | tuple[str, ...]
"""What stands in one column of a list."""


class BadRecipe(BadSetup):
    """A document describes no game; the message lists every fault with its place."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Shape(StrEnum):
    """What kind of answer is wanted."""

    TEXT = "text"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    VOTE = "vote"
    FORM = "form"


class Order(StrEnum):
    """Whether all who are asked answer at the same time."""

    TOGETHER = "together"
    IN_TURN = "in turn"


class Rule(StrEnum):
    """Who gets points for the answers of a phase."""

    MATCHING = "matching"
    UNIQUE = "unique"
    MOST_GIVEN = "most given"
    HIGHEST = "highest"
    LOWEST = "lowest"
    NEAREST = "nearest"
    NUMBER = "number"
    EQUALS = "equals"
    CHOSEN = "chosen"
    MOST_CHOSEN = "most chosen"
    NAMES_ROLE = "names role"
    CAUGHT = "caught"
    ESCAPED = "escaped"
    PAYOFF = "payoff"


class Sign(StrEnum):
    """What a condition looks at."""

    POINTS = "points"
    AGREED = "agreed"
    ANSWERED = "answered"
    CAUGHT = "caught"
    OPTION = "option"


class Ranks(StrEnum):
    """Who has done best when the game is over."""

    MOST = "most points"
    FEWEST = "fewest points"
    TOGETHER = "together"


@dataclass(frozen=True)
class Choosable:
    """An option of the game: a whole number within bounds, or a yes or no."""

    help: str
    default: int | bool
    least: int = 0
    most: int = 0


@dataclass(frozen=True)
class Role:
    """What some seats are, dealt at the beginning."""

    text: str
    """What its seats are told of it."""
    count: int
    """How many seats have it; 0 for all that are left."""
    knows: Sequence[str] = ()
    """Roles whose seats are named to its own."""
    open: bool = False
    """Whether everybody learns who has it."""


@dataclass(frozen=True)
class Draw:
    """Something drawn from a list: one row for the table, or another row for each seat."""

    rows: Sequence[Mapping[str, Cell]]
    """By column; a list of mere words has one column without a name."""
    each: bool
    known_by: frozenset[str]
    """EVERYONE, roles or MODERATOR; with `each`, a seat knows its own besides."""
    secret: frozenset[str] = frozenset()
    """Columns that nobody knows before they are revealed."""


@dataclass(frozen=True)
class Question:
    """What kind of answer is wanted, and its bounds."""

    shape: Shape
    prompt: str = ""
    """What is asked in this part of a form."""
    choices: tuple[str, ...] = ()
    from_value: str = ""
    """The drawn value that holds the choices, in place of `choices`."""
    least: float = 1
    most: float = 1
    step: float = 1
    longest: int = 500
    """Characters of a text."""
    optional: bool = False
    parts: Mapping[str, "Question"] = field(default_factory=dict)
    """Of a form."""


@dataclass(frozen=True)
class Condition:
    """Something that holds at a table, or does not."""

    sign: Sign
    subject: str = ""
    """The phase, or the option."""
    value: str = ""
    """The answer, or the role."""
    points: Amount = 0


@dataclass(frozen=True)
class Points:
    """Who gets how many points for the answers of a phase."""

    rule: Rule
    phase: str
    points: Amount
    part: str = ANSWER
    """Of a form, the part that counts."""
    to: str = EVERYONE
    """Those who can get them: everybody, or the seats of a role."""
    answer: str = ""
    answer_of: str = ""
    """The drawn value that holds the right answer."""
    answer_in: str = ""
    """The phase in which the right answer was given."""
    role: str = ""
    payoff: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Points for one's own choice and another's, for each other seat."""
    because: str = ""


@dataclass(frozen=True)
class Phase:
    """A step of the game: something is drawn, told, asked, and paid for."""

    name: str
    tell: str = ""
    to: str = EVERYONE
    """Who is told."""
    reveals: Sequence[str] = ()
    """Draws and roles that everybody knows from now on."""
    draws: Sequence[str] = ()
    """Draws that are made when the phase begins."""
    ask: str = ""
    of: str = EVERYONE
    """Who is asked."""
    meanwhile: str = ""
    """What those without the role are asked, so that nobody sees who has it."""
    about: str = ""
    """The phase whose answers the moderator judges here, one by one."""
    question: Question = Question(Shape.TEXT)
    default: str | None = None
    seconds: float | None = None
    order: Order = Order.TOGETHER
    shown: str = AFTERWARDS
    """Who reads an answer: EVERYONE at once, everybody AFTERWARDS, NOBODY else, or a role."""
    lines: Sequence[str] = ()
    """What house bots say."""
    points: Sequence[Points] = ()
    when: Condition | None = None
    """Without it the phase is left out."""
    public: bool = False
    """Whether everybody may read the question."""


@dataclass(frozen=True)
class Loop:
    """Phases that are gone through several times."""

    first: int
    last: int
    times: Amount
    until: Condition | None = None


@dataclass(frozen=True)
class Recipe:
    """A whole game."""

    title: str
    name: str
    summary: str
    rules: str
    least: int
    most: int
    options: Mapping[str, Choosable]
    roles: Mapping[str, Role]
    draws: Mapping[str, Draw]
    phases: Sequence[Phase]
    loops: Sequence[Loop]
    ranks: Ranks
    goal: Amount
    """Points of all that are wanted where all win or lose together."""
    stop: Condition | None
    """When it holds after a phase, the game is over."""

    @cached_property
    def moderated(self) -> bool:
        """Whether somebody has to judge."""
        return any(phase.ask and phase.of == MODERATOR for phase in self.phases)

    @cached_property
    def values(self) -> Mapping[str, tuple[str, str]]:
        """The draw and the column of each drawn value, by its name in templates."""
        return {
            f"{name}_{column}" if column else name: (name, column)
            for name, draw in self.draws.items()
            for column in draw.rows[0]
        }

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each phase, by name."""
        return {phase.name: number for number, phase in enumerate(self.phases)}

    def most_of(self, amount: Amount) -> int:
        """Return the highest that an amount can be."""
        return amount if isinstance(amount, int) else self.options[amount].most

    def is_personal(self, template: str) -> bool:
        """Return whether a template reads otherwise for each seat."""
        own = {name for name, (draw, _) in self.values.items() if self.draws[draw].each}
        return not (own | {"seat", "role"}).isdisjoint(SLOT.findall(template))

    def loop_of(self, number: int) -> Loop | None:
        """Return the loop in which a phase stands."""
        return next((loop for loop in self.loops if loop.first <= number <= loop.last), None)
