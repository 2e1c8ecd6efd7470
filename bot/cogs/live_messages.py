"""Messages that show how things stand: posted once, then edited, never too often in a channel."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Final

import aiohttp
import discord
import structlog
from discord import ui

from bot.cogs.pace import Pace
from bot.errors import ParlourError

log = structlog.get_logger(__name__)

TOO_MANY: Final = 429
AGAIN_SECONDS: Final = 5.0
"""After so long a message is tried again that Discord did not take."""


@dataclass(frozen=True)
class Shown:
    """How a message looks now."""

    channel: int
    guild: int
    message: int
    """0 while it is not posted yet."""
    nonce: str
    text: str
    view: ui.View
    picture: bytes | None = None
    """PNG."""
    alt_text: str = ""

    def file(self) -> discord.File | None:
        """Return the picture as an attachment with its description."""
        if self.picture is None:
            return None
        name = f"board-{self.nonce}.png"
        return discord.File(io.BytesIO(self.picture), name, description=self.alt_text[:1024])


Show = Callable[[], Awaitable[Shown | None]]
"""Returns how a message looks now; None for one that is not wanted any more."""
Posted = Callable[[int], Awaitable[None]]
"""Is told the id of a message that was posted."""


class Tried(Enum):
    """What came of bringing a message up to date."""

    POSTED = auto()
    EDITED = auto()
    FAILED = auto()


@dataclass
class LiveMessages:
    """Every message that is kept up to date, with one task for each channel that has news."""

    client: discord.Client
    pace: Pace
    seconds: float
    """Least time between two edits in one channel."""
    _news: dict[int, dict[str, tuple[Show, Posted]]] = field(default_factory=dict)
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _now: dict[int, str] = field(default_factory=dict)
    """What each channel's task is bringing up to date."""
    _step: asyncio.Event = field(default_factory=asyncio.Event)
    """Set, and replaced, whenever one is done."""

    def refresh(
        self, channel: int, key: str, show: Show, posted: Posted, *, new: bool = False
    ) -> None:
        """Bring a message up to date soon; news that comes meanwhile is shown with it.

        A `new` one is shown before those that are only to be edited.
        """
        news = self._news.setdefault(channel, {})
        waiting = dict(news) if new else {}
        if new:
            news.clear()
        news[key] = (show, posted)
        news.update((other, what) for other, what in waiting.items() if other != key)
        if channel not in self._tasks:
            task = asyncio.create_task(self._update(channel), name=f"live messages {channel}")
            self._tasks[channel] = task

    async def settle(self, channel: int, key: str) -> None:
        """Wait until a message is up to date, or could not be brought so."""
        while key in self._news.get(channel, ()) or self._now.get(channel) == key:
            await self._step.wait()

    async def close(self) -> None:
        """Stop; a message left behind is brought up to date when it is next refreshed."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _update(self, channel: int) -> None:
        try:
            while news := self._news.get(channel):
                self._now[channel] = key = next(iter(news))
                show, posted = news.pop(key)
                tried = await self._tried(show, posted)
                if tried is not Tried.FAILED:
                    self._done(channel)
                    await asyncio.sleep(self.seconds if tried is Tried.EDITED else 0)
                else:
                    news.setdefault(key, (show, posted))
                    await asyncio.sleep(max(self.seconds, AGAIN_SECONDS))
        finally:
            self._news.pop(channel, None)
            self._tasks.pop(channel, None)
            self._done(channel)

    async def _tried(self, show: Show, posted: Posted) -> Tried:
        """Bring a message up to date; return what came of it."""
        try:
            return await self._bring_up(show, posted)
        except (discord.DiscordServerError, aiohttp.ClientError, OSError) as why:
            log.warning("a message is not up to date yet", why=str(why))
            return Tried.FAILED
        except (discord.HTTPException, ParlourError) as why:
            if getattr(why, "status", 0) == TOO_MANY:
                return Tried.FAILED
            log.warning("a message could not be kept up to date", why=str(why))
        except Exception:  # it must not take the other messages of its channel with it
            log.exception("a message cannot be shown")
        return Tried.EDITED

    def _done(self, channel: int) -> None:
        self._now.pop(channel, None)
        self._step.set()
        self._step = asyncio.Event()

    async def _bring_up(self, show: Show, posted: Posted) -> Tried:
        shown = await show()
        if shown is None:
            return Tried.POSTED
        channel = self.client.get_partial_messageable(shown.channel, guild_id=shown.guild)
        file = shown.file()
        if shown.message:
            edit: dict[str, Any] = {"content": shown.text, "view": shown.view}
            edit["attachments"] = [file] if file else []
            try:
                await self.pace.edit()
                await channel.get_partial_message(shown.message).edit(**edit)
            except discord.NotFound as why:
                if why.code != UNKNOWN_MESSAGE:
                    raise
                file = shown.file()  # what was sent once cannot be sent again
            else:
                return Tried.EDITED
        more: dict[str, Any] = {"file": file} if file else {}
        nonce = shown.nonce if not shown.message else f"{shown.nonce}-{shown.message % 10_000}"
        async with self.pace:
            message = await channel.send(
                shown.text,
                view=shown.view,
                nonce=nonce[-25:],
                allowed_mentions=discord.AllowedMentions.none(),
                **more,
            )
        await posted(message.id)
        return Tried.POSTED


UNKNOWN_MESSAGE = 10008
