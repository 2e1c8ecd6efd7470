"""A store to test: SQLite always, and PostgreSQL where PARLOUR_TEST_POSTGRES names an empty one."""

import os
from datetime import UTC, datetime

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.ports import Effects, Entry, Setup
from bot.store.sql_store import SqlStore
from bot.store.tables import metadata
from games.core import TABLE, Seat
from games.rock_paper_scissors import RockPaperScissors

POSTGRES = os.environ.get("PARLOUR_TEST_POSTGRES")
ANN, BOB = Seat("ann"), Seat("bob")
NOON = datetime(2026, 1, 2, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture(params=["sqlite", *(["postgres"] if POSTGRES else [])])
async def store_url(request, tmp_path):
    if request.param == "postgres":
        await empty(POSTGRES)
        return POSTGRES
    return f"sqlite:///{tmp_path / 'parlour.db'}"


@pytest.fixture
async def store(store_url):
    opened = await SqlStore.open(store_url)
    yield opened
    await opened.close()


@pytest.fixture
def raw(store_url):
    """Return a function that runs one statement on the database, behind the store's back."""
    url = make_url(store_url)
    drivers = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

    async def run(statement, **values):
        engine = create_async_engine(url.set(drivername=drivers[url.get_backend_name()]))
        async with engine.begin() as connection:
            found = await connection.execute(text(statement), values)
            rows = found.all() if found.returns_rows else []
        await engine.dispose()
        return rows

    return run


@pytest.fixture
def opened(store):
    """Open a match of rock-paper-scissors and return its id."""

    async def open_one(match_id="m1", cause=None, **effects):
        setup = Setup(match_id, RockPaperScissors(), (ANN, BOB), 7, "terminal", NOON)
        await store.open_match(setup, Entry(1, TABLE, (), NOON, cause), Effects(**effects))
        return match_id

    return open_one


async def empty(url):
    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    async with engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.execute(text("DROP TABLE IF EXISTS alembic_version"))
    await engine.dispose()
