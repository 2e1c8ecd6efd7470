"""Lorebooks: what a character knows of its world, told only when it is spoken of.

Source: the Character Card V3 specification, "Lorebook Fields"; V2 for books without `use_regex`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from characters.decorators import NO_DECORATORS, Decorators, split_decorators, understood
from characters.errors import BadCard
from characters.fields import Fields, wrong
from characters.keys import Keys, keys

SPEC: Final = "lorebook_v3"
"""The `spec` of a book that is a document of its own."""
MOST_KEYS: Final = 16_000
"""Of all entries together."""
MOST_PATTERNS: Final = 500
"""Keys that are regular expressions, of all entries together."""


class CharPosition(StrEnum):
    """On which side of the character's own definition an entry stands."""

    BEFORE = "before_char"
    AFTER = "after_char"


@dataclass(frozen=True)
class Entry:
    """One thing to know and when to tell it."""

    number: int
    """Its place in the book, from 1."""
    title: str
    """For people; never in a prompt."""
    keys: Keys
    content: str
    """Without its decorators, macros not yet replaced; empty: never told."""
    secondary_keys: Keys | None = None
    """None where the entry does not ask for them."""
    enabled: bool = True
    constant: bool = False
    insertion_order: float = 0
    priority: float | None = None
    position: CharPosition = CharPosition.BEFORE
    in_chat: Decorators = NO_DECORATORS
    in_text: Decorators = NO_DECORATORS
    """What the decorators say where the prompt is no chat but plain text."""

    def decorators(self, *, chat: bool) -> Decorators:
        """Return what the entry's decorators say."""
        return self.in_chat if chat else self.in_text

    @property
    def rank(self) -> float:
        """How long it is kept when there is no room; entries without a priority go by order."""
        return self.insertion_order if self.priority is None else self.priority


@dataclass(frozen=True)
class Lorebook:
    """Entries, and how they are looked for."""

    entries: Sequence[Entry] = ()
    name: str = ""
    scan_depth: int | None = None
    """Messages, counted from the newest; None: as the house does."""
    token_budget: int | None = None
    recursive_scanning: bool = False


def read_lorebook(document: Mapping[str, object]) -> Lorebook:
    """Return the lorebook in a JSON object: a card's own, or one exported alone.

    Raises BadCard.
    """
    if document.get("spec") == SPEC:
        inner = Fields(document).within("data")
        if inner is None:
            raise BadCard("The lorebook has no “data”, in which its entries stand: export it anew.")
        return _book(Fields(inner.values, "lorebook."))
    return _book(Fields(document, "character_book."))


def _book(fields: Fields) -> Lorebook:
    entries = tuple(
        _entry(one, number) for number, one in enumerate(fields.objects("entries"), start=1)
    )
    _refuse_many(entries)
    return Lorebook(
        entries,
        fields.text("name"),
        _natural(fields, "scan_depth"),
        _natural(fields, "token_budget"),
        _flag(fields, "recursive_scanning"),
    )


def _refuse_many(entries: Sequence[Entry]) -> None:
    sought = [one for entry in entries for one in (entry.keys, entry.secondary_keys) if one]
    if (count := sum(len(one.sought) for one in sought)) > MOST_KEYS:
        raise BadCard(
            f"The lorebook has {count:,} keys, and {MOST_KEYS:,} is the most: take out some."
        )
    if (count := sum(len(one.sought) for one in sought if one.patterns)) > MOST_PATTERNS:
        raise BadCard(
            f"The lorebook has {count:,} regular expressions, and {MOST_PATTERNS} is the most: "
            "write plain keys instead."
        )


def _entry(fields: Fields, number: int) -> Entry:
    patterns = _flag(fields, "use_regex")  # with which second keys and `constant` do not count
    given = fields.values.get("case_sensitive") is not None
    case_sensitive = _flag(fields, "case_sensitive") if given else None
    chains, content = split_decorators(fields.text("content"))
    written = fields.texts("keys")
    return Entry(
        number,
        _title(fields, written, number),
        keys(written, case_sensitive=case_sensitive, patterns=patterns),
        content,
        None if patterns else _secondary(fields, case_sensitive=bool(case_sensitive)),
        _flag(fields, "enabled", default=True),
        _flag(fields, "constant") and not patterns,
        fields.number("insertion_order") or 0,
        fields.number("priority"),
        _position(fields),
        understood(chains, chat=True),
        understood(chains, chat=False),
    )


def _secondary(fields: Fields, *, case_sensitive: bool) -> Keys | None:
    """Return the second keys if the entry asks for one of them; the text form has commas."""
    written = fields.values.get("secondary_keys")
    parts = written.split(",") if isinstance(written, str) else fields.texts("secondary_keys")
    found = keys(parts, case_sensitive=case_sensitive)
    return found if _flag(fields, "selective") and found.sought else None


def _title(fields: Fields, written: Sequence[str], number: int) -> str:
    named = fields.text("name") or fields.text("comment") or ", ".join(written[:3])
    return " ".join(named.split())[:80] or f"entry {number}"


def _position(fields: Fields) -> CharPosition:
    after = fields.values.get("position") == CharPosition.AFTER
    return CharPosition.AFTER if after else CharPosition.BEFORE


def _flag(fields: Fields, name: str, *, default: bool = False) -> bool:
    value = fields.values.get(name)
    if value is None:
        return default
    if not isinstance(value, bool):
        raise BadCard(wrong(fields.where + name, "true or false", value))
    return value


def _natural(fields: Fields, name: str) -> int | None:
    number = fields.number(name)
    return None if number is None else max(0, int(number))
