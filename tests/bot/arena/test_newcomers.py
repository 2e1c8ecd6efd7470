"""A mayor at a table: it is handed over after silence, and those whom it invites sit down."""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from bot.arena.arena import Arena
from bot.arena.events import Seated
from bot.arena.towns import NOBODY, TownPlace
from games.core import Level, Seat
from tests.bot.arena.conftest import Away
from towns.events import CLOCK, HOST, MAYOR
from towns.town import Town

TOWN = TownPlace("town0001", 1, 2, 3, "i:1", player="house:medium")
NEWCOMER = {
    "do": "recruit", "name": "Wanda", "home": "Toll House", "bio": "A cook.", "goal": "Rest.",
}  # fmt: skip


@pytest.fixture
async def arena(store, shelf):
    rules = TOWN.house_rules()
    arena = Arena(store, lambda *_: Away(), lambda _: shelf, house_rules=lambda _: rules)
    yield arena
    await arena.close()


@pytest.fixture
async def table(arena):
    """A town of one, whose mayor is a member and is asked."""
    players = {Seat("Ngozi"): "me", CLOCK: "person", MAYOR: "person:9", HOST: "person"}
    game = Town(governed=True, mayor=True)
    table = await arena.open(game, players, room="shelf", match_id=TOWN.match_id, seed=5)
    await table.submit(CLOCK, str(game.start.clock.next(0, 9)))
    while "Ngozi" in table.match.asks:
        ask, view = table.match.asks["Ngozi"], table.match.view_of(Seat("Ngozi"))
        await table.submit(Seat("Ngozi"), game.house_answer(view, ask, Level.HARD, Random(0)))
    return table


async def test_a_mayor_who_is_silent_is_handed_over_and_comes_back(arena, table):
    (due,) = [
        one
        for one in await arena.store.due(datetime.now(UTC) + timedelta(hours=1))
        if one.seat == MAYOR
    ]
    before = table.match.state
    await table.expire(due)
    assert (table.players[MAYOR], table.first_players[MAYOR]) == (NOBODY, "person:9")
    assert table.match.state is before
    await table.come_back(MAYOR)
    assert table.players[MAYOR] == "person:9"


async def test_who_is_invited_by_the_mayor_sits_down_with_the_same_entry(arena, table):
    entry = await table.submit(MAYOR, json.dumps(NEWCOMER))
    assert entry.events[0] == Seated(Seat("Wanda"), "house:medium")
    assert table.players["Wanda"] == table.first_players["Wanda"] == "house:medium"
    stored = await arena.store.load(TOWN.match_id)
    assert stored.entries[-1].events == entry.events


async def test_who_is_invited_by_the_host_sits_down_too_and_only_once(table):
    await table.submit(MAYOR, '{"do": "nothing"}')
    await table.submit(HOST, json.dumps(NEWCOMER))
    assert table.players["Wanda"] == "house:medium"
    await table.reseat(Seat("Wanda"), "person:7")
    await table.submit(HOST, json.dumps({"do": "go", "name": "Wanda"}))
    again = await table.submit(HOST, json.dumps(NEWCOMER))
    assert not any(isinstance(one, Seated) for one in again.events)
    assert table.players["Wanda"] == "person:7"
