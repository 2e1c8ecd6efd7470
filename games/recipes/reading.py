"""From a TOML text to a recipe; every fault is found at once and named with its place."""

import keyword
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from typing import Final

from games.core import Game, clean
from games.core.tables import Table, parsed
from games.recipes.checking import check
from games.recipes.knowledge import Knowledge
from games.recipes.reading_phases import (
    LONGEST_CHOICE,
    Names,
    Step,
    amount,
    condition,
    is_plain,
    read_phase,
)
from games.recipes.recipe import (
    EVERYONE,
    LEADER,
    MODERATOR,
    NOBODY,
    OTHERS,
    Amount,
    BadRecipe,
    Cell,
    Choosable,
    Draw,
    Loop,
    Ranks,
    Recipe,
    Role,
)

LONGEST_DOCUMENT: Final = 60_000
"""Characters."""
LONGEST_TEXT: Final = 1500
MOST_SEATS: Final = 20
MOST_PHASES: Final = 30
MOST_ROWS: Final = 300
MOST_TIMES: Final = 50
MOST_NAMES: Final = 20
"""Options, roles, draws, and columns of a list."""
TAKEN: Final = frozenset(
    {EVERYONE, LEADER, OTHERS, MODERATOR, NOBODY, "round", "seat", "seats", "role", "about"}
    | {"answer", "deal", "recipe"}
    | {name for name in dir(Game) if not name.startswith("_")}
)
"""Names that mean something already."""
NO_OPTIONS: Final = TAKEN.union(
    ("amount", "facts", "name", "option", "replies", "values", "waiting"), keyword.kwlist
)
"""Names that no option can have: it would stand in the place of something that a game has."""


def read_recipe(document: str, file: str = "the game") -> Recipe:
    """Return the recipe in a TOML text.  Raises BadRecipe with every fault."""
    if len(document) > LONGEST_DOCUMENT:
        raise BadRecipe([f"{file}: it has over {LONGEST_DOCUMENT:,} characters: shorten it."])
    try:
        table = Table(parsed(document), file, "", [])
    except ValueError as why:
        raise BadRecipe([f"{file}: this is no valid TOML ({why}): correct it there."]) from None
    recipe, steps = _recipe(table)
    table.close()
    check(recipe, steps, table)
    if table.faults:
        raise BadRecipe(list(dict.fromkeys(table.faults)))
    knowledge = Knowledge(recipe)
    phases = [replace(one, public=knowledge.public(at)) for at, one in enumerate(recipe.phases)]
    return replace(recipe, phases=tuple(phases))


def _recipe(table: Table) -> tuple[Recipe, Sequence[Step]]:
    title = table.text("title", longest=40)
    name = re.sub(r"[\W_]+", "-", title.casefold()).strip("-")
    if title and not name:
        table.fault("“title” must have a letter or digit: write one.")
    least, most = _seats(table.within("seats"))
    options = dict(_options(table.within("options")))
    roles = dict(_roles(table.within("roles"), least, most))
    draws = dict(_draws(table, roles, most))
    names = Names(options, roles, draws, tuple(_phase_names(table)))
    steps = [read_phase(row, names) for row in table.rows("phases")]
    if not 1 <= len(steps) <= MOST_PHASES:
        table.fault(f"“phases” must list 1 to {MOST_PHASES} phases: write each as [[phases]].")
    loops = tuple(_loops(table, names))
    end = table.within("end")
    ranks = end.choice("ranks", Ranks, Ranks.MOST)
    goal: Amount = 0
    if ranks is Ranks.TOGETHER:
        goal = amount(end, "goal", 1, 100_000, names)
    recipe = Recipe(
        title=title,
        name=name,
        summary=table.text("summary", longest=200),
        rules=table.text("rules", longest=LONGEST_TEXT),
        least=least,
        most=most,
        options=options,
        roles=roles,
        draws=draws,
        phases=tuple(step.phase for step in steps),
        loops=loops,
        ranks=ranks,
        goal=goal,
        stop=condition(end, "when", names),
    )
    end.close()
    return recipe, steps


def _seats(table: Table) -> tuple[int, int]:
    least = table.whole("least", 1, MOST_SEATS)
    most = table.whole("most", least, MOST_SEATS)
    table.close()
    return least, most


def _options(table: Table) -> Iterator[tuple[str, Choosable]]:
    for name, option in _named(table, NO_OPTIONS):
        said = option.text("help", longest=200)
        if isinstance(option.value("default"), bool):
            yield name, Choosable(said, default=option.flag("default", default=False))
            continue
        least = option.whole("least", -1000, 1000, 0)
        most = option.whole("most", max(least, 1), 1000)
        yield name, Choosable(said, option.whole("default", least, most), least, most)


