"""Whom a table asks anew, and what it does when a player cannot answer."""

import asyncio

import pytest

from bot.arena.arena import Arena
from bot.errors import AlreadyDone, OperatorError
from games.conversation import Conversation, Floor
from games.core import Seat
from games.moderated_conversation import ModeratedConversation
from games.tic_tac_toe import TicTacToe

ANN, BOB, CY, MODERATOR = map(Seat, ("Ann", "Bob", "Cy", "moderator"))


class Counting:
    """Thinks for ever, and counts how often it was asked to."""

    def __init__(self):
        self.asked = 0

    async def answer(self, view, ask, refusals):
        self.asked += 1
        await asyncio.Event().wait()


@pytest.fixture
async def thinkers():
    return {seat: Counting() for seat in (ANN, BOB, CY, MODERATOR)}


@pytest.fixture
async def thinking(store, shelf, thinkers):
    arena = Arena(store, lambda player, setup, seat: thinkers[seat], lambda _: shelf)
    yield arena
    await arena.close()


async def running(arena, game, seats):
    table = await arena.open(game, dict.fromkeys(seats, "model:m"), room="shelf", seed=1)
    arena.play(table)
    await asyncio.sleep(0.01)
    return table


async def test_a_secret_answer_makes_nobody_think_again(thinking, thinkers):
    game = ModeratedConversation(simultaneous=True)
    table = await running(thinking, game, (ANN, BOB, CY, MODERATOR))
    await table.submit(ANN, "mine")
    await asyncio.sleep(0.01)
    assert [thinkers[seat].asked for seat in (ANN, BOB, CY)] == [1, 1, 1]


async def test_whoever_hears_something_on_an_open_floor_thinks_again(thinking, thinkers):
    table = await running(thinking, Conversation(floor=Floor.OPEN), (ANN, BOB, CY))
    await table.remark(ANN, "no part of the game")
    await asyncio.sleep(0.01)
    assert [thinkers[seat].asked for seat in (BOB, CY)] == [1, 1]
    await table.submit(ANN, "hello")
    await asyncio.sleep(0.01)
    assert [thinkers[seat].asked for seat in (BOB, CY)] == [2, 2]


async def test_a_model_that_is_named_in_no_file_any_more_is_answered_for(arena, shelf, store):
    def seating(player, setup, seat):
        raise OperatorError("models.toml has no model 'm'; it has n.")

    match_id = (
        await arena.open(TicTacToe(), {ANN: "broken", BOB: "house:easy"}, room="shelf", seed=5)
    ).setup.match_id
    later = Arena(store, seating, lambda _: shelf)
    outcome = await later.play(await later.wake(match_id))
    await later.outbox.settle()
    assert not outcome.aborted
    assert "models.toml has no model 'm'; it has n. The table answers for Ann." in shelf.texts()
    await later.close()


async def test_the_same_seed_answers_the_same_for_whoever_cannot(arena):
    players = {ANN: "broken", BOB: "broken"}
    logs = []
    for _ in range(3):
        table = await arena.open(TicTacToe(), players, room="shelf", seed=5)
        await arena.play(table)
        logs.append(table.match.log)
    assert logs[0] == logs[1] == logs[2]


async def test_a_click_that_comes_again_is_known_even_when_it_is_nobody_s_turn(arena):
    table = await arena.open(TicTacToe(), {ANN: "me", BOB: "me"}, room="shelf", seed=5)
    await table.submit(ANN, "b2", cause="click-1")
    with pytest.raises(AlreadyDone, match="'click-1' has had its effect already"):
        await table.submit(ANN, "b2", cause="click-1")
    await arena.rest(table.setup.match_id)
    woken = await arena.wake(table.setup.match_id)
    with pytest.raises(AlreadyDone):
        await woken.submit(ANN, "b2", cause="click-1")
    assert woken.match.asked == {BOB}
