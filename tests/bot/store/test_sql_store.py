"""The journal: what was awaited is there, in order, once."""

import asyncio
from datetime import timedelta
from time import process_time

import pytest

from bot.arena.events import Remarked, Seated
from bot.errors import AlreadyDone, OperatorError, StaleMatch, UnknownMatch
from bot.ports import Due, Effects, Entry, Outgoing, Setup, Snapshot
from bot.store.sql_store import SqlStore
from games.core import SPECTATOR, TABLE, Match, Outcome, Seat, Text, Words
from games.rock_paper_scissors import Revealed, RockPaperScissors, Scored, Throw, Thrown
from games.tic_tac_toe import TicTacToe
from tests.bot.store.conftest import ANN, BOB, NOON

NOTHING = Effects()


def remark(number, words="hello", seat=ANN, cause=None):
    return Entry(number, seat, (Remarked(seat, Words(words)),), NOON, cause)


async def numbers(store, match_id="m1"):
    return [entry.number for entry in (await store.load(match_id)).entries]


async def test_a_match_reads_back_as_it_was_written(store):
    setup = Setup("m1", RockPaperScissors(target=3), (ANN, BOB), 2**80, "terminal", NOON)
    first = Entry(1, TABLE, (Seated(ANN, "me"), Seated(BOB, "house:hard")), NOON, "click 1")
    throws = (
        Thrown(BOB, Throw.ROCK),
        Revealed({ANN: Throw.PAPER, BOB: Throw.ROCK}),
        Scored(ANN),
        Remarked(ANN, Words("gut gespielt 🎲")),
    )
    second = Entry(2, BOB, throws, NOON + timedelta(microseconds=1))
    await store.open_match(setup, first, NOTHING)
    await store.append("m1", second, NOTHING)
    stored = await store.load("m1")
    assert stored.setup == setup
    assert list(stored.entries) == [first, second]
    assert type(stored.entries[1].events[3].words) is Words
    assert stored.outcome is None


async def test_it_reads_back_the_same_after_reopening(store_url):
    store = await SqlStore.open(store_url)
    setup = Setup("m1", TicTacToe(), (ANN, BOB), 7, "terminal", NOON)
    await store.open_match(setup, remark(1), NOTHING)
    before = await store.load("m1")
    await store.close()
    store = await SqlStore.open(store_url)
    assert await store.load("m1") == before
    await store.append("m1", remark(2), NOTHING)
    assert await numbers(store) == [1, 2]
    await store.close()


async def test_a_number_that_is_taken_is_stale_and_changes_nothing(store, opened):
    await opened()
    await store.append("m1", remark(2, "first"), NOTHING)
    with pytest.raises(StaleMatch, match="The match m1 stands at 2, not at 1"):
        await store.append("m1", remark(2, "second"), Effects([Outgoing("m1", 2, SPECTATOR)]))
    assert [e.events for e in (await store.load("m1")).entries[1:]] == [remark(2, "first").events]
    assert await store.undelivered() == []


@pytest.mark.parametrize("number", [0, -1, 3, 10])
async def test_a_number_that_leaves_a_gap_is_stale_and_changes_nothing(store, opened, number):
    await opened()
    with pytest.raises(StaleMatch, match="The match m1 stands at 1"):
        await store.append("m1", remark(number), NOTHING)
    assert await numbers(store) == [1]


@pytest.mark.parametrize("number", [1, 2])
async def test_an_entry_for_an_unknown_match_is_refused(store, opened, number):
    with pytest.raises(UnknownMatch, match="There is no match 'nowhere'"):
        await store.append("nowhere", remark(number), NOTHING)
    for typed in ("nowhere", "", "lone \ud800 half", "NUL \0", "x" * 100_000):
        with pytest.raises(UnknownMatch, match="There is no match '"):
            await store.load(typed)
    assert await store.matches() == []


async def test_a_cause_counts_once_in_the_whole_store(store, opened):
    await opened("m1", cause="click 1")
    await opened("m2")
    with pytest.raises(AlreadyDone, match="'click 1' has had its effect already"):
        await store.append("m2", remark(2, cause="click 1"), NOTHING)
    with pytest.raises(AlreadyDone, match="'click 1' has had its effect already"):
        await opened("m3", cause="click 1")
    assert await numbers(store, "m2") == [1]
    assert {summary.match_id for summary in await store.matches()} == {"m1", "m2"}


async def test_a_match_id_that_is_taken_is_stale(store, opened):
    await opened("m1")
    with pytest.raises(StaleMatch, match="There is a match 'm1' already"):
        await opened("m1")


