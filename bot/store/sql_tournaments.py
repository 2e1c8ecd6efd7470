"""Tournaments in the journal's database."""

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import structlog
from sqlalchemy import Executable, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arena.tournaments import Tournament, TournamentState
from bot.errors import AlreadyDone, ParlourError
from bot.store.anonymous import NOBODY
from bot.store.reading import Reader
from bot.store.rows import micros
from bot.store.tournament_statements import NEW_TOURNAMENT, NO_TOURNAMENT, tournaments
from bot.store.writer import Rows, Write, Writer
from games.core import BrokenLog

log = structlog.get_logger(__name__)


class SqlTournaments:
    """Keeps tournaments, one row each."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer

    async def save(self, tournament: Tournament) -> None:
        """Write a tournament, new or in place of what it was.

        Raises AlreadyDone for a known cause.
        """
        row = _row_of(tournament)
        rows: dict[Executable, Rows] = {NO_TOURNAMENT: (row,), NEW_TOURNAMENT: (row,)}
        explain = partial(_why_refused, tournament)
        await self._writer.write(Write(f"tournament {tournament.tournament_id}", rows, explain))

    async def tournament(self, tournament_id: str) -> Tournament | None:
        """Return a tournament; None where there is none.  Raises BrokenLog."""
        wanted = select(tournaments).where(tournaments.c.tournament_id == tournament_id)
        found = await self._read(wanted)
        return found[0] if found else None

    async def made_by(self, cause: str) -> Tournament | None:
        """Return the tournament that an interaction has created; None where there is none."""
        found = await self._read(select(tournaments).where(tournaments.c.cause == cause))
        return found[0] if found else None

    async def tournaments(
        self, *states: TournamentState, guild: int | None = None, limit: int = 1000
    ) -> Sequence[Tournament]:
        """Return tournaments in these states, newest first, whose games are installed here."""
        wanted = select(tournaments).where(tournaments.c.state.in_([str(one) for one in states]))
        if guild is not None:
            wanted = wanted.where(tournaments.c.guild == guild)
        newest = tournaments.c.created_at.desc(), tournaments.c.tournament_id
        async with self._reading() as read:
            rows = (await read.execute(wanted.order_by(*newest).limit(limit))).all()
        return [found for row in rows if (found := _readable(row))]

    async def _read(self, wanted: Select[Any]) -> Sequence[Tournament]:
        async with self._reading() as read:
            return [Tournament.from_json(row.body) for row in await read.execute(wanted)]


def _readable(row: Any) -> Tournament | None:
    """Return a tournament; None for one whose game is not installed any more."""
    try:
        return Tournament.from_json(row.body)
    except BrokenLog as why:
        log.warning("a tournament waits", tournament=row.tournament_id, why=str(why))
        return None


def _row_of(tournament: Tournament) -> dict[str, Any]:
    """Return the row in which a tournament is kept."""
    return {
        "tournament_id": tournament.tournament_id,
        "guild": tournament.guild,
        "cause": tournament.cause,
        "state": str(tournament.state),
        "created_at": micros(tournament.created_at),
        "body": tournament.to_json(),
    }


async def tournaments_with(read: AsyncConnection, user: int) -> Sequence[Any]:
    """Return the rows of the tournaments that a person has created or entered.

    Whether the games are installed here does not matter, neither to this nor to what follows.
    """
    likely = select(tournaments).where(tournaments.c.body.contains(str(user)))
    return [row for row in await read.execute(likely) if any(_parts(row, user))]


def told_of(row: Any, user: int) -> dict[str, Any]:
    """Return what is kept about a person in a tournament, as JSON values."""
    created, names = _parts(row, user)
    return {
        "tournament": row.tournament_id,
        "guild": row.guild,
        "created": created,
        "name": names[0] if names else None,
    }


def row_without(row: Any, user: int) -> Mapping[str, Any]:
    """Return the row of a tournament without a person's id and name; an open one is left."""
    body = json.loads(row.body)
    player, is_open = f"person:{user}", row.state == TournamentState.OPEN
    body["creator"] = 0 if body["creator"] == user else body["creator"]
    body["entrants"] = [
        [number, f"Somebody {number}", NOBODY] if who == player else [number, name, who]
        for number, name, who in body["entrants"]
        if who != player or not is_open
    ]
    return {**row._mapping, "body": json.dumps(body, ensure_ascii=False)}


def _parts(row: Any, user: int) -> tuple[bool, list[str]]:
    """Return whether a person has created a tournament, and under which name they play in it."""
    body = json.loads(row.body)
    names = [name for _, name, player in body["entrants"] if player == f"person:{user}"]
    return body["creator"] == user, names


async def _why_refused(tournament: Tournament, write: AsyncConnection) -> ParlourError | None:
    known = select(tournaments.c.tournament_id).where(tournaments.c.cause == tournament.cause)
    if await write.scalar(known):
        return AlreadyDone(f"{tournament.cause!r} has created a tournament already.")
    return None
