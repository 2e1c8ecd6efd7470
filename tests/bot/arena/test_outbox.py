"""What the outbox promises: everything in order, once, whatever its rooms do."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.arena import outbox
from bot.ports import Entry
from games.core import Seat, Words
from games.moderated_conversation import MODERATOR, Judged
from games.rock_paper_scissors import RockPaperScissors
from games.tic_tac_toe import TicTacToe

ANN, BOB = Seat("Ann"), Seat("Bob")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(outbox, "RETRY_SECONDS", (0.0, 0.0))


async def opened(arena, room="shelf"):
    return await arena.open(TicTacToe(), {ANN: "person:ann", BOB: "person:bob"}, room=room, seed=5)


def failing(monkeypatch, shelf, error):
    """Let the room fail with an error, for every message, until it is mended."""

    async def fail(message):
        raise error

    monkeypatch.setattr(shelf, "deliver", fail)


async def test_a_room_out_of_reach_keeps_its_order_and_misses_nothing(arena, shelf, monkeypatch):
    table = await opened(arena)
    await arena.outbox.settle()
    with monkeypatch.context() as broken:
        failing(broken, shelf, ConnectionResetError("gone"))
        await table.submit(ANN, "b2")
        await arena.outbox.settle()  # given up for now, and nobody waits for ever
        await table.submit(BOB, "a1")
        await arena.outbox.settle()
    assert len(await arena.store.undelivered()) == 2
    await arena.tick()
    await arena.outbox.settle()
    assert shelf.texts()[-2:] == ["Ann marks b2.", "Bob marks a1."]
    assert await arena.store.undelivered() == []


async def test_a_message_that_a_room_cannot_show_does_not_make_it_deaf(arena, shelf, monkeypatch):
    table = await opened(arena)
    await arena.outbox.settle()
    with monkeypatch.context() as broken:
        failing(broken, shelf, ValueError("too long"))
        await table.submit(ANN, "b2")
        await arena.outbox.settle()
    await table.submit(BOB, "a1")
    await arena.outbox.settle()
    assert shelf.texts()[-1] == "Bob marks a1."
    assert [message.number for message in await arena.store.undelivered()] == [2]


async def test_after_a_restart_everything_is_told_in_the_order_in_which_it_was_promised(
    arena, shelf, monkeypatch
):
    with monkeypatch.context() as broken:
        failing(broken, shelf, ConnectionResetError("gone"))
        table = await arena.open(
            RockPaperScissors(), {ANN: "person:ann", BOB: "person:bob"}, room="shelf", seed=5
        )
        await table.submit(ANN, "rock")
        await table.submit(BOB, "paper")
        await arena.outbox.close()
    await arena.outbox.redeliver()
    await arena.outbox.settle()
    promised = await arena.store.load(table.setup.match_id)
    assert [message.nonce for message in shelf.messages] == [
        message.nonce
        for entry in promised.entries
        for message in outbox.outgoing(table.setup.match_id, entry, table.players)
    ]
    assert shelf.messages[-2].audience == BOB  # his own throw is told before it is revealed
    assert all(message.again for message in shelf.messages)


async def test_a_room_costs_nothing_once_it_has_heard_everything(arena):
    for number in range(5):
        await opened(arena, room=f"room {number}")
    await arena.outbox.settle()
    assert arena.outbox._tasks == {}
    assert arena.outbox._waiting == {}


async def test_a_match_that_cannot_be_read_keeps_no_other_from_being_told(
    arena, shelf, tmp_path, monkeypatch
):
    with monkeypatch.context() as broken:
        failing(broken, shelf, ConnectionResetError("gone"))
        await opened(arena, "void")
        sound = await opened(arena)
        await arena.outbox.close()
    with closing(sqlite3.connect(tmp_path / "parlour.db")) as other:
        other.execute("UPDATE matches SET seed = 'none' WHERE room = 'void'")
        other.commit()
    assert await arena.outbox.redeliver() == 2
    await arena.outbox.settle()
    told = [message.match_id for message in shelf.messages]
    assert told == [sound.setup.match_id]


async def test_where_there_is_nothing_to_tell_there_is_no_message():
    events = (
        Judged(Words(""), over=False, winner=None, shown=True),
        Judged(Words("m"), False, None, False),
    )
    entry = Entry(2, MODERATOR, events, datetime.now(UTC))
    assert outbox.outgoing("m1", entry, {ANN: "me", MODERATOR: "house:hard"}) == []
    (message,) = outbox.outgoing("m1", entry, {ANN: "me", MODERATOR: "me"})
    assert message.audience == MODERATOR
