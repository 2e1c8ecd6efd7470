"""Brings a database to this version's schema, after a backup; runs inside the process."""

import asyncio
from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import OperatorError, StoreTooNew
from bot.store.backup import backup, free_name

HEAD: Final = "0010"
"""The newest revision in migrations/; alembic is loaded only where a database has another."""
MIGRATIONS: Final = Path(__file__).parents[2] / "migrations"


async def migrate(reader: AsyncEngine, writer: AsyncEngine, database: Path | None) -> Path | None:
    """Create or migrate the tables; return the backup that was made, if one was.

    `database` is the file to back up; None where there is no file.

    Raises:
        StoreTooNew: a newer version of Parlour made the database.
        OperatorError: it is not Parlour's, or cannot be backed up.

    """
    async with reader.connect() as connection:
        found = await connection.run_sync(_revision)
    if found == HEAD:
        return None
    if found is not None and found not in known_revisions():
        raise StoreTooNew(too_new(str(database or "The database"), found))
    kept = None
    if found is not None and database is not None:
        kept = free_name(database.with_name(f"{database.stem}.before-{HEAD}{database.suffix}"))
        await asyncio.to_thread(backup, database, kept)
    async with writer.begin() as connection:
        await connection.run_sync(upgrade, HEAD)
    return kept


def known_revisions() -> set[str]:
    """Return every revision that this version can migrate from."""
    return {path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*_*.py")}


def too_new(name: str, found: str) -> str:
    """Return the sentence about a database that a newer version has made."""
    return (
        f"{name} was made by a newer version of Parlour (schema {found}, this one knows "
        f"{HEAD}): update Parlour, or restore an older backup."
    )


def upgrade(connection: Connection, revision: str) -> None:
    """Run the migrations up to a revision, in the connection's own transaction."""
    from alembic.command import upgrade as run  # slow to load, and seldom needed
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    run(config, revision)


def _revision(connection: Connection) -> str | None:
    """Return the revision of the schema; None for an empty database."""
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise OperatorError(
                "The database holds tables that are not Parlour's: give Parlour one of its own."
            )
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
