"""What a character is still saying: a message that grows, until the whole answer takes its place.

A draft is noted before it is sent, so that one that a stopped process has left is found and
deleted.
"""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
import structlog

from bot.arena.chats import DRAFT, ChatPlace, ShownPart
from bot.arena.table import Table
from bot.cogs.chat_lines import spoken, voice_in, where_of
from bot.cogs.speech import LIMIT, Utterance, spoken_for
from bot.errors import ParlourError
from bot.ports import Entry
from characters.chat import Chat
from characters.chat_events import Said
from games.core import Seat

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

MARK: Final = " ▌"
"""What a draft ends with, and nothing else."""


@dataclass(eq=False)
class Draft:
    """One answer that is on its way."""

    match_id: str
    seat: Seat
    words: str
    said: bool = False
    """Whether the whole answer is in the journal, and will take its place."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    shown: ShownPart | None = None
    task: "asyncio.Task[None] | None" = None


class ChatDrafts:
    """Every answer that is on its way, by match and seat."""

    def __init__(self, client: "ParlourClient", seconds: float) -> None:
        """Take the least time between two edits of a draft, in seconds."""
        self._client = client
        self._seconds = seconds
        self._drafts: dict[tuple[str, Seat], Draft] = {}

    def heard(self, match_id: str, seat: Seat, words: str) -> None:
        """Take the words so far; they are shown a little later."""
        if draft := self._drafts.get((match_id, seat)):
            draft.words = words
            return
        table = self._client.services.arena.tables.get(match_id)
        if table is None or not _speaks_anew(table, seat) or not words.strip():
            return
        draft = self._drafts[match_id, seat] = Draft(match_id, seat, words)
        draft.task = asyncio.create_task(self._stream(draft), name=f"draft {match_id}")

    async def finished(self, chat: ChatPlace, seat: Seat) -> ShownPart | None:
        """Let a draft grow no more, and return the message of it that was left; None for none."""
        if draft := self._drafts.pop((chat.match_id, seat), None):
            draft.done.set()
            if draft.task:
                await draft.task
        for part in await self._client.services.chats.parts(chat.match_id, DRAFT):
            if part.speaker == seat and part.message:
                return part
        return None

    def happened(self, table: Table, entry: Entry) -> None:
        """Take back the drafts of those who do not speak any more and have said nothing."""
        match_id, queue = table.setup.match_id, table.match.state.queue
        speaker = queue[0].seat if queue and not table.paused else None
        said = {event.seat for event in entry.events if isinstance(event, Said)}
        for draft in [one for one in self._drafts.values() if one.match_id == match_id]:
            draft.said = draft.said or draft.seat in said
            if draft.seat != speaker and not draft.said:
                self._client.spawn(self._drop(match_id, draft.seat))

    async def clear(self, chat: ChatPlace) -> None:
        """Delete the draft that an earlier process has left."""
        async with self._client.lines.lock(chat.match_id):
            for part in await self._client.services.chats.parts(chat.match_id, DRAFT):
                message = part.message or await self._lost(chat)
                if message:
                    await self._client.voices.take_back(where_of(chat), message)
                await self._client.services.chats.hide(part)

    async def close(self) -> None:
        """Let no draft grow any more."""
        drafts = list(self._drafts.values())
        for draft in drafts:
            draft.done.set()
        await asyncio.gather(*(one.task for one in drafts if one.task), return_exceptions=True)

    async def _drop(self, match_id: str, seat: Seat) -> None:
        chat = await self._client.services.chats.chat(match_id)
        async with self._client.lines.lock(match_id):
            if chat and (part := await self.finished(chat, seat)):
                await self._client.voices.take_back(where_of(chat), part.message)
                await self._client.services.chats.hide(part)

    async def _stream(self, draft: Draft) -> None:
        """Show the words as they grow, the first ones only after a while."""
        try:
            await self._until(draft, asyncio.sleep(self._seconds))
            chat = await self._client.services.chats.chat(draft.match_id)
            if chat is None:
                return
            # Whoever spoke before has its place first, and only one draft is noted at a time.
            await self._until(draft, self._client.services.arena.outbox.heard(chat.room))
            while not draft.done.is_set():
                await self._grow(chat, draft)
                await self._until(draft, asyncio.sleep(self._seconds))
        except (discord.DiscordException, aiohttp.ClientError, OSError, ParlourError) as why:
            log.info("a draft is not shown", match=draft.match_id, why=str(why))

    async def _grow(self, chat: ChatPlace, draft: Draft) -> None:
        client = self._client
        table = await client.services.arena.wake(chat.match_id)
        voice = voice_in(table, draft.seat)
        most = LIMIT - len(spoken_for(Utterance(voice, ""))) - len(MARK)
        utterance = Utterance(voice, spoken(draft.words)[:most].rstrip("\\ ") + MARK)
        if draft.shown:
            await client.voices.change(where_of(chat), draft.shown.message, utterance)
            return
        part = ShownPart(chat.match_id, DRAFT, 0, 0, draft.seat)
        await client.services.chats.show(part)
        nonce = f"{chat.match_id[:8]}-d{table.entries:x}"
        message = await client.voices.say(where_of(chat), utterance, nonce)
        draft.shown = replace(part, message=message)
        await client.services.chats.show(draft.shown)

    async def _until(self, draft: Draft, event: Awaitable[Any]) -> None:
        """Wait for something, or until the whole answer is there."""
        waiting = [asyncio.ensure_future(event), asyncio.ensure_future(draft.done.wait())]
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waiting:
                one.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)

    async def _lost(self, chat: ChatPlace) -> int:
        """Return the message of a draft whose id was never noted; 0 where it was not sent."""
        last = await self._client.services.store.last_reference(chat.match_id)
        after = discord.Object(int(last)) if last and last.isdecimal() else None
        where = where_of(chat)
        with suppress(discord.HTTPException):
            async for message in self._client.voices.own_since(where, after):
                if (await self._client.voices.content(where, message)).endswith(MARK.strip()):
                    return message.id
        return 0


def _speaks_anew(table: Table, seat: Seat) -> bool:
    """Return whether a seat is about to say a new line in a chat."""
    if not isinstance(table.setup.game, Chat):
        return False
    queue = table.match.state.queue
    return bool(queue) and queue[0].seat == seat and not queue[0].line