async def test_in_one_batch_only_the_guilty_are_refused(store, opened):
    for table in range(20):
        await opened(f"m{table}", cause="click" if table == 0 else None)
    guilty = {3: remark(2, cause="click"), 7: remark(5), 11: remark(2, "lone \ud800 half")}
    results = await asyncio.gather(
        *(store.append(f"m{n}", guilty.get(n, remark(2)), NOTHING) for n in range(20)),
        store.append("nowhere", remark(2), NOTHING),
        return_exceptions=True,
    )
    refused = {n: type(why) for n, why in enumerate(results) if why is not None}
    assert refused == {3: AlreadyDone, 7: StaleMatch, 11: OperatorError, 20: UnknownMatch}
    for table in range(20):
        assert await numbers(store, f"m{table}") == ([1] if table in guilty else [1, 2])


async def test_appends_to_one_match_at_the_same_time_keep_their_order(store, opened):
    await opened()
    await asyncio.gather(*(store.append("m1", remark(n), NOTHING) for n in range(2, 30)))
    assert await numbers(store) == list(range(1, 30))


async def test_of_two_who_append_at_the_same_time_one_is_stale(store, opened):
    await opened()
    first, second = await asyncio.gather(
        store.append("m1", remark(2, "first"), NOTHING),
        store.append("m1", remark(2, "second"), NOTHING),
        return_exceptions=True,
    )
    assert first is None
    assert isinstance(second, StaleMatch)
    assert (await store.load("m1")).entries[1] == remark(2, "first")


async def test_cancelled_callers_leave_whole_entries_or_none(store, opened):
    for table in range(10):
        await opened(f"m{table}")

    async def talk(match_id):
        for number in range(2, 100):
            message = Outgoing(match_id, number, SPECTATOR)
            await store.append(match_id, remark(number, f"words {number}"), Effects([message]))

    for pause in (0, 0.001, 0.002, 0.005, 0.01):
        tasks = [asyncio.create_task(talk(f"m{table}")) for table in range(10)]
        await asyncio.sleep(pause)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    await store.set_setting("test", "all", "written")  # stands behind everything still waiting
    for table in range(10):
        entries = (await store.load(f"m{table}")).entries
        assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
        assert all(e.events[0].words == f"words {e.number}" for e in entries[1:])
        waiting = await store.undelivered(f"m{table}")
        assert [message.number for message in waiting] == [entry.number for entry in entries[1:]]


async def test_closing_writes_what_still_waits(store_url):
    store = await SqlStore.open(store_url)
    await store.open_match(
        Setup("m1", TicTacToe(), (ANN, BOB), 7, "terminal", NOON), remark(1), NOTHING
    )
    waiting = [asyncio.create_task(store.append("m1", remark(n), NOTHING)) for n in range(2, 50)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*waiting)
    with pytest.raises(OperatorError, match="The store is closed"):
        await store.append("m1", remark(50), NOTHING)
    store = await SqlStore.open(store_url)
    assert await numbers(store) == list(range(1, 50))
    await store.close()


async def test_messages_wait_in_order_until_they_have_arrived(store, opened):
    first, secret = Outgoing("m1", 1, SPECTATOR), Outgoing("m1", 1, ANN)
    await opened("m1", outgoing=(first, secret))
    later = Outgoing("m1", 2, SPECTATOR)
    await store.append(
        "m1", Entry(2, ANN, (), NOON + timedelta(seconds=1)), Effects(outgoing=(later,))
    )
    assert await store.undelivered() == [first, secret, later]
    await store.delivered(first, "message 17")
    assert await store.undelivered("m1") == [secret, later]
    assert await store.undelivered("m2") == []


async def test_a_time_limit_is_due_once_it_has_passed_and_until_it_is_struck_out(store, opened):
    early, late = Due("m1", ANN, "1-a", NOON), Due("m1", BOB, "1-b", NOON + timedelta(seconds=9))
    await opened("m1", due=(late, early))
    assert await store.due(NOON - timedelta(microseconds=1)) == []
    assert await store.due(NOON) == [early]
    assert await store.due(NOON + timedelta(seconds=9)) == [early, late]
    await store.done(early)
    assert await store.due(NOON + timedelta(days=1)) == [late]


