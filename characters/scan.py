"""Which entries of a lorebook go into a prompt, where each goes, and why the others do not.

Where the specification leaves a choice:
- Only a book that says so is scanned recursively: the texts of what matched are looked through as
  the lines are, at most ROUNDS times; also the texts of entries that the budget drops afterwards.
- Over a budget the lowest priority is dropped first; an entry without one goes by its
  insertion order. Of equals the one further down in the book goes first, and one that alone is
  over the budget drops no other. When the context is full, those with `ignore_on_max_context`
  are dropped before all.
- Entries of equal insertion order stand in the order of the book.
- A position that the card has no section for is ignored, and so does not hide `depth`.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

from characters.budget import tokens
from characters.decorators import Decorators, Position, Role, UiPrompt
from characters.lines import Line
from characters.lorebook import Entry, Lorebook
from characters.macros import Macros, is_steady
from characters.matching import Matching
from games.core import Seat

ROUNDS: Final = 5


class Place(StrEnum):
    """Where an entry goes."""

    BEFORE_CHAR = "before_char"
    BEFORE_DESCRIPTION = "before_desc"
    AFTER_DESCRIPTION = "after_desc"
    PERSONALITY = "personality"
    SCENARIO = "scenario"
    AFTER_CHAR = "after_char"
    DEPTH = "depth"


@dataclass(frozen=True)
class Verdict:
    """What became of one entry."""

    entry: Entry
    taken: bool
    reason: str
    """Half a sentence for people, such as "no key in the last 4 lines"."""
    over_budget: bool = False
    """Whether it would have been taken, had there been room."""
    text: str = ""
    """As it goes into the prompt."""
    tokens: int = 0
    place: Place = Place.BEFORE_CHAR
    depth: int = 0
    """At `Place.DEPTH`: messages behind it; in plain text tokens."""
    role: Role = Role.SYSTEM
    """At `Place.DEPTH`: in whose name it stands."""
    steady: bool = False
    """Whether it is there, with the same text, in every prompt of the chat."""


@dataclass(frozen=True)
class Scan:
    """What became of every entry of a book, in the order of the book."""

    verdicts: Sequence[Verdict] = ()

    @property
    def taken(self) -> Sequence[Verdict]:
        """What goes into the prompt, in the order in which it stands there."""
        said = (one for one in self.verdicts if one.taken and one.text)
        return sorted(said, key=lambda one: (one.entry.insertion_order, one.entry.number))

    @property
    def switched_off(self) -> Collection[UiPrompt]:
        """The texts of the house that entries which matched switch off."""
        matched = (one.entry.in_chat for one in self.verdicts if one.taken)
        return {says.disable_ui_prompt for says in matched if says.disable_ui_prompt}


def scan(
    book: Lorebook,
    lines: Sequence[Line],
    *,
    me: Seat,
    macros: Macros,
    greeting: int | None = None,
    budget: int | None = None,
    full: bool = False,
    plain: int | None = None,
    sections: Collection[Position] = tuple(Position),
) -> Scan:
    """Return what becomes of each entry when the character `me` answers the last of all lines.

    `greeting` counts from 0; `budget` is the tokens that all entries together may take beside
    the book's own budget; `full` says that lines had to be left out of the context; `plain`
    is None in a chat, and for a prompt of plain text the tokens of all its lines; `sections` are
    those that the card has.
    """
    chat = plain is None
    matching = Matching(
        lines, me=me, scan_depth=book.scan_depth, greeting=greeting, full=full, chat=chat
    )
    reasons = _matches(book, matching, macros)
    count = len(lines) if plain is None else plain
    verdicts = {
        entry.number: _told(entry, reason, macros, count, chat=chat, sections=sections)
        if matched
        else Verdict(entry, taken=False, reason=reason)
        for entry in book.entries
        for matched, reason in [reasons[entry.number]]
    }
    _keep_within(book.token_budget, verdicts, _priority, "the lorebook's budget")
    _keep_within(budget, verdicts, _spared, "the room")
    return Scan(tuple(verdicts.values()))


def _matches(book: Lorebook, matching: Matching, macros: Macros) -> Mapping[int, tuple[bool, str]]:
    """Return by entry whether it matches and why."""
    found = {}
    for entry in book.entries:
        match = matching.match(entry)
        found[entry.number] = (match.matched, match.reason)
    fresh = [entry for entry in book.entries if found[entry.number][0]]
    told: list[str] = []
    for _ in range(ROUNDS if book.recursive_scanning else 0):
        if not fresh:
            break
        told += [macros.scanned(entry.content) for entry in fresh]
        matching.tell("\n".join(told))
        fresh = []
        for entry in book.entries:
            if not found[entry.number][0] and (match := matching.match(entry)).matched:
                found[entry.number] = (True, f"{match.reason} or another entry")
                fresh.append(entry)
    return found


def _told(
    entry: Entry,
    reason: str,
    macros: Macros,
    count: int,
    *,
    chat: bool,
    sections: Collection[Position],
) -> Verdict:
    """Return an entry that matched as it goes into the prompt, if the budget allows."""
    says = entry.decorators(chat=chat)
    text = macros.expand(entry.content).strip()
    place, depth = _place(entry, says, count, sections)
    always = says.activate or (entry.constant and not says.has_conditions)
    return Verdict(
        entry,
        taken=True,
        reason=reason if text else f"{reason}, but it says nothing",
        text=text,
        tokens=tokens(text),
        place=place,
        depth=depth,
        role=says.role or Role.SYSTEM,
        steady=always and place is not Place.DEPTH and is_steady(entry.content),
    )


def _place(
    entry: Entry, says: Decorators, count: int, sections: Collection[Position]
) -> tuple[Place, int]:
    if says.position and says.position in sections:
        return Place(says.position), 0
    # What counts messages is not understood in plain text, nor what counts tokens in a chat.
    depth = says.instruct_depth if says.depth is None else says.depth
    if depth is not None:
        return Place.DEPTH, min(depth, count)
    reverse = says.reverse_instruct_depth if says.reverse_depth is None else says.reverse_depth
    if reverse is not None:
        return Place.DEPTH, max(0, count - reverse)
    return Place(entry.position), 0


def _priority(one: Verdict) -> tuple[Any, ...]:
    return one.entry.rank, -one.entry.number


def _spared(one: Verdict) -> tuple[Any, ...]:
    return not one.entry.in_chat.ignore_on_max_context, *_priority(one)


def _keep_within(
    limit: int | None,
    verdicts: dict[int, Verdict],
    order: Callable[[Verdict], tuple[Any, ...]],
    name: str,
) -> None:
    """Turn down what is over a budget, in the order given."""
    if limit is None:
        return
    for one in list(_dropped([one for one in verdicts.values() if one.taken], limit, order)):
        reason = f"{one.reason}, but it is over {name} of {limit} tokens"
        verdicts[one.entry.number] = replace(one, taken=False, over_budget=True, reason=reason)


def _dropped(
    taken: Sequence[Verdict], limit: int, order: Callable[[Verdict], tuple[Any, ...]]
) -> Iterator[Verdict]:
    """Yield what has to go for the rest to fit."""
    yield from (one for one in taken if one.tokens > limit)
    rest = sorted((one for one in taken if one.tokens <= limit), key=order)
    total = sum(one.tokens for one in rest)
    for one in rest:
        if total <= limit:
            return
        if one.tokens:
            total -= one.tokens
            yield one
