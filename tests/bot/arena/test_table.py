"""What a table promises: decide, store, commit, tell, and a game that never hangs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.arena.arena import Arena
from bot.arena.events import Aborted, HandedOver, Remarked, Substituted
from bot.arena.snapshots import restore
from bot.arena.table import REFUSALS
from bot.errors import AlreadyDone, OperatorError, ShownToUser
from games.conversation import Conversation, Floor
from games.core import NotYourTurn, Seat, Text, UnclearMove
from games.rock_paper_scissors import RockPaperScissors
from games.tic_tac_toe import TicTacToe

ANN, BOB = Seat("Ann"), Seat("Bob")


async def opened(arena, ann="person:ann", bob="person:bob", game=None):
    return await arena.open(game or TicTacToe(), {ANN: ann, BOB: bob}, room="shelf", seed=5)


async def journal(arena, table):
    return (await arena.store.load(table.setup.match_id)).entries


async def test_an_answer_is_in_the_journal_before_it_is_told(arena, shelf):
    table = await opened(arena)
    await table.submit(ANN, "b2")
    await arena.outbox.settle()
    assert (await journal(arena, table))[-1].events[0].cell == "b2"
    assert shelf.texts()[-1] == "Ann marks b2."


async def test_a_refused_answer_changes_nothing(arena):
    table = await opened(arena)
    with pytest.raises(UnclearMove, match="exactly one of"):
        await table.submit(ANN, "everywhere")
    with pytest.raises(NotYourTurn, match="turn of Ann"):
        await table.submit(BOB, "a1")
    assert table.match.log == []
    assert len(await journal(arena, table)) == 1


async def test_a_store_that_fails_leaves_the_match_and_the_room_as_they_were(
    arena, shelf, monkeypatch
):
    table = await opened(arena)

    async def full(*_):
        raise OperatorError("The disk is full; make room.")

    monkeypatch.setattr(arena.store, "append", full)
    with pytest.raises(OperatorError, match="disk is full"):
        await table.submit(ANN, "b2")
    monkeypatch.undo()
    await arena.outbox.settle()
    assert table.match.log == []
    assert "Ann marks b2." not in shelf.texts()
    await table.submit(ANN, "b2")
    assert len(await journal(arena, table)) == 2


async def test_the_same_click_counts_once(arena):
    table = await opened(arena, game=RockPaperScissors())
    await table.submit(ANN, "rock", cause="click-1")
    await table.submit(BOB, "rock")
    with pytest.raises(AlreadyDone):
        await table.submit(ANN, "rock", cause="click-1")
    assert table.match.asked == {ANN, BOB}


async def test_an_answer_to_an_older_question_is_stale(arena):
    table = await opened(arena, game=RockPaperScissors())
    first = table.match.ask_id(ANN)
    await table.submit(BOB, "rock")
    assert table.match.ask_id(ANN) == first  # somebody else's move does not make it stale
    await table.submit(ANN, "rock", ask_id=first)
    with pytest.raises(NotYourTurn, match="no longer open"):
        await table.submit(ANN, "rock", ask_id=first)


async def test_a_cancelled_caller_leaves_memory_and_journal_equal(arena):
    table = await opened(arena, game=RockPaperScissors(target=50))
    for turn in range(60):
        seat = (ANN, BOB)[turn % 2]
        task = asyncio.create_task(table.submit(seat, ["rock", "paper", "scissors"][turn * 7 % 3]))
        await asyncio.sleep(0.0005 * (turn % 5))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await asyncio.gather(*table._writes)
    stored = await arena.store.load(table.setup.match_id)
    assert restore(stored).log == table.match.log
    assert [entry.number for entry in stored.entries] == list(range(1, table.entries + 1))


async def test_house_bots_play_to_the_end(arena, shelf):
    table = await opened(arena, "house:hard", "house:hard")
    outcome = await arena.play(table)
    assert outcome.scores == {ANN: 0.5, BOB: 0.5}
    assert (await arena.store.load(table.setup.match_id)).outcome == outcome
    assert await arena.store.matches(open_only=True) == []


async def test_a_player_who_gives_no_legal_answer_is_answered_for_and_it_is_told(arena, shelf):
    table = await opened(arena, "rude", "house:easy")
    await arena.play(table)
    await arena.outbox.settle()
    assert "Ann gave no legal answer. The table answers for Ann." in shelf.texts()
    times = [len(given) for given in table._player(ANN, "rude").refusals[: REFUSALS + 1]]
    assert times == [0, 1, 2, 3]
    assert all("exactly one of" in str(r) for r in table._player(ANN, "rude").refusals[2])


async def test_a_model_that_fails_is_told_in_one_sentence_and_the_game_goes_on(arena, shelf):
    table = await opened(arena, "broken", "house:easy")
    outcome = await arena.play(table)
    await arena.outbox.settle()
    assert not outcome.aborted
    told = "The model m does not answer; start its server. The table answers for Ann."
    assert told in shelf.texts()


async def test_who_leaves_is_replaced_and_can_come_back(arena):
    table = await opened(arena, game=RockPaperScissors(target=3), bob="house:easy")
    running = arena.play(table)
    await table.leave(ANN)
    assert table.players[ANN] == "house:medium"
    assert (await running).winners
    other = await opened(arena, game=RockPaperScissors())
    await other.leave(ANN)
    await other.come_back(ANN)
    assert other.players[ANN] == "person:ann"
    assert other.match.asked == {ANN, BOB}
    handed = [e for entry in await journal(arena, other) for e in entry.events]
    assert [e.player for e in handed if isinstance(e, HandedOver)] == ["house:medium", "person:ann"]


async def test_a_seat_cannot_go_to_nobody(arena):
    table = await opened(arena)
    with pytest.raises(ShownToUser, match="is nobody"):
        await table.hand_over(ANN, "ghost", Text("Why not."))
    with pytest.raises(ShownToUser, match="no seat Cy"):
        await table.hand_over(Seat("Cy"), "house:easy", Text("Why not."))
    assert len(await journal(arena, table)) == 1


async def test_when_time_runs_out_a_house_bot_takes_the_seat(arena, store):
    table = await opened(arena, game=timed())
    late = datetime.now(UTC) + timedelta(minutes=2)
    (due,) = await store.due(late)
    assert (due.seat, due.ask_id) == (ANN, table.match.ask_id(ANN))
    await table.expire(due)
    assert table.players[ANN] == "house:medium"
    arena.play(table)
    while ANN in table.match.asks:
        await asyncio.sleep(0.01)
    assert table.match.asked == {BOB}
    await table.expire(due)  # late and stale: nothing happens
    assert table.players[BOB] == "person:bob"


def timed():
    from dataclasses import dataclass, replace

    @dataclass(frozen=True)
    class Timed(TicTacToe):
        name = "timed-tic-tac-toe"

        def asks(self, grid, /):
            return {seat: replace(ask, seconds=60) for seat, ask in super().asks(grid).items()}

    return Timed()


async def test_a_paused_match_asks_nobody_and_survives_a_restart(arena, store, shelf):
    table = await opened(arena, ann="house:easy")
    await table.pause(Text("the host needs a break."))
    with pytest.raises(NotYourTurn, match="paused"):
        await table.submit(ANN, "b2")
    assert await arena.play(table) is None
    await arena.rest(table.setup.match_id)
    again = await arena.wake(table.setup.match_id)
    assert again.paused
    await again.resume()
    await again.submit(ANN, "b2")
    assert again.match.asked == {BOB}


async def test_an_aborted_match_is_no_contest(arena):
    table = await opened(arena)
    await table.abort(Text("the host has stopped it."))
    stored = await arena.store.load(table.setup.match_id)
    assert stored.outcome.aborted
    assert stored.outcome.ranks == {}
    assert isinstance(stored.entries[-1].events[0], Aborted)
    assert table.over


async def test_a_remark_is_told_and_is_no_move(arena, shelf):
    table = await opened(arena)
    await table.remark(ANN, "  good luck\u202e \x00")
    await arena.outbox.settle()
    assert shelf.texts()[-1] == "Ann (aside): good luck"
    assert table.match.log == []
    with pytest.raises(ShownToUser, match="Say something"):
        await table.remark(ANN, "\x00 ")


async def test_a_secret_is_told_to_its_person_alone(arena, shelf):
    table = await opened(arena, game=RockPaperScissors())
    await table.submit(ANN, "rock")
    await arena.outbox.settle()
    assert shelf.texts("Ann")[-1] == "You throw rock."
    assert "You throw rock." not in shelf.texts() + shelf.texts("Bob")


async def test_what_was_promised_is_delivered_after_a_restart(arena, store, shelf):
    table = await opened(arena)
    await arena.outbox.settle()
    before = len(shelf.messages)
    table._post = lambda *_: None  # as if the process died before it could tell
    await table.submit(ANN, "b2")
    await table.remark(ANN, "well")
    assert len(shelf.messages) == before
    later = Arena(store, arena._seating, lambda _: shelf)
    assert await later.outbox.redeliver() == 2
    await later.outbox.settle()
    assert shelf.texts()[-2:] == ["Ann marks b2.", "Ann (aside): well"]
    assert await store.undelivered() == []
    await later.close()


async def test_bots_on_an_open_floor_think_again_when_somebody_speaks(arena):
    game = Conversation(floor=Floor.OPEN, rounds=3)
    table = await opened(arena, ann="house:medium", bob="house:medium", game=game)
    assert not (await asyncio.wait_for(arena.play(table), 60)).aborted


async def test_a_table_that_waits_for_people_is_unloaded_and_woken_by_an_answer(arena):
    table = await opened(arena)
    table.touched_at -= timedelta(hours=1)
    await arena.tick()
    assert arena.tables == {}
    again = await arena.wake(table.setup.match_id)
    await again.submit(ANN, "a1")
    assert again.match.asked == {BOB}


async def test_substitutes_and_remarks_do_not_disturb_the_replay(arena):
    table = await opened(arena, "broken", "house:easy")
    await table.remark(BOB, "hello")
    await arena.play(table)
    stored = await arena.store.load(table.setup.match_id)
    kinds = {type(event) for entry in stored.entries for event in entry.events}
    assert {Substituted, Remarked} <= kinds
    assert restore(stored).state == table.match.state


async def test_a_table_is_unloaded_to_a_snapshot_and_goes_on_from_it(arena, store):
    table = await opened(arena, game=RockPaperScissors())
    for text in ("rock", "paper", "rock"):
        await table.submit(ANN, text)
        await table.submit(BOB, "rock")
    match_id, asked = table.setup.match_id, table.match.ask_id(ANN)
    await arena.rest(match_id)
    kept = await store.snapshot(match_id)
    assert kept.number == 7
    forged = replace(kept, state=kept.state.replace("1", "0"))  # to see that it is really used
    await store.save_snapshot(match_id, forged)
    woken = await arena.wake(match_id)
    assert set(woken.match.state.won.values()) == {0}
    assert woken.match.log == table.match.log
    assert woken.match.ask_id(ANN) == asked


async def test_a_snapshot_of_other_rules_is_not_used(arena, store):
    table = await opened(arena)
    await table.submit(ANN, "b2")
    match_id = table.setup.match_id
    await arena.rest(match_id)
    kept = await store.snapshot(match_id)
    await store.save_snapshot(match_id, replace(kept, rules="older", state="[]"))
    assert (await arena.wake(match_id)).match.state == table.match.state


@pytest.fixture
async def elsewhere(store, arena, shelf):
    """Another process with the same store, as far as a table can tell."""
    other = Arena(store, arena._seating, lambda _: shelf)
    yield other
    await other.close()


async def test_what_another_process_has_written_is_taken_up_before_the_next_answer(
    arena, elsewhere
):
    here = await opened(arena, game=RockPaperScissors())
    there = await elsewhere.wake(here.setup.match_id)
    await there.submit(ANN, "rock")
    await here.submit(BOB, "paper")  # refused as stale, read again, and then the second throw
    assert str(here.match.log[-1].told()) == "Bob wins the round."
    await there.remark(ANN, "well")
    await asyncio.gather(here.submit(ANN, "rock"), there.submit(BOB, "rock"))
    stored = await arena.store.load(here.setup.match_id)
    assert [entry.number for entry in stored.entries] == list(range(1, 7))
    assert restore(stored).state.won == {ANN: 0, BOB: 1}
    for table in (here, there):
        await table.remark(ANN, "hm")  # whoever is behind catches up
        assert table.match.log == restore(stored).log


async def test_an_answer_that_another_process_has_overtaken_is_stale(arena, elsewhere):
    here = await opened(arena)
    there = await elsewhere.wake(here.setup.match_id)
    ask_id = here.match.ask_id(ANN)
    await there.submit(ANN, "b2", ask_id=ask_id)
    with pytest.raises(NotYourTurn, match="no longer open"):
        await here.submit(ANN, "a1", ask_id=ask_id)
    assert here.match.log == there.match.log


async def test_a_match_is_aborted_once(arena):
    table = await opened(arena)
    await asyncio.gather(table.abort(Text("stop")), table.abort(Text("stop")))
    assert len(await journal(arena, table)) == 2


async def test_who_aborts_while_the_last_answer_is_written_comes_too_late(arena, store):
    table = await opened(arena)
    for seat, cell in zip((ANN, BOB) * 2, ("a1", "b1", "a2", "b2"), strict=True):
        await table.submit(seat, cell)
    await asyncio.gather(table.submit(ANN, "a3"), table.abort(Text("stop")))
    assert (await store.load(table.setup.match_id)).outcome.winners == [ANN]
    assert table.match.outcome.winners == [ANN]
