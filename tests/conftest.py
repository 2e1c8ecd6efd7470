"""For every test: what takes longest begins first, and logs are written as the program does."""

import os

import pytest

from bot.log import write_log

LONGEST = {"chaos", "test_command_line.py", "test_docs.py", "test_every_game.py"}
"""Files and folders."""


@pytest.fixture(autouse=True)
def _log():
    write_log()


def pytest_collection_modifyitems(items):
    """Let the longest files run beside all the rest, not after it on one processor alone."""
    items.sort(key=lambda item: LONGEST.isdisjoint(item.path.parts))


def pytest_xdist_auto_num_workers():
    """Give each processor two workers, as tests of restarts, time limits and kills mostly wait."""
    return 2 * (os.cpu_count() or 1)
