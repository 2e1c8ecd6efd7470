"""Chats in the journal's database."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from typing import Any

from sqlalchemy import Executable, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.arena.chats import ChatPlace, QuietHours, ShownPart
from bot.errors import AlreadyDone, ParlourError
from bot.store.chat_statements import NEW_CHAT, NEW_PART, NO_CHAT, NO_PART, chat_messages, chats
from bot.store.reading import Reader
from bot.store.writer import Rows, Write, Writer


class SqlChats:
    """Keeps chats, one row each, and one row for each message that shows a line."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer

    async def save(self, chat: ChatPlace) -> None:
        """Write a chat, new or in place of what it was.  Raises AlreadyDone for a known cause."""
        quiet = json.dumps(chat.quiet.to_json()) if chat.quiet else ""
        row = {**vars(chat), "quiet": quiet}
        rows: dict[Executable, Rows] = {NO_CHAT: (row,), NEW_CHAT: (row,)}
        await self._writer.write(Write(f"chat {chat.match_id}", rows, partial(_why_refused, chat)))

    async def chat(self, match_id: str) -> ChatPlace | None:
        """Return a chat; None where there is none."""
        found = await self._read(select(chats).where(chats.c.match_id == match_id))
        return found[0] if found else None

    async def made_by(self, cause: str) -> ChatPlace | None:
        """Return the chat that an interaction has opened; None where there is none."""
        found = await self._read(select(chats).where(chats.c.cause == cause))
        return found[0] if found else None

    async def open_chats(self) -> Sequence[ChatPlace]:
        """Return all that are not over, the oldest first."""
        return await self._read(select(chats).where(chats.c.open).order_by(chats.c.read_to))

    async def parts(self, match_id: str, line: int) -> Sequence[ShownPart]:
        """Return the messages that show a line, in order."""
        wanted = select(chat_messages).where(
            chat_messages.c.match_id == match_id, chat_messages.c.line == line
        )
        async with self._reading() as read:
            rows = await read.execute(wanted.order_by(chat_messages.c.part))
            return [ShownPart(**row._mapping) for row in rows]

    async def part_in(self, message: int) -> ShownPart | None:
        """Return what a message shows; None for one that shows no line."""
        wanted = select(chat_messages).where(chat_messages.c.message == message)
        async with self._reading() as read:
            row = (await read.execute(wanted)).first()
        return ShownPart(**row._mapping) if row else None

    async def show(self, *parts: ShownPart, instead: Sequence[ShownPart] = ()) -> None:
        """Note which messages show a line, in place of what was noted before."""
        await self._change([*parts, *instead], parts)

    async def hide(self, *parts: ShownPart) -> None:
        """Note that messages show no line any more."""
        await self._change(parts, ())

    async def _change(self, old: Sequence[ShownPart], new: Sequence[ShownPart]) -> None:
        gone = [{"of_match": one.match_id, "of_line": one.line, "of_part": one.part} for one in old]
        rows: dict[Executable, Rows] = {NO_PART: gone, NEW_PART: [asdict(one) for one in new]}
        wanted = {statement: some for statement, some in rows.items() if some}
        if wanted:
            await self._writer.write(Write(f"messages of {old[0].match_id}", wanted))

    async def _read(self, wanted: Select[Any]) -> Sequence[ChatPlace]:
        async with self._reading() as read:
            return [_chat(row) for row in await read.execute(wanted)]


def _chat(row: Any) -> ChatPlace:
    quiet = QuietHours.from_json(json.loads(row.quiet)) if row.quiet else None
    return ChatPlace(**{**row._mapping, "quiet": quiet})


async def _why_refused(chat: ChatPlace, write: AsyncConnection) -> ParlourError | None:
    known = select(chats.c.match_id).where(chats.c.cause == chat.cause)
    if await write.scalar(known):
        return AlreadyDone(f"{chat.cause!r} has opened a chat already.")
    return None
