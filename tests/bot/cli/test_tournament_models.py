"""`tournament` with models: what they cost, and what becomes of games in which one fails."""

import json
import re

import pytest

from tests.bot.cli.cups import command, journal, lines, players, reported
from tests.faulty_model import FaultyModel, Mode


@pytest.fixture
def models(tmp_path):
    def written(**servers):
        tables = [
            f'[{name}]\nbase_url = "{server.url}"\nmodel = "tiny"\nmax_tokens = 50\n'
            "seconds = 5\nprice_in = 1000\nprice_out = 1000\n"
            for name, server in servers.items()
        ]
        (tmp_path / "models.toml").write_text("\n".join(tables), "utf-8")

    return written


TIC = ("tournament", "--game", "tic-tac-toe", "--out", "results", "--seed", "7")


async def test_what_models_cost_is_counted_for_each_game(models, tmp_path):
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        code, _, err = await command(tmp_path, *TIC, *players("bard", "house:easy"))
    assert code == 0, err
    made = reported(tmp_path)
    assert [one.player for one in made.standings if one.games == 2]
    assert made.costs.calls == len(server.requests) == sum(one.calls for one in made.matches)
    assert made.costs.tokens > 0
    assert made.costs.money == pytest.approx(made.costs.tokens / 1000, rel=0.01)
    assert made.costs.calls_each == made.costs.calls / 2
    assert "Calls of models" in (tmp_path / "results" / "report.html").read_text("utf-8")


async def test_a_model_that_fails_is_told_its_games_do_not_count_and_the_rest_goes_on(
    models, tmp_path
):
    entrants = players("model:bard", "house:easy", "house:hard")
    async with FaultyModel(Mode.BAD_KEY).running() as server:
        models(bard=server)
        code, out, err = await command(tmp_path, *TIC, *entrants, "--games", "4", "--jobs", "1")
    assert code == 1
    assert "The tournament is not over; the same command goes on with it." in err
    assert "Aborted, and not rated: 3 of 7 games." in out
    assert re.search(r"model:bard: The model bard .+ It is left out from now on\.", out)
    made = reported(tmp_path)
    counts = {one.player: (one.games, one.aborted) for one in made.standings}
    assert counts["model:bard"] == (0, 3)
    assert counts["house:hard"][0] == 4
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        code, _, err = await command(tmp_path, *TIC, *entrants, "--games", "4")
    assert code == 0, err
    made = reported(tmp_path)
    assert (made.over, made.aborted, made.games) == (True, 0, 12)
    assert [one.tries for one in made.matches if "model:bard" in one.ranks].count(2) == 3
    assert len(lines(tmp_path)) == 15


async def test_a_budget_holds_and_a_larger_one_goes_on_in_the_middle_of_a_game(models, tmp_path):
    entrants = players("bard", "house:easy")
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        code, out, err = await command(tmp_path, *TIC, *entrants, "--budget", "0.4", "--jobs", "1")
        assert code == 1
        assert "The tournament is not over" in err
        assert "The budget of 0.40 has no room for another answer" in out
        assert "Go on with a larger --budget." in out
        asked = len(server.requests)
        entries, ended = journal(tmp_path)
        assert len(ended) < 2
        code, _, err = await command(tmp_path, *TIC, *entrants, "--budget", "900")
    assert code == 0, err
    now, _ = journal(tmp_path)
    assert {key: now[key] for key in entries} == entries
    assert reported(tmp_path).costs.calls == len(server.requests) > asked


async def test_an_over_tournament_in_which_a_model_failed_is_played_again_as_far_as_it_did(
    models, tmp_path
):
    wanted = (*TIC, *players("bard", "house:easy"), "--games", "3")
    async with FaultyModel(Mode.BAD_KEY).running() as server:
        models(bard=server)
        code, _, err = await command(tmp_path, *wanted)
    assert code == 1
    assert "A model has failed in 3 games; the same command plays them again." in err
    assert "not over" not in err
    made = reported(tmp_path)
    assert (made.over, made.aborted, made.games) == (True, 3, 3)
    before, _ = journal(tmp_path)
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        code, out, err = await command(tmp_path, *wanted)
        assert code == 0, err
        assert "Aborted" not in out
        asked = len(server.requests)
        code, _, err = await command(tmp_path, *wanted)
        assert code == 0, err
        assert len(server.requests) == asked
    made = reported(tmp_path)
    assert (made.over, made.aborted, made.games) == (True, 0, 3)
    assert made.matches[0].match == "r1-t1-g01-2"
    assert made.costs.calls == sum(json.loads(one)["calls"] for one in lines(tmp_path)) >= asked
    entries, ended = journal(tmp_path)
    assert {key: entries[key] for key in before} == before
    assert len(ended) == len(lines(tmp_path)) == 6


async def test_games_on_which_a_later_round_rests_stay_as_they_are(models, tmp_path):
    entrants = players("house:hard", "bard", "house:easy", "house:medium")
    wanted = (*TIC, *entrants, "--format", "swiss", "--rounds", "2", "--games", "1")
    async with FaultyModel(Mode.BAD_KEY).running() as server:
        models(bard=server)
        code, _, err = await command(tmp_path, *wanted)
    assert code == 1
    assert "A model has failed in 1 game; the same command plays it again." in err
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        code, out, err = await command(tmp_path, *wanted)
    assert code == 0, err
    assert "Aborted, and not rated: 1 of 4 games." in out
    assert [one.tries for one in reported(tmp_path).matches].count(2) == 1


async def test_a_model_that_fills_seats_and_fails_is_left_out_too(models, tmp_path):
    wanted = ("tournament", "--game", "chameleon", "--out", "results", "--fill", "bard")
    async with FaultyModel(Mode.BAD_KEY).running() as server:
        models(bard=server)
        code, out, err = await command(
            tmp_path, *wanted, *players("house:easy", "house:hard"), "--games", "6", "--jobs", "1"
        )
    assert code == 1
    assert "The tournament is not over; the same command goes on with it." in err
    assert "Aborted, and not rated: 3 of 3 games." in out
    assert "Still to be played: 3 games." in out
    assert re.search(r"(?m)^model:bard: .+ It is left out from now on\.", out)


async def test_characters_fill_seats_and_judge(models, tmp_path):
    async with FaultyModel(seed=1).running() as server:
        models(bard=server)
        for game, more in (
            ("chameleon", ("--fill", "character:Socrates:bard", "--games", "1")),
            ("debate", ("--seat", "judge=character:socrates", "--games", "1")),
        ):
            wanted = ("tournament", "--game", game, "--out", game, *more)
            asked = len(server.requests)
            code, out, err = await command(tmp_path, *wanted, *players("house:easy", "house:hard"))
            assert code == 0, out + err
            assert len(server.requests) > asked
            kept = json.loads((tmp_path / game / "report.json").read_text("utf-8"))
            assert kept["aborted"] == 0
