"""Matches and entries to rows and back; what was said is put into rows of its own."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Executable

import characters.chat  # noqa: F401 -- a game that is in journals, and not in the catalogue
import towns.town  # noqa: F401 -- another one
from bot.arena.events import TABLE_EVENTS, journal_codec
from bot.ports import Due, Effects, Entry, Outgoing, Setup
from bot.store import statements as sql
from bot.store.writer import Rows
from games.core import BrokenLog, Event, Game, Outcome, Seat, Words
from games.core.codec import (
    codec_for,
    decoder,
    encoder,
    game_from_json,
    game_to_json,
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_TABLE_CODEC: Final = codec_for(*TABLE_EVENTS)
_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


def micros(at: datetime) -> int:
    """Return a moment as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def moment(value: int) -> datetime:
    """Return a moment as `micros` left it."""
    return _EPOCH + timedelta(microseconds=value)


def setup_row(setup: Setup) -> Mapping[str, Any]:
    """Return the row of a new match."""
    return {
        "match_id": setup.match_id,
        "game": _to_json(game_to_json(setup.game)),
        "seats": _to_json(setup.seats),
        "seed": str(setup.seed),
        "room": setup.room,
        "opened_at": micros(setup.opened_at),
        "outcome": None,
    }


def setup_of(row: Any) -> Setup:
    """Return the setup in a row of matches.  Raises BrokenLog."""
    try:
        game = game_from_json(json.loads(row.game))
        seats = tuple(map(Seat, json.loads(row.seats)))
        seed = int(row.seed)
    except (ValueError, KeyError, TypeError) as why:
        raise BrokenLog(f"The match {row.match_id} cannot be read: {why}") from why
    return Setup(row.match_id, game, seats, seed, row.room, moment(row.opened_at))


def entry_rows(match_id: str, entry: Entry, effects: Effects) -> dict[Executable, Rows]:
    """Return an entry and its effects as rows for each statement."""
    said: list[Mapping[str, Any]] = []
    events = [_event(match_id, entry, event, said) for event in entry.events]
    rows: dict[Executable, Rows] = {
        sql.NEW_ENTRY: (
            {
                "match_id": match_id,
                "number": entry.number,
                "previous": entry.number - 1 or None,
                "seat": str(entry.seat),
                "at": micros(entry.at),
                "cause": entry.cause,
                "events": _to_json(events),
            },
        )
    }
    if said:
        rows[sql.NEW_TEXT] = said
    if effects.outgoing:
        rows[sql.NEW_MESSAGE] = [_message_row(message, entry) for message in effects.outgoing]
    if effects.due:
        rows[sql.NO_DUE] = rows[sql.NEW_DUE] = [due_row(due) for due in effects.due]
    if effects.players:
        rows[sql.NO_PLAYER] = rows[sql.NEW_PLAYER] = [
            {"match_id": match_id, "seat": str(seat), "player": player}
            for seat, player in effects.players.items()
        ]
    if effects.outcome:
        ended = _to_json(encoder(Outcome)(effects.outcome, str))
        rows[sql.CLOSED] = [{"of_match": match_id, "ended": ended}]
        rows[sql.NO_DUES] = [{"match_id": match_id}]
    if effects.forgotten:
        rows[sql.ENTRY_FORGOTTEN] = [
            {"of_match": match_id, "of_number": number} for number in effects.forgotten
        ]
        rows[sql.NO_SNAPSHOT] = [{"match_id": match_id}]  # words may stand in its state
    return rows


def due_row(due: Due) -> Mapping[str, Any]:
    """Return the row of a time limit."""
    return {
        "match_id": due.match_id,
        "seat": str(due.seat),
        "ask_id": due.ask_id,
        "at": micros(due.at),
    }


def outcome_of(text: str | None) -> Outcome | None:
    """Return the outcome in a row of matches; None while the match is open."""
    return None if text is None else decoder(Outcome)(json.loads(text), str)


def entries_of(
    game: type[Game[Any, Any, Any]],
    rows: Iterable[tuple[int, str, int, str | None, str]],
    texts: Mapping[tuple[int, int], str],
) -> Sequence[Entry]:
    """Return the entries in rows of number, seat, at, cause and events.  Raises BrokenLog."""
    decode = journal_codec(game).decode
    found = []
    for number, seat, at, cause, body in rows:

        def fetch(part: Any, number: int = number) -> str:
            return texts.get((number, part), "")

        try:
            events = tuple([decode(kind, fields, fetch) for kind, fields in json.loads(body)])
        except (ValueError, TypeError) as why:
            raise BrokenLog(f"Entry {number} of the match cannot be read: {why}") from why
        found.append(Entry(number, Seat(seat), events, moment(at), cause))
    return found


def _event(match_id: str, entry: Entry, event: Event, said: list[Mapping[str, Any]]) -> Any:
    """Return an event as JSON values; its words are added to `said`."""
    seat = str(getattr(event, "seat", entry.seat))  # whoever spoke may not be whose turn it was

    def keep(words: Words) -> int:
        part = len(said)
        row = {
            "match_id": match_id,
            "number": entry.number,
            "part": part,
            "seat": seat,
            "text": str(words),
        }
        said.append(row)
        return part

    return _TABLE_CODEC.encode(event, keep)


def _message_row(message: Outgoing, entry: Entry) -> Mapping[str, Any]:
    return {
        "match_id": message.match_id,
        "number": message.number,
        "audience": str(message.audience),
        "at": micros(entry.at),
        "reference": None,
    }
