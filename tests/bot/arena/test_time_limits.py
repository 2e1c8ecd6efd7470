"""Time limits through pauses and changes of players: nobody waits for ever."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from games.core import Seat, Text
from games.tic_tac_toe import TicTacToe

ANN, BOB = Seat("Ann"), Seat("Bob")
LATER = timedelta(seconds=61)


@dataclass(frozen=True)
class Brisk(TicTacToe):
    """Tic-tac-toe with a minute for each move."""

    name = "brisk-tic-tac-toe"

    def asks(self, grid, /):
        return {seat: replace(ask, seconds=60) for seat, ask in super().asks(grid).items()}


@pytest.fixture
async def table(arena):
    return await arena.open(Brisk(), {ANN: "me", BOB: "me"}, room="shelf", seed=5)


async def limits(arena):
    return await arena.store.due(datetime.now(UTC) + LATER)


async def test_a_limit_that_runs_out_in_a_pause_is_set_again_when_the_match_goes_on(arena, table):
    await table.pause(Text("tea"))
    (passed,) = await limits(arena)
    await table.expire(passed)
    await arena.store.done(passed)
    assert table.players[ANN] == "me"
    assert await limits(arena) == []
    await table.resume()
    (anew,) = await limits(arena)
    assert (anew.seat, anew.ask_id) == (ANN, passed.ask_id)
    assert anew.at > passed.at


async def test_whoever_takes_a_seat_has_the_whole_time(arena, table):
    (first,) = await limits(arena)
    await table.leave(ANN)
    await table.come_back(ANN)
    (anew,) = await limits(arena)
    assert anew.at > first.at
    await arena.store.done(first)  # it was read before the seat changed hands
    assert await limits(arena) == [anew]


async def test_an_answer_that_is_being_written_has_come_in_time(arena, table):
    (due,) = await limits(arena)
    saying = asyncio.create_task(table.submit(ANN, "b2"))
    await asyncio.sleep(0)  # it waits for the disk
    await table.expire(due)
    await saying
    assert table.players[ANN] == "me"
    assert len((await arena.store.load(table.setup.match_id)).entries) == 2


async def test_nobody_is_reminded_of_what_is_being_answered(arena):
    table = await arena.open(Brisk(), {ANN: "person:a", BOB: "me"}, room="shelf", seed=5)
    (due,) = await limits(arena)
    saying = asyncio.create_task(table.submit(ANN, "b2"))
    await asyncio.sleep(0)  # it waits for the disk
    await table.remind(due)
    await saying
    assert len((await arena.store.load(table.setup.match_id)).entries) == 2