def _roles(table: Table, least: int, most: int) -> Iterator[tuple[str, Role]]:
    counts = []
    for name, role in _named(table):
        count = role.whole("count", 1, MOST_SEATS, 1) if "count" in role.values else 0
        counts.append(count)
        knows = role.texts("knows")
        for other in knows:
            role.known(other, table.values, "role")
        text = role.text("text", longest=LONGEST_TEXT)
        yield name, Role(text, count, knows, role.flag("open", default=False))
    if counts.count(0) > 1:
        table.fault("two roles have no “count”: only one can be for all who are left.")
    if 0 in counts and sum(counts) >= least:
        table.fault("the counts leave nobody for the last role: lower one, or ask for more seats.")
    if counts and 0 not in counts and not least == most == sum(counts):
        table.fault("the counts must make up the seats: leave one “count” out for all the others.")


def _draws(table: Table, roles: Mapping[str, Role], most: int) -> Iterator[tuple[str, Draw]]:
    lists = dict(_lists(table.within("lists")))
    knowing = {**roles, EVERYONE: None, MODERATOR: None}
    for name, draw in _named(table.within("draws")):
        each = draw.flag("each", default=False)
        source = draw.text("from", longest=60)
        rows = lists.get(source) or ({"": ""},)
        if draw.known(source, lists, "list") and each and len(rows) < most:
            draw.fault(f"the list has fewer rows than there may be seats: write {most} or more.")
        known_by = draw.texts("known_by") if "known_by" in draw.values else [EVERYONE]
        for who in known_by:
            draw.known(who, knowing, "role")
        if each and "known_by" in draw.values:
            draw.fault("what is drawn for each seat, that seat knows: take “known_by” out.")
        secret = draw.texts("secret")
        for column in secret:
            draw.known(column, dict.fromkeys(filter(None, rows[0])), "column")
        yield name, Draw(rows, each, frozenset(known_by), frozenset(secret))


def _lists(table: Table) -> Iterator[tuple[str, Sequence[Mapping[str, Cell]]]]:
    for name in table.values:
        rows = table.value(name)
        _check_name(table, name)
        if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
            table.fault(f"“{name}” must be a list of 1 to {MOST_ROWS} rows: write it so.")
            continue
        read = [
            row for number, one in enumerate(rows, 1) if (row := _row(table, name, number, one))
        ]
        if any(row.keys() != read[0].keys() for row in read):
            table.fault(f"the rows of “{name}” must all have the same columns: complete them.")
        elif read:
            yield name, tuple(read)
    table.close()


def _row(table: Table, name: str, number: int, row: object) -> Mapping[str, Cell] | None:
    """Return a row as columns; a mere word is a column without a name."""
    columns = row if isinstance(row, dict) else {"": row}
    cells: dict[str, Cell] = {}
    for column, value in columns.items():
        if isinstance(row, dict):
            _check_name(table, column)
        texts = value if isinstance(value, list) else [value]
        plain = all(map(is_plain, texts))
        cleaned = tuple(dict.fromkeys(clean(str(one)) for one in texts)) if plain else ()
        if not cleaned or not all(cleaned):
            table.fault(f"row {number} of “{name}” must hold texts, numbers or lists of texts.")
            return None
        if max(map(len, cleaned)) > (LONGEST_CHOICE if isinstance(value, list) else LONGEST_TEXT):
            table.fault(
                f"row {number} of “{name}” has a text of over {LONGEST_TEXT:,} characters, or in "
                f"a list of over {LONGEST_CHOICE}: shorten it."
            )
        cells[column] = cleaned if isinstance(value, list) else cleaned[0]
    return cells or None


def _loops(table: Table, names: Names) -> Iterator[Loop]:
    before = -1
    for row in table.rows("loops"):
        first, last = (row.text(key, longest=60) for key in ("from", "to"))
        known = [row.known(one, names.numbers, "phase") for one in (first, last)]
        times = amount(row, "times", 1, MOST_TIMES, names)
        loop = Loop(
            names.numbers.get(first, 0),
            names.numbers.get(last, 0),
            times,
            condition(row, "until", names),
        )
        if all(known) and not before < loop.first <= loop.last:
            row.fault("loops go from a phase to a later one, and one after the other: order them.")
        before = max(before, loop.last)
        yield loop


def _phase_names(table: Table) -> Iterator[str]:
    rows = table.values.get("phases")
    for row in rows if isinstance(rows, list) else ():
        name = row.get("name") if isinstance(row, dict) else None
        yield name if isinstance(name, str) else ""


def _named(table: Table, taken: Set[str] = TAKEN) -> Iterator[tuple[str, Table]]:
    """Yield the tables in one with their names, and close it."""
    if len(table.values) > MOST_NAMES:
        table.fault(f"there are over {MOST_NAMES}: leave some out.")
    for name, inner in table.named():
        _check_name(inner, name)
        if name in taken:
            inner.fault(f"“{name}” means something already: choose another name.")
        yield name, inner
    table.close()


def _check_name(table: Table, name: str) -> None:
    plain = name.isidentifier() and name == unicodedata.normalize("NFKC", name)
    if not plain or name.startswith("_") or len(name) > 30:
        table.fault(f"“{name[:30]}” cannot be a name: write letters, digits and _ only.")
