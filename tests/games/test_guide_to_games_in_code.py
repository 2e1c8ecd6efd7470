"""The guide to a game in code is true: its blocks are a game that plays and keeps the contract."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.games.contract import RULES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "games-in-code.md").read_text("utf-8")
PLAY = """
import sys

import games
import games.nim

games.GAMES["nim"] = games.nim.Nim

from bot.cli import main

main()
"""


def blocks(kind):
    return "\n\n".join(re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    file = tmp_path_factory.mktemp("guide") / "nim.py"
    file.write_text(blocks("python"), "utf-8")
    return file


@pytest.fixture(scope="module")
def nim(file):
    """The game of the guide, as if it stood in games/."""
    spec = importlib.util.spec_from_file_location("games.nim", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["games.nim"] = module
    spec.loader.exec_module(module)
    yield module.Nim
    del sys.modules["games.nim"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_game_of_the_guide_keeps_the_contract(nim, rule):
    for seed in range(20):
        rule(nim(), ("Ann", "Bob"), seed)


def test_the_tests_of_the_guide_pass(nim):
    tests = {}
    exec(compile(blocks("python test"), "games-in-code.md", "exec"), tests)
    ran = [test for name, test in tests.items() if name.startswith("test_")]
    for test in ran:
        marks = getattr(test, "pytestmark", ())
        for value in marks[0].args[1] if marks else ((),):
            test(*((value,) if marks else ()))
    assert len(ran) == 3


def test_the_game_of_the_guide_plays_in_the_terminal(file, tmp_path):
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r})\nimport games\n"
    start += f"games.__path__.append({str(file.parent)!r})\n"
    command = [sys.executable, "-c", start + PLAY]
    seats = ["--seat", "Ann=house:hard", "--seat", "Bob=house:easy"]

    def run(*arguments):
        done = subprocess.run(
            [*command, *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    shown = run("games", "nim")
    assert "Nim. Take 1 to 3 sticks in turn; whoever takes the last one wins." in shown
    assert "Fewest sticks that may lie on the table, from 4 to 100. (default 12)" in shown
    played = run("play", "nim", *seats, "--option", "sticks=9", "--json")
    assert json.loads(played.splitlines()[-1])["outcome"]["scores"] == {"Ann": 1.0, "Bob": 0.0}
    assert "has taken the last stick." in run("play", "nim", *seats)


def test_the_guide_is_written_as_the_project_is(file):
    settings = ("--config", str(ROOT / "pyproject.toml"))
    for arguments in (("check", "--ignore", "INP001"), ("format", "--check")):
        command = [sys.executable, "-m", "ruff", *arguments, *settings, str(file)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
