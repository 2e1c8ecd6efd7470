"""A table with a faulty model: every turn ends in time, as a move, a default, or a told skip."""

import asyncio
import time

import pytest

from bot.arena.events import Substituted
from bot.ports import Message
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Seat
from games.rock_paper_scissors import RockPaperScissors
from tests.faulty_model import FaultyModel, Mode

SECONDS = 1.0
ABLE = {
    Mode.OK,
    Mode.THINKING,
    Mode.NO_SCHEMA,
    Mode.NO_STREAM,
    Mode.NO_STREAM_OPTIONS,
    Mode.NEWER,
    Mode.WRONG_FIRST,
}
"""Modes in which a server gives usable answers after all; in the others the table answers."""


class Heard:
    def __init__(self):
        self.texts = []

    async def deliver(self, message: Message):
        self.texts += map(str, message.texts)
        return message.nonce


@pytest.fixture
async def server():
    async with FaultyModel().running() as server:
        yield server


@pytest.mark.parametrize("mode", Mode)
async def test_a_game_with_a_faulty_model_never_hangs_and_never_dies(mode, server, tmp_path):
    server.mode = mode
    models = tmp_path / "models.toml"
    models.write_text(
        f'[parrot]\nbase_url = "{server.url}"\nmodel = "tiny"\nseconds = {SECONDS}\n', "utf-8"
    )
    heard = Heard()
    wiring = Wiring(Settings(data=tmp_path, models=models), room=heard)
    players = {Seat("Ann"): "model:parrot", Seat("Bob"): "house:easy"}
    async with wiring.arena() as arena:
        table = await arena.open(RockPaperScissors(target=1), players, room="here", seed=4)
        began = time.monotonic()
        outcome = await asyncio.wait_for(arena.play(table), 60)
        turns = len(table.match.turns)
        assert time.monotonic() - began < turns * (3 * SECONDS + 2)
        await arena.outbox.settle()
        stored = await arena.store.load(table.setup.match_id)
    assert not outcome.aborted
    replaced = [e for entry in stored.entries for e in entry.events if isinstance(e, Substituted)]
    assert bool(replaced) == (mode not in ABLE)
    for event in replaced:
        assert str(event.told()) in heard.texts
        assert "Traceback" not in str(event.told())
