"""What members write in a chat, change and delete; what was written meanwhile is read back."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord
import structlog

from bot.arena.chats import ChatPlace, ShownPart
from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.cogs.chat_host import read_up_to
from bot.cogs.chat_notice import notice_memory
from bot.cogs.chat_seats import seat_for_member
from bot.cogs.messages import ASIDE, MISSED, is_human
from bot.errors import AlreadyDone, ParlourError
from characters import host
from characters.chat_events import history
from characters.host import HOST
from characters.lines import Line
from games.core import GameError, Refused, Seat

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

CHARACTER: Final = "character"


class ChatMessages:
    """Takes what people say; bots and webhooks are never heard."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._up_to_date: set[int] = set()
        """Places of which everything was heard up to the last message."""

    def fall_behind(self) -> None:
        """Read every place back before anything new is heard in it."""
        self._up_to_date.clear()

    async def said(self, message: discord.Message) -> None:
        """Take a message, if it is said in a chat by a person."""
        match_id = self._client.chats.places.get(message.channel.id)
        if match_id is None or not is_human(message):
            return
        async with self._lock_of(message.channel.id):
            chat = await self._client.services.chats.chat(match_id)
            if chat is None or not chat.open:
                return
            if chat.place not in self._up_to_date:
                await self._read_back(chat)
            elif message.id > chat.read_to:
                await self._hear(chat, message)

    async def catch_up(self, match_id: str) -> None:
        """Read what was said while the bot was away, and take it once."""
        chat = await self._client.services.chats.chat(match_id)
        if chat is None or not chat.open:
            return
        async with self._lock_of(chat.place):
            chat = await self._client.services.chats.chat(match_id)
            if chat:
                await self._read_back(chat)

    async def edited(self, changed: discord.RawMessageUpdateEvent) -> None:
        """Put the new words of a member's message in the place of its line's."""
        message = changed.message
        if not is_human(message):
            return
        part = await self._part_of(changed.channel_id, changed.message_id)
        if part is None:
            return
        table, words = await self._client.services.arena.wake(part.match_id), self._words(message)
        hidden = not words and not self._client.intents.message_content
        if words.startswith(ASIDE) or not (words or hidden):
            await self._change(table, part, host.delete(part.line))
        elif words and words != _now(table, part.line):
            await self._change(table, part, host.edit(part.line, words[: host.LONGEST]))

    async def deleted(self, channel: int, messages: Iterable[int]) -> None:
        """Take away the lines of messages that are gone."""
        for message in messages:
            if part := await self._part_of(channel, message):
                table = await self._client.services.arena.wake(part.match_id)
                await self._change(table, part, host.delete(part.line))

    async def _part_of(self, channel: int, message: int) -> ShownPart | None:
        """Return which line a message shows, once all that was said before is noted."""
        if channel in self._client.chats.places:
            chat = await self._client.chats.chat_in(channel)
            async with self._lock_of(channel):
                await self._client.services.arena.outbox.heard(chat.room)
        part = await self._client.services.chats.part_in(message)
        return part if part and part.line else None

    async def _change(self, table: Table, part: ShownPart, request: str) -> None:
        with suppress(Refused):  # the line is gone already, by the bot's own doing, or all is over
            await table.submit(HOST, request, though_paused=True)
        await self.unlearn(table, part.line)

    async def unlearn(self, table: Table, line: int) -> None:
        """Forget what characters have learnt from a member's line that is not so any more."""
        seat = table.match.state.lines[line - 1].seat
        user = person_in(table.first_players[seat])
        words = _now(table, line)
        instead = Line(line, seat, words, character=False) if words else None
        for player in table.players.values() if user else ():
            kind, character, *_ = f"{player}:".split(":")
            if kind == CHARACTER and user:
                remembered = self._client.services.remembered
                await remembered.unlearn(table.setup, character, user, line, instead)

    async def _read_back(self, chat: ChatPlace) -> None:
        place = self._client.get_partial_messageable(chat.place, guild_id=chat.guild)
        since = discord.Object(chat.read_to)
        try:
            async with self._client.pace:
                pass
            async for message in place.history(limit=MISSED, after=since, oldest_first=True):
                if is_human(message):
                    await self._hear(chat, message)
        except (discord.Forbidden, discord.NotFound) as why:
            reason = f"the place of the chat is closed ({why.text})."
            await self._client.tables.pause(chat.match_id, reason)
        else:
            self._up_to_date.add(chat.place)

    async def _hear(self, chat: ChatPlace, message: discord.Message) -> None:
        services, author = self._client.services, message.author
        table = await services.arena.wake(chat.match_id)
        words = self._words(message)
        welcome = not await services.administration.banned(chat.guild, author.id, datetime.now(UTC))
        heard = words and not words.startswith(ASIDE) and not table.over and not table.paused
        if heard and welcome:
            await self._take(chat, table, message, words)
        await self._client.chats.change(chat.match_id, read_up_to(message.id))

    async def _take(
        self, chat: ChatPlace, table: Table, message: discord.Message, words: str
    ) -> None:
        to = await self._answered(chat, table, message)
        try:
            await self.say(table, message.author, words, f"m:{message.id}", to)
        except AlreadyDone:
            return
        except (GameError, ParlourError) as why:
            await self._refuse(message, str(why))
        else:
            await notice_memory(self._client, chat, message)

    async def say(
        self, table: Table, who: discord.abc.User, words: str, cause: str, to: Seat | None = None
    ) -> None:
        """Say something in a chat as a member, who takes part from then on.

        Raises Refused, ShownToUser, AlreadyDone.
        """
        seat = seat_for_member(table, who.id, who.display_name)
        if seat not in table.match.state.members:
            spec = f"person:{who.id}"
            if seat in table.players:  # who has left comes back under the same name
                await table.come_back(seat)
            with suppress(AlreadyDone):
                await table.admit(
                    seat, spec, by=HOST, answer=host.join_person(seat), cause=f"{cause}:join"
                )
        if to:
            await table.submit(HOST, host.say(seat, words, to), cause=cause)
        else:
            await table.submit(seat, words, cause=cause)
        self._client.services.arena.play(table)

    async def _answered(
        self, chat: ChatPlace, table: Table, message: discord.Message
    ) -> Seat | None:
        """Return the character to whose message this one replies."""
        replied = message.reference.message_id if message.reference else None
        part = await self._client.services.chats.part_in(replied) if replied else None
        if part is None or part.match_id != chat.match_id or not part.line:
            return None
        line = table.match.state.lines[part.line - 1]
        return line.seat if line.seat in table.match.state.names else None

    async def _refuse(self, message: discord.Message, why: str) -> None:
        """Say under a message why it does not count; the same message is told so once."""
        async with self._client.pace:
            await message.channel.send(
                why[:2000],
                reference=message.to_reference(fail_if_not_exists=False),
                nonce=f"no-{message.id}"[:25],
                allowed_mentions=discord.AllowedMentions.none(),
            )

    def _words(self, message: discord.Message) -> str:
        """Return what a message says, with names in the place of mentions."""
        text, own = message.content, self._client.user
        for user in message.mentions:
            name = "" if own and user.id == own.id else f"@{user.display_name}"
            text = text.replace(f"<@{user.id}>", name).replace(f"<@!{user.id}>", name)
        return text.strip()

    def _lock_of(self, place: int) -> asyncio.Lock:
        return self._locks.setdefault(place, asyncio.Lock())


def _now(table: Table, number: int) -> str:
    """Return what a line says now; "" where it is gone."""
    lines = (line.words for line in history(table.match.log) if line.number == number)
    return next(lines, "")
