"""What the database holds about a person or a server: handed out whole, and deleted.

Bans and the audit log outlive their subject's wish, or a ban could be shaken off by it; a ban
loses its reason. Backups made before keep what was in them.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Executable, Table, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.administration import AuditLine
from bot.arena.lobbies import LobbyState
from bot.errors import ShownToUser
from bot.memories import Which
from bot.ports import Stored
from bot.store import administration_statements as admin_sql
from bot.store import privacy_statements as sql
from bot.store import rows as to
from bot.store.administration_tables import audit, bans, match_costs, server_models, spending
from bot.store.anonymous import NOBODY, anonymous, names_of
from bot.store.card_statements import CARDS_OF_NOBODY, cards
from bot.store.chat_statements import CHATS_OF_NOBODY, chats
from bot.store.lobby_statements import NEW_LOBBY, NO_LOBBY, lobbies
from bot.store.memory_queries import exported
from bot.store.memory_statements import NO_MEMBERS_WISHES, NO_SUMMARIES
from bot.store.memory_tables import memories
from bot.store.reading import Reader
from bot.store.sql_administration import audit_line, audit_row, scope_of
from bot.store.sql_memories import SqlMemories
from bot.store.sql_tournaments import row_without, told_of, tournaments_with
from bot.store.sql_towns import without_opener
from bot.store.statements import FORGOTTEN, NO_SNAPSHOT
from bot.store.stays import Stay, stays_of, texts_of
from bot.store.tables import entries, matches, seats, settings, texts
from bot.store.tournament_statements import NEW_TOURNAMENT, NO_TOURNAMENT
from bot.store.town_statements import NEW_TOWN, NO_TOWN, towns
from bot.store.writer import Rows, Write, Writer
from games.core import BrokenLog

_HIDDEN: Final = frozenset(
    {"sealed", "reserved_requests", "reserved_tokens", "reserved_money", "picture", "archive"}
)


class SqlPrivacy:
    """Finds and deletes by Discord's ids."""

    def __init__(self, reader: Reader, writer: Writer, memories: SqlMemories) -> None:
        self._reading = reader
        self._writer = writer
        self._memories = memories

    async def export_of(self, user: int) -> Mapping[str, Any]:
        """Return all that is kept about a person, as JSON values."""
        async with self._reading() as read:
            stays = await stays_of(read, user)
            return {
                "user": user,
                "matches": [await _match(read, stay) for stay in stays],
                "lobbies": [_lobby(row, user) for row in await _lobbies_with(read, user)],
                "spending": await _all(read, spending, user_id=user),
                "bans": await _all(read, bans, user_id=user),
                "settings": await _all(read, settings, scope=_scope(user)),
                "characters": await _all(read, cards, added_by=user),
                "chats": await _all(read, chats, opener=user),
                "towns": await _all(read, towns, opener=user),
                "tournaments": [told_of(row, user) for row in await tournaments_with(read, user)],
                "audit": [_audit(row) for row in await _rows(read, audit, who=user)],
                "remembered": await exported(read, Which(user=user)),
            }

    async def delete_of(self, user: int) -> int:
        """Delete what is kept about a person; return how many texts were emptied.

        Raises ShownToUser while the person sits in a match that goes on.
        """
        async with self._reading() as read:
            await _refuse_open(read, [seats.c.player == f"person:{user}"], "You still sit in")
            stays = await stays_of(read, user)
            said = dict.fromkeys([row for stay in stays for row in await texts_of(read, stay)])
            sat_in = dict.fromkeys(stay.match_id for stay in stays)
            rewritten = [await _rewritten(read, match_id, user) for match_id in sat_in]
            tables = await _lobbies_with(read, user)
            founded = await _rows(read, towns, opener=user)
            entered = await tournaments_with(read, user)
            remembered, _ = await self._memories.erasing(read, Which(user=user))
        gone: dict[Executable, Rows] = {
            FORGOTTEN: [
                {"of_match": row.match_id, "of_number": row.number, "of_part": row.part}
                for row in said
            ],
            NO_SNAPSHOT: [{"match_id": match_id} for match_id in sat_in],
            **remembered,
            NO_SUMMARIES: [
                *remembered.get(NO_SUMMARIES, ()),
                *({"match_id": match_id} for match_id in sat_in),
            ],
            NO_MEMBERS_WISHES: [{"of_user_id": user, "of_guild": None}],
            sql.PLAYER_GONE: [{"was": f"person:{user}", "now": NOBODY}],
            sql.ROOM_WITHOUT: [{"creator": f":{user}:"}],
            CARDS_OF_NOBODY: [{"user": user}],
            CHATS_OF_NOBODY: [{"user": user}],
            sql.NO_SPENDING_OF_USER: [{"user": user}],
            sql.USER_NOT_RESERVING: [{"user": user}],
            sql.NO_REASON: [{"user": user}],
            sql.NO_SETTINGS: [{"scope": _scope(user)}],
            NO_LOBBY: [{"lobby_id": row.lobby_id} for row in tables],
            NEW_LOBBY: [_lobby_without(row, user) for row in tables],
            NO_TOWN: [{"match_id": row.match_id} for row in founded],
            NEW_TOWN: [without_opener(row) for row in founded],
            NO_TOURNAMENT: [{"tournament_id": row.tournament_id} for row in entered],
            NEW_TOURNAMENT: [row_without(row, user) for row in entered],
        }
        for rows in rewritten:
            for statement, some in rows.items():
                gone[statement] = [*gone.get(statement, ()), *some]
        await self._erase(gone, AuditLine(0, 0, "data of a member", "", "", datetime.now(UTC)))
        return len(said)

    async def export_of_guild(self, guild: int) -> Mapping[str, Any]:
        """Return all that is kept about a server, as JSON values.

        Keys are not in it, nor what was said: that is its members' own, and may be secret.
        """
        async with self._reading() as read:
            ids = await _match_ids(read, guild)
            found = await _rows(read, matches, match_id=ids)
            return {
                "guild": guild,
                "settings": await _all(read, settings, scope=scope_of(guild)),
                "models": await _all(read, server_models, guild=guild),
                "characters": await _all(read, cards, guild=guild),
                "spending": await _all(read, spending, guild=guild),
                "bans": await _all(read, bans, guild=guild),
                "audit": [_audit(row) for row in await _rows(read, audit, guild=guild)],
                "matches": [_summary(row) for row in found],
                "memories": await _memories_in(read, guild),
                "costs": await _all(read, match_costs, match_id=ids),
            }

    async def delete_of_guild(self, guild: int, by: int) -> int:
        """Delete what is kept about a server but its audit log; return how many matches it had.

        Raises ShownToUser while a match goes on.
        """
        async with self._reading() as read:
            ids = await _match_ids(read, guild)
            await _refuse_open(read, [seats.c.match_id.in_(ids)], "This server still has")
            remembered, _ = await self._memories.erasing(read, Which(guild=guild))
        gone: dict[Executable, Rows] = {
            **remembered,
            NO_MEMBERS_WISHES: [{"of_user_id": None, "of_guild": guild}],
            sql.NO_SETTINGS: [{"scope": scope_of(guild)}],
            **{key: [{"guild": guild}] for key in sql.NOTHING_OF_GUILD},
            **{key: [{"match_id": one} for one in ids] for key in sql.NOTHING_OF_MATCH},
        }
        await self._erase(gone, AuditLine(guild, by, "data deleted", "", "", datetime.now(UTC)))
        return len(ids)

    async def _erase(self, gone: Mapping[Executable, Rows], line: AuditLine) -> None:
        rows = {statement: some for statement, some in gone.items() if some}
        rows[admin_sql.NEW_AUDIT_LINE] = (audit_row(line),)
        await self._writer.write(Write("privacy", rows, erases=True))


