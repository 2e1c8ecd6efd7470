"""Whole games in which every seat is a model of this machine."""

import asyncio
from dataclasses import replace

import pytest

from bot.arena.events import Substituted
from bot.settings import Settings
from bot.wiring import Wiring
from games import GAMES
from games.core import Seat
from games.core.options import options_of
from tests import gguf_maker

NAMES = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay")


def short(kind):
    """Return a game of few rounds and little talk."""
    known = {option.name for option in options_of(kind)}
    few = {"rounds": 2, "max_rounds": 2, "talk": 1, "moves": 5}
    return kind(**{name: value for name, value in few.items() if name in known})


@pytest.mark.parametrize("name", GAMES)
async def test_a_game_among_local_models_runs_to_its_end(name, settings):
    game = short(GAMES[name])
    seats = [*NAMES[: max(game.min_seats, min(3, game.max_seats))], *game.environment]
    players = {
        Seat(seat): f"model:{'talking' if number % 2 else 'tiny'}"
        for number, seat in enumerate(seats)
    }
    async with Wiring(settings).arena() as arena:
        table = await arena.open(game, players, room="here", seed=4)
        outcome = await asyncio.wait_for(arena.play(table), 60)
        stored = await arena.store.load(table.setup.match_id)
    assert not outcome.aborted
    told = [event for entry in stored.entries for event in entry.events]
    replaced = [str(event.told()) for event in told if isinstance(event, Substituted)]
    # Noise has no end, so what it writes into a form is cut off; and it breaks rules of games.
    assert len(replaced) < len(table.match.turns)


async def test_a_model_of_short_texts_plays_a_long_game_to_its_end(tmp_path, llama):
    shape = replace(gguf_maker.TINY, context=2048, merges=3000)
    gguf_maker.tiny(tmp_path / "short.gguf", shape=shape)
    (tmp_path / "models.toml").write_text('[short]\nfile = "short.gguf"\nmax_tokens = 40\n')
    here = Settings(data=tmp_path, models=tmp_path / "models.toml", models_folder=tmp_path)
    ann, bob = Seat("Ann"), Seat("Bob")
    said = ["I remember the long way over the hills and what the people there told us. " * 5] * 40
    async with Wiring(here, script={ann: said}).arena() as arena:
        game = GAMES["conversation"](rounds=40)
        players = {ann: "script", bob: "model:short"}
        table = await arena.open(game, players, room="here", seed=4)
        outcome = await asyncio.wait_for(arena.play(table), 60)
        stored = await arena.store.load(table.setup.match_id)
    assert not outcome.aborted
    told = [event for entry in stored.entries for event in entry.events]
    assert not [event for event in told if isinstance(event, Substituted)]
    assert sum(len(str(event.told())) for event in told) > 4 * 2048
