"""People and characters who come to a table later, and words that are taken back."""

import asyncio
import re
import sqlite3
from contextlib import closing

import pytest

from bot.arena.arena import Arena
from bot.arena.events import Seated
from bot.arena.house_rules import HouseRules
from bot.arena.table import Table
from bot.errors import AlreadyDone, OperatorError, ShownToUser
from bot.store.sql_store import SqlStore
from characters import host
from characters.chat import Chat
from characters.chat_events import Deleted, Joined, Said, history
from characters.host import HOST
from games.core import IllegalMove, Seat, Words
from games.moderated_conversation import ModeratedConversation
from tests.bot.arena.conftest import Away

ANN, SOC = Seat("ann"), Seat("Socrates")


async def opened(arena):
    return await arena.open(Chat(), {HOST: "person"}, room="shelf", seed=5)


async def chatting(arena):
    table = await opened(arena)
    for seat in (ANN, SOC):
        person = seat == ANN
        answer = host.join_person(seat) if person else host.join_character(seat, words="Welcome.")
        await table.admit(seat, f"person:{seat}", by=HOST, answer=answer)
    return table


async def stored(arena, table):
    return await arena.store.load(table.setup.match_id)


def words(table):
    return [line.words for line in history(table.match.log)]


def in_the_file(tmp_path):
    """Return all that stands in the files of the database."""
    return b"".join(path.read_bytes() for path in tmp_path.glob("parlour.db*"))


async def test_somebody_new_sits_down_with_the_answer_that_brings_them(arena, shelf):
    table = await opened(arena)
    answer = host.join_character(SOC, ("gadfly",), 0.3, "Welcome.")
    entry = await table.admit(SOC, "person:7", by=HOST, answer=answer, cause="click-1")
    joined = Joined(SOC, character=True, aliases=("gadfly",), talkativeness=0.3)
    assert entry.events == (Seated(SOC, "person:7"), joined, Said(SOC, 1, Words("Welcome.")))
    assert table.players == table.first_players == {HOST: "person", SOC: "person:7"}
    assert (await stored(arena, table)).entries[-1] == entry
    (summary,) = await arena.store.matches()
    assert summary.seats == {HOST: "person", SOC: "person:7"}
    await arena.outbox.settle()
    assert shelf.texts()[-1] == "Socrates: Welcome."


async def test_who_comes_back_has_the_same_seat(arena):
    table = await chatting(arena)
    await table.submit(HOST, host.leave(ANN))
    entry = await table.admit(ANN, "person:ann", by=HOST, answer=host.join_person(ANN))
    assert [type(event) for event in entry.events] == [Joined]
    await table.submit(ANN, "Here I am.")


async def test_a_seat_that_is_somebody_elses_is_not_given_away(arena):
    table = await chatting(arena)
    entries = table.entries
    with pytest.raises(ShownToUser, match="ann is somebody else at this table; choose another"):
        await table.admit(ANN, "person:other", by=HOST, answer=host.join_person(ANN))
    assert (table.entries, table.players[ANN]) == (entries, "person:ann")


async def test_who_is_refused_by_the_rules_does_not_sit(arena):
    table = await chatting(arena)
    bob, entries = Seat("bob"), table.entries
    with pytest.raises(IllegalMove, match="Say whom it concerns"):
        await table.admit(bob, "person:bob", by=HOST, answer='{"do": "join"}')
    with pytest.raises(ShownToUser, match="martian is nobody"):
        await table.admit(bob, "martian", by=HOST, answer=host.join_person(bob))
    assert bob not in table.players
    assert table.entries == entries == len((await stored(arena, table)).entries)


async def test_one_click_lets_somebody_in_once(arena):
    table = await opened(arena)
    answer = host.join_person(ANN)
    await table.admit(ANN, "person:ann", by=HOST, answer=answer, cause="click-1")
    with pytest.raises(AlreadyDone):
        await table.admit(ANN, "person:ann", by=HOST, answer=answer, cause="click-1")
    assert table.entries == 2


async def test_a_store_that_fails_seats_nobody(arena, monkeypatch):
    table = await opened(arena)

    async def full(*_):
        raise OperatorError("The disk is full; make room.")

    monkeypatch.setattr(arena.store, "append", full)
    with pytest.raises(OperatorError, match="disk is full"):
        await table.admit(ANN, "person:ann", by=HOST, answer=host.join_person(ANN))
    monkeypatch.undo()
    assert ANN not in table.players
    assert ANN not in table.match.asks


async def test_after_a_crash_who_came_is_there_or_was_never_there(arena, tmp_path):
    table = await chatting(arena)
    store = await SqlStore.open(tmp_path / "parlour.db")
    again = Table(await store.load(table.setup.match_id), store, lambda *_: Away(), lambda *_: None)
    await store.close()
    assert again.players == table.players
    assert again.first_players == table.first_players
    assert again.match.state == table.match.state
    assert again.match.asks == table.match.asks


