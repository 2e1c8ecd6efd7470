"""Matches out of the store, replayed or from a snapshot: a cache, never the record of truth."""

import inspect
import json
from functools import cache
from typing import Any
from zlib import crc32

from bot.arena.events import TABLE_EVENTS
from bot.ports import Entry, Snapshot, Stored
from games.core import Game, Match, Turn
from games.core.codec import state_from_json, state_to_json

Rules = type[Game[Any, Any, Any]]


def restore(stored: Stored, snapshot: Snapshot | None = None) -> Match[Any, Any, Any]:
    """Return the match that a store holds: the game's events of every entry are one turn."""
    setup, turns, folded = stored.setup, [], 0
    for entry in stored.entries:
        if turn := turn_in(entry):
            turns.append(turn)
            folded += snapshot is not None and entry.number <= snapshot.number
    state = state_in(snapshot, type(setup.game), len(stored.entries))
    known = None if state is None else (folded, state)
    return Match(setup.game, setup.seats, setup.seed, turns, known)


def turn_in(entry: Entry) -> Turn[Any] | None:
    """Return the game's part of an entry; None where only the table did something."""
    events = tuple(event for event in entry.events if not isinstance(event, TABLE_EVENTS))
    return Turn(entry.seat, events) if events else None


def taken(match: Match[Any, Any, Any], number: int) -> Snapshot:
    """Return the snapshot of a match whose last entry has this number."""
    game = type(match.game)
    state = json.dumps(state_to_json(game, match.state), ensure_ascii=False)
    return Snapshot(number, rules_of(game), state)


def state_in(snapshot: Snapshot | None, game: Rules, entries: int) -> Any | None:
    """Return the state in a snapshot; None where it must not be used."""
    if snapshot is None or snapshot.number > entries or snapshot.rules != rules_of(game):
        return None
    try:
        return state_from_json(game, json.loads(snapshot.state))
    except (KeyError, TypeError, ValueError):
        return None


@cache
def rules_of(game: Rules) -> str:
    """Return a text that changes with the source of a game, so that no old state outlives it."""
    source = inspect.getsource(inspect.getmodule(game) or game)
    return f"{game.name} {crc32(source.encode()):08x}"
