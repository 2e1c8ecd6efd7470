"""What only a file can show: forgotten bytes, disk errors, migrations, backups."""

import asyncio
import os
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.arena.events import Remarked
from bot.errors import OperatorError, StoreTooNew
from bot.ports import Effects, Entry, Setup
from bot.store import migrate
from bot.store.backup import backup, restore
from bot.store.engines import database_file
from bot.store.sql_store import SqlStore
from bot.store.tables import metadata
from games.core import Words
from games.tic_tac_toe import TicTacToe
from tests.bot.store.conftest import ANN, BOB, NOON


def entry(number, words="hello", seat=ANN):
    return Entry(number, seat, (Remarked(seat, Words(words)),), NOON)


async def open_match(store, match_id="m1"):
    setup = Setup(match_id, TicTacToe(), (ANN, BOB), 7, "terminal", NOON)
    await store.open_match(setup, Entry(1, ANN, (), NOON), Effects())


async def append(store, number, words="hello", match_id="m1"):
    await store.append(match_id, entry(number, words), Effects())


async def count(database, match_id="m1"):
    store = await SqlStore.open(database)
    try:
        return len((await store.load(match_id)).entries)
    finally:
        await store.close()


@pytest.fixture
def database(tmp_path):
    return tmp_path / "parlour.db"


@pytest.fixture
async def filled(database):
    """A closed database with a match of three entries."""
    store = await SqlStore.open(database)
    await open_match(store)
    await append(store, 2)
    await append(store, 3)
    await store.close()
    return database


async def old_database(database, revision="0001"):
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    async with engine.begin() as connection:
        await connection.run_sync(migrate.upgrade, revision)
    await engine.dispose()


def names_in(database):
    with closing(sqlite3.connect(database)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def shape(database):
    """Everything the database says about each table, in an order of its own."""
    engine = create_engine(f"sqlite:///{database}")
    found = inspect(engine)
    tables = [name for name in found.get_table_names() if name != "alembic_version"]
    shapes = {
        name: [
            sorted(repr(part) for part in parts)
            for parts in (
                found.get_columns(name),
                found.get_pk_constraint(name).items(),
                found.get_foreign_keys(name),
                found.get_unique_constraints(name),
                found.get_check_constraints(name),
                ((index["name"], index["column_names"]) for index in found.get_indexes(name)),
            )
        ]
        for name in tables
    }
    engine.dispose()
    return shapes


async def test_forgetting_leaves_no_byte_in_the_file(database):
    store = await SqlStore.open(database)
    for table in range(8):
        await open_match(store, f"m{table}")
    for number in range(2, 60):
        await asyncio.gather(
            *(append(store, number, f"FORGET-{t} {'x' * (number * 37)}", f"m{t}") for t in range(8))
        )
        if number % 10 == 0:
            await store.forget(f"m{number % 8}", ANN)
    for table in range(7):
        await store.forget(f"m{table}", ANN)
    on_disk = b"".join(path.read_bytes() for path in database.parent.iterdir())
    assert b"FORGET-7" in on_disk
    assert [n for n in range(7) if f"FORGET-{n}".encode() in on_disk] == []
    await store.forget("m7", ANN)
    await store.close()
    assert b"FORGET" not in b"".join(path.read_bytes() for path in database.parent.iterdir())


async def test_a_full_disk_reaches_the_caller_and_the_store_goes_on_afterwards(database):
    store = await SqlStore.open(database)
    await open_match(store)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, before[1]))
    try:
        with pytest.raises(OperatorError, match=r"The database did not take this \(.*\): see to"):
            await append(store, 2, "x" * 1_000_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert len((await store.load("m1")).entries) == 1
    await append(store, 2)
    await store.close()
    assert await count(database) == 2


async def test_a_database_locked_by_another_process_reaches_the_caller(database):
    store = await SqlStore.open(database, patience=0.05)
    await open_match(store)
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperatorError, match=r"did not take this \(database is locked\)"):
            await append(store, 2)
        other.execute("ROLLBACK")
    await append(store, 2)
    assert len((await store.load("m1")).entries) == 2
    await store.close()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(database):
    content = b"not a database at all " * 100
    database.write_bytes(content)
    with pytest.raises(OperatorError, match=r"cannot be opened \(file is not a database\)"):
        await SqlStore.open(database)
    assert database.read_bytes() == content


