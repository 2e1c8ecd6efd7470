"""The clock: wakes the arena every second so that time limits in the store are kept."""

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.arena.arena import Arena

log = structlog.get_logger(__name__)


class Deadlines:
    """A ticker over the store's table of time limits, which is the record of truth.

    A tick that was missed, by a busy loop or a restart, is made up for by the next one.
    """

    def __init__(self, arena: Arena, seconds: float = 1.0) -> None:
        self._arena = arena
        self._ticking: asyncio.Task[None] | None = None
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self._begin, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True
        )

    def start(self) -> None:
        """Begin to tick in the running event loop."""
        self._scheduler.start()

    async def stop(self) -> None:
        """Tick no more, and let the tick that has begun come to its end."""
        self._scheduler.shutdown(wait=False)
        if self._ticking:
            await self._ticking

    async def _begin(self) -> None:
        # A task of our own: the scheduler would cancel a tick in the middle of its writes.
        if self._ticking is None or self._ticking.done():
            self._ticking = asyncio.create_task(self._tick(), name="tick")

    async def _tick(self) -> None:
        try:
            await self._arena.tick()
        except Exception:
            log.exception("a tick has failed")
