"""`run`: the Discord bot."""

import asyncio
import logging
import sys

import structlog

from bot.settings import Settings


def run_bot() -> None:
    """Run until stopped.  Raises OperatorError."""
    from bot.discord_wiring import run

    write_log()
    asyncio.run(run(Settings()))


def write_log() -> None:
    """Write what happens to standard error."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.StackInfoRenderer(),
            structlog.processors.TimeStamper("%Y-%m-%d %H:%M:%S", utc=False),
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(),
                # The default shows the variables of each frame: the token, keys, secrets of seats.
                exception_formatter=structlog.dev.plain_traceback,
            ),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
