"""Cards that people write and change field by field; whatever no field shows stays as it is."""

from collections.abc import Mapping, Sequence
from typing import Final, cast

from characters.card import Card, read_card
from characters.errors import BadCard
from characters.form_fields import PARTS, FormField
from characters.versions import Document, as_v3

_FIELDS: Final = {field.name: field for part in PARTS.values() for field in part}
_PARLOUR: Final = ("extensions", "parlour")


def typed_form(card: Card, field: FormField) -> str | None:
    """Return what a card says in a field as one types it; None where no form can hold it."""
    shown = field.shown(_at(as_v3(card)["data"], field.path))
    return None if shown is None or len(shown) > field.most else shown


def edited(card: Card, given: Mapping[str, str]) -> Card:
    """Return a card in which these fields say something else.  Raises BadCard."""
    document = as_v3(card)
    data = cast("Document", document["data"])
    for name, text in given.items():
        field = _FIELDS[name]
        if not _same(typed_form(card, field), text):
            data = _with(data, field.path, field.read(text.strip()))
    return read_card({**document, "data": _tidy(data)})


def new_card(given: Mapping[str, str]) -> Card:
    """Return a card that says these things and nothing else.  Raises BadCard."""
    return edited(read_card({"name": given.get("name", "")}), given)


def _same(old: str | None, new: str) -> bool:
    """Return whether somebody has left a text alone; forms lose spaces at the ends of lines."""
    return old is not None and _lines(old) == _lines(new)


def _lines(text: str) -> Sequence[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def _at(value: object, path: Sequence[str]) -> object:
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _with(data: Document, path: Sequence[str], value: object) -> Document:
    """Return an object with another value at a path; None takes away what is there."""
    first, *rest = path
    if rest:
        inner = data.get(first)
        value = _with(inner if isinstance(inner, Mapping) else {}, rest, value)
    kept = {name: one for name, one in data.items() if name != first or value is not None}
    return kept if value is None else {**kept, first: value}


def _tidy(data: Document) -> Document:
    """Return the data without an era or a present that says nothing any more.

    Raises BadCard for an era without its years.
    """
    for name in ("era", "now"):
        part = _at(data, (*_PARLOUR, name))
        if isinstance(part, Mapping) and not any(
            value not in ("", None) for value in part.values()
        ):
            data = _with(data, (*_PARLOUR, name), None)
    era = _at(data, (*_PARLOUR, "era"))
    if isinstance(era, Mapping) and not {"first_year", "last_year"} <= era.keys():
        raise BadCard("A time needs its first and its last year; leave all of it out, or say both.")
    return data
