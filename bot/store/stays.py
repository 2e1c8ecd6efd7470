"""Where a person has sat, and which texts of a journal are theirs."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables import entries, texts


@dataclass(frozen=True)
class Stay:
    """That a person filled a seat, from one entry until before another."""

    match_id: str
    seat: str
    first: int
    end: float

    def has(self, row: Any) -> bool:
        """Return whether a row of texts was written in it."""
        return bool(self.first <= row.number < self.end)

    def theirs(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Return which texts of the seat were said in it, wherever they are told again.

        Games tell words again, perhaps when somebody else holds the seat: a story is read out, a
        judge quotes. That is mostly in an entry of another seat, and known by the words.
        """
        spoken = [row for row in rows if row.by == self.seat]
        said = {_bare(row.text) for row in spoken if self.has(row)}
        earlier = {_bare(row.text) for row in spoken if row.number < self.first}
        later = [row for row in rows if row.number >= self.first]
        return [row for row in later if self._is_theirs(row, said, earlier)]

    def _is_theirs(self, row: Any, said: Collection[str], earlier: Collection[str]) -> bool:
        text = _bare(row.text)
        if row.by == self.seat:
            return self.has(row) or text in said
        if any(text in one for one in said):
            return True
        return self.has(row) and not any(text in one for one in earlier)


async def stays_of(read: AsyncConnection, user: int) -> Sequence[Stay]:
    """Return where a person has sat, found in the journal, which alone knows the past."""
    player = f"person:{user}"
    mine = select(entries.c.match_id).where(
        entries.c.events.contains(f'"{player}"', autoescape=True)
    )
    wanted = (
        select(entries.c.match_id, entries.c.number, entries.c.events)
        .where(entries.c.match_id.in_(mine), entries.c.events.contains('"player"'))
        .order_by(entries.c.match_id, entries.c.number)
    )
    since: dict[tuple[str, str], int] = {}
    found: list[Stay] = []
    for match_id, number, body in await read.execute(wanted):
        for seat, who in _seatings(body):
            first = since.pop((match_id, seat), None)
            if first is not None:
                found.append(Stay(match_id, seat, first, number))
            if who == player:
                since[match_id, seat] = number
    left = [Stay(match_id, seat, first, float("inf")) for (match_id, seat), first in since.items()]
    return [*found, *left]


async def texts_of(read: AsyncConnection, stay: Stay) -> Sequence[Any]:
    """Return the rows of what was said in a stay, in order, without what is forgotten."""
    entry = and_(entries.c.match_id == texts.c.match_id, entries.c.number == texts.c.number)
    wanted = (
        select(texts, entries.c.seat.label("by"))
        .join(entries, entry)
        .where(texts.c.match_id == stay.match_id, texts.c.seat == stay.seat, texts.c.text != "")
        .order_by(texts.c.number, texts.c.part)
    )
    return stay.theirs((await read.execute(wanted)).all())


def _seatings(body: str) -> Iterator[tuple[str, str]]:
    """Yield each seat and who fills it from then on."""
    for kind, fields in json.loads(body):
        if kind in {"table-seated", "table-handed-over", "visited"}:
            yield fields["seat"], fields["player"]


def _bare(text: str) -> str:
    """Return the letters and digits of a text, as a quote may differ in all else."""
    return "".join(filter(str.isalnum, text.casefold())) or text
