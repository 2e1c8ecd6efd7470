"""The store on SQLAlchemy: SQLite in one file by default, PostgreSQL by URL."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from json import loads
from pathlib import Path
from typing import Any, Final, Self

from sqlalchemy import ColumnElement, Executable, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.administration import Accounts, Administration, Limit, Privacy
from bot.arena.lobbies import Result
from bot.card_shelf import CardShelf
from bot.errors import AlreadyDone, ParlourError, StaleMatch, UnknownMatch
from bot.ports import Due, Effects, Entry, Outgoing, Setup, Snapshot, Stored, Summary
from bot.store import rows as to
from bot.store import statements as sql
from bot.store.engines import engines
from bot.store.memory_statements import NO_SUMMARIES
from bot.store.migrate import migrate
from bot.store.privacy_statements import NOTHING_OF_MATCH
from bot.store.reading import Reader
from bot.store.results import results
from bot.store.sql_accounts import SqlAccounts
from bot.store.sql_administration import SqlAdministration
from bot.store.sql_cards import SqlCards
from bot.store.sql_chats import SqlChats
from bot.store.sql_lobbies import SqlLobbies
from bot.store.sql_memories import SqlMemories
from bot.store.sql_privacy import SqlPrivacy
from bot.store.sql_tournaments import SqlTournaments
from bot.store.sql_towns import SqlTowns
from bot.store.tables import due, entries, matches, outbox, seats, settings, snapshots, texts
from bot.store.writer import Rows, Write, Writer, trouble
from games.core import SPECTATOR, Seat, quoted

NO_CAP: Final = Limit()


class SqlStore:
    """The journal and what is written with it, in one database."""

    def __init__(
        self, reader: AsyncEngine, writing: AsyncEngine, writer: Writer, cap: Limit
    ) -> None:
        self._reader = reader
        self._reading = Reader(reader)
        self._writing = writing
        self._writer = writer
        self.administration: Administration = SqlAdministration(self._reading, writer)
        self.lobbies = SqlLobbies(self._reading, writer)
        self.chats = SqlChats(self._reading, writer)
        self.towns = SqlTowns(self._reading, writer)
        self.tournaments = SqlTournaments(self._reading, writer)
        self.memories = SqlMemories(self._reading, writer, reader.dialect.name)
        self.cards: CardShelf = SqlCards(self._reading, writer)
        self.privacy: Privacy = SqlPrivacy(self._reading, writer, self.memories)
        self.accounts: Accounts = SqlAccounts(self._reading, writer, cap)

    @classmethod
    async def open(cls, where: str | Path, *, patience: float = 5.0, cap: Limit = NO_CAP) -> Self:
        """Open a database by path or URL; make it where there is none, migrate an older one.

        `patience` is how long another process may keep it locked, in seconds; `cap` is the most
        that models may cost any one server in a day.

        Raises:
            StoreTooNew: a newer version of Parlour made it.
            OperatorError: it cannot be opened.

        """
        reader, writing, database, erase = engines(where, patience)
        try:
            await migrate(reader, writing, database)
            return cls(reader, writing, Writer(await writing.connect(), erase), cap)
        except BaseException as why:
            await reader.dispose()
            await writing.dispose()
            # The driver's thread has yet to tell this loop that a failed connection is given up;
            # it shows a traceback where the loop is closed by then.
            await asyncio.sleep(0.1)
            if isinstance(why, SQLAlchemyError | OSError):
                raise trouble(why, f"The database {where} cannot be opened") from why
            raise

    async def close(self) -> None:
        """Write all that waits, then let go of the database."""
        await self._writer.close()
        await self._reader.dispose()
        await self._writing.dispose()  # last, as whoever is last tidies the write-ahead log

    async def open_match(self, setup: Setup, entry: Entry, effects: Effects) -> None:
        """Write a new match with its first entry.  Raises AlreadyDone for a known cause."""
        rows = to.entry_rows(setup.match_id, entry, effects)
        explain = partial(_why_not_opened, setup.match_id, entry)
        await self._write(setup.match_id, {sql.NEW_MATCH: (to.setup_row(setup),), **rows}, explain)

    async def append(self, match_id: str, entry: Entry, effects: Effects) -> None:
        """Write one entry.  Raises StaleMatch, AlreadyDone, UnknownMatch."""
        rows = to.entry_rows(match_id, entry, effects)
        explain = partial(_why_not_appended, match_id, entry)
        erases = bool(effects.forgotten)
        if erases:
            rows[NO_SUMMARIES] = ({"match_id": match_id},)
        await self._writer.write(Write(match_id, rows, explain, erases=erases))

    async def load(self, match_id: str) -> Stored:
        """Return a match with all entries, oldest first.  Raises UnknownMatch, BrokenLog."""
        if not match_id.isprintable():  # a database may not even take such a text
            raise _unknown(match_id)
        columns = entries.c
        journal = select(
            columns.number, columns.seat, columns.at, columns.cause, columns.events
        ).where(columns.match_id == match_id)
        said = select(texts.c.number, texts.c.part, texts.c.text).where(
            texts.c.match_id == match_id
        )
        async with self._reading() as read:
            row = (await read.execute(select(matches).where(_is(match_id)))).one_or_none()
            if row is None:
                raise _unknown(match_id)
            log = (await read.execute(journal.order_by(columns.number))).all()
            words = {(number, part): text for number, part, text in await read.execute(said)}
        setup = to.setup_of(row)
        # In a thread: a long journal takes a second, and other tables go on meanwhile.
        found = await asyncio.to_thread(to.entries_of, type(setup.game), log, words)
        return Stored(setup, found, to.outcome_of(row.outcome))

    async def matches(self, *, open_only: bool = False, limit: int = 100) -> Sequence[Summary]:
        """Return matches, newest first."""
        count = select(func.max(entries.c.number)).where(entries.c.match_id == matches.c.match_id)
        newest = select(matches, count.scalar_subquery().label("entries"))
        if open_only:
            newest = newest.where(matches.c.outcome.is_(None))
        newest = newest.order_by(matches.c.opened_at.desc(), matches.c.match_id).limit(limit)
        async with self._reading() as read:
            found = (await read.execute(newest)).all()
            ids = [row.match_id for row in found]
            players: defaultdict[str, dict[Seat, str]] = defaultdict(dict)
            for row in await read.execute(select(seats).where(seats.c.match_id.in_(ids))):
                players[row.match_id][Seat(row.seat)] = row.player
        return [_summary(row, players[row.match_id]) for row in found]

    async def results(self) -> Sequence[Result]:
        """Return how all matches have ended, wherever they were played, oldest first."""
        async with self._reading() as read:
            return await results(read)

    async def undelivered(self, match_id: str | None = None) -> Sequence[Outgoing]:
        """Return the messages not yet marked as delivered, oldest first."""
        columns = outbox.c
        waiting = select(columns.match_id, columns.number, columns.audience).where(
            columns.reference.is_(None)
        )
        if match_id is not None:
            waiting = waiting.where(columns.match_id == match_id)
        waiting = waiting.order_by(columns.at, columns.match_id, columns.number, columns.audience)
        async with self._reading() as read:
            return [Outgoing(m, n, Seat(to)) for m, n, to in await read.execute(waiting)]

    async def delivered(self, message: Outgoing, reference: str) -> None:
        """Note that a message has arrived, and what its room calls it."""
        row = {
            "of_match": message.match_id,
            "of_number": message.number,
            "of_audience": str(message.audience),
            "called": reference,
        }
        await self._write(message.match_id, {sql.ARRIVED: (row,)})

    async def last_reference(self, match_id: str) -> str | None:
        """Return what the room calls the last message it has shown to everybody; None for none."""
        columns = outbox.c
        last = select(columns.reference).where(
            columns.match_id == match_id,
            columns.audience == str(SPECTATOR),
            columns.reference.is_not(None),
        )
        async with self._reading() as read:
            found: str | None = await read.scalar(last.order_by(columns.number.desc()).limit(1))
        return found

    async def due(self, now: datetime) -> Sequence[Due]:
        """Return the time limits that have passed, oldest first."""
        return await self._dues(due.c.at <= to.micros(now))

    async def due_of(self, match_id: str) -> Sequence[Due]:
        """Return the time limits that stand in a match."""
        return await self._dues(due.c.match_id == match_id)

    async def done(self, due: Due) -> None:
        """Strike out a time limit, unless the seat has been given another one since."""
        await self._write(due.match_id, {sql.THIS_DUE_DONE: (to.due_row(due),)})

    async def forget(self, match_id: str, seat: Seat) -> int:
        """Empty every text that a seat has said in a match; return how many there were."""
        said = select(texts.c.number, texts.c.part).where(
            texts.c.match_id == match_id, texts.c.seat == str(seat), texts.c.text != ""
        )
        async with self._reading() as read:
            found = [
                {"of_match": match_id, "of_number": number, "of_part": part}
                for number, part in await read.execute(said)
            ]
        if found:
            # Snapshot and summaries go too, as words may stand in them.
            this = ({"match_id": match_id},)
            rows: dict[Executable, Rows] = {
                sql.FORGOTTEN: found,
                sql.NO_SNAPSHOT: this,
                NO_SUMMARIES: this,
            }
            await self._writer.write(Write(match_id, rows, erases=True))
        return len(found)

    async def delete(self, match_id: str) -> None:
        """Delete all that is kept of a match; of an unknown one that is nothing."""
        this = ({"match_id": match_id},)
        rows: dict[Executable, Rows] = dict.fromkeys(NOTHING_OF_MATCH, this)
        await self._writer.write(Write(match_id, rows, erases=True))

    async def save_snapshot(self, match_id: str, snapshot: Snapshot) -> None:
        """Keep a state, in place of an older one.  Raises UnknownMatch."""
        row = {"match_id": match_id, **asdict(snapshot)}
        rows = {sql.NO_SNAPSHOT: (row,), sql.NEW_SNAPSHOT: (row,)}
        await self._write(match_id, rows, partial(_why_no_snapshot, match_id))

    async def snapshot(self, match_id: str) -> Snapshot | None:
        """Return the newest snapshot of a match; None where there is none."""
        columns = snapshots.c
        kept = select(columns.number, columns.rules, columns.state).where(
            columns.match_id == match_id
        )
        async with self._reading() as read:
            row = (await read.execute(kept)).one_or_none()
        return None if row is None else Snapshot(row.number, row.rules, row.state)

    async def get_setting(self, scope: str, key: str) -> str | None:
        """Return a setting; None where it was never set."""
        where = (settings.c.scope == scope, settings.c.key == key)
        async with self._reading() as read:
            found: str | None = await read.scalar(select(settings.c.value).where(*where))
        return found

    async def set_setting(self, scope: str, key: str, value: str) -> None:
        """Keep a setting of a scope, such as "server:123"."""
        row = {"scope": scope, "key": key, "value": value}
        await self._write(f"{scope}/{key}", {sql.NO_SETTING: (row,), sql.NEW_SETTING: (row,)})

    async def _dues(self, wanted: ColumnElement[bool]) -> Sequence[Due]:
        async with self._reading() as read:
            return [
                Due(row.match_id, Seat(row.seat), row.ask_id, to.moment(row.at))
                for row in await read.execute(select(due).where(wanted).order_by(due.c.at))
            ]

    async def _write(self, key: str, rows: Any, explain: Any = None) -> None:
        await self._writer.write(Write(key, rows, explain))


def _is(match_id: str) -> Any:
    return matches.c.match_id == match_id


def _unknown(match_id: str) -> UnknownMatch:
    return UnknownMatch(f"There is no match {quoted(match_id)}.")


async def _known_cause(write: AsyncConnection, cause: str | None) -> ParlourError | None:
    where = entries.c.cause == cause
    if cause is not None and await write.scalar(select(entries.c.number).where(where)):
        return AlreadyDone(f"{cause!r} has had its effect already.")
    return None


async def _why_not_opened(
    match_id: str, entry: Entry, write: AsyncConnection
) -> ParlourError | None:
    if known := await _known_cause(write, entry.cause):
        return known
    if await write.scalar(select(matches.c.match_id).where(_is(match_id))):
        return StaleMatch(f"There is a match {match_id!r} already.")
    return None


async def _why_not_appended(
    match_id: str, entry: Entry, write: AsyncConnection
) -> ParlourError | None:
    if known := await _known_cause(write, entry.cause):
        return known
    last = select(func.max(entries.c.number)).where(entries.c.match_id == match_id)
    if (number := await write.scalar(last)) is None:
        return _unknown(match_id)
    if entry.number != number + 1:
        return StaleMatch(f"The match {match_id} stands at {number}, not at {entry.number - 1}.")
    return None


async def _why_no_snapshot(match_id: str, write: AsyncConnection) -> ParlourError | None:
    known = await write.scalar(select(matches.c.match_id).where(_is(match_id)))
    return None if known else _unknown(match_id)


def _summary(row: Any, players: dict[Seat, str]) -> Summary:
    filled = {Seat(seat): players.pop(Seat(seat), "") for seat in loads(row.seats)}
    return Summary(
        match_id=row.match_id,
        game=loads(row.game)["name"],
        seats={**filled, **players},
        room=row.room,
        entries=row.entries,
        opened_at=to.moment(row.opened_at),
        closed=row.outcome is not None,
    )
