"""The documents tell the truth: their commands run, and what exists is named."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from games import GAMES

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "tests" / "games" / "chatarena_configs" / "rock_paper_scissors.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    (folder / "arena.json").write_bytes(CONFIG.read_bytes())
    return folder


def run(folder, command):
    match = re.search(r"(?m)^(\w{8})  ", _shell(folder, "python bot.py matches").stdout)
    return _shell(folder, command.replace("MATCH", match.group(1) if match else "MATCH"))


def _shell(folder, command):
    python = f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'bot.py'))}"
    return subprocess.run(
        command.replace("python bot.py", python),
        shell=True,
        cwd=folder,
        env={**os.environ, "PARLOUR_DATA": "data"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


def commands(page):
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def test_every_command_of_the_guide_to_playing_runs(folder):
    for command in commands("docs/playing.md"):
        done = run(folder, command)
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_the_readme_names_only_commands_that_exist():
    text = (ROOT / "README.md").read_text("utf-8") + (ROOT / "docs/models.md").read_text("utf-8")
    helped = _shell(ROOT, "python bot.py --help").stdout
    for command in set(re.findall(r"python bot\.py (\w+)", text)):
        assert f"  {command} " in helped, command


def test_the_changelog_names_every_game():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert [name for name in GAMES if name not in text] == []


def test_links_between_the_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
