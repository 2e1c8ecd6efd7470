"""Chats with characters: opened, gone on with after a restart, and kept quiet at night."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import aiohttp
import discord
import structlog

from bot.arena.chats import ROOM, ChatPlace
from bot.arena.table import Table
from bot.cast import Member
from bot.cogs.chat_seats import seat_for_character
from bot.errors import AlreadyDone, ParlourError, ShownToUser, StaleMatch
from bot.ports import Entry
from characters import host
from characters.chat import Chat
from characters.host import HOST
from characters.moment import greetings
from games.core import GameError, Refused, Seat, Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

TYPING_SECONDS: Final = 8.0
"""Discord shows that somebody is typing for ten."""
CLOCK_SECONDS: Final = 20.0


@dataclass(frozen=True)
class Guest:
    """A character that is to take part, and the model that speaks for it."""

    member: Member
    model: str


class ChatHost:
    """Every chat of this process that is not over."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self.places: dict[int, str] = {}
        """Which chat is held in a channel or thread."""
        self._typing: dict[str, asyncio.Event] = {}
        """Set when something has happened in a chat in which somebody is typing."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._started = False
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def open(self, chat: ChatPlace) -> Table:
        """Open a chat in which nobody is yet; the same cause opens it once."""
        try:
            await self._client.services.chats.save(chat)
        except AlreadyDone:
            chat = await self._client.services.chats.made_by(chat.cause) or chat
        return await self.bring_up(chat)

    async def chat_in(self, place: int) -> ChatPlace:
        """Return the chat that is held somewhere.  Raises ShownToUser."""
        match_id = self.places.get(place, "")
        chat = await self._client.services.chats.chat(match_id) if match_id else None
        if chat is None or not chat.open:
            raise ShownToUser("There is no chat here; begin one with /chat with.")
        return chat

    async def bring_up(self, chat: ChatPlace) -> Table:
        """Open the match of a chat unless that was done, and let it run."""
        arena = self._client.services.arena
        try:
            table = await arena.open(
                Chat(), {HOST: "person"}, room=chat.room, match_id=chat.match_id
            )
        except StaleMatch:
            table = await arena.wake(chat.match_id)
        if table.over:
            await self._close(chat)
            return table
        self.places[chat.place] = chat.match_id
        await arena.outbox.heard(chat.room)
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await self._client.drafts.clear(chat)
        arena.play(table)
        return table

    async def invite(
        self, table: Table, guest: Guest, user: Seat | None, cause: str | None = None
    ) -> Seat:
        """Bring a character in with its greeting to `user`.

        Raises ShownToUser where it is here already, and Refused where it cannot come.
        """
        card = guest.member.card
        seat = seat_for_character(table, guest.member)
        here = table.match.state.names
        if seat in here:
            raise ShownToUser(f"{seat} is here already.")
        said = greetings(card, user or Seat(""), company=bool(here))
        names = [card.name, *card.profile.aliases]
        words = said[0][: host.LONGEST] if said else ""
        answer = host.join_character(seat, names, card.profile.talkativeness, words)
        spec = f"character:{guest.member.character}:{guest.model}"
        if table.players.get(seat, spec) != spec:
            await table.reseat(seat, spec)
        await table.admit(seat, spec, by=HOST, answer=answer, cause=cause)
        return seat

    async def change(self, match_id: str, how: Callable[[ChatPlace], ChatPlace]) -> None:
        """Change where or how a chat is held, one change at a time."""
        async with self._locks.setdefault(match_id, asyncio.Lock()):
            before = await self._client.services.chats.chat(match_id)
            if before and (after := how(before)) != before:
                await self._client.services.chats.save(after)

    def seated(self, table: Table) -> None:
        """Follow the table of a chat that was loaded."""
        if not table.setup.room.startswith(f"{ROOM}:"):
            return

        def happened(entry: Entry) -> None:
            self._client.drafts.happened(table, entry)
            if table.setup.match_id in self._typing:
                self._typing[table.setup.match_id].set()
            self._begin_typing(table)
            if table.over:
                self._client.spawn(self._over(table.setup.match_id))

        table.watchers.append(happened)
        self._begin_typing(table)

    async def pause_where(self, gone: Callable[[ChatPlace], bool], why: Text | str) -> None:
        """Pause the chats of places that are gone."""
        for chat in await self._client.services.chats.open_chats():
            if gone(chat):
                with suppress(ParlourError):
                    table = await self._client.services.arena.wake(chat.match_id)
                    await table.pause(Text("{reason}", reason=why))

    def start(self) -> None:
        """Keep quiet hours from now on; Discord may say several times that it is ready."""
        if not self._started:
            self._started = True
            self._keep(self._keep_hours())

    async def close(self) -> None:
        """Type no more, and look at the clock no more."""
        for task in (tasks := list(self._tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_hours(self) -> None:
        while True:
            for chat in await self._client.services.chats.open_chats():
                with suppress(ParlourError, GameError):
                    await self.keep_quiet(chat)
            await asyncio.sleep(CLOCK_SECONDS)

    async def keep_quiet(self, chat: ChatPlace) -> None:
        """Begin or end the quiet hours of a chat if it is time to."""
        if chat.quiet is None:
            return
        quiet = chat.quiet.hold(datetime.now(UTC))
        table = await self._client.services.arena.wake(chat.match_id)
        if quiet != table.match.state.quiet and not table.over and not table.paused:
            with suppress(Refused):  # another process was faster
                await table.submit(HOST, host.quiet(quiet))

    def _begin_typing(self, table: Table) -> None:
        match_id = table.setup.match_id
        if _thinks(table) and match_id not in self._typing:
            self._typing[match_id] = asyncio.Event()
            self._keep(self._type(table))

    async def _type(self, table: Table) -> None:
        """Show that somebody is typing for as long as a character thinks."""
        match_id = table.setup.match_id
        try:
            chat = await self._client.services.chats.chat(match_id)
            while chat and _thinks(table) and match_id in self._client.services.arena.tables:
                place = self._client.get_partial_messageable(chat.place, guild_id=chat.guild)
                with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
                    await self._client.pace.edit()
                    await place.typing()
                self._typing[match_id].clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._typing[match_id].wait(), TYPING_SECONDS)
        finally:
            self._typing.pop(match_id, None)

    async def _over(self, match_id: str) -> None:
        if chat := await self._client.services.chats.chat(match_id):
            await self._close(chat)

    async def _close(self, chat: ChatPlace) -> None:
        self.places.pop(chat.place, None)
        await self.change(chat.match_id, ChatPlace.closed)


def _thinks(table: Table) -> bool:
    return bool(table.match.state.queue) and not table.paused


def read_up_to(message: int) -> Callable[[ChatPlace], ChatPlace]:
    """Return what notes how far a chat was read."""
    return lambda chat: replace(chat, read_to=max(chat.read_to, message))
