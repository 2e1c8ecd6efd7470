"""`games --pettingzoo`, its page in the docs, and a game of it played from the command line."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.pettingzoo_census import seats_of
from bot.cli import libraries
from games.pettingzoo import EXCLUDED, PLAYABLE

PAGE = Path(__file__).parents[3] / "docs" / "pettingzoo.md"


def test_each_game_is_listed_with_its_seats_and_those_left_out_with_the_reason(capsys):
    libraries.show_pettingzoo()
    shown = capsys.readouterr().out
    for env, facts in PLAYABLE.items():
        assert f"{env:<26}{seats_of(facts):>8} seats" in shown
        assert str(facts.about) in shown
    assert all(f"{env:<26}{why}" in shown for env, why in EXCLUDED.items())
    assert "not installed" not in shown or find_spec("pettingzoo") is None


def test_where_the_extra_is_missing_the_list_says_how_to_install_it(capsys, monkeypatch):
    monkeypatch.setattr(libraries, "find_spec", lambda _: None)
    libraries.show_pettingzoo()
    told = "PettingZoo is not installed; to have it: make more-games\n"
    assert capsys.readouterr().out.endswith(told)


def test_the_page_has_the_table_of_what_was_measured():
    page = PAGE.read_text("utf-8")
    for env, facts in PLAYABLE.items():
        row = f"| `{env}` | {facts.about} | {seats_of(facts)} | {facts.needs} | {facts.moves} |"
        assert row in page
    assert all(f"| `{env}` | not playable: {why} |" in page for env, why in EXCLUDED.items())


@pytest.mark.skipif(find_spec("pettingzoo") is None, reason="needs the extra: make more-games")
def test_house_bots_play_a_game_of_pettingzoo_to_its_end(parlour):
    bots = ("--seat", "Ann=house:hard", "--seat", "Bob=house:easy")
    done = parlour("play", "pettingzoo", "--option", "env=tictactoe", *bots, "--json")
    assert done.returncode == 0, done.stderr
    *_, last = map(json.loads, done.stdout.splitlines())
    assert set(last["outcome"]["scores"]) == {"Ann", "Bob"}
    assert not last["outcome"]["aborted"]


def test_a_game_that_cannot_be_played_is_refused_with_the_reason(parlour):
    done = parlour("play", "pettingzoo", "--option", "env=hanabi")
    assert done.returncode == 2
    assert done.stderr.startswith("hanabi_v5 of PettingZoo cannot be played: it needs OpenSpiel")
