"""Towns in the journal's database."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy import Executable, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arena.towns import TownPlace
from bot.errors import AlreadyDone, ParlourError
from bot.store.reading import Reader
from bot.store.town_statements import NEW_TOWN, NO_TOWN, towns
from bot.store.writer import Rows, Write, Writer


class SqlTowns:
    """Keeps where towns live, one row each."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer

    async def save(self, town: TownPlace) -> None:
        """Write a town, new or in place of what it was.  Raises AlreadyDone for a known cause."""
        row = row_of(town)
        rows: dict[Executable, Rows] = {NO_TOWN: (row,), NEW_TOWN: (row,)}
        await self._writer.write(Write(f"town {town.match_id}", rows, partial(_why_refused, town)))

    async def town(self, match_id: str) -> TownPlace | None:
        """Return a town; None where there is none."""
        found = await self._read(select(towns).where(towns.c.match_id == match_id))
        return found[0] if found else None

    async def made_by(self, cause: str) -> TownPlace | None:
        """Return the town that an interaction has founded; None where there is none."""
        found = await self._read(select(towns).where(towns.c.cause == cause))
        return found[0] if found else None

    async def open_towns(self) -> Sequence[TownPlace]:
        """Return all that are not over, in the order of their ids."""
        return await self._read(select(towns).where(towns.c.open).order_by(towns.c.match_id))

    async def _read(self, wanted: Select[Any]) -> Sequence[TownPlace]:
        async with self._reading() as read:
            return [TownPlace.from_json(row.body) for row in await read.execute(wanted)]


def row_of(town: TownPlace) -> dict[str, Any]:
    """Return the row in which a town is kept."""
    return {
        "match_id": town.match_id,
        "guild": town.guild,
        "opener": town.opener,
        "cause": town.cause,
        "open": town.open,
        "body": town.to_json(),
    }


def without_opener(row: Any) -> dict[str, Any]:
    """Return the row of a town whose founder wants to be forgotten."""
    return row_of(replace(TownPlace.from_json(row.body), opener=0))


async def _why_refused(town: TownPlace, write: AsyncConnection) -> ParlourError | None:
    known = select(towns.c.match_id).where(towns.c.cause == town.cause)
    if await write.scalar(known):
        return AlreadyDone(f"{town.cause!r} has founded a town already.")
    return None
