"""`backup`, `restore` and `doctor`: keeping an installation well."""

import asyncio
import os
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bot.cli.discord_checks import Caution, discord_lines
from bot.errors import OperatorError, ParlourError
from bot.settings import Settings
from bot.wiring import Wiring

NETWORK_MOUNTS: Final = {"9p", "cifs", "fuse", "nfs", "nfs4", "smb3", "virtiofs"}
"""File systems on which SQLite's shared memory is known to corrupt databases."""
WAL_RESET_FIXED: Final = ((3, 51, 3), (3, 50, 7), (3, 44, 6))
"""The SQLite releases that repair a rare corruption of two writers in one WAL file."""
LOCAL_NAMES: Final = {"localhost", "127.0.0.1", "::1"}
LOW_DISK: Final = 500 * 1024 * 1024
"""Bytes."""


def backup_database(file: Path) -> None:
    """Write a copy of the database."""
    from bot.store.backup import backup

    backup(_database(), file)
    sys.stdout.write(f"The backup is in {file} ({file.stat().st_size:,} bytes).\n")


def restore_database(file: Path) -> None:
    """Put a backup in the place of the database."""
    from bot.store.backup import restore

    Settings().data_folder()
    restore(file, _database())
    sys.stdout.write(f"{_database()} is restored from {file}.\n")


def examine() -> None:
    """Print a line for each thing that matters.  Raises OperatorError when one of them fails."""
    settings = Settings()
    failures = 0
    checks: tuple[Callable[[Settings], Iterator[str]], ...] = (
        _python,
        _folder,
        _sqlite,
        _store,
        _models,
        _discord,
    )
    for check in checks:
        try:
            for line in check(settings):
                sys.stdout.write(f"{'warn' if isinstance(line, Caution) else 'ok  '}  {line}\n")
        except (ParlourError, OSError) as why:
            failures += 1
            sys.stdout.write(f"FAIL  {why}\n")
    if failures:
        raise OperatorError(f"{failures} of {len(checks)} checks failed; see the lines above.")


def _database() -> Path:
    settings = Settings()
    if settings.database:
        raise OperatorError("backup and restore are for SQLite; use your database's own tools.")
    return settings.database_file


def _python(_: Settings) -> Iterator[str]:
    yield f"Python {platform.python_version()} on {platform.system()}"


def _folder(settings: Settings) -> Iterator[str]:
    settings.data_folder()
    if not os.access(settings.data, os.W_OK):
        raise OperatorError(f"The folder {settings.data} cannot be written; change its owner.")
    free = shutil.disk_usage(settings.data).free
    if free < LOW_DISK:
        raise OperatorError(f"Only {free >> 20} MB are free in {settings.data}; make room.")
    kind = _mount_kind(settings.data.resolve())
    if kind in NETWORK_MOUNTS:
        raise OperatorError(
            f"{settings.data} lies on {kind}, where SQLite can lose data; use a local disk."
        )
    yield f"Data folder {settings.data}, {free >> 30} GB free, file system {kind or 'unknown'}"


def _sqlite(_: Settings) -> Iterator[str]:
    version = sqlite3.sqlite_version_info
    fixed = any(version[:2] == good[:2] and version >= good for good in WAL_RESET_FIXED)
    # One connection writes and the others only read, so the old fault cannot be reached here.
    note = "" if fixed or version >= WAL_RESET_FIXED[0] else "; do not open it with other writers"
    yield f"SQLite {sqlite3.sqlite_version}{note}"


def _store(settings: Settings) -> Iterator[str]:
    async def count() -> int:
        async with Wiring(settings).store() as store:
            return len(await store.matches(open_only=True, limit=1000))

    file = settings.database_file
    if not settings.database and file.exists() and not os.access(file, os.W_OK):
        raise OperatorError(f"The database {file} cannot be written; change its owner.")
    open_matches = asyncio.run(count())
    yield f"Database {settings.database or settings.database_file}, {open_matches} open matches"


def _models(settings: Settings) -> Iterator[str]:
    from bot.models.config import load_models

    if not settings.models.exists():
        yield f"No models: {settings.models} does not exist, and house bots need none"
        return
    models = load_models(settings.models)
    if not models:
        yield f"No models: {settings.models} is empty, and house bots need none"
    silent = []
    for name, model in models.items():
        try:
            yield f"Model {name} at {model.server} {_sign_of_life(name, settings)}"
        except OperatorError as why:
            silent.append(f"{why}{_from_container(model.server)}")
    if silent:
        raise OperatorError("\n      ".join(silent))


def _sign_of_life(name: str, settings: Settings) -> str:
    """Return what a model does, after its name.  Raises OperatorError."""
    from bot.models.check import try_embedder, try_model

    if name == settings.embedding_model:  # it may write no text at all
        return f"makes vectors of {asyncio.run(try_embedder(settings))} numbers"
    report = asyncio.run(try_model(name, settings))
    if report.seconds is None:
        raise OperatorError(report.error)
    return f"answered in {report.seconds:.1f} s"


def _from_container(server: str) -> str:
    """Return what helps when a container looks for a server of its host."""
    inside = Path("/.dockerenv").exists() and urlsplit(server).hostname in LOCAL_NAMES
    return " In a container, the host is called host.docker.internal." if inside else ""


def _discord(settings: Settings) -> Iterator[str]:
    lines = discord_lines(settings)

    async def next_line() -> str | None:
        return await anext(lines, None)

    with asyncio.Runner() as runner:  # one loop for all lines, as they share a connection
        while (line := runner.run(next_line())) is not None:
            yield line


def _mount_kind(folder: Path) -> str:
    """Return the file system a folder lies on, as the kernel names it; "" where it cannot tell."""
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return ""
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8").splitlines():
        _, point, name, *_ = line.split()
        if folder.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, name
    return kind.split(".")[0]
