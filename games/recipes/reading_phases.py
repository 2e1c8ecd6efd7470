"""The phases of a recipe: what is told, asked and paid, as it stands in the file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from games.core import UnclearMove
from games.core.tables import Table
from games.core.text import Text, clean
from games.recipes.asking import shaped
from games.recipes.recipe import (
    AFTERWARDS,
    ANSWER,
    BRACES,
    EVERYONE,
    LEADER,
    MODERATOR,
    NOBODY,
    OTHERS,
    Amount,
    Choosable,
    Condition,
    Draw,
    Order,
    Phase,
    Points,
    Question,
    Role,
    Rule,
    Shape,
    Sign,
)

LONGEST_TEXT: Final = 1500
LONGEST_CHOICE: Final = 80
"""Characters, as many as a button has room for."""
MOST_CHOICES: Final = 25
MOST_PARTS: Final = 5
"""As many as a form of Discord has room for."""
MOST_POINTS: Final = 1000
LARGEST: Final = 10**18
"""Whole numbers from here on are none that TOML promises to hold."""
WEEK: Final = 7 * 86_400
"""Seconds."""


@dataclass(frozen=True)
class Names:
    """What a file has given a name."""

    options: Mapping[str, Choosable]
    roles: Mapping[str, Role]
    draws: Mapping[str, Draw]
    phases: Sequence[str]

    @cached_property
    def numbers(self) -> Mapping[str, int]:
        """The place of each phase, by name."""
        return {name: number for number, name in enumerate(self.phases)}


@dataclass(frozen=True)
class Step:
    """A phase, and where it stands, for faults that show only beside other phases."""

    phase: Phase
    table: Table
    points: Sequence[Table]


def read_phase(table: Table, names: Names) -> Step:
    """Return a phase as it is written."""
    name = table.text("name", longest=30)
    if names.phases.count(name) > 1:
        table.fault(f"there are two phases “{name}”: give one another name.")
    rows = [(row, _points(row, name, names)) for row in table.rows("points")]
    inner = table.within("answer")
    question = _question(inner)
    inner.close()
    phase = Phase(
        name=name,
        tell=table.text("tell", "", LONGEST_TEXT),
        to=_who(table, "to", EVERYONE, names),
        reveals=_among(table, "reveals", {**names.draws, **names.roles}, "draw or role"),
        draws=_among(table, "draws", names.draws, "draw"),
        ask=table.text("ask", "", LONGEST_TEXT),
        of=_who(table, "of", EVERYONE, names),
        meanwhile=table.text("meanwhile", "", LONGEST_TEXT),
        about=table.text("about", "", 30),
        question=question,
        default=_default(table, question),
        seconds=None if table.value("seconds") is None else table.number("seconds", 5, WEEK),
        order=table.choice("order", Order, Order.TOGETHER),
        shown=_who(table, "shown", AFTERWARDS, names, AFTERWARDS, NOBODY),
        lines=tuple(table.texts("lines")),
        points=tuple(points for _, points in rows),
        when=condition(table, "when", names),
    )
    return Step(phase, table, [row for row, _ in rows])


def is_plain(value: object) -> bool:
    """Return whether a value is a text or a number, and short enough to be written out."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < LARGEST
    return isinstance(value, (str, float))


def amount(table: Table, name: str, least: int, most: int, names: Names) -> Amount:
    """Return a whole number, or the name of an option that is one and stays within bounds."""
    value = table.value(name)
    if not isinstance(value, str):
        return table.whole(name, least, most)
    options = {key: option for key, option in names.options.items() if option.most}
    if table.known(value, options, "option with a number"):
        option = options[value]
        if not least <= option.least <= option.most <= most:
            table.fault(f"the option “{value}” must stay from {least:,} to {most:,}: bound it.")
        return value
    return least


def condition(table: Table, name: str, names: Names) -> Condition | None:
    """Return a condition; None where there is none."""
    if table.value(name) is None:
        return None
    inner = table.within(name)
    signs = [sign for sign in Sign if sign in inner.values]
    if len(signs) != 1:
        inner.fault(f"say one thing that must hold: {', '.join(Sign)}.")
        return None
    sign = signs[0]
    found = _condition(inner, sign, names)
    inner.close()
    return found


def _condition(table: Table, sign: Sign, names: Names) -> Condition:
    if sign is Sign.POINTS:
        return Condition(sign, points=amount(table, sign, 1, 100_000, names))
    subject = table.text(sign, longest=60)
    if sign is Sign.OPTION:
        flags = {name: option for name, option in names.options.items() if not option.most}
        table.known(subject, flags, "option with yes or no")
        return Condition(sign, subject)
    table.known(subject, names.numbers, "phase")
    if sign is Sign.CAUGHT:
        role = table.text("role", longest=60)
        table.known(role, names.roles, "role")
        return Condition(sign, subject, role)
    return Condition(sign, subject, _plain(table, "with") if sign is Sign.ANSWERED else "")


