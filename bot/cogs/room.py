"""A thread as a room: what the arena tells arrives there once, in order, in the right voice."""

from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import discord

from bot.arena.lobbies import Lobby, LobbyStore
from bot.cogs.pace import Pace
from bot.cogs.portraits import Portraits
from bot.cogs.speech import BOT, Utterance, Voice, forms, spoken_for, utterances
from bot.cogs.webhooks import Webhooks, avatar
from bot.errors import RoomGone
from bot.languages import Language
from bot.ports import Message, Store
from games.core import SPECTATOR

UNKNOWN_WEBHOOK: Final = 10015
THREAD_ARCHIVED: Final = 50083
TOO_MANY: Final = 429
SERVER_ERROR: Final = 500
NOT_TAKEN: Final = 400
"""Discord's status for a request that it will never take."""
HISTORY: Final = 50
"""How many messages back an utterance is looked for that may have arrived."""
NOTHING_TOLD: Final = "-"
"""The reference of a message of which nothing is shown publicly."""


class DiscordRoom:
    """The thread of one match."""

    def __init__(
        self,
        lobby_id: str,
        *,
        client: discord.Client,
        lobbies: LobbyStore,
        store: Store,
        webhooks: Webhooks,
        portraits: Portraits,
        pace: Pace,
        mute: Callable[[int], bool],
        language: Callable[[int], Language],
    ) -> None:
        self.lobby_id = lobby_id
        self._client = client
        self._lobbies = lobbies
        self._store = store
        self._webhooks = webhooks
        self._portraits = portraits
        self._pace = pace
        self._mute = mute
        self._language = language

    async def deliver(self, message: Message) -> str:
        """Send what everybody may see; a seat reads its secrets in its own view.

        Raises:
            RoomGone: the thread is closed to the bot.
            OSError: Discord cannot be reached now.

        """
        if message.audience != SPECTATOR:
            return NOTHING_TOLD
        lobby = await self._lobbies.lobby(self.lobby_id)
        if lobby is None or not lobby.place.thread:
            raise RoomGone("The match has no thread.")
        try:
            return await self._send_all(lobby, message)
        except discord.Forbidden as why:
            await self._need_same_place(lobby)
            raise RoomGone(f"the bot may not speak in its thread ({why.text}).") from why
        except discord.NotFound as why:
            await self._need_same_place(lobby)
            raise RoomGone(f"its thread is gone ({why.text}).") from why
        except discord.HTTPException as why:
            if why.code == THREAD_ARCHIVED:  # one that was merely quiet opens when it is spoken in
                raise RoomGone(f"its thread was closed ({why.text}).") from why
            if why.status < SERVER_ERROR and why.status != TOO_MANY:
                raise
            raise ConnectionError(f"Discord did not take a message: {why}") from why
        except (discord.RateLimited, aiohttp.ClientError) as why:
            raise ConnectionError(f"Discord did not take a message: {why}") from why

    async def _need_same_place(self, lobby: Lobby) -> None:
        """Let the message be tried again where its match was moved to.  Raises OSError."""
        now = await self._lobbies.lobby(lobby.lobby_id)
        if now and now.place.thread != lobby.place.thread:
            raise ConnectionError("The match has moved.")

    async def _send_all(self, lobby: Lobby, message: Message) -> str:
        translate = self._language(lobby.place.guild).translate
        wanted = utterances(message, self._mute, translate)
        thread = self._client.get_partial_messageable(
            lobby.place.thread, guild_id=lobby.place.guild
        )
        arrived: list[int] = []
        if message.again:
            arrived = await self._arrived(thread, lobby, wanted)
        for index, utterance in enumerate(wanted):
            if index >= len(arrived):
                arrived.append(
                    await self._send(thread, lobby, f"{message.nonce}-{index}", utterance)
                )
        return str(arrived[-1]) if arrived else NOTHING_TOLD

    async def _send(
        self, thread: discord.PartialMessageable, lobby: Lobby, nonce: str, utterance: Utterance
    ) -> int:
        if utterance.voice is not BOT and (sent := await self._send_as(lobby, utterance)):
            return sent
        text = spoken_for(utterance)
        pings = [discord.Object(user) for user in utterance.pings]
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=pings)
        async with self._pace:
            shown = await thread.send(text, nonce=nonce[-25:], allowed_mentions=mentions)
        return shown.id

    async def _send_as(self, lobby: Lobby, utterance: Utterance) -> int | None:
        """Speak through the channel's webhook; None where there is none."""
        webhook = await self._webhooks.of(lobby.place.channel)
        if webhook is None:
            return None
        picture = await self._picture(lobby, utterance.voice)
        try:
            async with self._pace:
                shown = await webhook.send(
                    utterance.text,
                    username=utterance.voice.name[:80],
                    avatar_url=picture,
                    thread=discord.Object(lobby.place.thread),
                    allowed_mentions=discord.AllowedMentions.none(),
                    wait=True,
                )
        except discord.NotFound as why:
            if why.code != UNKNOWN_WEBHOOK:
                raise
            self._webhooks.forget(lobby.place.channel)
            return await self._send_as(lobby, utterance)
        except discord.HTTPException as why:
            if why.status != NOT_TAKEN:
                raise
            return None  # Discord allows some names to nobody
        return shown.id

    async def _picture(self, lobby: Lobby, voice: Voice) -> str:
        """Return the address of what stands beside a name."""
        portrait = None
        if voice.character:
            portrait = await self._portraits.address(lobby.place.guild, voice.character)
        return portrait or avatar(voice.name)

    async def _arrived(
        self, thread: discord.PartialMessageable, lobby: Lobby, wanted: Sequence[Utterance]
    ) -> list[int]:
        """Return the ids of the first utterances that stand in the thread already.

        A webhook has no nonce, and a nonce is forgotten after minutes, so the thread is read:
        what came after the last message known to have arrived can only be this one.
        """
        last = await self._store.last_reference(lobby.lobby_id)
        after = discord.Object(int(last)) if last and last.isdecimal() else None
        found: list[int] = []
        async for message in thread.history(limit=HISTORY, after=after, oldest_first=True):
            if len(found) < len(wanted) and self._is_own(message):
                said = (await self._content(message, lobby.place.channel)).strip()
                if said in forms(wanted[len(found)]):
                    found.append(message.id)
        return found

    async def _content(self, message: discord.Message, channel: int) -> str:
        """Return what a message says; a webhook's is hidden without the message-content intent."""
        if message.content or message.webhook_id is None:
            return message.content
        webhook = await self._webhooks.of(channel)
        if webhook is None or webhook.id != message.webhook_id:
            return ""
        thread = discord.Object(message.channel.id)
        return (await webhook.fetch_message(message.id, thread=thread)).content

    def _is_own(self, message: discord.Message) -> bool:
        own = self._client.user
        return message.webhook_id is not None or (own is not None and message.author.id == own.id)
