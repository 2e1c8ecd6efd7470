"""A game's options: their names, types and docstrings, and how text becomes their values."""

import ast
import inspect
import textwrap
import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from enum import Enum
from functools import cache
from math import isfinite, nan
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from games.core.errors import BadSetup
from games.core.game import HIDDEN, Game
from games.core.text import TEXT_LIMIT, Seat, clean, listed, quoted

_YES = frozenset({"yes", "y", "true", "on", "1"})
_NO = frozenset({"no", "n", "false", "off", "0"})


@dataclass(frozen=True)
class Option:
    """One option of a game."""

    name: str
    type: Any
    """bool, int, float, str, an enum, or a tuple of one of these."""
    default: object
    help: str
    hidden: bool
    """Whether it fixes a draw that players must not know."""

    def read(self, text: str) -> object:
        """Return the value that a text gives this option.  Raises BadSetup."""
        if len(text) > TEXT_LIMIT:
            raise BadSetup(f"The option {self.name} takes at most {TEXT_LIMIT} characters.")
        text = clean(text)
        if get_origin(self.type) is tuple:
            item = get_args(self.type)[0]
            return tuple(self._one(item, part.strip()) for part in text.split(",") if part.strip())
        return self._one(self.type, text)

    def _one(self, kind: Any, text: str) -> object:
        folded = text.casefold()
        if kind is bool and folded in _YES | _NO:
            return folded in _YES
        if issubclass(kind, Enum):
            for member in kind:
                if str(member.value).casefold() == folded:
                    return member
        elif kind is not bool:
            try:
                value = kind(text)
            except ValueError:
                value = nan
            if not (isinstance(value, float) and not isfinite(value)):
                return value
        raise BadSetup(f"The option {self.name} needs {_wanted(kind)}, not {quoted(text)}.")


def _wanted(kind: Any) -> str:
    if issubclass(kind, Enum):
        return f"one of {listed([str(member.value) for member in kind], 'or')}"
    return {bool: "yes or no", int: "a whole number", float: "a number"}.get(kind, "a text")


@cache
def options_of(game: type[Game[Any, Any, Any]]) -> Sequence[Option]:
    """Return the options of a game, in the order of its fields."""
    hints = get_type_hints(game, include_extras=True)
    docs = _docstrings(game)
    return [
        Option(
            name=part.name,
            type=_bare(hints[part.name]),
            default=part.default if part.default is not MISSING else None,
            help=docs.get(part.name) or part.metadata.get("help", ""),
            hidden=HIDDEN in get_args(hints[part.name])[1:],
        )
        for part in fields(game)  # type: ignore[arg-type]  # every Game is a dataclass
    ]


def game_with(game: type[Game[Any, Any, Any]], given: Mapping[str, str]) -> Game[Any, Any, Any]:
    """Return a game with options given as text.  Raises BadSetup."""
    known = {option.name: option for option in options_of(game)}
    for name in given:
        if name not in known:
            has = f"it has {listed(known)}" if known else "it has none"
            raise BadSetup(f"{game.name} has no option {quoted(name)}; {has}.")
    return game(**{name: known[name].read(text) for name, text in given.items()})


def _bare(hint: Any) -> Any:
    """Return the type inside Annotated and "or None"."""
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    members = [member for member in get_args(hint) if member is not types.NoneType]
    hint = hint if get_origin(hint) is tuple or not members else members[0]
    return str if hint is Seat else hint


def _docstrings(cls: type[Any]) -> dict[str, str]:
    """Return the string below each field, which Python itself throws away."""
    docs: dict[str, str] = {}
    for base in reversed(cls.__mro__[:-1]):
        if base is Game or not issubclass(base, Game) or "document" in vars(base):
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        assert isinstance(body, ast.ClassDef)
        for before, node in zip(body.body, body.body[1:], strict=False):
            match before, node:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(
                    value=ast.Constant(str(doc))
                ):
                    docs[name] = " ".join(doc.split())
    return docs
