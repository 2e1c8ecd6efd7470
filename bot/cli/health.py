"""`health`: whether the bot that runs over this data folder is well."""

import sys
import time

from bot.errors import OperatorError
from bot.health import health_file, read
from bot.settings import Settings


def show_health() -> None:
    """Print one line.  Raises OperatorError when the bot is not well."""
    last = read(health_file(Settings().data))
    if complaint := last.complaint(time.time()):
        raise OperatorError(complaint)
    sys.stdout.write(
        f"Well: gateway {last.gateway_ready_age:.0f} s ago, "
        f"event loop late by {last.loop_lag * 1000:.0f} ms at most.\n"
    )
