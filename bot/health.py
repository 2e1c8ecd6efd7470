"""A sign of life: the running bot writes it, and `python bot.py health` reads it."""

import asyncio
import json
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import structlog

from bot.errors import OperatorError, ParlourError
from bot.ports import Store

log = structlog.get_logger(__name__)

BEAT_SECONDS: Final = 15.0
STALE_SECONDS: Final = 90.0
"""A beat, or a word from the gateway, that is older than this means trouble."""
SLOW_SECONDS: Final = 1.0
"""An event loop that is late by this much acknowledges clicks too late."""
WRITE_SECONDS: Final = 10.0
"""Time for the trial write to the database."""
SAMPLE_SECONDS: Final = 0.5


@dataclass(frozen=True)
class Beat:
    """What the bot knew of itself at one moment; times are in seconds."""

    at: float
    """Since 1970."""
    gateway_ready_age: float | None
    """Since Discord's gateway was last known to be well; None if it never was."""
    loop_lag: float
    """By how much the event loop was late, at worst, since the beat before."""
    db_ok: bool
    """Whether a write to the database went through."""

    def complaint(self, now: float) -> str | None:
        """Return what is wrong, in one sentence, or None."""
        # A clock that was set back makes a beat seem to come from the future.
        if not -STALE_SECONDS < (age := now - self.at) < STALE_SECONDS:
            return f"The bot has given no sign of life for {age:.0f} s."
        if self.gateway_ready_age is None:
            return "The bot has not reached Discord's gateway yet."
        if (silent := self.gateway_ready_age + max(age, 0.0)) >= STALE_SECONDS:
            return f"Discord's gateway has been away for {silent:.0f} s."
        if not self.db_ok:
            return "The database cannot be written."
        if self.loop_lag >= SLOW_SECONDS:
            return f"The event loop was late by {self.loop_lag:.1f} s."
        return None


def health_file(data: Path) -> Path:
    """Return where the sign of life lies in a data folder."""
    return data / "health.json"


def beat(path: Path, gateway_ready_age: float | None, loop_lag: float, db_ok: bool) -> None:  # noqa: FBT001  # what was found, not a switch
    """Write a sign of life, whole or not at all.  Raises OSError."""
    now = Beat(time.time(), gateway_ready_age, loop_lag, db_ok)
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(asdict(now)), "utf-8")
    draft.replace(path)


def read(path: Path) -> Beat:
    """Return the last sign of life.  Raises OperatorError."""
    try:
        return Beat(**json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise OperatorError(f"The bot is not running: there is no {path}.") from None
    except (OSError, ValueError, TypeError):
        raise OperatorError(f"{path} cannot be read as a sign of life.") from None


class Health:
    """Watches the running bot and writes a sign of life, every 15 seconds unless told otherwise."""

    def __init__(self, path: Path, seconds: float = BEAT_SECONDS) -> None:
        """Take the file to write, and how often."""
        self._path = path
        self._seconds = seconds
        self._gateway: float | None = None

    def gateway_seen(self) -> None:
        """Note that Discord's gateway is well at this moment."""
        self._gateway = time.monotonic()

    async def run(self, store: Store) -> None:
        """Beat until cancelled; then leave no sign of life behind."""
        try:
            lag = 0.0
            while True:
                await self._beat(store, lag)
                lag = await _worst_lag(self._seconds)
        finally:
            with suppress(OSError):
                self._path.unlink()

    async def _beat(self, store: Store, lag: float) -> None:
        seen = self._gateway
        age = None if seen is None else time.monotonic() - seen
        try:
            beat(self._path, age, lag, await _written(store))
        except OSError as why:
            log.warning("no sign of life could be written", reason=str(why))


async def _worst_lag(seconds: float) -> float:
    """Return by how much the event loop was late, at worst, within some seconds."""
    worst = 0.0
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        nap = min(SAMPLE_SECONDS, end - now)
        await asyncio.sleep(nap)
        worst = max(worst, time.monotonic() - now - nap)
    return worst


async def _written(store: Store) -> bool:
    try:
        async with asyncio.timeout(WRITE_SECONDS):
            await store.set_setting("health", "beat", datetime.now(UTC).isoformat())
    except (ParlourError, OSError, TimeoutError) as why:
        log.warning("the database cannot be written", reason=str(why))
        return False
    return True
