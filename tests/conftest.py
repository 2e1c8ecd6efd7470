"""For every test: what takes longest begins first, and logs are written as the program does."""

import pytest

from bot.log import write_log


@pytest.fixture(autouse=True)
def _log():
    write_log()


def pytest_collection_modifyitems(items):
    """Let kill storms run beside all the rest, not after it on one processor alone."""
    items.sort(key=lambda item: "chaos" not in item.path.parts)
