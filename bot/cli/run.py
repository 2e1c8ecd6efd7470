"""`run`: the Discord bot."""

import asyncio

from bot.log import write_log
from bot.settings import Settings


def run_bot() -> None:
    """Run until stopped.  Raises OperatorError."""
    from bot.discord_wiring import run

    write_log()
    asyncio.run(run(Settings()))
