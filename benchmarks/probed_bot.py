"""The real bot with one task more, which measures by how much the event loop is late.

python -m benchmarks.probed_bot FILE: the lags, in seconds, are in FILE as a JSON list at the end.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

from bot.discord_wiring import run
from bot.log import write_log
from bot.settings import Settings

EVERY_SECONDS = 0.02


async def probe(lags: list[float]) -> None:
    """Note how late each wake-up is."""
    while True:
        begin = time.perf_counter()
        await asyncio.sleep(EVERY_SECONDS)
        lags.append(time.perf_counter() - begin - EVERY_SECONDS)


async def main(lags: list[float]) -> None:
    """Run the bot until it is told to stop."""
    probing = asyncio.create_task(probe(lags))
    try:
        await run(Settings())
    finally:
        probing.cancel()


if __name__ == "__main__":
    write_log()
    noted: list[float] = []
    try:
        asyncio.run(main(noted))
    finally:
        Path(sys.argv[1]).write_text(json.dumps(noted), "ascii")
