"""For every test: what the program logs is written as the program writes it."""

import pytest

from bot.log import write_log


@pytest.fixture(autouse=True)
def _log():
    write_log()
