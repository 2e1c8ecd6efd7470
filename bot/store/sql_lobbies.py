"""Lobbies in the journal's database."""

import json
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, Final

from sqlalchemy import Executable, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arena.lobbies import Lobby, LobbyState, Place, Result, rated_as
from bot.errors import AlreadyDone, ParlourError
from bot.store.lobby_statements import NEW_LOBBY, NO_LOBBY, lobbies
from bot.store.reading import Reader
from bot.store.rows import micros, outcome_of
from bot.store.tables import matches
from bot.store.writer import Rows, Write, Writer
from games.core import Seat

REMEMBERED: Final = 2000
"""Lobbies that are kept in memory."""


class SqlLobbies:
    """Keeps lobbies, one row each."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer
        writer.erased.append(self._forget)
        self._known: OrderedDict[str, Lobby] = OrderedDict()
        self._changes = 0

    async def save_lobby(self, lobby: Lobby) -> None:
        """Write a lobby, new or in place of what it was.  Raises AlreadyDone for a known cause."""
        row = {
            "lobby_id": lobby.lobby_id,
            "guild": lobby.place.guild,
            "thread": lobby.place.thread,
            "state": str(lobby.state),
            "cause": lobby.cause,
            "created_at": micros(lobby.created_at),
            "place": json.dumps(asdict(lobby.place)),
            "body": lobby.to_json(),
        }
        rows: dict[Executable, Rows] = {NO_LOBBY: (row,), NEW_LOBBY: (row,)}
        explain = partial(_why_refused, lobby)
        self._known.pop(lobby.lobby_id, None)
        self._changes += 1
        await self._writer.write(Write(f"lobby {lobby.lobby_id}", rows, explain))
        self._remember(lobby)

    async def lobby(self, lobby_id: str) -> Lobby | None:
        """Return a lobby; None where there is none."""
        if lobby_id in self._known:  # each press asks for it several times
            return self._known[lobby_id]
        changes = self._changes
        found = await self._read(select(lobbies).where(lobbies.c.lobby_id == lobby_id))
        if found and changes == self._changes:
            self._remember(found[0])
        return found[0] if found else None

    async def lobby_in(self, thread: int) -> Lobby | None:
        """Return the newest lobby shown in a thread; None where there is none."""
        found = await self._read(_newest(1).where(lobbies.c.thread == thread))
        return found[0] if found and thread else None

    async def lobby_made_by(self, cause: str) -> Lobby | None:
        """Return the lobby that an interaction has created; None where there is none."""
        found = await self._read(select(lobbies).where(lobbies.c.cause == cause))
        return found[0] if found else None

    async def lobbies(
        self, *states: LobbyState, guild: int | None = None, limit: int = 1000
    ) -> Sequence[Lobby]:
        """Return lobbies in these states, newest first."""
        wanted = _newest(limit).where(lobbies.c.state.in_([str(state) for state in states]))
        if guild is not None:
            wanted = wanted.where(lobbies.c.guild == guild)
        return await self._read(wanted)

    async def results(self, guild: int, game: str | None = None) -> Sequence[Result]:
        """Return how the matches of a game, or of all, have ended in a server, oldest first."""
        ended = (
            select(lobbies.c.body, matches.c.outcome)
            .join(matches, matches.c.match_id == lobbies.c.lobby_id)
            .where(lobbies.c.guild == guild, matches.c.outcome.is_not(None))
            .order_by(matches.c.opened_at, matches.c.match_id)
        )
        async with self._reading() as read:
            rows = (await read.execute(ended)).all()
        found = [(json.loads(body), outcome_of(outcome)) for body, outcome in rows]
        return [
            Result(
                {Seat(seat): player for seat, player in body["seats"]},
                outcome,
                name,
            )
            for body, outcome in found
            if outcome and game in (None, name := rated_as(body["game"]))
        ]

    def _remember(self, lobby: Lobby) -> None:
        self._changes += 1
        self._known[lobby.lobby_id] = lobby
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _forget(self) -> None:
        self._changes += 1
        self._known.clear()

    async def _read(self, wanted: Select[Any]) -> Sequence[Lobby]:
        async with self._reading() as read:
            return [_lobby(row) for row in await read.execute(wanted)]


def _newest(limit: int) -> Select[Any]:
    return select(lobbies).order_by(lobbies.c.created_at.desc(), lobbies.c.lobby_id).limit(limit)


def _lobby(row: Any) -> Lobby:
    place = Place(**json.loads(row.place))
    return Lobby.from_json(row.lobby_id, place, row.cause, LobbyState(row.state), row.body)


async def _why_refused(lobby: Lobby, write: AsyncConnection) -> ParlourError | None:
    known = select(lobbies.c.lobby_id).where(lobbies.c.cause == lobby.cause)
    if await write.scalar(known):
        return AlreadyDone(f"{lobby.cause!r} has made a lobby already.")
    return None
