"""What can only be seen when a recipe is looked at as a whole.

Values in templates exist, are drawn by then, and are known to whoever reads them; points fit the
answers they are for; and no game goes on for ever.
"""

from collections import Counter
from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING, Final

from games.core.tables import Table
from games.recipes.knowledge import Knowledge
from games.recipes.recipe import (
    AFTERWARDS,
    ANSWER,
    EVERYONE,
    LEADER,
    MODERATOR,
    NOBODY,
    OTHERS,
    Cell,
    Condition,
    Order,
    Phase,
    Points,
    Question,
    Recipe,
    Rule,
    Shape,
    Sign,
)

if TYPE_CHECKING:
    from games.recipes.reading_phases import Step

MOST_CHOICES: Final = 25
MOST_ANSWERS: Final = 2000
"""Answers in a whole game, with all seats taken."""
ON_NUMBERS: Final = (Rule.HIGHEST, Rule.LOWEST, Rule.NEAREST, Rule.NUMBER)
ON_VOTES: Final = (
    Rule.CHOSEN,
    Rule.MOST_CHOSEN,
    Rule.NAMES_ROLE,
    Rule.CAUGHT,
    Rule.ESCAPED,
)
ON_ROLES: Final = (Rule.NAMES_ROLE, Rule.CAUGHT, Rule.ESCAPED)
OF_QUESTIONS: Final = {
    "of",
    "about",
    "answer",
    "default",
    "lines",
    "meanwhile",
    "order",
    "seconds",
    "shown",
}
"""Keys of a phase that mean nothing without “ask”."""
WITH_ANSWER: Final = (Rule.EQUALS, Rule.NEAREST)


def check(recipe: Recipe, steps: Sequence["Step"], table: Table) -> None:
    """Note every fault of a recipe as a whole."""
    knowledge = Knowledge(recipe)
    for fault in knowledge.faults(recipe.rules, knowledge.all, -1):
        table.fault(f"“rules” says {fault}")
    values = [f"{name}_{c}" if c else name for name, d in recipe.draws.items() for c in d.rows[0]]
    for name, times in Counter([*recipe.options, *recipe.roles, *values]).items():
        if times > 1:
            table.fault(f"“{name}” would mean two things: give one of them another name.")
    for name, role in recipe.roles.items():
        for fault in knowledge.faults(role.text, frozenset({name}), -1, own=True):
            table.fault(f"the text of the role “{name}” says {fault}")
    for number, step in enumerate(steps):
        _phase(recipe, step, number, knowledge)
        for points, row in zip(step.phase.points, step.points, strict=True):
            _points(recipe, points, row, number, knowledge)
    if _answers(recipe) > MOST_ANSWERS:
        table.fault(
            f"the game may take over {MOST_ANSWERS:,} answers: lower “times”, or the seats."
        )
    for condition in (recipe.stop, *(loop.until for loop in recipe.loops)):
        _condition(recipe, table, condition)


def _phase(recipe: Recipe, step: "Step", number: int, knowledge: Knowledge) -> None:
    phase, table = step.phase, step.table
    if not (phase.tell or phase.ask or phase.points or phase.draws):
        table.fault("nothing happens in this phase: write “tell” or “ask”.")
    if phase.draws and phase.when:
        table.fault("a phase that draws cannot be left out: take “when” away.")
    _condition(recipe, table, phase.when)
    everybody = phase.to == EVERYONE and not recipe.is_personal(phase.tell)
    told = knowledge.all if everybody else knowledge.readers(phase.to)
    judged = ("about", "answer") if phase.about else ()
    templates = [("tell", phase.tell, told), ("meanwhile", phase.meanwhile, knowledge.players)]
    templates += [("ask", phase.ask, knowledge.readers(phase.of))]
    for key, template, readers in templates:
        for fault in knowledge.faults(template, readers, number, judged, own=True):
            table.fault(f"“{key}” says {fault}")
    for line in phase.lines:
        each = [frozenset({role}) for role in knowledge.readers(phase.of)]
        found = [list(knowledge.faults(line, role, number, own=True)) for role in each]
        if all(found):  # a bot says only what it has been told
            table.fault(f"“lines” says {found[0][0]}")
    if not phase.ask:
        for key in sorted(table.values.keys() & OF_QUESTIONS):
            table.fault(f"“{key}” belongs to a question: write “ask”, too.")
    else:
        _asked(recipe, phase, table, number, knowledge)
        _choices(recipe, phase, table, number, knowledge)


