"""`games --textarena`: the list of a library, with and without its extra."""

import re

import pytest

from bot.cli import libraries


def test_the_games_of_textarena_are_listed_with_what_was_measured(parlour):
    done = parlour("games", "--textarena")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    mafia = next(line for line in lines if line.startswith("SecretMafia-v0"))
    assert re.fullmatch(
        r"SecretMafia-v0 +6 to 15 seats   about \d+ moves, rules of \d+ characters", mafia
    )
    chess = next(line for line in lines if line.startswith("Chess-v0 "))
    assert "needs Python 3.12" in chess
    taboo = next(line for line in lines if line.startswith("Taboo-v0 "))
    assert "4, 6, 8, 10, 12, 14 seats" in taboo


def test_what_cannot_be_played_is_listed_with_the_reason(parlour):
    _, _, out = parlour("games", "--textarena").stdout.partition("These cannot be played:\n")
    assert re.search(r"(?m)^Debate-v0 +a model judges it that is reached over the network$", out)
    assert re.search(r"(?m)^ScorableGames-v0 +its data are missing from the package$", out)
    assert "Play one: python bot.py play textarena --option env=NAME." in out


def test_without_the_extra_the_list_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setattr(libraries, "find_spec", lambda _: None)
    libraries.show_textarena()
    told = capsys.readouterr().out
    assert "SecretMafia-v0" in told
    assert told.endswith("TextArena is not installed; to have it: make more-games\n")


def test_a_match_is_played_and_shown_again(parlour):
    pytest.importorskip("textarena", reason="needs the extra: make more-games")
    options = (
        "--option",
        "env=PigDice-v0-50",
        "--seat",
        "Ann=house:easy",
        "--seat",
        "Bob=house:easy",
    )
    played = parlour("play", "textarena", *options, "--seed", "3")
    assert played.returncode == 0, played.stderr
    match = re.search(r"replay (\w{8})", played.stdout).group(1)
    shown = parlour("replay", match)
    assert shown.returncode == 0
    assert "In this game, Ann is Player 0, Bob is Player 1." in shown.stdout
