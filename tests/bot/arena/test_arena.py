"""What the arena promises: tables are woken, rested and timed, whatever is wrong with another."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.arena.arena import Arena
from games.core import Seat
from games.tic_tac_toe import TicTacToe

ANN, BOB = Seat("Ann"), Seat("Bob")
PEOPLE = {ANN: "person:ann", BOB: "person:bob"}


@dataclass(frozen=True)
class Hasty(TicTacToe):
    """Tic-tac-toe in which nobody has any time at all."""

    name = "hasty-tic-tac-toe"

    def asks(self, grid, /):
        return {seat: replace(ask, seconds=0) for seat, ask in super().asks(grid).items()}


async def opened(arena, game=None, room="shelf"):
    return await arena.open(game or TicTacToe(), PEOPLE, room=room, seed=5)


@pytest.fixture
async def terminal(store, arena, shelf):
    """An arena for the one table that somebody sits at."""
    terminal = Arena(store, arena._seating, lambda _: shelf, hosts=False)
    yield terminal
    await terminal.close()


async def test_a_terminal_never_takes_the_table_from_under_its_person(terminal):
    table = await opened(terminal)
    running = terminal.play(table)
    table.touched_at -= timedelta(hours=1)
    await terminal.tick()
    assert list(terminal.tables.values()) == [table]
    assert not running.done()


async def test_a_terminal_leaves_other_matches_to_whoever_hosts_them(arena, terminal, store):
    match_id = (await opened(arena, Hasty())).setup.match_id
    await terminal.tick()
    assert terminal.tables == {}
    assert len((await store.load(match_id)).entries) == 1
    assert [due.match_id for due in await store.due(datetime.now(UTC))] == [match_id]


async def test_a_table_is_not_idle_because_its_last_entry_is_old(arena):
    match_id = (await opened(arena)).setup.match_id
    arena.tables[match_id].touched_at -= timedelta(hours=1)
    await arena.tick()
    table = await arena.wake(match_id)
    assert datetime.now(UTC) - table.touched_at < timedelta(minutes=1)


async def test_a_match_that_cannot_be_read_stops_no_other_clock(arena, tmp_path):
    broken = (await opened(arena, Hasty(), "void")).setup.match_id
    sound = await opened(arena, Hasty())
    await arena.rest(broken)
    with closing(sqlite3.connect(tmp_path / "parlour.db")) as other:
        other.execute("UPDATE matches SET seed = 'none' WHERE room = 'void'")
        other.commit()
    await arena.tick()
    assert sound.players[ANN] == "house:medium"


async def test_a_table_rests_only_after_its_last_write_and_wakes_with_it(arena):
    match_id = (await opened(arena)).setup.match_id
    for cell in ("b2", "a1", "c3", "a3"):
        table = await arena.wake(match_id)
        answering = asyncio.create_task(table.submit(next(iter(table.match.asks)), cell))
        await asyncio.sleep(0)
        _, woken = await asyncio.gather(arena.rest(match_id), arena.wake(match_id))
        await answering
        assert woken is not table
        assert [event.cell for event in woken.match.log][-1] == cell
        assert (await arena.store.snapshot(match_id)).number == woken.entries
