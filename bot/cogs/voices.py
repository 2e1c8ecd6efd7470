"""Speaking in a channel or thread, as the bot or through a webhook, and finding it again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
import structlog
from discord import ui

from bot.cogs.speech import BOT, Utterance, Voice, forms, spoken_for
from bot.cogs.webhooks import avatar
from bot.errors import RoomGone

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

UNKNOWN_WEBHOOK: Final = 10015
THREAD_ARCHIVED: Final = 50083
TOO_MANY: Final = 429
SERVER_ERROR: Final = 500
NOT_TAKEN: Final = 400
"""Discord's status for a request that it will never take."""
HISTORY: Final = 50
"""How many messages back an utterance is looked for that may have arrived."""


@dataclass(frozen=True)
class Where:
    """Where something is said, by Discord's ids."""

    guild: int
    channel: int
    """Whose webhook speaks: the channel, or for a thread the one that it belongs to."""
    place: int
    """The channel itself, or a thread of it."""

    @property
    def thread(self) -> Any:
        """The thread, as webhooks want it; MISSING in the channel itself."""
        inside = self.place != self.channel
        return discord.Object(self.place) if inside else discord.utils.MISSING


class Voices:
    """Says things under any name, changes them and takes them back."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client

    async def say(
        self, where: Where, utterance: Utterance, nonce: str, view: ui.View | None = None
    ) -> int:
        """Send a message and return its id; the bot's own is sent once for the same nonce."""
        if utterance.voice is not BOT and (sent := await self._say_as(where, utterance, view)):
            return sent
        pings = [discord.Object(user) for user in utterance.pings]
        mentions = discord.AllowedMentions(everyone=False, roles=False, users=pings)
        more: dict[str, Any] = {} if view is None else {"view": view}
        async with self._client.pace:
            shown = await self._messages(where).send(
                spoken_for(utterance), nonce=nonce[-25:], allowed_mentions=mentions, **more
            )
        return shown.id

    async def change(
        self, where: Where, message: int, utterance: Utterance, view: ui.View | None = None
    ) -> bool:
        """Put other words in the place of a message's; return whether it was there."""
        none = discord.AllowedMentions.none()
        webhook = await self._client.webhooks.of(where.channel)
        await self._client.pace.edit()
        if webhook and utterance.voice is not BOT:
            with suppress(discord.NotFound, discord.Forbidden):  # then it may be the bot's own
                await webhook.edit_message(
                    message,
                    content=utterance.text,
                    view=view,
                    allowed_mentions=none,
                    thread=where.thread,
                )
                return True
        own = self._messages(where).get_partial_message(message)
        try:
            await own.edit(content=spoken_for(utterance), view=view, allowed_mentions=none)
        except discord.NotFound:
            return False
        except discord.Forbidden as why:
            log.info("a message of an earlier webhook stays as it is", why=str(why))
        return True

    async def take_back(self, where: Where, message: int) -> None:
        """Delete a message, if it is there."""
        webhook = await self._client.webhooks.of(where.channel)
        if webhook:
            with suppress(discord.NotFound):
                async with self._client.pace:
                    await webhook.delete_message(message, thread=where.thread)
                return
        with suppress(discord.NotFound, discord.Forbidden):
            async with self._client.pace:
                await self._messages(where).get_partial_message(message).delete()

    async def arrived(
        self, where: Where, wanted: Sequence[Utterance], last: str | None
    ) -> list[int]:
        """Return the ids of the first utterances that stand there already.

        A webhook has no nonce, and a nonce is forgotten after minutes, so the place is read:
        what came after the last message known to have arrived can only be this one.
        """
        after = discord.Object(int(last)) if last and last.isdecimal() else None
        found: list[int] = []
        async for message in self.own_since(where, after):
            if len(found) < len(wanted):
                said = (await self.content(where, message)).strip()
                if said in forms(wanted[len(found)]):
                    found.append(message.id)
        return found

    async def own_since(
        self, where: Where, after: discord.Object | None
    ) -> AsyncIterator[discord.Message]:
        """Yield the bot's own messages and those of webhooks, the oldest first."""
        own = self._client.user
        history = self._messages(where).history(limit=HISTORY, after=after, oldest_first=True)
        async for message in history:
            if message.webhook_id is not None or (own and message.author.id == own.id):
                yield message

    async def picture(self, where: Where, voice: Voice) -> str:
        """Return the address of what stands beside a name."""
        portrait = None
        if voice.character:
            portrait = await self._client.portraits.address(where.guild, voice.character)
        return portrait or avatar(voice.name)

    async def _say_as(self, where: Where, utterance: Utterance, view: ui.View | None) -> int | None:
        """Speak through the channel's webhook; None where there is none."""
        webhook = await self._client.webhooks.of(where.channel)
        if webhook is None:
            return None
        picture = await self.picture(where, utterance.voice)
        try:
            async with self._client.pace:
                shown = await webhook.send(
                    utterance.text,
                    username=utterance.voice.name[:80],
                    avatar_url=picture,
                    thread=where.thread,
                    view=view or discord.utils.MISSING,
                    allowed_mentions=discord.AllowedMentions.none(),
                    wait=True,
                )
        except discord.NotFound as why:
            if why.code != UNKNOWN_WEBHOOK:
                raise
            self._client.webhooks.forget(where.channel)
            return await self._say_as(where, utterance, view)
        except discord.HTTPException as why:
            if why.status != NOT_TAKEN:
                raise
            return None  # Discord allows some names to nobody
        return shown.id

    async def content(self, where: Where, message: discord.Message) -> str:
        """Return what a message says; a webhook's is hidden without the message-content intent."""
        if message.content or message.webhook_id is None:
            return message.content
        webhook = await self._client.webhooks.of(where.channel)
        if webhook is None or webhook.id != message.webhook_id:
            return ""
        return (await webhook.fetch_message(message.id, thread=where.thread)).content

    def _messages(self, where: Where) -> discord.PartialMessageable:
        return self._client.get_partial_messageable(where.place, guild_id=where.guild)


@asynccontextmanager
async def outbox_errors(need_same_place: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Turn what Discord refuses into what the outbox understands.

    `need_same_place` raises OSError where the match was moved meanwhile.

    Raises:
        RoomGone: the place is closed to the bot.
        OSError: Discord cannot be reached now.

    """
    try:
        yield
    except discord.Forbidden as why:
        await need_same_place()
        raise RoomGone(f"the bot may not speak in its thread ({why.text}).") from why
    except discord.NotFound as why:
        await need_same_place()
        raise RoomGone(f"its thread is gone ({why.text}).") from why
    except discord.HTTPException as why:
        if why.code == THREAD_ARCHIVED:  # one that was merely quiet opens when it is spoken in
            raise RoomGone(f"its thread was closed ({why.text}).") from why
        if why.status < SERVER_ERROR and why.status != TOO_MANY:
            raise
        raise ConnectionError(f"Discord did not take a message: {why}") from why
    except (discord.RateLimited, aiohttp.ClientError) as why:
        raise ConnectionError(f"Discord did not take a message: {why}") from why
