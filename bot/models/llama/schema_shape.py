"""Whether the keywords of a JSON schema have values of theirs, as anybody may send one.  Pure."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.models.llama.gbnf import MOST_REPEATS
from games.core.ask import GRID

BIGGEST: Final = 10**18
"""Bound of a number, either way: sums with nine decimal places are still exact."""
SMALLEST_STEP: Final = 1e-9


def wrong_keyword(schema: Mapping[str, Any]) -> str | None:
    """Return a keyword whose value makes no sense; None where all do."""
    wrong = (name for name, fits in _FITS.items() if name in schema and not fits(schema[name]))
    return next(wrong, None)


def _list(value: object) -> bool:
    return isinstance(value, list | tuple) and len(value) > 0


def _texts(value: object) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _schemas(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(one, Mapping) for one in value.values())


def _alternatives(value: object) -> bool:
    return _schemas(dict(enumerate(value))) if isinstance(value, list) and value else False


def _number(value: object) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and -BIGGEST <= value <= BIGGEST  # type: ignore[operator]  # a number, as was asked


def _step(value: object) -> bool:
    return _number(value) and value >= SMALLEST_STEP  # type: ignore[operator]  # as above


def _count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _least(value: object) -> bool:
    return _count(value) and value <= MOST_REPEATS  # type: ignore[operator]  # as above


_FITS: Final[Mapping[str, Callable[[object], bool]]] = {
    "enum": _list,
    "anyOf": _alternatives,
    "type": lambda value: isinstance(value, str) or (_list(value) and _texts(value)),
    "properties": _schemas,
    "required": _texts,
    "items": lambda value: isinstance(value, Mapping),
    "minItems": _least,
    "maxItems": _count,
    "uniqueItems": lambda value: isinstance(value, bool),
    "minLength": _least,
    "maxLength": _count,
    "minimum": _number,
    "maximum": _number,
    "multipleOf": _step,
    GRID: _step,
}
