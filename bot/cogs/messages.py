"""Plain messages in the thread of a match: answers in free text, read also after a restart."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import discord
import structlog

from bot.arena.lobbies import Lobby
from bot.arena.table import Table
from bot.cogs.table_host import seat_of
from bot.errors import AlreadyDone, ParlourError
from games.core import Ask, Kind, Refused, Seat, Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

ASIDE = ("//", "((")
"""What begins a message that is no answer."""
MISSED = 500
"""How many messages of a thread are read back at most."""


class Messages:
    """Takes what people say; bots and webhooks are never heard."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._up_to_date: set[int] = set()
        """Threads of which everything was heard up to the last message."""

    def fall_behind(self) -> None:
        """Read every thread back before anything new is heard in it."""
        self._up_to_date.clear()

    async def said(self, message: discord.Message) -> None:
        """Take a message, if it is said in a match by somebody who sits there."""
        match_id = self._client.tables.threads.get(message.channel.id)
        if match_id is None or not is_human(message):
            return
        # In order: whoever is read first must not be taken for heard before an earlier one is.
        async with self._lock_of(message.channel.id):
            lobby = await self._client.lobbies.lobby(match_id)
            if message.channel.id not in self._up_to_date:
                await self._read_back(lobby)
            elif message.id > lobby.place.read_to:
                await self._hear(lobby, message)

    async def catch_up(self, lobby: Lobby) -> None:
        """Read what was said in a thread while the bot was away, and take it once."""
        if lobby.place.thread:
            async with self._lock_of(lobby.place.thread):
                await self._read_back(await self._client.lobbies.lobby(lobby.lobby_id))

    async def _read_back(self, lobby: Lobby) -> None:
        place = lobby.place
        thread = self._client.get_partial_messageable(place.thread, guild_id=place.guild)
        since = discord.Object(place.read_to or place.thread)
        try:
            async with self._client.pace:
                pass
            async for message in thread.history(limit=MISSED, after=since, oldest_first=True):
                if is_human(message):
                    await self._hear(lobby, message)
        except (discord.Forbidden, discord.NotFound) as why:
            reason = Text("its thread is closed ({why}).", why=why.text)
            await self._client.tables.pause(lobby.lobby_id, reason)
        else:
            self._up_to_date.add(place.thread)

    async def _hear(self, lobby: Lobby, message: discord.Message) -> None:
        services, author = self._client.services, message.author.id
        table = await services.arena.wake(lobby.lobby_id)
        seat = seat_of(table, author)
        now = datetime.now(UTC)
        if seat and not await services.administration.banned(lobby.place.guild, author, now):
            await self._take(table, seat, message)
        await self._client.lobbies.read_to(lobby.lobby_id, message.id)

    def _lock_of(self, thread: int) -> asyncio.Lock:
        return self._locks.setdefault(thread, asyncio.Lock())

    async def _take(self, table: Table, seat: Seat, message: discord.Message) -> None:
        addressed = self._is_addressed(message)
        text = self._without_mention(message.content)
        if not text or text.startswith(ASIDE) or table.over or table.paused:
            return
        ask = table.match.asks.get(seat)
        if ask is None or not (addressed or takes_talk(ask)):
            return
        if ask.kind is Kind.FORM and not addressed and not fills(ask, text):
            return
        guild = message.guild.id if message.guild else None
        language = self._client.language_of(guild)
        text = language.understand(ask, text)
        try:
            await table.submit(seat, text, ask_id=table.match.ask_id(seat), cause=f"m:{message.id}")
        except AlreadyDone:
            return
        except (Refused, ParlourError) as why:
            await self._refuse(message, language.say_error(why))
        else:
            self._client.services.arena.play(table)

    async def _refuse(self, message: discord.Message, why: str) -> None:
        """Say under a message why it does not count; the same message is told so once."""
        async with self._client.pace:
            await message.channel.send(
                why[:2000],
                reference=message.to_reference(fail_if_not_exists=False),
                nonce=f"no-{message.id}"[:25],
                allowed_mentions=discord.AllowedMentions.none(),
            )

    def _is_addressed(self, message: discord.Message) -> bool:
        own = self._client.user
        return own is not None and any(user.id == own.id for user in message.mentions)

    def _without_mention(self, text: str) -> str:
        own = self._client.user
        for form in (f"<@{own.id}>", f"<@!{own.id}>") if own else ():
            text = text.replace(form, "")
        return text.strip()


def is_human(message: discord.Message) -> bool:
    """Return whether a person wrote a message, so that no bot ever answers a bot."""
    return not message.author.bot and message.webhook_id is None and not message.is_system()


def takes_talk(ask: Ask) -> bool:
    """Return whether people just say an answer in the thread: a text, or a form part by part."""
    return ask.kind in (Kind.TEXT, Kind.FORM)


def fills(form: Ask, text: str) -> bool:
    """Return whether a message is meant for a form: a line begins with a part's name."""
    parts = [line.partition(":") for line in text.splitlines()]
    return any(colon and name.strip() in form.fields for name, colon, _ in parts)