def _asked(recipe: Recipe, phase: Phase, table: Table, number: int, knowledge: Knowledge) -> None:
    """Check who is asked, and who reads the answers."""
    if phase.shown in (LEADER, OTHERS):
        table.fault(
            "“shown” must be everyone, afterwards, nobody, moderator or a role: choose one."
        )
    if phase.about:
        _judging(recipe, phase, table, number)
    if phase.of in recipe.roles and not knowledge.revealed(phase.of, number):
        secret = phase.shown in (NOBODY, phase.of) and phase.order is Order.TOGETHER
        if not (phase.meanwhile and secret):
            table.fault(
                f'this would show who is {phase.of}: write reveals = ["{phase.of}"] before, or '
                '“meanwhile” for the others to answer, and shown = "nobody".'
            )
    elif phase.meanwhile:
        table.fault("“meanwhile” is for phases that ask a hidden role: take it out.")
    if phase.question.shape is Shape.VOTE and recipe.least == 1:
        table.fault("a vote needs two seats at least: raise “least” of the seats.")


def _judging(recipe: Recipe, phase: Phase, table: Table, number: int) -> None:
    if not table.known(phase.about, recipe.numbers, "phase"):
        return
    judged = recipe.phases[recipe.numbers[phase.about]]
    if phase.of != MODERATOR or phase.question.shape is Shape.VOTE:
        table.fault('“about” is for questions to the moderator: write of = "moderator".')
    if recipe.numbers[phase.about] >= number or not judged.ask or judged.of == MODERATOR:
        table.fault("“about” must name an earlier phase in which seats are asked: choose one.")
    if judged.shown not in (EVERYONE, AFTERWARDS, MODERATOR) or judged.meanwhile:
        table.fault(f"the moderator does not see the answers of “{judged.name}”: change “shown”.")


def _choices(recipe: Recipe, phase: Phase, table: Table, number: int, knowledge: Knowledge) -> None:
    """Check choices that are drawn."""
    name = phase.question.from_value
    if not name:
        return
    readers = knowledge.readers(phase.of)
    if why := knowledge.fault(name, readers, number, own=True):
        table.fault(f"“choices” is “{name}”, {why}")
        return
    draw, column = recipe.values.get(name, ("", ""))
    rows = recipe.draws[draw].rows if draw else ()
    lists = [cell for row in rows if isinstance(cell := row[column], tuple)]
    if (
        not rows
        or len(lists) < len(rows)
        or not all(2 <= len(one) <= MOST_CHOICES for one in lists)
    ):
        table.fault(f"“choices” is “{name}”, which holds no lists of 2 to {MOST_CHOICES} texts.")


def _points(
    recipe: Recipe, points: Points, table: Table, number: int, knowledge: Knowledge
) -> None:
    for fault in knowledge.faults(points.because, knowledge.all, number):
        table.fault(f"“because” says {fault}")
    if not table.known(points.phase, recipe.numbers, "phase"):
        return
    asked = recipe.phases[recipe.numbers[points.phase]]
    if recipe.numbers[points.phase] > number or not asked.ask:
        table.fault("points are for answers in this phase or an earlier one: name one that asks.")
        return
    question = asked.question.parts.get(points.part, asked.question)
    if points.part not in (asked.question.parts or (ANSWER,)):
        table.fault("“part” must name the part of a form that counts, and is for forms only.")
        return
    _fits(points, asked, question, table)
    if points.to not in (EVERYONE, *recipe.roles):
        table.fault("“to” must be everyone or a role: choose one.")
    roles = {points.to, asked.of if asked.meanwhile else "", points.role} & set(recipe.roles)
    for role in sorted(roles):
        if not knowledge.revealed(role, number):
            table.fault(f'these points tell who is {role}: write reveals = ["{role}"] before.')
    if points.rule in WITH_ANSWER:
        _right(recipe, points, question, table)


