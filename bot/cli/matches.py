"""`matches`, `replay` and `export`: looking at what was played."""

import asyncio
import sys
import time

from bot.arena.transcript import event_lines, export, may_see, result, seat_named
from bot.ports import Stored, Summary
from bot.settings import Settings
from bot.terminal.folding import folded
from bot.terminal.room import hanging
from bot.wiring import Wiring


def list_matches(limit: int) -> None:
    """Print a line for each match, the newest first."""
    found = asyncio.run(_summaries(limit))
    if not found:
        sys.stdout.write("No match has been played yet. Begin one: python bot.py play\n")
    for one in found:
        state = "over" if one.closed else "open"
        seats = ", ".join(f"{seat} ({player})" for seat, player in one.seats.items())
        opened = f"{one.opened_at:%Y-%m-%d %H:%M}"
        sys.stdout.write(f"{one.match_id}  {opened}  {state}  {one.game}: {seats}\n")


def replay_match(match_id: str, speed: float, viewer: str) -> None:
    """Print a match entry by entry."""
    stored = _load(match_id)
    wanted = _viewer(stored, viewer)
    for entry in stored.entries:
        lines = event_lines(stored.setup, entry)
        shown = [line for line in lines if line["text"] and may_see(stored.setup, wanted, line)]
        for line in shown:
            only = (
                ""
                if line["audience"] == "all"
                else f"(only {', '.join(line['audience']) or 'the table'}) "
            )
            shown_line = f"{entry.number:>4}  {only}{hanging(line['text'])}"
            sys.stdout.write(f"{folded(shown_line, sys.stdout, 6)}\n")
        if shown and speed:
            sys.stdout.flush()
            time.sleep(1 / speed)
    end = f"Result: {result(stored.outcome)}" if stored.outcome else "The match goes on."
    sys.stdout.write(f"{folded(end, sys.stdout)}\n")


def export_match(match_id: str, viewer: str, kind: str) -> None:
    """Print a match as a document."""
    stored = _load(match_id)
    sys.stdout.write(export(stored, _viewer(stored, viewer), kind))


def _viewer(stored: Stored, name: str) -> str:
    return name if name in ("public", "full") else seat_named(stored.setup, name)


def _load(match_id: str) -> Stored:
    async def load() -> Stored:
        async with Wiring(Settings()).store() as store:
            return await store.load(match_id)

    return asyncio.run(load())


async def _summaries(limit: int) -> list[Summary]:
    async with Wiring(Settings()).store() as store:
        return list(await store.matches(limit=limit))
