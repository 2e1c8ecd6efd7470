"""The fields of the forms in which people write a card, and how each value is typed and read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from characters.card import LONGEST_NAME
from characters.errors import BadCard

BETWEEN: Final = "---"
"""A line that stands between one text and the next where a field holds several."""
LONGEST: Final = 4000
"""Characters that one field of a form holds."""
_OWN: Final = ("extensions", "parlour")


@dataclass(frozen=True)
class FormField:
    """One thing that a card says, as a form shows it."""

    name: str
    """Unique among all fields."""
    label: str
    path: Sequence[str]
    """Where it stands in the card's data."""
    hint: str = ""
    long: bool = False
    most: int = LONGEST
    shown: Callable[[object], str | None] = lambda value: _text(value)
    """Returns a value as it is typed; None for one that no form can show."""
    read: Callable[[str], object] = lambda text: text
    """Returns what was typed as the card has it; None for nothing at all.  Raises BadCard."""


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else ("" if value is None else None)


def _number(value: object) -> str | None:
    return f"{value:g}" if isinstance(value, int | float) else _text(value)


def _lines(value: object) -> str | None:
    texts = _texts(value)
    return None if texts is None or any("\n" in one for one in texts) else "\n".join(texts)


def _several(value: object) -> str | None:
    texts = _texts(value)
    if texts is None or any(BETWEEN in one.splitlines() for one in texts):
        return None
    return f"\n{BETWEEN}\n".join(texts)


def _texts(value: object) -> Sequence[str] | None:
    known = [] if value is None else value
    fits = isinstance(known, list) and all(isinstance(one, str) for one in known)
    return known if fits else None  # type: ignore[return-value]  # each was looked at


def _read_lines(text: str) -> object:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _read_several(text: str) -> object:
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip() == BETWEEN:
            found.append([])
        else:
            found[-1].append(line)
    return [said for one in found if (said := "\n".join(one).strip())]


def _read_share(text: str) -> object:
    try:
        share = float(text.replace(",", ".")) if text else None
    except ValueError:
        share = -1.0
    if share is not None and not 0 <= share <= 1:
        raise BadCard("How often it speaks is a number from 0 to 1, such as 0.5.")
    return share


def _read_year(text: str) -> object:
    digits = text.removeprefix("-")
    if text and not (digits.isascii() and digits.isdecimal() and len(digits) <= 6):
        raise BadCard("A year is a whole number, such as 1727, or -399 for 399 BC.")
    return int(text) if text else None


def _line(name: str, label: str, *path: str, hint: str = "", most: int = 200) -> FormField:
    return FormField(name, label, path or (name,), hint, most=most)


def _page(name: str, label: str, *path: str, hint: str = "") -> FormField:
    return FormField(name, label, path or (name,), hint, long=True)


def _list(name: str, label: str, hint: str, *path: str) -> FormField:
    return FormField(name, label, path or (name,), hint, long=True, shown=_lines, read=_read_lines)


def _greetings(name: str, label: str) -> FormField:
    hint = f"A line with {BETWEEN} between one and the next."
    return FormField(name, label, (name,), hint, long=True, shown=_several, read=_read_several)


def _year(name: str, label: str) -> FormField:
    path, hint = (*_OWN, "era", name), "Before Christ with a minus, such as -399."
    return FormField(name, label, path, hint, most=7, shown=_number, read=_read_year)


NAME: Final = _line("name", "Name", most=LONGEST_NAME)
_DESCRIPTION: Final = _page("description", "Description", hint="Who it is, and what it is like.")
_PERSONALITY: Final = _page("personality", "Personality", hint="In a few words.")
_FIRST: Final = _page("first_mes", "First message", hint="With it a chat begins.")
_ALIASES: Final = _list("aliases", "Other names", "One on each line.", *_OWN, "aliases")

NEW: Final[Sequence[FormField]] = (NAME, _DESCRIPTION, _PERSONALITY, _FIRST, _ALIASES)
"""What a new card is made of."""
PARTS: Final[Mapping[str, Sequence[FormField]]] = {
    "Who it is": (
        NAME,
        _line("nickname", "Nickname", hint="What one calls it.", most=LONGEST_NAME),
        _DESCRIPTION,
        _PERSONALITY,
        _page("scenario", "Scenario", hint="Where one meets it."),
    ),
    "What it says": (
        _FIRST,
        _greetings("alternate_greetings", "Other first messages"),
        _greetings("group_only_greetings", "First messages in company"),
        _page("mes_example", "Example dialogue", hint="Each example begins with <START>."),
    ),
    "Names and notes": (
        _ALIASES,
        FormField(
            "talkativeness",
            "How often it speaks unasked",
            (*_OWN, "talkativeness"),
            "From 0, never, to 1, always.",
            most=5,
            shown=_number,
            read=_read_share,
        ),
        _list("tags", "Tags", "One on each line; “nsfw” keeps it in age-restricted channels."),
        _page("creator_notes", "Notes for people", hint="The character never reads them."),
        _line("creator", "Who made it"),
    ),
    "Its time": (
        _year("first_year", "First year"),
        _year("last_year", "Last year, in which one meets it"),
        _page("knows", "What it knows", *_OWN, "era", "knows"),
        _page("cannot_know", "What it cannot know", *_OWN, "era", "cannot_know"),
        _page("manner", "How it meets the unknown", *_OWN, "era", "manner"),
    ),
    "Its present": (
        _line("place", "Place", *_OWN, "now", "place"),
        _line("time", "Time", *_OWN, "now", "time"),
        _page("status", "What it is doing", *_OWN, "now", "status"),
        _line("born", "Born", *_OWN, "born"),
        _line("died", "Died", *_OWN, "died"),
    ),
    "Instructions to the model": (
        _page("system_prompt", "System prompt", hint="{{original}} stands for the house's own."),
        _page("post_history_instructions", "Behind the history"),
    ),
}
"""The forms, by what they are about; five fields each at most."""
