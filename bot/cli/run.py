"""`run`: the Discord bot."""

import asyncio
import logging
import sys

import structlog

from bot.settings import Settings


def run_bot() -> None:
    """Run until stopped.  Raises OperatorError."""
    from bot.discord_wiring import run

    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    asyncio.run(run(Settings()))
