"""One webhook in each channel, through which models speak under names of their own."""

import asyncio
import time
from typing import Final
from weakref import WeakValueDictionary
from zlib import crc32

import discord
import structlog

from bot.cogs.pace import Pace

log = structlog.get_logger(__name__)

NAME: Final = "Parlour"
FORGET_SECONDS: Final = 300.0
"""After so long a refusal is tried again: a permission may have been given since."""
_FACES: Final = 6


class Webhooks:
    """The bot's own webhooks, by channel; made when first needed."""

    def __init__(self, client: discord.Client, pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self._known: dict[int, discord.Webhook] = {}
        self._refused: dict[int, float] = {}
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    async def of(self, channel_id: int) -> discord.Webhook | None:
        """Return a channel's webhook; None where the bot may not have one."""
        if channel_id in self._known:
            return self._known[channel_id]
        if time.monotonic() - self._refused.get(channel_id, -FORGET_SECONDS) < FORGET_SECONDS:
            return None
        async with self._locks.setdefault(channel_id, asyncio.Lock()):  # or two would be made
            if channel_id in self._known:
                return self._known[channel_id]
            try:
                webhook = await self._found_or_made(channel_id)
            except (discord.Forbidden, discord.NotFound) as why:
                log.info("models speak as the bot here", channel=channel_id, why=str(why))
                self._refused[channel_id] = time.monotonic()
                return None
            if webhook is not None:
                self._known[channel_id] = webhook
            return webhook

    def forget(self, channel_id: int) -> None:
        """Look for a channel's webhook anew: the one known is gone."""
        self._known.pop(channel_id, None)

    async def _found_or_made(self, channel_id: int) -> discord.Webhook | None:
        # Asked for where it is not in memory: after a start, or while a server is away.
        known = self._client.get_channel(channel_id)
        channel = known or await self._client.fetch_channel(channel_id)
        if not isinstance(channel, discord.TextChannel | discord.ForumChannel):
            return None
        own = self._client.user
        async with self._pace:
            webhooks = await channel.webhooks()
        for webhook in webhooks:
            if webhook.token and webhook.user and own and webhook.user.id == own.id:
                return webhook
        async with self._pace:
            return await channel.create_webhook(name=NAME)


def avatar(name: str) -> str:
    """Return the address of the picture beside a name; the same name always has the same one."""
    return f"{discord.Asset.BASE}/embed/avatars/{crc32(name.encode()) % _FACES}.png"
