"""The documents tell the truth: their commands run, and what exists is named."""

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from bot.cogs.needed import NEEDED
from games import GAMES

ROOT = Path(__file__).parents[1]
GUIDES = ["docs/playing.md", "docs/discord.md", "docs/local-models.md", "docs/towns.md"]
GUIDES += ["docs/tournaments.md"]
GUIDES += ["docs/pettingzoo.md"]
GUIDES += ["docs/textarena.md"]
GUIDES += ["docs/games-without-code.md"]
CONFIG = ROOT / "tests" / "games" / "chatarena_configs" / "rock_paper_scissors.json"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("docs")
    (folder / "arena.json").write_bytes(CONFIG.read_bytes())
    (folder / "data" / "models").mkdir(parents=True)
    (folder / "data" / "models" / "small.gguf").write_bytes(b"GGUF")
    questions = blocks("docs/towns.md", "toml")[0]
    (folder / "questions.toml").write_text(questions, "utf-8")
    recipes = blocks("docs/games-without-code.md", "toml")
    (folder / "first.toml").write_text(recipes[0], "utf-8")
    (folder / "picnic.toml").write_text(recipes[-1], "utf-8")
    return folder


def run(folder, command):
    if "MATCH" in command:
        command = command.replace("MATCH", _newest(folder, "matches"))
    if "TOWN" in command:
        command = command.replace("TOWN", the_town(folder))
    return _shell(folder, command)


@cache
def the_town(folder):
    return _newest(folder, "town list")


def _newest(folder, listing):
    shown = _shell(folder, f"python bot.py {listing}").stdout
    return re.search(r"(?m)^(\w{8})  ", shown).group(1)


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


def blocks(page, language):
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL)


def commands(page):
    return [line for block in blocks(page, "sh") for line in block.splitlines() if line]


@pytest.mark.parametrize("page", GUIDES)
def test_every_command_of_the_guides_runs(folder, page):
    for command in commands(page):
        done = run(folder, command)
        assert done.returncode == 0, f"{command}: {done.stderr}"


def test_each_step_of_the_guide_to_games_without_code_stands_in_the_whole_file():
    first, *steps, whole = blocks("docs/games-without-code.md", "toml")
    assert len(steps) == 9
    for step in steps:
        assert step in whole
    assert first.partition("[seats]")[2].partition("[[phases]]")[0] in whole


def test_the_readme_names_only_commands_that_exist():
    pages = ("README.md", "docs/models.md", "docs/discord.md", "docs/local-models.md")
    text = "".join((ROOT / page).read_text("utf-8") for page in pages)
    helped = _shell(ROOT, "python bot.py --help").stdout
    for command in set(re.findall(r"python bot\.py (\w+)", text)):
        assert f"  {command} " in helped, command


def test_the_guide_to_discord_lists_the_permissions_that_the_bot_asks_for():
    page = (ROOT / "docs/discord.md").read_text("utf-8")
    table = page.partition("## Permissions")[2].partition("## Intents")[0]
    rows = re.findall(r"(?m)^\| ([^|]+) \| ([^|]+) \|$", table)
    assert rows[1:] == [(permission.name, permission.without) for permission in NEEDED]


def test_the_changelog_names_every_game():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert [name for name in GAMES if name not in text] == []


def test_links_between_the_documents_lead_somewhere():
    for page in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