def _question(table: Table, *, part: bool = False) -> Question:
    shape = table.choice("kind", Shape, Shape.TEXT)
    prompt = table.text("prompt", longest=300) if part else ""
    optional = table.flag("optional", default=False)
    match shape:
        case Shape.TEXT:
            longest = table.whole("longest", 1, 1500, 500)
            return Question(shape, prompt, longest=longest, optional=optional)
        case Shape.NUMBER:
            least = table.number("least", -(10**6), 10**6)
            most = table.number("most", least, 10**6)
            step = table.number("step", 0.001, 10**6, 1)
            return Question(shape, prompt, (), "", least, most, step, optional=optional)
        case Shape.VOTE:
            return Question(shape, prompt, optional=optional)
        case Shape.FORM:
            if part:
                table.fault("a form cannot stand in a form: choose another kind.")
            parts = dict(_parts(table.within("parts"))) if not part else {}
            return Question(shape, prompt, parts=parts, optional=optional)
    choices, source = _choices(table, part=part)
    least = most = 1
    if shape is Shape.SEVERAL:
        least = table.whole("least", 0, max(0, len(choices)), min(1, len(choices)))
        most = table.whole("most", max(1, least), max(1, len(choices)), max(1, len(choices)))
    return Question(shape, prompt, choices, source, least, most, optional=optional)


def _choices(table: Table, *, part: bool) -> tuple[tuple[str, ...], str]:
    """Return the choices that are written out, or the drawn value that holds them."""
    given = table.value("choices")
    if isinstance(given, str) and not part and table.value("kind") == Shape.CHOICE:
        return (), given
    choices = tuple(table.texts("choices", LONGEST_CHOICE))
    if not 2 <= len(set(choices)) == len(choices) <= MOST_CHOICES:
        table.fault(f"“choices” must list 2 to {MOST_CHOICES} texts, each once: correct it.")
        return ("yes", "no"), ""
    return choices, ""


def _parts(table: Table) -> Iterator[tuple[str, Question]]:
    shapes = []
    for name, part in table.named():
        question = _question(part, part=True)
        shapes.append(question.shape)
        if BRACES.search(question.prompt):
            part.fault("values stand in “ask”, and not in a “prompt”: write it without braces.")
        if ":" in name or name == ANSWER:
            part.fault("a part of a form cannot have this name: choose another.")
        yield name, question
    if not 1 <= len(shapes) <= MOST_PARTS:
        table.fault(f"a form has 1 to {MOST_PARTS} parts: write each as a table.")
    if shapes.count(Shape.TEXT) > 1:
        table.fault("a form has one text at most: make the others choices or numbers.")


def _default(table: Table, question: Question) -> str | None:
    """Return what is answered for a silent seat."""
    if table.value("default") is None:
        return None
    default = _plain(table, "default")
    if question.shape in (Shape.VOTE, Shape.FORM) or question.from_value:
        table.fault("“default” is for written choices, numbers and texts only: take it out.")
        return None
    try:
        shaped(question, Text("")).parse(default)
    except UnclearMove as why:
        table.fault(f"“default” is no answer to the question: {why}")
    return default


def _points(table: Table, phase: str, names: Names) -> Points:
    role = table.text("role", "", 60)
    if role:
        table.known(role, names.roles, "role")
    payoff = table.within("payoff")
    pairs = {
        (mine.strip(), theirs.strip()): payoff.whole(key, -MOST_POINTS, MOST_POINTS)
        for key in payoff.values
        for mine, _, theirs in [key.partition("/")]
    }
    return Points(
        rule=table.choice("rule", Rule, Rule.MATCHING),
        phase=table.text("phase", phase, 30),
        points=1
        if table.value("points") is None
        else amount(table, "points", -MOST_POINTS, MOST_POINTS, names),
        part=table.text("part", ANSWER, 60),
        to=_who(table, "to", EVERYONE, names),
        answer=_plain(table, "answer"),
        answer_of=table.text("answer_of", "", 60),
        answer_in=table.text("answer_in", "", 60),
        role=role,
        payoff=pairs,
        because=table.text("because", "", 300),
    )


def _plain(table: Table, name: str) -> str:
    """Return a text or a number as a text; "" where there is none."""
    value = table.value(name, "")
    if is_plain(value):
        return clean(str(value), 200)
    table.fault(f"“{name}” must be a text or a number: write one.")
    return ""


def _who(table: Table, name: str, default: str, names: Names, *more: str) -> str:
    """Return who is meant: everybody, the leader, the others, the moderator, a role, or `more`."""
    who = table.text(name, default, 60)
    words = dict.fromkeys((EVERYONE, LEADER, OTHERS, MODERATOR, *more))
    table.known(who, {**words, **names.roles}, "role")
    return who


def _among(table: Table, name: str, among: Mapping[str, object], what: str) -> Sequence[str]:
    found = table.texts(name)
    return tuple(one for one in found if table.known(one, among, what))
