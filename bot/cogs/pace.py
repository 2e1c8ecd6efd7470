"""How fast the bot may ask: Discord's limit over all routes, and who goes first at it."""

import asyncio
from types import TracebackType
from typing import Final

from aiolimiter import AsyncLimiter

BURST: Final = 4
"""Requests that may follow each other at once: a full second's would come on top of the next."""
TOLD_FOR_ONE: Final = 8
"""How many messages go before each edit where both wait."""


class Pace:
    """At most so many requests a second; what is said goes before what is merely kept up to date.

    `async with pace:` is for messages and all that somebody waits for.
    """

    def __init__(self, per_second: float) -> None:
        self._limiter = AsyncLimiter(BURST, BURST / per_second)
        self._speaking = 0
        self._told = 0
        self._moved = asyncio.Event()
        self._editing = asyncio.Lock()

    async def __aenter__(self) -> None:
        """Wait for one's turn."""
        self._speaking += 1
        try:
            await self._limiter.acquire()
            self._told += 1
        finally:
            self._speaking -= 1
            self._moved.set()

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """A request is counted when it begins."""

    async def edit(self) -> None:
        """Wait until an edit may be sent: when nobody else waits, or many others have gone."""
        async with self._editing:
            while self._speaking and self._told < TOLD_FOR_ONE:
                self._moved.clear()
                await self._moved.wait()
            self._told = 0
            await self._limiter.acquire()
