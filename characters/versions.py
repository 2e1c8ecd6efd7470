"""A card as V3, V2 or V1 reads it: copies; the document that was imported never changes."""

from collections.abc import Callable, Mapping
from typing import Final

from characters.card import V2, V3, Card
from characters.decorators import split_decorators
from characters.documents import children

V1_FIELDS: Final = ("name", "description", "personality", "scenario", "first_mes", "mes_example")
V2_FIELDS: Final[Mapping[str, object]] = {
    "creator_notes": "",
    "system_prompt": "",
    "post_history_instructions": "",
    "alternate_greetings": [],
    "tags": [],
    "creator": "",
    "character_version": "",
    "extensions": {},
}
"""What V2 demands beyond V1, with its defaults."""
ONLY_V3: Final = (
    "assets",
    "nickname",
    "creator_notes_multilingual",
    "source",
    "group_only_greetings",
    "creation_date",
    "modification_date",
)
NOTE: Final = (
    "This copy for older programs lacks what only Character Card V3 has, such as decorators in "
    "the lorebook."
)

Document = Mapping[str, object]


def as_v3(card: Card) -> Document:
    """Return a card as V3; one that is V3 already as it is."""
    if card.version == 3:
        return card.document
    data = {**_defaults(), "group_only_greetings": [], **card.data}
    _change_entries(data, lambda entry: {"use_regex": False, **entry})
    return {**_around(card), "spec": V3, "spec_version": "3.0", "data": data}


def as_v2(card: Card) -> Document:
    """Return a card as V2: of a V3 card what V2 knows, without decorators, and a note of that."""
    if card.version == 2:
        return card.document
    kept = {name: value for name, value in card.data.items() if name not in ONLY_V3}
    data = {**_defaults(), **(kept if card.version == 3 else card.data)}
    if card.version == 3:
        data["creator_notes"] = "\n\n".join(filter(None, (card.creator_notes, NOTE)))
        _change_entries(data, _without_decorators)
    return {**_around(card), "spec": V2, "spec_version": "2.0", "data": data}


def as_v1(card: Card) -> Document:
    """Return the six texts of V1; a card that is V1 already as it is."""
    if card.version == 1:
        return card.document
    return {name: card.data.get(name) or "" for name in V1_FIELDS}


def _defaults() -> dict[str, object]:
    return {**dict.fromkeys(V1_FIELDS, ""), **V2_FIELDS}


def _around(card: Card) -> Document:
    """Return what stands beside the data; in a V1 card nothing does."""
    return card.document if card.version > 1 else {}


def _change_entries(data: dict[str, object], change: Callable[[Document], Document]) -> None:
    """Put a book with other entries in the place of the one in `data`, if it has one."""
    book = data.get("character_book")
    if isinstance(book, Mapping):
        entries = [
            change(one) if isinstance(one, Mapping) else one
            for one in children(book.get("entries"))
        ]
        data["character_book"] = {**book, "entries": entries}


def _without_decorators(entry: Document) -> Document:
    content = entry.get("content")
    if not isinstance(content, str):
        return entry
    decorators, plain = split_decorators(content)
    return {**entry, "content": plain} if decorators else entry