async def test_a_database_of_something_else_is_refused(database):
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    with pytest.raises(OperatorError, match="holds tables that are not Parlour's"):
        await SqlStore.open(database)
    assert names_in(database) == {"recipes"}


async def test_the_migrations_make_the_tables_that_the_code_expects(database, tmp_path):
    await old_database(database, "head")
    expected = tmp_path / "expected.db"
    engine = create_async_engine(f"sqlite+aiosqlite:///{expected}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    await engine.dispose()
    assert shape(database) == shape(expected)


async def test_the_head_in_the_code_is_the_newest_migration():
    assert max(migrate.known_revisions()) == migrate.HEAD


async def test_an_older_database_is_migrated_after_a_backup(database):
    await old_database(database)
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            'INSERT INTO matches VALUES (\'m1\', \'{"name":"tic-tac-toe","options":{}}\','
            " '[\"ann\",\"bob\"]', '7', 'terminal', 0, NULL)"
        )
        connection.execute("INSERT INTO entries VALUES ('m1', 1, NULL, 'ann', 0, NULL, '[]')")
        connection.commit()
    store = await SqlStore.open(database)
    assert len((await store.load("m1")).entries) == 1
    await store.close()
    assert "ix_due_at" in names_in(database)
    kept = database.with_name(f"parlour.before-{migrate.HEAD}.db")
    assert "ix_due_at" not in names_in(kept)
    assert await count(kept) == 1


async def test_a_new_or_current_database_is_not_backed_up(filled):
    store = await SqlStore.open(filled)
    await store.close()
    assert [path.name for path in filled.parent.iterdir()] == ["parlour.db"]


async def test_a_newer_database_is_refused_with_a_sentence(filled):
    with closing(sqlite3.connect(filled)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreTooNew, match=r"was made by a newer version of Parlour \(schema 9999"):
        await SqlStore.open(filled)
    assert [path.name for path in filled.parent.iterdir()] == ["parlour.db"]


async def test_three_processes_may_open_a_new_database_at_once(database):
    script = (
        "import asyncio\nfrom bot.store.sql_store import SqlStore\n"
        f"async def main():\n    await (await SqlStore.open({str(database)!r})).close()\n"
        "asyncio.run(main())"
    )
    opening = [await asyncio.create_subprocess_exec(sys.executable, "-c", script) for _ in range(3)]
    assert [await process.wait() for process in opening] == [0, 0, 0]
    store = await SqlStore.open(database)
    await open_match(store)
    assert len((await store.load("m1")).entries) == 1
    await store.close()


async def test_opening_a_current_database_loads_no_migrations(filled):
    script = (
        "import asyncio, sys\nfrom bot.store.sql_store import SqlStore\n"
        f"async def main():\n    await (await SqlStore.open({str(filled)!r})).close()\n"
        "asyncio.run(main())\nprint('alembic' in sys.modules)"
    )
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


async def test_a_backup_under_load_has_every_row_that_was_awaited_before_it(database, tmp_path):
    store = await SqlStore.open(database)
    await open_match(store)
    written = [1]

    async def keep_writing():
        while True:
            await append(store, written[0] + 1)
            written[0] += 1

    writing = asyncio.create_task(keep_writing())
    for round_ in range(5):
        await asyncio.sleep(0.05)
        awaited, file = written[0], tmp_path / f"backup-{round_}.db"
        await asyncio.to_thread(backup, database, file)
        assert awaited <= await count(file) <= written[0] + 1
    assert written[0] > 5
    writing.cancel()
    await asyncio.gather(writing, return_exceptions=True)
    await store.close()


async def test_a_backup_overwrites_nothing(filled, tmp_path):
    file = tmp_path / "kept.db"
    file.write_text("precious")
    with pytest.raises(OperatorError, match=r"kept\.db exists already; give the backup another"):
        backup(filled, file)
    assert file.read_text() == "precious"


def test_a_backup_of_nothing_or_to_nowhere_is_refused(filled, tmp_path):
    with pytest.raises(OperatorError, match=r"There is no database .*none\.db to back up"):
        backup(tmp_path / "none.db", tmp_path / "file.db")
    with pytest.raises(OperatorError, match="could not be written"):
        backup(filled, tmp_path / "no folder" / "file.db")
    assert [path.name for path in tmp_path.iterdir()] == ["parlour.db"]


@pytest.fixture
async def saved(filled, tmp_path):
    """A backup with three entries, beside a database that has gone on to five."""
    file = tmp_path / "saved.db"
    backup(filled, file)
    store = await SqlStore.open(filled)
    await append(store, 4)
    await append(store, 5)
    await store.close()
    return file


