"""What people read: templates with named values, and cleaning of what people write."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

TEXT_LIMIT: Final = 20_000
"""Characters; a longer input is cut here before anything looks at it."""

_SLOT = re.compile(r"\{(\w+)\}")
_MARKS_IN_A_ROW = 3
_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Seat(str):
    """A place at the table, such as "ann" or "moderator", whoever fills it."""

    __slots__ = ()


class Words(str):
    """Something somebody said, which may one day have to be forgotten.

    No rule may depend on it when a log is replayed: a forgotten text reads back as "".
    """

    __slots__ = ()


class Either(tuple[object, ...]):
    """Several things of which one is meant: read as "a, b or c"."""

    __slots__ = ()


SPECTATOR: Final = Seat("")
"""The viewer that is no seat: it sees only what everybody sees."""

TABLE: Final = Seat("table")
"""The seat in whose name the opening turn is logged."""


@dataclass(frozen=True, init=False)
class Text:
    """A sentence with named values, put together only when it is shown.

    The template is the translation key, so values never stand in it.
    """

    template: str
    values: Mapping[str, object]

    def __init__(self, template: str, /, **values: object) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "values", values)

    def render(
        self,
        name: Callable[[Seat], str] = str,
        translate: Callable[[str], str] = str,
    ) -> str:
        """Return the sentence; `name` turns seats into names, `translate` templates into others."""

        def fill(slot: re.Match[str]) -> str:
            key = slot.group(1)
            return shown(self.values[key], name, translate) if key in self.values else slot.group()

        return _SLOT.sub(fill, translate(self.template))

    def __str__(self) -> str:
        return self.render()


def shown(
    value: object, name: Callable[[Seat], str] = str, translate: Callable[[str], str] = str
) -> str:
    """Return one value as people read it: seats by name, lists joined, whole floats as integers.

    A member of an enumeration is the game's own word, and so it is translated; a str is not.
    """
    match value:
        case Text():
            return value.render(name, translate)
        case Seat():
            return name(value)
        case Enum():
            return translate(str(value.value))
        case str():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case Mapping():
            pairs = (
                f"{shown(k, name, translate)} {shown(v, name, translate)}" for k, v in value.items()
            )
            return ", ".join(pairs)
        case Iterable():
            word = translate("or") if isinstance(value, Either) else translate("and")
            return listed([shown(item, name, translate) for item in value], word)
    return str(value)


def listed(items: Iterable[str], word: str = "and") -> str:
    """Return "a, b and c"."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def quoted(text: str, longest: int = 40) -> str:
    """Return what somebody wrote as a refusal may repeat it: quoted, on one line, cut short."""
    whole = repr(clean(text, longest + 1))  # repr escapes what is left of line ends and the unseen
    return whole if len(whole) <= longest + 2 else f"{whole[:longest]}…{whole[0]}"


def clean(text: str, limit: int = TEXT_LIMIT) -> str:
    """Return what a person or model wrote, safe to store, to show and to count.

    Lone surrogates are replaced, control and direction-override characters dropped, more than
    three combining marks in a row cut, white space at the ends removed, and all behind `limit`
    characters left off.
    """
    text = text[:limit]
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.encode("utf-8", "replace").decode("utf-8")
    kept: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in {"Mn", "Me"} or unicodedata.combining(char) else 0
        wanted = char in "\n\t" or (category not in {"Cc", "Cs"} and char not in _BIDI_CONTROLS)
        if wanted and marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    # Marks are cut first: to put thousands of them on one letter in order takes quadratic time.
    return unicodedata.normalize("NFC", "".join(kept)).strip()