async def test_a_new_question_replaces_the_time_limit_of_the_seat(store, opened):
    old, new = Due("m1", ANN, "1-a", NOON), Due("m1", ANN, "2-c", NOON + timedelta(seconds=1))
    await opened("m1", due=(old,))
    await store.append("m1", remark(2), Effects(due=(new,)))
    await store.done(old)
    assert await store.due(NOON + timedelta(days=1)) == [new]


async def test_the_last_entry_closes_the_match_and_its_time_limits(store, opened):
    await opened("m1", due=(Due("m1", ANN, "1-a", NOON),))
    await opened("m2")
    outcome = Outcome({ANN: 2.0, BOB: 0.0}, Text("{seat} wins.", seat=ANN))
    await store.append("m1", remark(2), Effects(outcome=outcome))
    assert (await store.load("m1")).outcome == outcome
    assert [summary.match_id for summary in await store.matches(open_only=True)] == ["m2"]
    assert await store.due(NOON + timedelta(days=1)) == []


async def test_matches_are_listed_newest_first_with_who_sits_where_now(store):
    for day in range(3):
        at = NOON + timedelta(days=day)
        setup = Setup(f"m{day}", TicTacToe(), (BOB, ANN), 7, "terminal", at)
        players = {ANN: "me", BOB: "house:easy", Seat("moderator"): "house:hard"}
        await store.open_match(setup, remark(1), Effects(players=players))
    await store.append("m2", remark(2), Effects(players={ANN: "house:medium"}))
    newest, middle = await store.matches(limit=2)
    assert (newest.match_id, middle.match_id) == ("m2", "m1")
    assert list(newest.seats.items()) == [
        (BOB, "house:easy"),
        (ANN, "house:medium"),
        (Seat("moderator"), "house:hard"),
    ]
    assert (newest.game, newest.room, newest.entries) == ("tic-tac-toe", "terminal", 2)
    assert newest.opened_at == NOON + timedelta(days=2)
    assert not newest.closed


async def test_snapshots_keep_the_newest_state(store, opened):
    await opened()
    assert await store.snapshot("m1") is None
    await store.save_snapshot("m1", Snapshot(1, "rps 1", "{}"))
    await store.save_snapshot("m1", Snapshot(2, "rps 1", '{"won":[]}'))
    assert await store.snapshot("m1") == Snapshot(2, "rps 1", '{"won":[]}')
    with pytest.raises(UnknownMatch, match="There is no match 'm9'"):
        await store.save_snapshot("m9", Snapshot(1, "rps 1", "{}"))


async def test_settings_stay_as_they_were_last_set(store):
    assert await store.get_setting("server 1", "language") is None
    await store.set_setting("server 1", "language", "de")
    await store.set_setting("server 1", "language", "fr")
    assert await store.get_setting("server 1", "language") == "fr"
    assert await store.get_setting("server 2", "language") is None


async def test_a_hundred_thousand_events_load_quickly(store, opened):
    await opened()
    rounds = (Thrown(ANN, Throw.ROCK), Thrown(BOB, Throw.ROCK), Revealed({ANN: Throw.ROCK}))
    entries = [Entry(number, ANN, rounds * 17, NOON) for number in range(2, 2002)]
    await asyncio.gather(*(store.append("m1", entry, NOTHING) for entry in entries))
    begin = process_time()
    stored = await store.load("m1")
    took = process_time() - begin
    assert sum(len(entry.events) for entry in stored.entries) == 102_000
    assert took < 30, f"{took:.1f} s; about 1 s is usual"


async def test_a_forgotten_seat_has_said_nothing_and_replay_still_works(store, opened):
    await opened()
    match = Match(RockPaperScissors(), (ANN, BOB), 7)
    await store.append("m1", remark(2, "my secret"), NOTHING)
    turn = match.say("ann", "rock")
    await store.append("m1", Entry(3, ANN, turn.events, NOON), NOTHING)
    both = Entry(4, BOB, (Remarked(ANN, Words("another")), Remarked(BOB, Words("mine"))), NOON)
    await store.append("m1", both, NOTHING)
    await store.save_snapshot("m1", Snapshot(4, "rps 1", '"my secret"'))
    assert await store.forget("m1", ANN) == 2
    assert await store.forget("m1", ANN) == 0
    entries = (await store.load("m1")).entries
    assert entries[1].events == (Remarked(ANN, Words("")),)
    assert entries[3].events == (Remarked(ANN, Words("")), Remarked(BOB, Words("mine")))
    assert await store.snapshot("m1") is None
    again = Match(RockPaperScissors(), (ANN, BOB), 7, turns=match.turns)
    assert entries[2].events == tuple(again.log)
