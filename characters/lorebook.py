"""Lorebooks: what a character knows of its world, told only when it is spoken of.

Source: the Character Card V3 specification, "Lorebook Fields"; V2 for books without `use_regex`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
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
    additional_keys: Sequence[Keys] = ()
    """One of each must be found as well."""
    exclude_keys: Keys | None = None
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
    sought = [one for entry in entries for one in _all_keys(entry)]
    if (count := sum(len(one.sought) for one in sought)) > MOST_KEYS:
        raise BadCard(
            f"The lorebook has {count:,} keys, and {MOST_KEYS:,} is the most: take some out."
        )
    if (count := sum(len(one.sought) for one in sought if one.patterns)) > MOST_PATTERNS:
        raise BadCard(
            f"The lorebook has {count:,} regular expressions, and {MOST_PATTERNS} is the most: "
            "write plain keys instead."
        )


def _all_keys(entry: Entry) -> Sequence[Keys]:
    sets = (entry.keys, entry.secondary_keys, entry.exclude_keys, *entry.additional_keys)
    return [one for one in sets if one]


def _entry(fields: Fields, number: int) -> Entry:
    chains, content = split_decorators(fields.text("content"))
    in_chat = understood(chains, chat=True)
    written = fields.texts("keys")
    patterns = _flag(fields, "use_regex")
    given = fields.values.get("case_sensitive") is not None
    case_sensitive = _flag(fields, "case_sensitive") if given else None
    plain = partial(keys, case_sensitive=case_sensitive)
    entry = Entry(
        number,
        _title(fields, written, number),
        plain(written),
        content,
        enabled=_flag(fields, "enabled", default=True),
        constant=_flag(fields, "constant"),
        insertion_order=fields.number("insertion_order") or 0,
        priority=fields.number("priority"),
        position=_position(fields),
        in_chat=in_chat,
        in_text=understood(chains, chat=False),
    )
    if patterns:
        # Then `constant`, second and excluding keys do not count; additional ones are more keys.
        written = (*written, *(key for more in in_chat.additional_keys for key in more))
        return replace(entry, keys=plain(written, patterns=True), constant=False)
    return replace(
        entry,
        secondary_keys=plain(second) if (second := _second(fields)) else None,
        additional_keys=tuple(map(plain, in_chat.additional_keys)),
        exclude_keys=plain(in_chat.exclude_keys) if in_chat.exclude_keys else None,
    )


def _second(fields: Fields) -> Sequence[str]:
    """Return the second keys, if the entry asks for one of them; the form as text has commas."""
    written = fields.values.get("secondary_keys")
    parts = written.split(",") if isinstance(written, str) else fields.texts("secondary_keys")
    return [one for one in parts if one.strip()] if _flag(fields, "selective") else []


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
