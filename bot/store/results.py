"""How matches have ended, from the journal: who was seated first, and the outcome."""

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arena.events import Seated
from bot.arena.lobbies import Result, rated_as
from bot.store.rows import outcome_of
from bot.store.tables import entries, matches
from games.core import Seat

AT_A_KEYBOARD: Final = "me"
"""Several people at one keyboard are told apart by their seats."""


async def results(read: AsyncConnection) -> Sequence[Result]:
    """Return how all matches have ended, oldest first."""
    first = (
        select(matches.c.game, matches.c.outcome, entries.c.events)
        .join(entries, entries.c.match_id == matches.c.match_id)
        .where(entries.c.number == 1, matches.c.outcome.is_not(None))
        .order_by(matches.c.opened_at, matches.c.match_id)
    )
    return [
        Result(_players(json.loads(row.events)), outcome, rated_as(json.loads(row.game)))
        for row in await read.execute(first)
        if (outcome := outcome_of(row.outcome))
    ]


def _players(events: Sequence[tuple[str, Any]]) -> dict[Seat, str]:
    return {
        Seat(fields["seat"]): _told_apart(fields["seat"], fields["player"])
        for kind, fields in events
        if kind == Seated.kind
    }


def _told_apart(seat: str, player: str) -> str:
    return f"{player}:{seat}" if player == AT_A_KEYBOARD else player
