"""A match as something to read or keep: as everybody, one seat, or nobody's secret sees it."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from bot.arena.events import journal_codec
from bot.errors import ShownToUser
from bot.ports import Entry, Setup, Stored
from games.core import SPECTATOR, Event, Outcome, Seat, Text, quoted
from games.core.codec import game_to_json

FORMATS = ("json", "md", "html")


def audience(setup: Setup, event: Event) -> str | list[str]:
    """Return who may see an event: "all", or the names of seats."""
    if event.seen_by(SPECTATOR):
        return "all"
    everyone = (*setup.seats, *setup.game.environment)
    return [str(seat) for seat in everyone if event.seen_by(seat)]


def event_lines(setup: Setup, entry: Entry) -> Iterator[dict[str, Any]]:
    """Yield the events of an entry as JSON objects, secrets included."""
    codec = journal_codec(type(setup.game))
    for event in entry.events:
        kind, body = codec.encode(event)
        yield {
            "number": entry.number,
            "at": entry.at.isoformat(),
            "seat": entry.seat,
            "audience": audience(setup, event),
            "event": kind,
            "body": body,
            "text": str(event.told()),
        }


def outcome_line(outcome: Outcome | None) -> dict[str, Any]:
    """Return how a match ended as a JSON object; its value is null while it goes on."""
    if outcome is None:
        return {"outcome": None}
    return {
        "outcome": {
            "scores": outcome.scores,
            "ranks": outcome.ranks,
            "reason": str(outcome.reason),
            "aborted": outcome.aborted,
        }
    }


def export(stored: Stored, viewer: str, kind: str) -> str:
    """Return a match as a document.

    `viewer` is "public", "full" or a seat's name; `kind` one of FORMATS.
    Raises ShownToUser when one of them is unknown.
    """
    lines = [line for line in _all_lines(stored) if may_see(stored.setup, viewer, line)]
    match kind:
        case "json":
            return _json(stored, viewer, lines)
        case "md":
            return _markdown(stored, lines)
        case "html":
            return _html(stored, lines)
    raise ShownToUser(f"There is no format {quoted(kind)}; use json, md or html.")


def _all_lines(stored: Stored) -> list[dict[str, Any]]:
    return [line for entry in stored.entries for line in event_lines(stored.setup, entry)]


def may_see(setup: Setup, viewer: str, line: dict[str, Any]) -> bool:
    """Return whether one of `event_lines` is for a viewer: "public", "full" or a seat's name.

    Raises ShownToUser where the viewer is none of these.
    """
    everyone = (*setup.seats, *setup.game.environment)
    if viewer not in ("public", "full", *everyone):
        raise ShownToUser(f"{quoted(viewer)} is no seat here; use public, full or {everyone[0]}.")
    audience = line["audience"]
    return audience == "all" or viewer in audience or _knows_all(setup, viewer)


def _knows_all(setup: Setup, viewer: str) -> bool:
    """Return whether "full" is meant; a seat of that name sees what it may see, and no more."""
    return viewer == "full" and viewer not in (*setup.seats, *setup.game.environment)


def _json(stored: Stored, viewer: str, lines: Sequence[dict[str, Any]]) -> str:
    setup = stored.setup
    knows_all = _knows_all(setup, viewer)
    game = setup.game if knows_all else setup.game.without_hidden()
    whole = {
        "match": setup.match_id,
        "game": game_to_json(game),
        "seats": setup.seats,
        "opened_at": setup.opened_at.isoformat(),
        "events": lines,
        **outcome_line(stored.outcome),
    }
    if knows_all:
        whole["seed"] = setup.seed  # the seed gives every draw away
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _sentences(lines: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield who may see a sentence ("" for all) and the sentence."""
    for line in lines:
        if line["text"]:
            seen = "" if line["audience"] == "all" else ", ".join(line["audience"]) or "nobody"
            yield seen, line["text"]


def _markdown(stored: Stored, lines: Sequence[dict[str, Any]]) -> str:
    head = f"# {stored.setup.game.name}, match {stored.setup.match_id}\n"
    body = [
        f"- {f'*(only {_plain_markdown(seen)})* ' if seen else ''}{_plain_markdown(text)}"
        for seen, text in _sentences(lines)
    ]
    return "\n".join((head, *body, "", _plain_markdown(_result(stored.outcome)), ""))


def _plain_markdown(text: str) -> str:
    """Return a sentence in which nothing that was said acts as markup."""
    marks = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_{}[]<>#|~@!&"})
    return " / ".join(text.translate(marks).splitlines())


def _html(stored: Stored, lines: Sequence[dict[str, Any]]) -> str:
    title = escape(f"{stored.setup.game.name}, match {stored.setup.match_id}")
    rows = [
        f"<li>{f'<em>(only {escape(seen)})</em> ' if seen else ''}{escape(text)}</li>"
        for seen, text in _sentences(lines)
    ]
    return "\n".join(
        (
            '<!doctype html><html lang="en"><meta charset="utf-8">',
            f"<title>{title}</title>",
            "<style>body{max-width:45rem;margin:2rem auto;font:1rem/1.5 sans-serif}</style>",
            f"<h1>{title}</h1>",
            "<ol>",
            *rows,
            "</ol>",
            f"<p>{escape(_result(stored.outcome))}</p></html>",
            "",
        )
    )


def _result(outcome: Outcome | None) -> str:
    return f"Result: {result(outcome)}" if outcome else "The match goes on."


def result(outcome: Outcome) -> Text:
    """Return one sentence about how a match ended, with the scores."""
    if outcome.aborted:
        return Text("no contest: {reason}", reason=outcome.reason)
    scores = ", ".join(f"{seat} {score:g}" for seat, score in outcome.scores.items())
    counted = any(outcome.scores.values())  # a talk has no winner, and zeros would say nothing
    if not counted:
        return outcome.reason
    return Text("{reason} ({scores})", reason=outcome.reason, scores=scores)


def seat_named(setup: Setup, name: str) -> Seat:
    """Return the seat with a name, whatever its case.  Raises ShownToUser."""
    for seat in (*setup.seats, *setup.game.environment):
        if seat.casefold() == name.casefold():
            return seat
    raise ShownToUser(f"There is no seat {quoted(name)} in this match.")
