"""What the tests of the arena share: a real store, a room that remembers, and its arena."""

import asyncio

import pytest

from bot.arena.arena import Arena
from bot.errors import ModelError, ShownToUser
from bot.players.house import HouseBot
from bot.store.sql_store import SqlStore
from games.core import Level


class Shelf:
    """A room that remembers what it was shown."""

    def __init__(self):
        self.messages = []

    async def deliver(self, message):
        if message.nonce not in [shown.nonce for shown in self.messages]:
            self.messages.append(message)
        return message.nonce

    def texts(self, audience=""):
        """Return what was told, without the calls to people whose turn it is."""
        parts = [part for m in self.messages if m.audience == audience for part in m.parts]
        return [str(part.text) for part in parts if not part.called]


class Rude:
    """Never gives an answer that can be read."""

    def __init__(self):
        self.refusals = []

    async def answer(self, view, ask, refusals):
        self.refusals.append(refusals)
        return "mumble"


class Broken:
    async def answer(self, view, ask, refusals):
        raise ModelError("The model m does not answer; start its server.")


class Away:
    async def answer(self, view, ask, refusals):
        await asyncio.Event().wait()


PLAYERS = {"rude": Rude, "broken": Broken, "person": Away, "me": Away}


@pytest.fixture
async def store(tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    yield store
    await store.close()


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
async def arena(store, shelf):
    def seating(player, setup, seat):
        kind, _, level = player.partition(":")
        if kind == "house":
            return HouseBot(Level(level), setup.seed, seat)
        if kind not in PLAYERS:
            raise ShownToUser(f"{player} is nobody.")
        return PLAYERS[kind]()

    arena = Arena(store, seating, lambda _: shelf)
    yield arena
    await arena.close()