async def test_restoring_puts_the_backup_in_place_and_keeps_the_old_one(filled, saved):
    kept = restore(saved, filled)
    assert await count(filled) == 3
    assert kept == filled.with_name("parlour.db.replaced")
    assert await count(kept) == 5
    assert restore(saved, filled) != kept


async def test_a_stale_log_beside_a_restore_does_no_harm(filled, saved):
    store = await SqlStore.open(filled)
    await append(store, 6, "in the log only")
    log, shared = (filled.with_name(f"parlour.db{end}") for end in ("-wal", "-shm"))
    stale = log.read_bytes(), shared.read_bytes()
    await store.close()
    assert len(stale[0]) > 4096
    filled.unlink()
    log.write_bytes(stale[0])
    shared.write_bytes(stale[1])
    assert restore(saved, filled) is None
    assert not log.exists()
    assert not shared.exists()
    assert await count(filled) == 3


async def test_rows_in_the_log_of_a_killed_process_are_kept_with_the_old_one(filled, saved):
    store = await SqlStore.open(filled)
    await append(store, 6)
    copied = filled.with_name("killed.db")
    for end in ("", "-wal"):
        copied.with_name(f"killed.db{end}").write_bytes(
            filled.with_name(f"parlour.db{end}").read_bytes()
        )
    await store.close()
    kept = restore(saved, copied)
    assert await count(copied) == 3
    assert await count(kept) == 6


async def test_a_database_in_use_is_not_replaced(filled, saved):
    store = await SqlStore.open(filled)
    with pytest.raises(OperatorError, match="is in use; stop Parlour first, then restore"):
        restore(saved, filled)
    await append(store, 6)
    await store.close()
    assert await count(filled) == 6
    assert not filled.with_name("parlour.db.part").exists()


async def test_a_damaged_database_can_be_replaced(filled, saved):
    filled.write_bytes(b"broken" * 1000)
    kept = restore(saved, filled)
    assert kept.read_bytes() == b"broken" * 1000
    assert await count(filled) == 3


async def test_a_damaged_backup_is_refused_and_changes_nothing(filled, saved):
    content = bytearray(saved.read_bytes())
    content[4096 * 3 : 4096 * 6] = os.urandom(4096 * 3)
    saved.write_bytes(content)
    before = filled.read_bytes()
    with pytest.raises(OperatorError, match=r"saved\.db is damaged or no backup of Parlour"):
        restore(saved, filled)
    assert filled.read_bytes() == before
    assert {path.name for path in filled.parent.iterdir()} == {"parlour.db", "saved.db"}


async def test_a_backup_of_something_else_or_of_a_newer_version_is_refused(filled, saved, tmp_path):
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    with pytest.raises(OperatorError, match="is no backup of Parlour: it has no journal"):
        restore(other, filled)
    with closing(sqlite3.connect(saved)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreTooNew, match="was made by a newer version of Parlour"):
        restore(saved, filled)
    with pytest.raises(OperatorError, match="There is no backup"):
        restore(tmp_path / "none.db", filled)
    assert await count(filled) == 5


async def test_a_live_database_is_not_taken_for_a_backup(filled, tmp_path):
    store = await SqlStore.open(filled)
    await append(store, 4)
    with pytest.raises(OperatorError, match="has a write-ahead log beside it"):
        restore(filled, tmp_path / "other.db")
    await store.close()


async def test_an_older_backup_is_migrated_when_it_is_opened(database, tmp_path):
    old = tmp_path / "old.db"
    await old_database(old)
    restore(old, database)
    store = await SqlStore.open(database)
    await open_match(store)
    await store.close()
    assert await count(database) == 1


@pytest.mark.parametrize("url", ["mysql://x/y", "sqlite://", "sqlite:///:memory:", "://"])
async def test_a_url_that_parlour_cannot_use_is_refused_in_a_sentence(url):
    with pytest.raises(OperatorError, match=r"^[A-Z].*\.$"):
        await SqlStore.open(url)


def test_backups_are_for_files(tmp_path):
    assert database_file(tmp_path / "a.db") == tmp_path / "a.db"
    assert database_file(f"sqlite:///{tmp_path}/a.db") == tmp_path / "a.db"
    with pytest.raises(OperatorError, match="PostgreSQL has pg_dump"):
        database_file("postgresql://localhost/parlour")
