"""Waiting for something to become true."""

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds: a busy machine may need many times what a quiet one does."""

PAUSE = 0.005


async def until(condition: Callable[[], T], seconds: float = PATIENCE, what: str = "") -> T:
    """Wait for the condition, and give its value.

    Raises: AssertionError when the seconds have passed.
    """
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, f"waited {seconds} s in vain for {what or 'a condition'}"
        await asyncio.sleep(PAUSE)
    return found
