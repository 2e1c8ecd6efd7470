"""The clock: wakes the arena every second so that time limits in the store are kept."""

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.arena.lobby import Arena


class Deadlines:
    """A ticker over the store's table of time limits, which is the record of truth.

    A tick that was missed, by a busy loop or a restart, is made up for by the next one.
    """

    def __init__(self, arena: Arena, seconds: float = 1.0) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            arena.tick, "interval", seconds=seconds, misfire_grace_time=None, coalesce=True
        )

    def start(self) -> None:
        """Begin to tick in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        self._scheduler.shutdown(wait=False)
