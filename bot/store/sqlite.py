"""All that only SQLite needs: pragmas, transactions, VACUUM INTO, and its locks."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import OperatorError

READERS = 4
"""Connections that only read."""


def writer_engine(database: Path, patience: float) -> AsyncEngine:
    """Return the engine of the one connection that writes, whose every commit is on disk.

    `patience` is how long it waits for another process that is writing, in seconds.
    """
    return _engine(database, patience, "IMMEDIATE", pool_size=1, max_overflow=0)


def reader_engine(database: Path, patience: float) -> AsyncEngine:
    """Return the engine for reading; each transaction sees one moment of the database."""
    return _engine(database, patience, "DEFERRED", "query_only = ON", pool_size=READERS)


def _engine(database: Path, patience: float, begin: str, *pragmas: str, **pool: Any) -> AsyncEngine:
    url = URL.create("sqlite+aiosqlite", database=str(database))
    engine = create_async_engine(url, **pool)
    wanted = (
        f"busy_timeout = {round(patience * 1000)}",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "secure_delete = ON",
        "trusted_schema = OFF",
        *pragmas,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # or the driver would begin transactions of its own
        cursor = connection.cursor()
        for pragma in wanted:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(connection: Connection) -> None:
        # A transaction that reads first and writes later fails where an IMMEDIATE one waits.
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine


async def empty_wal(connection: AsyncConnection) -> None:
    """Take what was overwritten out of the write-ahead log too, outside any transaction."""
    raw = await connection.get_raw_connection()
    assert raw.driver_connection is not None
    await raw.driver_connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")


def copy(database: Path, file: Path) -> None:
    """Write a whole and compact copy while others read and write.  Raises sqlite3.Error."""
    with closing(_open(database, "rw")) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))


def fault(file: Path) -> str | None:
    """Return what is wrong with a database that nobody writes, or None."""
    try:
        with closing(_open(file, "ro&immutable=1")) as connection:
            found: str = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as why:
        return str(why)
    return None if found == "ok" else found


def revision(file: Path) -> str | None:
    """Return the schema's revision in a database that nobody writes; None where there is none."""
    with closing(_open(file, "ro&immutable=1")) as connection:
        try:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.Error:
            return None
    return row[0] if row else None


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """Keep everybody else out of a database.  Raises OperatorError if somebody has it open.

    A database that is damaged cannot be locked, and is let through as it is.
    """
    with closing(_open(database, "rw")) as connection:
        try:
            # Leaving WAL needs to be alone, and puts what is in the log into the database.
            connection.execute("PRAGMA journal_mode = DELETE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as why:
            if "locked" in str(why):
                raise OperatorError(
                    f"The database {database} is in use; stop Parlour first, then restore."
                ) from why
        except sqlite3.DatabaseError:
            pass
        yield


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(
        f"{file.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=1
    )
