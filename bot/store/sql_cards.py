"""The cards of servers in the journal's database."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import Executable, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.administration import AuditLine
from bot.card_shelf import MOST_BYTES, MOST_CARDS, ShelvedCard
from bot.errors import ParlourError, ShownToUser
from bot.store.administration_statements import NEW_AUDIT_LINE
from bot.store.card_statements import CARD_CHANGED, NEW_CARD, NO_CARD, cards
from bot.store.reading import Reader
from bot.store.rows import micros, moment
from bot.store.sql_administration import audit_row
from bot.store.writer import Rows, Write, Writer
from characters.card import Card, read_card
from characters.card_files import CardFile
from characters.documents import read_document, write_document
from characters.errors import BadCard
from games.core import quoted

REMEMBERED: Final = 100
"""Shelves that are kept in memory."""
log = structlog.get_logger(__name__)


class SqlCards:
    """Keeps cards, one row each; what they say is kept in memory, their pictures are not."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer
        writer.erased.append(self._forget)
        self._known: dict[int, Mapping[str, Card]] = {}
        self._changes = 0

    async def add(self, card: ShelvedCard) -> None:
        """Keep a card.  Raises ShownToUser where the id is taken or the shelf is full."""
        row = await asyncio.to_thread(_row, card)
        await self._refuse_full(card.guild, _size(row))
        line = _line(card.guild, card.by, card.character, "", card.file.card.name)
        rows: dict[Executable, Rows] = {NEW_CARD: (row,), NEW_AUDIT_LINE: (line,)}
        explain = partial(_why_refused, card)
        await self._writer.write(Write(f"card:{card.guild}/{card.character}", rows, explain))
        self._forget()

    async def cards(self, guild: int) -> Mapping[str, Card]:
        """Return a server's own cards by id, in the order of their ids."""
        if guild in self._known:  # each message in a channel asks for them
            return self._known[guild]
        changes = self._changes
        wanted = select(cards.c.character, cards.c.document).where(cards.c.guild == guild)
        async with self._reading() as read:
            rows = (await read.execute(wanted.order_by(cards.c.character))).all()
        found = await asyncio.to_thread(_read, rows)
        if changes == self._changes:
            self._known = {**dict(list(self._known.items())[-REMEMBERED + 1 :]), guild: found}
        return found

    async def get(self, guild: int, character: str) -> ShelvedCard | None:
        """Return a card with all that came with it; None where there is none."""
        card = (await self.cards(guild)).get(character)
        wanted = select(cards).where(cards.c.guild == guild, cards.c.character == character)
        async with self._reading() as read:
            row = (await read.execute(wanted)).one_or_none()
        if row is None or card is None:
            return None
        file = CardFile(card, row.picture, row.archive)
        return ShelvedCard(guild, character, file, row.added_by, moment(row.added_at), row.source)

    async def change(self, guild: int, character: str, card: Card, by: int) -> None:
        """Let a card say something else, with the picture it has.  Raises ShownToUser."""
        old = (await self.cards(guild)).get(character)
        if old is None:
            raise _none(character, "change")
        document = (await asyncio.to_thread(write_document, card.document)).decode()
        await self._refuse_full(guild, len(document), more=0)
        changed = {"of_guild": guild, "of_character": character, "now_document": document}
        line = _line(guild, by, character, old.name, f"{card.name} (edited)")
        rows: dict[Executable, Rows] = {CARD_CHANGED: (changed,), NEW_AUDIT_LINE: (line,)}
        await self._writer.write(Write(f"card:{guild}/{character}", rows))
        self._forget()

    async def remove(self, guild: int, character: str, by: int) -> None:
        """Delete a card for good.  Raises ShownToUser where there is none."""
        card = (await self.cards(guild)).get(character)
        if card is None:
            raise _none(character, "remove")
        line = _line(guild, by, character, card.name, "")
        gone = {"of_guild": guild, "of_character": character}
        rows: dict[Executable, Rows] = {NO_CARD: (gone,), NEW_AUDIT_LINE: (line,)}
        await self._writer.write(Write(f"card:{guild}/{character}", rows, erases=True))

    def _forget(self) -> None:
        self._changes += 1
        self._known = {}

    async def _refuse_full(self, guild: int, size: int, more: int = 1) -> None:
        sizes = [func.length(column) for column in (cards.c.picture, cards.c.archive)]
        every = func.coalesce(func.sum(func.length(cards.c.document) + sizes[0] + sizes[1]), 0)
        wanted = select(func.count(), every).where(cards.c.guild == guild)
        async with self._reading() as read:
            count, used = (await read.execute(wanted)).one()
        if count + more > MOST_CARDS or used + size > MOST_BYTES:
            raise ShownToUser(
                f"There is room for {MOST_CARDS} characters or {MOST_BYTES // 2**20} MiB, and "
                "this one would be too much: remove one first."
            )


def _none(character: str, do: str) -> ShownToUser:
    return ShownToUser(f"There is no character {quoted(character)} to {do} here.")


def _line(guild: int, by: int, character: str, before: str, after: str) -> Mapping[str, Any]:
    what = f"character {character}"
    return audit_row(AuditLine(guild, by, what, before, after, datetime.now(UTC)))


def _row(card: ShelvedCard) -> Mapping[str, Any]:
    return {
        "guild": card.guild,
        "character": card.character,
        "document": write_document(card.file.card.document).decode(),
        "picture": card.file.picture,
        "archive": card.file.archive,
        "added_by": card.by,
        "added_at": micros(card.at),
        "source": card.source,
    }


def _size(row: Mapping[str, Any]) -> int:
    return sum(len(row[name]) for name in ("document", "picture", "archive"))


def _read(rows: Sequence[Any]) -> Mapping[str, Card]:
    """Return the cards in rows, without those that another version of Parlour has let in."""
    found = {}
    for row in rows:
        try:
            found[row.character] = read_card(read_document(row.document.encode()))
        except BadCard as why:
            log.warning("A card cannot be read.", character=row.character, why=str(why))
    return found


async def _why_refused(card: ShelvedCard, write: AsyncConnection) -> ParlourError | None:
    wanted = select(cards.c.character)
    taken = wanted.where(cards.c.guild == card.guild, cards.c.character == card.character)
    if await write.scalar(taken):
        return ShownToUser(
            f"Somebody has just added a character {quoted(card.character)}; try once more."
        )
    return None
