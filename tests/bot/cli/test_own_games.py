"""Games without code on the command line: checked, listed, played, and kept as they began."""

import json
import re

import pytest

GAME = """
title = "Two doors"
summary = "Everybody chooses a door; alone behind one it pays."
rules = "Choose a door, {rounds} times. Whoever is alone behind a door gets a point."

[seats]
least = 2
most = 4

[options.rounds]
help = "How often a door is chosen, from 1 to 5."
default = 2
least = 1
most = 5

[[phases]]
name = "doors"
ask = "Which door?"
answer = { kind = "choice", choices = ["left", "right"] }

[[phases.points]]
rule = "unique"
because = "Alone behind a door:"

[[loops]]
from = "doors"
to = "doors"
times = "rounds"
"""
BROKEN = GAME.replace("unique", "unik").replace("{rounds}", "{round}")
BOTS = ("--seat", "Ann=house:hard", "--seat", "Bob=house:easy")


@pytest.fixture
def folder(tmp_path):
    games = tmp_path / "own games"
    games.mkdir()
    (games / "doors.toml").write_text(GAME, "utf-8")
    return games


def test_a_file_is_checked(parlour, folder):
    file = folder / "doors.toml"
    done = parlour("games", "check", str(file))
    assert done.returncode == 0
    assert done.stdout == (
        f"“Two doors” can be played: 2 to 4 seats, 1 phase.\n"
        f"Play it: python bot.py play --file '{file}'\n"
    )


def test_every_fault_of_a_file_is_told(parlour, folder):
    file = folder / "doors.toml"
    file.write_text(BROKEN, "utf-8")
    done = parlour("games", "check", str(file))
    assert (done.returncode, done.stdout) == (1, "")
    told = " ".join(done.stderr.split())
    assert "doors.toml, [phases 1.points 1]: “rule” must be matching, unique," in told
    assert "doors.toml: “rules” says “{round}”, which nobody knows yet: take it out." in told


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "it cannot be read: No such file or directory."),
        (b"\xff\xfe\x00", "it cannot be read: it is not UTF-8 text."),
        (b"#" * 300_000, "it is too large for a game: shorten it."),
        (GAME.replace("Two doors", "Chameleon").encode(), "there is a game “chameleon” already"),
        (GAME.replace("Two doors", "TextArena").encode(), "there is a game “textarena” already"),
        (GAME.replace("Two doors", "Town").encode(), "there is a game “town” already"),
    ],
)
def test_a_file_that_is_no_game_of_its_own_is_refused(parlour, tmp_path, content, why):
    if content:
        (tmp_path / "odd.toml").write_bytes(content)
    for command in (("games", "check"), ("play", *BOTS, "--file")):
        done = parlour(*command, str(tmp_path / "odd.toml"))
        assert done.returncode == 1
        assert f"odd.toml: {why}" in " ".join(done.stderr.split())


def test_check_needs_a_file_and_a_game_has_one_name(parlour, folder):
    assert parlour("games", "check").stderr == ("Say which file: python bot.py games check FILE.\n")
    done = parlour("play", "chameleon", "--file", str(folder / "doors.toml"))
    assert (done.returncode, done.stderr) == (2, "Name a game or give --file, not both.\n")


def test_the_games_of_a_folder_are_listed_and_played_by_name(parlour, folder):
    (folder / "broken.toml").write_text(BROKEN, "utf-8")
    (folder / "twice.toml").write_text(GAME, "utf-8")
    own = {"PARLOUR_GAMES_FOLDER": str(folder)}
    listed = " ".join(parlour("games", **own).stdout.split())
    assert re.search(r"two-doors 2 to 4 seats Everybody chooses a door", listed)
    assert "Left out: broken.toml, [phases 1.points 1]: “rule” must be" in listed
    assert "(And 1 more.)" in listed
    assert "Left out: twice.toml: there are two games “two-doors”: change one title." in listed
    assert "Choose a door, 2 times." in parlour("games", "two-d", **own).stdout
    done = parlour("play", "two-doors", *BOTS, "--option", "rounds=1", "--json", **own)
    assert json.loads(done.stdout.splitlines()[-1])["outcome"]["ranks"]
    assert parlour("play", "two-doors", *BOTS).returncode == 2


def test_a_match_is_read_by_the_rules_it_began_with(parlour, folder):
    file = folder / "doors.toml"
    done = parlour(
        "play", *BOTS, "--option", "rounds=5", "--seed", 4, "--json", "--file", str(file)
    )
    match = json.loads(done.stdout.splitlines()[-1])["match"]
    before = parlour("replay", match, "--speed", 0).stdout
    file.write_text(GAME.replace("Alone behind", "Alone with"), "utf-8")
    assert parlour("replay", match, "--speed", 0).stdout == before
    file.unlink()
    assert parlour("replay", match, "--speed", 0).stdout == before
    assert "Alone behind a door:" in before
