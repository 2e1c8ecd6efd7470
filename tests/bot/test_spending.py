"""A match whose models have no budget left: it pauses, and goes on when there is money again."""

import pytest

from bot.administration import Budget, Limit, Payer
from bot.arena.events import Paused, Substituted
from bot.models.budget import Spending
from bot.models.config import ModelSettings
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Seat
from games.tic_tac_toe import TicTacToe
from tests.faulty_model import FaultyModel

HERE, ADMIN, ANN = 1, 77, 88
PLAYERS = {Seat("ada"): "model:parrot", Seat("bob"): "model:parrot"}


@pytest.fixture
async def server():
    async with FaultyModel(seed=1).running() as server:
        yield server


@pytest.fixture
def settings(tmp_path, server):
    (tmp_path / "models.toml").write_text(
        f'[parrot]\nbase_url = "{server.url}"\nmodel = "tiny"\nmax_tokens = 50\n'
    )
    return Settings(data=tmp_path / "data", models=tmp_path / "models.toml", _env_file=None)


@pytest.fixture
def wiring(settings):
    return Wiring(settings)


async def logged(arena, table, kind):
    stored = await arena.store.load(table.setup.match_id)
    return [event for entry in stored.entries for event in entry.events if isinstance(event, kind)]


async def limit(arena, requests):
    budget = Budget(guild=Limit(requests=requests))
    await arena.store.administration.change_budget(HERE, budget, ADMIN)


async def test_a_match_without_budget_pauses_and_nobody_plays_at_random(wiring, server):
    async with wiring.arena() as arena:
        wiring.spending = lambda _: Spending(
            arena.store.accounts, Payer(HERE, ANN), lambda payer, said: None
        )
        await limit(arena, 3)
        table = await arena.open(TicTacToe(), PLAYERS, room="terminal", seed=1)
        assert await arena.play(table) is None
        assert table.paused
        assert len(server.requests) == 3
        assert await logged(arena, table, Substituted) == []
        (paused,) = await logged(arena, table, Paused)
        assert str(paused.reason).startswith("This server's budget for models is spent: 3 requests")
        await table.resume()
        assert await arena.play(table) is None
        assert len(server.requests) == 3
        await limit(arena, 1000)
        await table.resume()
        assert await arena.play(table) is not None


async def test_without_anybody_who_counts_models_play_on(wiring):
    async with wiring.arena() as arena:
        await limit(arena, 0)
        table = await arena.open(TicTacToe(), PLAYERS, room="terminal", seed=1)
        assert await arena.play(table) is not None


async def test_a_place_may_have_a_model_of_its_own_under_the_same_name(wiring, server):
    own = ModelSettings(name="parrot", base_url=server.url, model="own")
    wiring.own_model = lambda setup, name: own if setup.room == "discord:1" else None
    async with wiring.arena() as arena:
        for room in ("discord:1", "terminal"):
            server.requests.clear()
            table = await arena.open(TicTacToe(), PLAYERS, room=room, seed=1)
            assert await arena.play(table) is not None
            used = {request.body["model"] for request in server.requests}
            assert used == ({"own"} if room == "discord:1" else {"tiny"})