def _scope(user: int) -> str:
    return f"user:{user}"


async def _rows(read: AsyncConnection, table: Table, **where: Any) -> Sequence[Any]:
    """Return the rows in which each column has the value, or one of the values."""
    wanted = select(table).order_by(*table.primary_key.columns)
    for name, value in where.items():
        column = table.c[name]
        several = isinstance(value, list)
        wanted = wanted.where(column.in_(value) if several else column == value)
    return (await read.execute(wanted)).all()


async def _all(read: AsyncConnection, table: Table, **where: Any) -> list[dict[str, Any]]:
    """Return the rows as JSON values, without what nobody needs to see."""
    return [
        {name: value for name, value in row._mapping.items() if name not in _HIDDEN}
        for row in await _rows(read, table, **where)
    ]


async def _match(read: AsyncConnection, stay: Stay) -> dict[str, Any]:
    (row,) = await _rows(read, matches, match_id=stay.match_id)
    rows = [one for one in await texts_of(read, stay) if stay.has(one)]
    said = [{"entry": one.number, "text": one.text} for one in rows]
    return {**_summary(row), "seat": stay.seat, "said": said}


async def _memories_in(read: AsyncConnection, guild: int) -> int:
    """Return how many memories a server's members are remembered by; the texts are their own."""
    wanted = select(func.count()).select_from(memories).where(memories.c.guild == guild)
    return await read.scalar(wanted) or 0


def _summary(row: Any) -> dict[str, Any]:
    return {
        "match": row.match_id,
        "game": json.loads(row.game)["name"],
        "room": row.room,
        "opened": to.moment(row.opened_at).isoformat(),
        "closed": row.outcome is not None,
    }


def _audit(row: Any) -> dict[str, Any]:
    line = audit_line(row)
    return {**asdict(line), "at": line.at.isoformat()}


