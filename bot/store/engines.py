"""Engines for a path or a URL: one that writes and one that only reads."""

from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import OperatorError
from bot.store import sqlite
from bot.store.writer import Erase


def engines(
    where: str | Path, patience: float
) -> tuple[AsyncEngine, AsyncEngine, Path | None, Erase | None]:
    """Return the reading and the writing engine, the file, and what erases overwritten bytes.

    Raises OperatorError for a URL that names no database Parlour can use.
    """
    url = _url(str(where))
    if url is None or url.get_backend_name() == "sqlite":
        database = database_file(where)
        database.parent.mkdir(parents=True, exist_ok=True)
        reader = sqlite.reader_engine(database, patience)
        return reader, sqlite.writer_engine(database, patience), database, sqlite.empty_wal
    if url.get_backend_name() != "postgresql":
        raise OperatorError(
            f"Parlour keeps its data in SQLite or PostgreSQL, not in {url.get_backend_name()}."
        )
    if find_spec("asyncpg") is None:
        raise OperatorError('PostgreSQL needs the extra "postgres": install it, then start again.')
    url = url.set(drivername="postgresql+asyncpg")
    reader = create_async_engine(url, isolation_level="REPEATABLE READ")
    return reader, create_async_engine(url, pool_size=1, max_overflow=0), None, None


def database_file(where: str | Path) -> Path:
    """Return the file of a SQLite database.  Raises OperatorError where there is no file."""
    url = _url(str(where))
    if url is None:
        return Path(where)
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise OperatorError("This needs a SQLite database in a file; PostgreSQL has pg_dump.")
    return Path(str(url.database))


def _url(where: str) -> URL | None:
    """Return the URL; None for a path."""
    if "://" not in where:
        return None
    try:
        return make_url(where)
    except ArgumentError as why:
        raise OperatorError("The URL of the database cannot be read; see the README.") from why
