"""Serve a Discord on loopback until interrupted: python -m tests.discord_double --port 8100."""

import argparse
import asyncio
import contextlib

from tests.discord_double.control import control
from tests.discord_double.server import DiscordDouble


async def serve(port: int, *, controlled: bool) -> None:
    double = DiscordDouble(port)
    if controlled:
        control(double)
    async with double:
        print(f"api_base={double.api_base} gateway={double.gateway}", flush=True)
        await asyncio.Event().wait()


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port", type=int, default=0, help="0 for any free one")
parser.add_argument("--control", action="store_true", help="steer it over HTTP at /control/")
asked = parser.parse_args()
with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(serve(asked.port, controlled=asked.control))