async def _refuse_open(read: AsyncConnection, which: Sequence[Any], whose: str) -> None:
    going_on = (
        select(matches.c.match_id)
        .join(seats, seats.c.match_id == matches.c.match_id)
        .where(matches.c.outcome.is_(None), *which)
        .distinct()
    )
    if count := len((await read.execute(going_on)).all()):
        open_ = "a match that goes on" if count == 1 else f"{count} matches that go on"
        raise ShownToUser(f"{whose} {open_}: leave or end first, then delete.")


async def _stored(read: AsyncConnection, match_id: str) -> Stored:
    """Return a match in which each text is the number of its row."""
    (row,) = await _rows(read, matches, match_id=match_id)
    columns = entries.c
    journal = select(columns.number, columns.seat, columns.at, columns.cause, columns.events)
    log = await read.execute(journal.where(columns.match_id == match_id).order_by(columns.number))
    said = await _rows(read, texts, match_id=match_id)
    numbers = {(one.number, one.part): str(one.part) for one in said}
    setup = to.setup_of(row)
    found = to.entries_of(type(setup.game), log, numbers)
    return Stored(setup, found, to.outcome_of(row.outcome))


async def _rewritten(read: AsyncConnection, match_id: str, user: int) -> Mapping[Executable, Rows]:
    """Return the rows that take a person out of a match.

    Where its game cannot be read any more, such as of a library that is gone, names stay.
    """
    try:
        stored = await _stored(read, match_id)
    except BrokenLog:
        rows = await _rows(read, entries, match_id=match_id)
        return {sql.ENTRY_REWRITTEN: [_unread_without(row, f"person:{user}") for row in rows]}
    return await asyncio.to_thread(_without, match_id, stored, user)


def _unread_without(row: Any, player: str) -> Mapping[str, Any]:
    """Return an entry with nobody's id in the place of a player's."""
    events = [
        [kind, {**told, "player": NOBODY} if told.get("player") == player else told]
        for kind, told in json.loads(row.events)
    ]
    return {
        "of_match": row.match_id,
        "of_number": row.number,
        "now_seat": row.seat,
        "now_events": json.dumps(events, ensure_ascii=False),
    }


def _without(match_id: str, stored: Stored, user: int) -> Mapping[Executable, Rows]:
    """Return the rows that take a person out of a match; out of one that goes on, only the id."""
    player = f"person:{user}"
    new = anonymous(stored, player, names_of(stored, player) if stored.outcome else ())
    renamed = [
        {"of_match": match_id, "was": str(old), "now": str(name)}
        for old, name in new.renamed.items()
    ]
    return {
        sql.ENTRY_REWRITTEN: [
            {"of_match": match_id, "of_number": number, "now_seat": seat, "now_events": events}
            for number, (seat, events) in new.entries.items()
        ],
        sql.MATCH_REWRITTEN: [
            {
                "of_match": match_id,
                "now_game": new.game,
                "now_seats": new.seats,
                "now_outcome": new.outcome,
            }
        ],
        sql.SPEAKER_RENAMED: renamed,
        sql.SEAT_RENAMED: renamed,
        sql.AUDIENCE_RENAMED: renamed,
    }


async def _match_ids(read: AsyncConnection, guild: int) -> list[str]:
    """Return the ids of a server's lobbies, which its matches have too, its chats and towns."""
    found = [row.lobby_id for row in await _rows(read, lobbies, guild=guild)]
    for table in (chats, towns):
        found += [row.match_id for row in await _rows(read, table, guild=guild)]
    return found


async def _lobbies_with(read: AsyncConnection, user: int) -> Sequence[Any]:
    """Return the lobbies that a person has made or sat in."""
    likely = select(lobbies).where(lobbies.c.body.contains(str(user)))
    return [row for row in await read.execute(likely) if any(_parts(row, user))]


def _parts(row: Any, user: int) -> tuple[bool, list[str]]:
    """Return whether a person has made a lobby, and under which names they sit in it."""
    body = json.loads(row.body)
    names = [seat for seat, player in body["seats"] if player == f"person:{user}"]
    return body["creator"] == user, names


def _lobby(row: Any, user: int) -> dict[str, Any]:
    made, names = _parts(row, user)
    return {"lobby": row.lobby_id, "guild": row.guild, "made": made, "seats": names}


def _lobby_without(row: Any, user: int) -> Mapping[str, Any]:
    """Return the row of a lobby without a person, whose seat in an open one is free again."""
    body = json.loads(row.body)
    _, names = _parts(row, user)
    was_open = row.state == LobbyState.OPEN
    body["seats"] = [
        [f"Somebody {number}", NOBODY] if seat in names else [seat, player]
        for number, (seat, player) in enumerate(body["seats"], start=1)
        if not (was_open and seat in names)
    ]
    body["ready"] = [seat for seat in body["ready"] if seat not in names]
    made = body["creator"] == user
    body["creator"] = 0 if made else body["creator"]
    state = str(LobbyState.CANCELLED) if made and was_open else row.state
    return {**row._mapping, "body": json.dumps(body, ensure_ascii=False), "state": state}
