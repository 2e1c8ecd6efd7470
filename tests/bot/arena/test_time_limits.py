"""Time limits through pauses and changes of players: nobody waits for ever."""

import asyncio
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.arena.arena import Arena
from bot.arena.house_rules import HouseRules
from games.conversation import Conversation, Floor, Passed
from games.core import Seat, Text
from games.secret_mafia import SecretMafia
from games.secret_mafia_events import NightFell
from games.taboo import Taboo
from games.tic_tac_toe import TicTacToe
from tests.bot.arena.conftest import Away

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


@pytest.fixture
async def house(store, shelf):
    """An arena that gives people a minute where the game sets no limit."""
    rules = HouseRules(seconds=60)
    arena = Arena(store, lambda *_: Away(), lambda _: shelf, house_rules=lambda _: rules)
    yield arena
    await arena.close()


async def talk(arena, floor):
    players = {seat: f"person:{seat}" for seat in (ANN, BOB)}
    return await arena.open(Conversation(floor=floor, rounds=2), players, room="shelf", seed=5)


async def test_whoever_may_pass_has_a_time_limit_when_all_wait_for_that_seat(house):
    table = await talk(house, Floor.ROUND_ROBIN)
    (due,) = await limits(house)
    assert due.seat == ANN
    await table.expire(due)
    await house.store.done(due)
    assert isinstance(table.match.log[-1], Passed)
    assert table.players[ANN] == "person:Ann"
    assert [one.seat for one in await limits(house)] == [BOB]


async def test_nobody_is_hurried_on_an_open_floor(house):
    table = await talk(house, Floor.OPEN)
    assert await limits(house) == []
    await table.submit(ANN, "Hello.")
    await table.submit(BOB, "pass")
    assert list(table.match.asks) == [ANN]
    assert await limits(house) == []


async def gathered(house, game, count):
    players = {Seat(f"p{n}"): f"person:{n}" for n in range(1, count + 1)}
    return await house.open(game, players, room="shelf", seed=5)


async def waited_for(house, table):
    """Return the time limits of the questions that still stand."""
    return [due for due in await limits(house) if table.stands(due.seat, due.ask_id)]


async def expired(house, table):
    """Let the time of everybody run out who has a limit now; return who that was."""
    dues = await waited_for(house, table)
    for due in dues:
        await table.expire(due)
    return {due.seat for due in dues}


async def test_one_silent_person_holds_up_no_night_no_talk_and_no_vote(house):
    table = await gathered(house, SecretMafia(), 6)
    for _ in ("night", "talk", "vote"):
        for seat in table.match.seats[1:]:
            await table.submit(seat, "pass")
        assert await expired(house, table) == {"p1"}
    assert table.match.log[-1] == NightFell(2)


async def test_the_time_of_a_talk_that_others_wait_for_begins_anew_with_every_word(house):
    table = await gathered(house, SecretMafia(), 6)
    assert await expired(house, table) == set(table.match.seats)
    at_first = {due.seat: due.at for due in await waited_for(house, table)}
    await table.submit(Seat("p2"), "It was p3.")
    anew = {due.seat: due.at for due in await waited_for(house, table)}
    assert anew.keys() == at_first.keys()
    assert all(anew[seat] > at_first[seat] for seat in anew)
    await table.submit(Seat("p3"), "pass")
    left = {due.seat: due.at for due in await waited_for(house, table)}
    assert left == {seat: at for seat, at in anew.items() if seat != "p3"}


async def test_one_silent_person_holds_up_no_guesses(house):
    table = await gathered(house, Taboo(), 3)
    (describes,) = table.match.asks
    await table.submit(describes, "hm")
    guess = {due.seat for due in await waited_for(house, table)}
    assert guess == set(table.match.seats) - {describes}
