"""Reading the fields of somebody else's JSON: each has its type, or one sentence says which not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Final

from characters.errors import BadCard
from games.core import clean

MOST_CHARACTERS: Final = 1_000_000
"""Of one text; a longer one is refused."""
MOST_ITEMS: Final = 2_000
"""Of one list, such as the entries of a lorebook."""


@dataclass(frozen=True)
class Fields:
    """A JSON object and where it stands in the card; null counts as missing everywhere."""

    values: Mapping[str, object]
    where: str = ""
    """Such as "data." or "data.character_book.entries[3]."; "" at the top."""

    def text(self, name: str) -> str:
        """Return a text without control characters; "" where there is none.  Raises BadCard."""
        return _text(self.values.get(name), self.where + name)

    def texts(self, name: str) -> Sequence[str]:
        """Return a list of texts; without those that are null.  Raises BadCard."""
        return tuple(_text(one, place) for place, one in self._items(name) if one is not None)

    def number(self, name: str) -> float | None:
        """Return a number, or None where there is none.  Raises BadCard."""
        value = self.values.get(name)
        if value is None or (_is_number(value) and isfinite(_as_float(value))):
            return None if value is None else _as_float(value)
        raise BadCard(wrong(self.where + name, "a number", value))

    def whole(self, name: str) -> int | None:
        """Return a whole number, or None where there is none.  Raises BadCard."""
        number = self.number(name)
        if number is not None and not number.is_integer():
            raise BadCard(wrong(self.where + name, "a whole number", self.values[name]))
        return None if number is None else int(number)

    def within(self, name: str) -> "Fields | None":
        """Return an object within this one, or None where there is none.  Raises BadCard."""
        value = self.values.get(name)
        return None if value is None else _object(value, self.where + name)

    def objects(self, name: str) -> "Sequence[Fields]":
        """Return a list of objects; without those that are null.  Raises BadCard."""
        return tuple(_object(one, place) for place, one in self._items(name) if one is not None)

    def _items(self, name: str) -> Sequence[tuple[str, object]]:
        value = self.values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list | tuple):
            raise BadCard(wrong(self.where + name, "a list", value))
        if len(value) > MOST_ITEMS:
            raise BadCard(
                f"“{self.where}{name}” has {len(value):,} items, and {MOST_ITEMS:,} is the most: "
                "take some out."
            )
        return [(f"{self.where}{name}[{at}]", one) for at, one in enumerate(value)]


def wrong(place: str, wanted: str, value: object) -> str:
    """Return the sentence about a field that is not what it has to be."""
    return (
        f"“{place}” in the card must be {wanted}, not {_kind(value)}: correct it or leave it out."
    )


def _text(value: object, place: str) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadCard(wrong(place, "text", value))
    if len(value) > MOST_CHARACTERS:
        raise BadCard(
            f"“{place}” has {len(value):,} characters, and {MOST_CHARACTERS:,} is the most: "
            "shorten it."
        )
    return clean(value, MOST_CHARACTERS)


def _object(value: object, place: str) -> Fields:
    if not isinstance(value, Mapping):
        raise BadCard(wrong(place, "an object", value))
    return Fields(value, f"{place}.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_float(value: object) -> float:
    try:
        return float(value)  # type: ignore[arg-type]  # _is_number was asked first
    except OverflowError:
        return float("inf")


def _kind(value: object) -> str:
    match value:
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "text"
        case Mapping():
            return "an object"
        case None:
            return "null"
        case _:
            return "a list"
