"""`python -m bot.languages.extract`: looks for sentences in the code and updates the catalogues.

A sentence is a literal that is given to one of CALLS, or assigned to one of NAMES; a member of an
enumeration of a game, as these are options to choose from; or what is said of a game's option.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from bot.languages.language import FOLDER, codes
from games import FOREIGN, GAMES
from games.core.options import options_of

ROOT: Final = FOLDER.parent.parent
SOURCES: Final = (
    "games/*.py",
    "games/core/*.py",
    "games/recipes/*.py",
    "bot/arena/*.py",
    "bot/pictures/*.py",
    "bot/terminal/*.py",
    "bot/cli/play.py",
    "bot/languages/language.py",
    "bot/cogs/*.py",
    "bot/rating_tables.py",
    "tournaments/*.py",
)
"""Where people at a table read something; what only admins and operators read stays English."""
ENGLISH_ONLY: Final = re.compile(
    r"admin_|setup_panel|preflight|needed|notices|privacy|help|options|leavers|forgetting"
    r"|chat|character|memory|town"
)
"""Files that are left out."""
CALLS: Final = {
    "Text": 0,
    "Ask": 0,
    "ShownToUser": 0,
    "BadPlan": 0,
    "NotYourTurn": 0,
    "UnclearMove": 0,
    "IllegalMove": 0,
    "translate": 0,
    "say": 0,
    "press": 0,
    "button": 0,
    "tell": 1,
}
"""Which argument of a call is a sentence."""
NAMES: Final = frozenset({"telling", "told", "sentence"})
HEADER: Final = """\
msgid ""
msgstr ""
"Language: {code}\\n"
"Content-Type: text/plain; charset=utf-8\\n"

"""
"""Without dates, so that a catalogue changes only with its sentences."""
_ENUMERATIONS: Final = re.compile(r"games/(?!recipes/|core/(?!game\.py))")


def sentences() -> dict[str, list[tuple[str, int]]]:
    """Return every sentence with the files and lines where it stands."""
    found: dict[str, list[tuple[str, int]]] = {}
    for source in sorted({path for pattern in SOURCES for path in ROOT.glob(pattern)}):
        if ENGLISH_ONLY.search(source.name):
            continue
        where = source.relative_to(ROOT).as_posix()
        for sentence, line in _in_file(where, ast.parse(source.read_text("utf-8"))):
            if has_words(sentence):
                found.setdefault(sentence, []).append((where, line))
    for game in (*GAMES.values(), *FOREIGN.values()):
        for option in options_of(game):
            where = f"{game.__module__.replace('.', '/')}.py"
            found.setdefault(option.help, []).append((where, 0))
    return found


def has_words(sentence: str) -> bool:
    """Return whether there is anything to translate beside the values."""
    return any(char.isalpha() for char in re.sub(r"\{\w+\}", "", sentence))


def _in_file(where: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    constants = dict(_constants(tree))
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in CALLS:
                if len(node.args) > CALLS[name]:
                    yield from _literals(node.args[CALLS[name]], constants)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in NAMES:
                yield from _literals(value, constants)
            case ast.AnnAssign(target=ast.Name(id="telling"), value=ast.expr() as value):
                yield from _literals(value, constants)
            case ast.ClassDef(bases=[ast.Name(id="StrEnum")]) if _ENUMERATIONS.match(where):
                for member in node.body:
                    if isinstance(member, ast.Assign):
                        yield from _literals(member.value, {})


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for node in tree.body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _literals(node: ast.expr, constants: Mapping[str, ast.expr]) -> Iterator[tuple[str, int]]:
    """Yield the literals that an expression can be."""
    match node:
        case ast.Constant(value=str(sentence)):
            yield sentence, node.lineno
        case ast.IfExp(body=first, orelse=second):
            yield from _literals(first, constants)
            yield from _literals(second, constants)
        case ast.Name(id=name) if name in constants:
            yield from _literals(constants[name], {})


def update(path: Path) -> Catalog:
    """Write a catalogue anew with the sentences of the code; return it."""
    template = Catalog(charset="utf-8")
    for sentence, places in sentences().items():
        files = dict.fromkeys(file for file, _ in places)
        template.add(sentence, locations=[(file, 0) for file in files])
    with path.open("rb") as old:
        catalogue = read_po(old, locale=path.stem)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with path.open("wb") as new:
        new.write(HEADER.format(code=path.stem).encode())
        write_po(
            new, catalogue, width=100, omit_header=True, sort_by_file=True, include_lineno=False
        )
    return catalogue


def main() -> None:
    """Update every catalogue and say what is missing."""
    for code in codes()[1:]:
        catalogue = update(FOLDER / f"{code}.po")
        missing = [str(entry.id) for entry in catalogue if entry.id and not entry.string]
        print(f"{code}: {len(catalogue)} sentences, {len(missing)} not translated")  # noqa: T201


if __name__ == "__main__":
    main()