def _fits(points: Points, asked: Phase, question: Question, table: Table) -> None:
    """Check that a rule can read the answers that it is for."""
    rule = points.rule
    if rule in ON_VOTES and question.shape is not Shape.VOTE:
        table.fault(f"“{rule}” is for votes: choose another rule, or ask for a vote.")
    if rule in ON_NUMBERS and question.shape is not Shape.NUMBER:
        table.fault(f"“{rule}” is for numbers: choose another rule, or ask for a number.")
    if question.shape is Shape.TEXT:
        table.fault("no rule reads free text: ask the moderator about it, and count that answer.")
    if asked.of == MODERATOR and not asked.about and rule not in ON_VOTES:
        table.fault(f"“{rule}” counts answers of seats: ask the moderator “about” a phase.")
    if (rule in ON_ROLES) is not bool(points.role):
        table.fault("“role” belongs to names role, caught and escaped: write it there, only there.")
    choices = set(question.choices)
    if rule is not Rule.PAYOFF and points.payoff:
        table.fault('“payoff” belongs to the rule payoff: write rule = "payoff".')
    elif rule is Rule.PAYOFF and not (
        points.payoff and choices.issuperset(one for pair in points.payoff for one in pair)
    ):
        table.fault('“payoff” must give points for pairs of choices, such as "take/share" = 3.')


def _right(recipe: Recipe, points: Points, question: Question, table: Table) -> None:
    """Check that there is one right answer, of the kind that is asked for."""
    if [points.answer, points.answer_of, points.answer_in].count("") != 2:
        table.fault("write the right answer as “answer”, or where it is: “answer_of”, “answer_in”.")
        return
    if name := points.answer_in:
        if table.known(name, recipe.numbers, "phase"):
            other = recipe.phases[recipe.numbers[name]].question.shape
            if other is not question.shape:
                table.fault(f"“{name}” has the kind {other}, not {question.shape}: name another.")
        return
    cells: list[Cell] = [points.answer]
    if name := points.answer_of:
        if not table.known(name, recipe.values, "value"):
            return
        draw, column = recipe.values[name]
        cells = [row[column] for row in recipe.draws[draw].rows]
    if question.shape is Shape.NUMBER and not all(map(_is_number, cells)):
        table.fault("the right answer must be a number: correct it.")
    if question.choices and not set(question.choices).issuperset(cells):
        table.fault("the right answer must be one of the choices: correct it.")


def _is_number(cell: Cell) -> bool:
    try:
        return isinstance(cell, str) and isfinite(float(cell))
    except ValueError:
        return False


def _condition(recipe: Recipe, table: Table, condition: Condition | None) -> None:
    """Check that a condition on the answers of a phase can hold at all."""
    number = recipe.numbers.get(condition.subject) if condition else None
    if condition is None or number is None or condition.sign is Sign.OPTION:
        return
    phase, subject = recipe.phases[number], condition.subject
    parts = [*phase.question.parts.values()] or [phase.question]
    if condition.sign is Sign.CAUGHT:
        if phase.question.shape is not Shape.VOTE:
            table.fault(f"“caught” needs a phase that votes, not “{subject}”: name another.")
    elif not phase.ask or all(part.shape is Shape.TEXT for part in parts):
        table.fault(f"no condition reads what is said in “{subject}”: name another phase.")
    elif condition.sign is Sign.ANSWERED and not any(_can_be(condition.value, p) for p in parts):
        table.fault(f"“with” must be what can be answered in “{subject}”: correct it.")


def _can_be(value: str, part: Question) -> bool:
    match part.shape:
        case Shape.CHOICE | Shape.SEVERAL:
            return not part.choices or value in part.choices
        case Shape.NUMBER:
            return _is_number(value) and part.least <= float(value) <= part.most
    return part.shape is Shape.VOTE


def _answers(recipe: Recipe) -> int:
    """Return how many answers a game takes at most."""
    total = 0
    for number, phase in enumerate(recipe.phases):
        loop = recipe.loop_of(number)
        times = 1 if loop is None else recipe.most_of(loop.times)
        alone = phase.of == LEADER or (phase.of == MODERATOR and not phase.about)
        total += times * (0 if not phase.ask else 1 if alone else recipe.most)
    return total
