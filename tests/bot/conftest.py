"""What the tests of the command line share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def parlour(tmp_path):
    """Return a function that runs `python bot.py` with a data folder of its own."""

    def run(*arguments, stdin="", **environment):
        return subprocess.run(
            [sys.executable, str(ROOT / "bot.py"), *map(str, arguments)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            cwd=tmp_path,
            env={**os.environ, "PARLOUR_DATA": str(tmp_path / "data"), **environment},
        )

    return run
