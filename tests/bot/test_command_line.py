"""The command line as a person or a script meets it: real processes, a real database."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from games import GAMES

ROOT = Path(__file__).parents[2]
BOTS = ("--seat", "Ann=house:hard", "--seat", "Bob=house:easy")


def match_id(shown):
    return re.search(r"(?:replay|resume) (\w{8})", shown).group(1)


def test_games_lists_every_game(parlour):
    done = parlour("games")
    assert done.returncode == 0
    for name in GAMES:
        assert name in done.stdout


@pytest.mark.parametrize("game", GAMES)
def test_each_game_is_shown_with_its_rules_and_options(parlour, game):
    done = parlour("games", game)
    assert done.returncode == 0, done.stderr
    assert str(GAMES[game]().rules()) in done.stdout


@pytest.mark.parametrize("game", GAMES)
def test_each_game_is_played_by_house_bots_to_its_end(parlour, game):
    done = parlour("play", game, "--seed", 7, "--json")
    assert done.returncode == 0, done.stderr
    *events, last = map(json.loads, done.stdout.splitlines())
    assert last["outcome"]["aborted"] is False
    assert set(last["outcome"]["scores"]) <= {event["seat"] for event in events} | set("You")
    assert all(
        event["audience"] == "all" or isinstance(event["audience"], list) for event in events
    )


def test_the_same_seed_gives_the_same_game(parlour):
    first, second = (
        [
            json.loads(line).get("body")
            for line in parlour(
                "play", "tic-tac-toe", *BOTS, "--seed", 3, "--json"
            ).stdout.splitlines()
        ]
        for _ in range(2)
    )
    assert first == second


def test_a_script_runs_through_unattended(parlour, tmp_path):
    script = tmp_path / "game.txt"
    script.write_text("# a short game\nAnn: rock\nBob: Paper!\nAnn: rock\nBob: paper\n", "utf-8")
    done = parlour("play", "rock-paper-scissors", "--script", script, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])["outcome"]["ranks"] == {"Ann": 2, "Bob": 1}


def test_a_person_plays_to_the_end_and_sees_only_what_is_theirs(parlour):
    done = parlour(
        "play",
        "tic-tac-toe",
        "--seat",
        "Ann=me",
        "--seat",
        "Bob=house:easy",
        "--seed",
        1,
        stdin="/help\n/me\n/rules\nnonsense\na1\nb1\nc1\na2\nb2\nc2\na3\nb3\nc3\n",
    )
    assert done.returncode == 0, done.stderr
    assert "Say exactly one of a1" in done.stdout
    assert "You are Ann." in done.stdout
    assert "Result:" in done.stdout


def test_a_match_that_was_quit_is_resumed_where_it_was(parlour):
    left = parlour(
        "play",
        "tic-tac-toe",
        "--seat",
        "Ann=me",
        "--seat",
        "Bob=house:easy",
        "--seed",
        1,
        stdin="b2\n/quit\n",
    )
    assert left.returncode == 0, left.stderr
    match = match_id(left.stdout)
    assert match in parlour("matches").stdout
    back = parlour("resume", match, stdin="a1\nb1\nc1\na2\nc2\na3\nb3\nc3\n")
    assert "Ann marks b2." in back.stdout
    assert "Result:" in back.stdout
    again = parlour("resume", match)
    assert again.returncode == 2
    assert "is over" in again.stderr


def test_who_leaves_is_followed_by_a_house_bot(parlour):
    done = parlour(
        "play",
        "rock-paper-scissors",
        "--seat",
        "Ann=me",
        "--seat",
        "Bob=house:easy",
        stdin="rock\n/leave\n",
    )
    assert done.returncode == 0, done.stderr
    assert "Ann has left. Ann is played by a house bot (medium) from now on." in done.stdout
    assert "Result:" in done.stdout


def test_two_people_share_a_keyboard_and_no_secret(parlour):
    done = parlour(
        "play",
        "rock-paper-scissors",
        "--seat",
        "Ann=me",
        "--seat",
        "Bob=me",
        "--option",
        "target=1",
        stdin="\nrock\n\npaper\n",
    )
    assert done.returncode == 0, done.stderr
    assert "Pass the keyboard to Bob" in done.stdout
    bobs_turn = done.stdout.split("Pass the keyboard to Bob")[1].split("Result:")[0]
    assert "You throw rock." not in bobs_turn
    assert "Bob wins the round." in done.stdout


def test_replay_and_export_show_what_each_may_see(parlour):
    match = match_id(parlour("play", "rock-paper-scissors", *BOTS).stdout)
    public = parlour("export", match, "--as", "public").stdout
    assert "You throw" not in public
    assert "wins the round" in public
    assert "You throw" in parlour("export", match, "--as", "ann", "--format", "html").stdout
    full = json.loads(parlour("export", match, "--as", "full", "--format", "json").stdout)
    assert {"all"} < {str(event["audience"]) for event in full["events"]}
    assert "wins the round" in parlour("replay", match, "--speed", 0).stdout


def test_a_backup_brings_back_what_was_played(parlour, tmp_path):
    match = match_id(parlour("play", "rock-paper-scissors", *BOTS).stdout)
    assert parlour("backup", "copy.db").returncode == 0
    for part in (tmp_path / "data").iterdir():
        part.unlink()
    assert parlour("matches").stdout.startswith("No match")
    done = parlour("restore", "copy.db")
    assert done.returncode == 0, done.stderr
    assert match in parlour("matches").stdout


def test_doctor_says_what_is_well(parlour):
    done = parlour("doctor")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("ok    ") == 6


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["play", "checkers"], 2, "There is no game 'checkers'"),
        (["play", "tic-tac-toe", "--seat", "Ann"], 2, "--seat needs NAME=WHO"),
        (["play", "tic-tac-toe", "--seat", "Ann=ghost:1", "--json"], 2, "is nobody who can play"),
        (["play", "tic-tac-toe", "--seat", "Ann=house:god", "--json"], 2, "There is no house bot"),
        (
            ["play", "tic-tac-toe", "--seat", "A=me", "--seat", "a=me", "--json"],
            2,
            "is taken twice",
        ),
        (["play", "tic-tac-toe", "--option", "target=2"], 2, "has no option"),
        (["play", "rock-paper-scissors", "--option", "target=many"], 2, "needs a whole number"),
        (["play", "rock-paper-scissors", "--option", "target=0"], 2, "from 1 to 100"),
        (["play", "tic-tac-toe", "--script", "absent.txt"], 2, "cannot be read"),
        (["play", "tic-tac-toe", "--config", "absent.json"], 2, "cannot be read"),
        (["resume", "zzzzzzzz"], 3, "zzzzzzzz"),
        (["export", "zzzzzzzz"], 3, "zzzzzzzz"),
        (["restore", "absent.db"], 1, "absent.db"),
        (["models", "test", "nobody"], 1, "models.toml"),
        (["matches", "--limit", "99999999999999999999"], 2, "--limit"),
        (["play", "tic-tac-toe", "--seed", "soon"], 2, "as an integer. Try"),
        (["dance"], 2, "dance"),
        (["play", "--wrong"], 2, "--wrong"),
    ],
)
def test_every_error_is_one_sentence_that_says_what_to_do(parlour, arguments, code, sentence):
    done = parlour(*arguments)
    assert sentence in done.stderr
    assert done.returncode == code
    assert "Traceback" not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_match_goes_on_in_silence_when_nobody_reads_it_any_more(parlour, tmp_path):
    command = f"{sys.executable} {ROOT / 'bot.py'} play tic-tac-toe {' '.join(BOTS)} | head -1"
    environment = {**os.environ, "PARLOUR_DATA": str(tmp_path / "data")}
    done = subprocess.run(
        command, shell=True, cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.stdout.startswith("Tic-tac-toe")
    assert done.stderr == ""
    assert " over " in parlour("matches").stdout


@pytest.mark.parametrize("command", [["matches"], ["doctor"], ["play", "tic-tac-toe"]])
def test_a_data_folder_that_is_a_file_is_named_and_nothing_else_is_said(parlour, tmp_path, command):
    (tmp_path / "file").write_text("mine")
    done = parlour(*command, PARLOUR_DATA=tmp_path / "file")
    assert done.returncode == 1
    assert "file cannot be made (File exists); name another one in PARLOUR_DATA." in (
        done.stdout + done.stderr
    )
    assert (tmp_path / "file").read_text() == "mine"
    assert not (tmp_path / "parlour-error.log").exists()


def test_a_refused_match_shows_the_refusal_and_no_rules(parlour):
    done = parlour("play", "tic-tac-toe", "--seat", "Ann=model:none")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("No models are set up")


def test_a_menu_is_left_without_a_game(parlour, tmp_path):
    done = parlour("play", stdin="/quit\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "data").exists()


def test_seats_of_a_script_are_one_seat_in_whatever_case(parlour, tmp_path):
    script = tmp_path / "game.txt"
    script.write_text("Ann: rock\nBOB: paper\nann: rock\nBob: paper\n", "utf-8-sig")
    done = parlour("play", "rock-paper-scissors", "--script", script)
    assert "Result: BOB wins 2 rounds. (Ann 0, BOB 2)" in done.stdout


def test_what_you_did_is_told_before_what_came_of_it(parlour):
    seats = ("--seat", "Ann=me", "--seat", "Bob=house")
    shown = parlour("play", "prisoners-dilemma", *seats, stdin="cooperate\n").stdout
    assert "Bob is a house bot (medium)." in shown
    assert shown.index("You cooperate.") < shown.index("The choices:")


def test_a_talk_ends_without_scores(parlour):
    shown = parlour("play", "conversation", "--seat", "Ann=house", "--option", "rounds=1").stdout
    assert "Result: The talk is over after 1 round.\n" in shown


def test_a_python_without_the_packages_hands_over_to_the_one_that_has_them(tmp_path):
    program = tmp_path / "bot.py"
    program.write_bytes((ROOT / "bot.py").read_bytes())
    run = [sys.executable, program, "games", "two words"]
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 1
    assert "run “make play” once." in done.stderr
    own = tmp_path / ".venv" / "bin"
    own.mkdir(parents=True)
    (tmp_path / ".venv" / "installed").touch()
    (own / "python").write_text('#!/bin/sh\necho "$2, $3"\n')
    (own / "python").chmod(0o755)
    done = subprocess.run(run, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "games, two words\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_doctor_finds_a_database_that_cannot_be_written(parlour, tmp_path):
    parlour("matches")
    (tmp_path / "data" / "parlour.db").chmod(0o444)
    done = parlour("doctor")
    assert done.returncode == 1
    assert "parlour.db cannot be written; change its owner." in done.stdout


def test_a_database_that_cannot_be_opened_is_one_sentence(parlour, tmp_path):
    (tmp_path / "data" / "parlour.db").mkdir(parents=True)
    done = parlour("matches")
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "cannot be opened" in done.stderr
