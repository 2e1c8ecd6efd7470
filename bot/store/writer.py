"""The one writer: gathers what many tables want to write and commits it together."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import OperatorError, ParlourError
from bot.store.statements import ORDER

Rows = Sequence[Mapping[str, Any]]
Explain = Callable[[AsyncConnection], Awaitable[ParlourError | None]]
"""Returns why the database refused a write, looking at what is in it."""
Erase = Callable[[AsyncConnection], Awaitable[None]]
"""Takes what was overwritten off the disk, outside any transaction."""


@dataclass
class Write:
    """Rows that go to disk together or not at all."""

    key: str
    """What it is about; writes about the same thing keep their order."""
    rows: Mapping[Executable, Rows]
    """Each statement with the rows it is executed for; see `statements.ORDER`."""
    explain: Explain | None = None
    erases: bool = False
    """Whether what it overwrites must leave the disk."""
    done: "asyncio.Future[None]" = field(
        default_factory=lambda: asyncio.get_running_loop().create_future()
    )


class Writer:
    """A task that owns the writing connection; callers only wait for futures."""

    def __init__(self, connection: AsyncConnection, erase: Erase | None) -> None:
        self._connection = connection
        self._erase = erase
        self.erased: list[Callable[[], None]] = []
        """Called after something was erased, so that no memory outlives it."""
        self._waiting: list[Write] = []
        self._wake = asyncio.Event()
        self._closing = False
        self._task = asyncio.create_task(self._run(), name="store writer")

    async def write(self, write: Write) -> None:
        """Return once the write is on disk; a caller that is cancelled does not stop it.

        Raises:
            OperatorError: the database could not be written; nothing of this was.
            ParlourError: what the write's `explain` says.

        """
        if self._closing:
            raise OperatorError("The store is closed; start Parlour again.")
        self._waiting.append(write)
        self._wake.set()
        await write.done

    async def close(self) -> None:
        """Write all that waits, then stop."""
        self._closing = True
        self._wake.set()
        await asyncio.shield(self._task)
        await self._connection.close()

    async def _run(self) -> None:
        while self._waiting or not self._closing:
            await self._wake.wait()
            self._wake.clear()
            batch, self._waiting = self._waiting, []
            refused: dict[int, Exception] = {}
            try:
                await self._commit(batch, refused)
            except Exception as why:  # noqa: BLE001  # whatever it is, nobody may wait for ever
                refused = {id(write): trouble(why) for write in batch}
            if any(write.erases for write in batch):
                for forget in self.erased:
                    forget()
            for write in batch:
                _settle(write, refused.get(id(write)))

    async def _commit(self, batch: Sequence[Write], refused: dict[int, Exception]) -> None:
        """Write a batch in one transaction; what cannot be written is noted by its id."""
        try:
            async with self._connection.begin():
                for group in groups(batch):
                    await _execute(self._connection, group)
        except (SQLAlchemyError, UnicodeError) as why:
            if not _of_one_write(why):
                raise
            async with self._connection.begin():
                for group in groups(batch):
                    await _execute_innocent(self._connection, group, refused)
        erasing = [write for write in batch if write.erases]
        if erasing and self._erase:
            try:
                await self._erase(self._connection)
            except Exception as why:  # noqa: BLE001  # the others are on disk all the same
                refused.update({id(write): trouble(why) for write in erasing})


async def _execute(connection: AsyncConnection, group: Sequence[Write]) -> None:
    for statement, rows in merged(group):
        await connection.execute(statement, rows)


async def _execute_innocent(
    connection: AsyncConnection, group: Sequence[Write], refused: dict[int, Exception]
) -> None:
    """Write a group, halving it until only the guilty are left out."""
    try:
        async with connection.begin_nested():
            await _execute(connection, group)
    except (SQLAlchemyError, UnicodeError) as why:
        if not _of_one_write(why):
            raise
        if len(group) == 1:
            refused[id(group[0])] = await _reason(connection, group[0], why)
            return
        half = len(group) // 2
        await _execute_innocent(connection, group[:half], refused)
        await _execute_innocent(connection, group[half:], refused)


def groups(batch: Sequence[Write]) -> list[list[Write]]:
    """Return a batch in as few groups as keep writes about the same thing in order."""
    found: list[list[Write]] = []
    seen: defaultdict[str, int] = defaultdict(int)
    for write in batch:
        turn = seen[write.key]
        seen[write.key] += 1
        if turn == len(found):
            found.append([])
        found[turn].append(write)
    return found


def merged(group: Sequence[Write]) -> list[tuple[Executable, Rows]]:
    """Return each statement once, in their order, with the rows of every write in the group."""
    rows: dict[Executable, list[Mapping[str, Any]]] = {}
    for write in group:
        for statement, some in write.rows.items():
            rows.setdefault(statement, []).extend(some)
    return [(statement, rows[statement]) for statement in ORDER if statement in rows]


def trouble(why: Exception, what: str = "The database did not take this") -> OperatorError:
    """Return one sentence about a database that does not work."""
    said = str(getattr(why, "orig", None) or why).strip().rstrip(".")
    first = said.splitlines()[0] if said else type(why).__name__
    error = OperatorError(f"{what} ({first}): see to its disk, then try again.")
    error.__cause__ = why
    return error


def _of_one_write(why: Exception) -> bool:
    """Return whether one write brought this upon a batch, and not the database's own trouble.

    asyncpg has no class of its own for a value that it cannot encode.
    """
    return isinstance(why, IntegrityError | DataError | UnicodeError) or type(why) is DBAPIError


async def _reason(connection: AsyncConnection, write: Write, why: Exception) -> Exception:
    refused = isinstance(why, IntegrityError) and write.explain
    return (refused and await refused(connection)) or trouble(why)


def _settle(write: Write, refused: Exception | None) -> None:
    """Tell the caller, if it is still there."""
    if write.done.done():
        return
    if refused:
        write.done.set_exception(refused)
    else:
        write.done.set_result(None)
