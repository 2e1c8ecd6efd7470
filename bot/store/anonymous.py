"""A finished match without one person in it: another name, nobody's id, and it still replays."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, Final

from bot.arena.events import Seated, journal_codec
from bot.arena.snapshots import restore
from bot.ports import Entry, Setup, Stored
from games.core import BadSetup, BrokenLog, Outcome, Seat, Text
from games.core.codec import encoder, game_to_json

NOBODY: Final = "person:0"
"""The player spec in the place of somebody who was forgotten."""
_CALLED: Final = "Somebody"
_to_json: Final = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(frozen=True)
class Anonymous:
    """The rows of a match as they are to be."""

    game: str
    seats: str
    outcome: str | None
    entries: Mapping[int, tuple[str, str]]
    """By number: the seat, and the events as JSON; those that change."""
    renamed: Mapping[Seat, Seat]
    """Old names and new ones; none where the match would not replay with others."""


def anonymous(stored: Stored, player: str, names: Sequence[Seat]) -> Anonymous:
    """Return a match without a player's id and, where its rules can bear that, without its names.

    Its words must stand for themselves: the text of each is the number of its row.
    """
    new = _new_names(stored.setup.seats, names)
    changed = _replayed(stored, new)
    if changed is None:
        new, changed = {}, stored
    codec = journal_codec(type(changed.setup.game))
    entries = {}
    for before, entry in zip(stored.entries, changed.entries, strict=True):
        nameless = [_without(event, player) for event in entry.events]
        if nameless != list(before.events) or entry.seat != before.seat:
            events = _to_json([codec.encode(event, int) for event in nameless])
            entries[entry.number] = (str(entry.seat), events)
    outcome = changed.outcome
    return Anonymous(
        game=_to_json(game_to_json(changed.setup.game)),
        seats=_to_json(changed.setup.seats),
        outcome=_to_json(encoder(Outcome)(outcome, str)) if outcome else None,
        entries=entries,
        renamed=new,
    )


def _new_names(seats: Sequence[Seat], old: Sequence[Seat]) -> Mapping[Seat, Seat]:
    taken = {seat.casefold() for seat in seats}
    numbered = (f"{_CALLED} {number}" for number in range(1, len(seats) + len(old) + 1))
    free = (Seat(name) for name in numbered if name.casefold() not in taken)
    return {seat: next(free) for seat in old}


def _renamed(stored: Stored, names: Mapping[Seat, Seat]) -> Stored:
    """Return a match in which seats have other names, wherever one is named as a seat."""
    setup = stored.setup
    renamed: Setup = replace(
        setup,
        game=_with_names(setup.game, names),
        seats=tuple(_with_names(seat, names) for seat in setup.seats),
    )
    entries: list[Entry] = [_with_names(entry, names) for entry in stored.entries]
    return Stored(renamed, entries, _with_names(stored.outcome, names))


def _replayed(stored: Stored, names: Mapping[Seat, Seat]) -> Stored | None:
    """Return the match with other names, if it still comes to the same end."""
    try:
        changed = _renamed(stored, names)
        same = restore(changed).outcome == _with_names(restore(stored).outcome, names)
    except (BadSetup, BrokenLog, LookupError, ValueError, TypeError, AssertionError):
        return None  # rules that know a seat by a name in their options, say
    return changed if same else None


def _with_names(value: Any, names: Mapping[Seat, Seat]) -> Any:
    match value:
        case Seat():
            return names.get(value, value)
        case Text():
            inner = {name: _with_names(part, names) for name, part in value.values.items()}
            return Text(value.template, **inner)
        case Mapping():
            return {_with_names(k, names): _with_names(v, names) for k, v in value.items()}
        case tuple() | list():
            return tuple(_with_names(part, names) for part in value)
        case frozenset():
            return frozenset(_with_names(part, names) for part in value)
    if is_dataclass(value) and not isinstance(value, type):
        parts = [part.name for part in fields(value) if part.init]
        return replace(value, **{name: _with_names(getattr(value, name), names) for name in parts})
    return value


def _without(event: Any, player: str) -> Any:
    """Return an event of the table with nobody's id in the place of a player's."""
    if getattr(event, "player", None) == player:
        return replace(event, player=NOBODY)
    return event


def names_of(stored: Stored, player: str) -> Sequence[Seat]:
    """Return the seats that were opened for a player and so bear its name, in order."""
    opened = stored.entries[0].events if stored.entries else ()
    return [one.seat for one in opened if isinstance(one, Seated) and one.player == player]