async def test_a_running_table_asks_those_who_come(arena):
    table = await opened(arena)
    running = arena.play(table)
    await table.admit(ANN, "person:ann", by=HOST, answer=host.join_person(ANN))
    await table.admit(SOC, "broken", by=HOST, answer=host.join_character(SOC))
    await table.submit(ANN, "Hello.")
    while table.match.state.queue:
        await asyncio.sleep(0.001)
    assert str((await stored(arena, table)).entries[-1].events[-1].told()) == (
        "Socrates stays silent."
    )
    await table.submit(HOST, host.end())
    assert (await running).scores == {}


async def test_two_processes_let_people_in_one_after_the_other(arena, shelf, tmp_path):
    table = await opened(arena)
    store = await SqlStore.open(tmp_path / "parlour.db")
    other = Arena(store, lambda *_: Away(), lambda _: shelf)
    twin = await other.wake(table.setup.match_id)
    await table.admit(ANN, "person:ann", by=HOST, answer=host.join_person(ANN))
    await twin.admit(SOC, "person:soc", by=HOST, answer=host.join_character(SOC))
    await table.submit(ANN, "Socrates?")
    assert table.players == {HOST: "person", ANN: "person:ann", SOC: "person:soc"}
    await twin.submit(HOST, host.quiet(True))  # and so it hears of the line
    await twin.submit(HOST, host.delete(1))
    await table.submit(ANN, "Again.")
    assert "Socrates?" not in repr(table.match.log)
    await other.close()
    await store.close()


async def test_nobody_in_a_chat_runs_out_of_time(store, shelf):
    rules = HouseRules(seconds=5.0)
    arena = Arena(store, lambda *_: Away(), lambda _: shelf, house_rules=lambda _: rules)
    table = await arena.open(Chat(), {HOST: "person"}, room="shelf")
    await table.admit(ANN, "person:ann", by=HOST, answer=host.join_person(ANN))
    await table.submit(ANN, "Is anybody here?")
    assert await store.due_of(table.setup.match_id) == []
    await arena.close()


# Words that are taken back.


@pytest.mark.parametrize("request_", [host.delete(2), host.edit(2, "Let us see.")])
async def test_a_line_that_is_taken_back_leaves_no_byte_behind(arena, tmp_path, request_):
    table = await chatting(arena)
    await table.submit(ANN, "my-secret-words")
    assert b"my-secret-words" in in_the_file(tmp_path)
    await table.submit(HOST, request_)
    assert b"my-secret-words" not in in_the_file(tmp_path)
    assert "my-secret-words" not in repr((table.match.log, table.match.turns))
    loaded = Table(await stored(arena, table), arena.store, lambda *_: Away(), lambda *_: None)
    assert loaded.match.to_json() == table.match.to_json()
    assert words(table)[0] == "Welcome."


async def test_every_version_of_a_line_is_taken_back_with_it(arena, tmp_path):
    table = await chatting(arena)
    await table.submit(ANN, "Hello.")
    await table.submit(SOC, "first-version")
    await table.submit(HOST, host.regenerate(3))
    await table.submit(SOC, "second-version")
    await table.submit(HOST, host.go_on(3))
    await table.submit(SOC, "a-continuation")
    await table.submit(HOST, host.edit(3, "an-edit"))
    await table.submit(HOST, host.delete(3))
    left = in_the_file(tmp_path)
    for said in (b"first-version", b"second-version", b"a-continuation", b"an-edit"):
        assert said not in left
    assert words(table) == ["Welcome.", "Hello."]


async def test_what_cannot_be_written_takes_nothing_back(arena, monkeypatch):
    table = await chatting(arena)
    await table.submit(ANN, "my words")

    async def full(*_):
        raise OperatorError("The disk is full; make room.")

    monkeypatch.setattr(arena.store, "append", full)
    with pytest.raises(OperatorError, match="disk is full"):
        await table.submit(HOST, host.delete(2))
    monkeypatch.undo()
    assert words(table) == ["Welcome.", "my words"]
    assert Deleted not in [type(event) for event in table.match.log]


async def test_a_seat_that_is_forgotten_is_forgotten_in_memory_as_well(arena, tmp_path):
    game = ModeratedConversation(simultaneous=True)
    players = {Seat("ann"): "person:1", Seat("bob"): "person:2", Seat("moderator"): "person:3"}
    table = await arena.open(game, players, room="shelf")
    await table.submit(ANN, "my-secret-words")
    assert "my-secret-words" in repr(table.match.state)
    assert await table.forget(ANN) == 1
    assert "my-secret-words" not in repr((table.match.state, table.match.log, table.match.turns))
    await table.submit(Seat("bob"), "I go on.")
    await arena.rest(table.setup.match_id)
    with closing(sqlite3.connect(tmp_path / "parlour.db")) as connection:
        snapshots = connection.execute("SELECT state FROM snapshots").fetchall()
    assert snapshots
    assert not re.search("my-secret-words", repr(snapshots))
