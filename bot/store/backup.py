"""Copies of the database file: made while it is in use, and put back while it is not."""

import os
import shutil
import sqlite3
from contextlib import ExitStack
from pathlib import Path

from bot.errors import OperatorError, StoreTooNew
from bot.store import sqlite


def backup(database: Path, file: Path) -> None:
    """Write a copy of a database, which may be in use; every row already awaited is in it.

    Raises OperatorError: `file` exists, or one of the two cannot be opened.
    """
    if not database.is_file():
        raise OperatorError(f"There is no database {database} to back up.")
    if file.exists():
        raise OperatorError(f"{file} exists already; give the backup another name.")
    part = free_name(file.with_name(f"{file.name}.part"))
    try:
        sqlite.copy(database, part)
        _sync(part)
        part.rename(file)
        _sync(file.parent)
    except (sqlite3.Error, OSError, UnicodeError) as why:  # SQLite takes no name but UTF-8
        part.unlink(missing_ok=True)
        raise OperatorError(f"The backup {file} could not be written: {why}.") from why


def restore(file: Path, database: Path) -> Path | None:
    """Put a backup in the place of a database; return where the old one is kept, if there was one.

    Raises:
        StoreTooNew: a newer version of Parlour made the backup.
        OperatorError: it is damaged or no backup, or the database is in use; nothing changed.

    """
    from bot.store.migrate import known_revisions, too_new  # migrate.py backs up, so imports this

    _refuse_live(file)
    part = free_name(database.with_name(f"{database.name}.part"))
    try:
        database.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, part)
        if wrong := sqlite.fault(part):
            raise OperatorError(f"{file} is damaged or no backup of Parlour: {wrong}.")
        revision = sqlite.revision(part)
        if revision is None:
            raise OperatorError(f"{file} is no backup of Parlour: it has no journal.")
        if revision not in known_revisions():
            raise StoreTooNew(too_new(str(file), revision))
        _sync(part)
        return _swap(part, database)
    except (sqlite3.Error, OSError) as why:
        raise OperatorError(f"{file} could not be restored: {why}.") from why
    finally:
        part.unlink(missing_ok=True)


def free_name(path: Path) -> Path:
    """Return the path, or the first of path-2, path-3 and so on that does not exist."""
    found, count = path, 1
    while found.exists():
        count += 1
        found = path.with_name(f"{path.stem}-{count}{path.suffix}")
    return found


def _refuse_live(file: Path) -> None:
    if not file.is_file():
        raise OperatorError(f"There is no backup {file}.")
    log = _beside(file, "-wal")
    if log.exists() and log.stat().st_size:
        raise OperatorError(
            f"{file} has a write-ahead log beside it, so it is a database in use and not a "
            "backup; make one with the backup command."
        )


def _swap(part: Path, database: Path) -> Path | None:
    """Put the new file in the place of the old one, which is kept."""
    kept = None
    with ExitStack() as locked:
        if database.exists():
            locked.enter_context(sqlite.alone(database))
            kept = free_name(database.with_name(f"{database.name}.replaced"))
            _keep(database, kept)
        # A log left from another database would be read as part of the new one: away first.
        for suffix in ("-wal", "-shm"):
            _put_away(_beside(database, suffix), kept and _beside(kept, suffix))
        part.replace(database)
        _sync(database.parent)
    return kept


def _keep(database: Path, kept: Path) -> None:
    """Give the old database a second name, so that there is one under the first at all times."""
    try:
        kept.hardlink_to(database)
    except OSError:  # a disk without hard links
        database.replace(kept)


def _put_away(stale: Path, kept: Path | None) -> None:
    if kept and stale.exists():
        stale.replace(kept)
    stale.unlink(missing_ok=True)


def _beside(database: Path, suffix: str) -> Path:
    return database.with_name(database.name + suffix)


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk itself."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
