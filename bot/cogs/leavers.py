"""Members who have left a server: its characters forget them.

Where Discord tells who leaves, at once. In any case whoever is remembered is looked for once a
day, and forgotten after some days without being found; so is everybody in a server that the bot
was removed from.
"""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.cogs.forgetting import forget
from bot.memories import Which

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

EVERY: Final = timedelta(days=1)
LOOK_SECONDS: Final = 600.0
"""How often it is looked whether a day has passed."""
GRACE_SECONDS: Final = 3.0
"""How long a look that has begun may take when the bot stops."""
GONE: Final = frozenset({10007, 10013})
"""Discord's codes for a member, or a user, that is not there."""
MISSING: Final = "missing"
"""Key of those who were not found, in the store's settings: since when, by server and user."""
SWEPT: Final = "swept"
"""Key of when everybody was last looked for."""


class Leavers:
    """Lets characters forget whoever has left."""

    def __init__(self, client: "ParlourClient", grace: timedelta) -> None:
        """Take after how long whoever is not found has left for good."""
        self._client = client
        self._grace = grace
        self._sweeping: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()

    async def left(self, guild: int, user: int) -> None:
        """Forget a member who has just left a server."""
        gone = await forget(self._client, Which(user=user, guild=guild))
        log.info("a member has left", guild=guild, memories=gone.memories)

    def start(self) -> None:
        """Begin to look for members, day by day; to begin twice is to begin once."""
        if self._sweeping is None:
            self._sweeping = asyncio.create_task(self._run(), name="leavers")

    async def stop(self) -> None:
        """Look no more; who is just being looked for is waited for a little."""
        self._stopping.set()
        if self._sweeping:
            _, late = await asyncio.wait([self._sweeping], timeout=GRACE_SECONDS)
            for task in late:
                task.cancel()

    async def sweep(self, now: datetime) -> None:
        """Look for everybody who is remembered; forget whoever has been missing for too long."""
        store = self._client.services.store
        remembered = await self._client.services.memories.remembered()
        if not remembered:
            return
        known = json.loads(await store.get_setting("discord", MISSING) or "{}")
        missing = {}
        for guild, user in remembered:
            name = f"{guild}:{user}"
            if self._stopping.is_set():
                return
            there = await self._is_there(guild, user)
            if there or (there is None and name not in known):
                continue
            since = datetime.fromisoformat(known.get(name, now.isoformat()))
            if there is False and now - since >= self._grace:
                await self.left(guild, user)
            else:
                missing[name] = since.isoformat()
        await store.set_setting("discord", MISSING, json.dumps(missing))
        await store.set_setting("discord", SWEPT, now.isoformat())

    async def sweep_if_due(self, now: datetime) -> None:
        """Look for everybody, if a day has passed since that was done."""
        last = await self._client.services.store.get_setting("discord", SWEPT)
        if last is None or now - datetime.fromisoformat(last) >= EVERY:
            await self.sweep(now)

    async def strike_out(self, user: int) -> None:
        """Keep no note that somebody was not found."""
        store = self._client.services.store
        known = json.loads(await store.get_setting("discord", MISSING) or "{}")
        left = {name: since for name, since in known.items() if not name.endswith(f":{user}")}
        if left != known:
            await store.set_setting("discord", MISSING, json.dumps(left))

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                await self.sweep_if_due(datetime.now(UTC))
            except Exception:
                log.exception("members were not looked for")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), LOOK_SECONDS)

    async def _is_there(self, guild: int, user: int) -> bool | None:
        """Return whether somebody is a member of a server; None where Discord does not say."""
        server = self._client.get_guild(guild)
        if server is None:
            return False
        try:
            async with self._client.pace:
                await server.fetch_member(user)
        except discord.NotFound as why:
            return False if why.code in GONE else None
        except discord.HTTPException as why:
            log.warning("a member could not be looked for", guild=guild, why=str(why))
            return None
        return True
