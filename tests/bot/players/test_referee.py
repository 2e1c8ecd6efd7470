"""The environment of a game as a player: what it may not do, and what survives its end."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.environments.adapters import ADAPTERS
from bot.environments.process import Workers
from bot.environments.snapshots import Snapshots
from bot.errors import ShownToUser
from games.core import Text
from games.foreign_events import REFEREE, Asked, Moved, Observed, TurnedDown
from tests import foreign_matches
from tests.foreign_matches import ANN, BOB, PEOPLE, SECONDS, asked, bot, say
from tests.unruly_game import WHERE, Unruly

UNRULY = Unruly()


@pytest.fixture(autouse=True)
def _library(monkeypatch):
    monkeypatch.setitem(ADAPTERS, "unruly", WHERE)


async def opened(arena, game=UNRULY, **more):
    return await foreign_matches.opened(arena, game, **more)


def told(table):
    """Return what everybody has been told, and what was turned down."""
    return [
        event.text if isinstance(event, Observed) else f"no: {event.reason}"
        for event in table.match.log
        if isinstance(event, Observed | TurnedDown)
    ]


def running(pid):
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False


async def test_a_move_without_an_end_is_ended_and_everybody_is_told(tmp_path):
    async with bot(tmp_path, seconds=2.5) as arena:
        table = await opened(arena)
        await say(table, "roll", "hang")
        why = "The environment has taken longer than 2.5 seconds, and again when it was tried once "
        assert str(table.match.outcome.reason) == f"{why}more."
        assert table.match.outcome.aborted
        assert arena.workers.pids == []


@pytest.mark.parametrize(
    ("move", "why"),
    [
        ("eat", "needs too much memory"),
        ("die", "has ended with the code 3"),
        ("nonsense", "has reported nonsense"),
    ],
)
async def test_a_move_that_ends_its_process_ends_the_game_and_nothing_else(tmp_path, move, why):
    async with bot(tmp_path) as arena:
        table = await opened(arena)
        await say(table, move)
        assert str(table.match.outcome.reason).startswith(f"The environment {why}, and again")
        assert table.match.outcome.aborted


async def test_a_game_has_no_network_no_processes_no_keyboard_and_prints_for_nobody(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena)
        await say(table, "connect", "process", "fork", "input")
        refusal = "no: The game cannot make anything of it; write it another way."
        assert told(table)[1:] == [refusal] * 4
        await say(table, "print")
        assert told(table)[-1].startswith("print: ")


async def test_a_move_that_does_not_count_leaves_the_game_and_its_chance_as_they_were(tmp_path):
    async with bot(tmp_path / "one") as one, bot(tmp_path / "two") as two:
        straight, tried = await opened(one), await opened(two)
        await say(straight, "roll", "roll")
        await say(tried, "refuse", "fail", "roll", "refuse", "roll")
        rolls = [text for text in told(tried) if text.startswith("roll")]
        assert rolls == [text for text in told(straight) if text.startswith("roll")]
        assert straight.match.asked == tried.match.asked


async def test_a_worker_that_is_killed_in_mid_game_is_followed_by_one_that_goes_on(tmp_path):
    async with bot(tmp_path / "one") as one, bot(tmp_path / "two") as two:
        whole, broken = await opened(one), await opened(two)
        await say(whole, *["roll"] * 6)
        for _ in range(3):
            await say(broken, "roll", "roll")
            os.kill(two.workers.pids[0], signal.SIGKILL)
        await say(broken, "refuse", "roll")
        await say(whole, "refuse", "roll")
        assert told(broken) == told(whole)


@pytest.mark.parametrize("before", [3, 13])
async def test_a_match_goes_on_after_the_whole_bot_was_started_again(tmp_path, before):
    async with bot(tmp_path / "one") as one:
        whole = await opened(one)
        await say(whole, *["roll"] * 16)
    async with bot(tmp_path / "two") as two:
        await say(await opened(two), *["roll"] * before)
    async with bot(tmp_path / "two") as two:
        table = await two.wake("m1")
        two.play(table)
        await say(table, *["roll"] * (16 - before))
    assert told(table) == told(whole)


async def test_a_match_is_replayed_and_shown_without_any_worker(tmp_path):
    async with bot(tmp_path) as arena:
        await say(await opened(arena), "roll", "roll", "end")
    async with bot(tmp_path) as arena:
        table = await arena.wake("m1")
        assert table.match.outcome.ranks == {ANN: 2, BOB: 1}
        assert len(told(table)) == 3
        assert arena.workers.pids == []


async def test_two_games_at_once_share_no_chance(tmp_path):
    async with bot(tmp_path / "alone") as arena:
        alone = await opened(arena)
        await say(alone, *["roll"] * 5)
    async with bot(tmp_path / "two") as arena:
        one = await opened(arena)
        two = await opened(arena, seed=8, match_id="m2")
        for _ in range(5):
            await say(one, "roll")
            await say(two, "roll", "roll")
        assert told(one) == told(alone)
        assert len(arena.workers.pids) == 2


async def test_where_there_are_too_many_workers_a_match_that_waits_gives_its_own_away(tmp_path):
    async with bot(tmp_path, most=1, waiting=0) as arena:
        one = await opened(arena)
        two = await opened(arena, seed=8, match_id="m2")
        for _ in range(2):
            await say(one, "roll")
            await say(two, "roll")
            assert len(arena.workers.pids) == 1
        assert len(told(one)) == len(told(two)) == 3


async def test_there_are_never_more_workers_than_may_be_however_many_games_begin():
    workers = Workers(most=2, waiting=0)
    counts = []

    async def begin():
        worker = await workers.start("unruly", "usual")
        counts.append(len(workers.pids))
        await worker.ask(do="begin", seats=["Ann"], seed=1)

    try:
        async with asyncio.timeout(SECONDS), asyncio.TaskGroup() as games:
            for _ in range(6):
                games.create_task(begin())
    finally:
        await workers.close()
    assert counts == [1, 2, 2, 2, 2, 2]


async def test_a_worker_that_was_asked_a_moment_ago_is_not_taken_away():
    workers = Workers(most=1, waiting=SECONDS)
    try:
        first = await workers.start("unruly", "usual")
        await first.ask(do="begin", seats=["Ann"], seed=1)
        second = asyncio.create_task(workers.start("unruly", "usual"))
        await asyncio.wait([second], timeout=0.5)
        assert workers.pids == [first.pid]
        await first.end()
        async with asyncio.timeout(SECONDS):
            other = await second
        assert workers.pids == [other.pid]
    finally:
        await workers.close()


async def test_the_worker_ends_with_its_match(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena)
        [pid] = arena.workers.pids
        await say(table, *["roll"] * 10)
        assert list((tmp_path / "environments").glob("*.game"))
        await say(table, "end")
        await arena.play(table)
        assert not running(pid)
        assert not list((tmp_path / "environments").glob("*.game"))


async def test_the_worker_ends_when_its_match_is_aborted_unloaded_or_the_bot_stops(tmp_path):
    for how in ("abort", "rest", "stop"):
        async with bot(tmp_path / how) as arena:
            table = await opened(arena)
            [pid] = arena.workers.pids
            if how == "abort":
                await table.abort(Text("Enough."))
                await arena.play(table)
            elif how == "rest":
                await arena.rest("m1")
            assert running(pid) == (how == "stop")
        assert not running(pid)


def test_a_bot_that_is_killed_leaves_no_worker_behind():
    script = (
        "import asyncio\n"
        "from bot.environments.adapters import ADAPTERS\n"
        "from bot.environments.process import Workers\n"
        f"ADAPTERS['unruly'] = {WHERE!r}\n"
        "async def main():\n"
        "    worker = await Workers().start('unruly', 'usual')\n"
        "    await worker.ask(do='begin', seats=['Ann'], seed=1)\n"
        "    print(worker.pid, flush=True)\n"
        "    await worker.ask(do='move', move='hang')\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, cwd=root, text=True
    ) as process:
        pid = int(process.stdout.readline())
        assert running(pid)
        process.kill()
    ends = time.monotonic() + SECONDS
    while running(pid) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not running(pid)


async def test_nobody_else_may_sit_where_the_environment_sits(tmp_path):
    async with bot(tmp_path) as arena:
        for player in ("me", "house:hard"):
            with pytest.raises(ShownToUser) as refused:
                await opened(arena, players={**PEOPLE, REFEREE: player})
            sentence = "In the seat referee sits the environment of unruly, and nobody else."
            assert str(refused.value) == sentence
        with pytest.raises(ShownToUser, match="and nobody else"):
            await opened(arena, players={**PEOPLE, ANN: "referee"})
        table = await opened(arena)
        with pytest.raises(ShownToUser, match="and nobody else"):
            await table.reseat(REFEREE, "house:hard")
        assert table.players[REFEREE] == "referee"
        await say(table, "roll")


async def test_a_library_that_is_gone_pauses_the_match_and_it_goes_on_when_it_is_back(tmp_path):
    library = tmp_path / "library"
    async with bot(tmp_path / "data") as arena:
        table = await opened(arena, Unruly(str(library)))
        assert pause_of(table) == "Games of it need the extra “unruly”."
        library.touch()
        await table.resume()
        arena.play(table)
        await asked(table)
        assert table.match.asked == {ANN}


def pause_of(table):
    """Return why a table has paused, which is the last thing that it has written."""
    assert table.paused
    assert not table.over
    return table.pauses[-1]


async def test_a_match_whose_words_were_forgotten_pauses_when_they_are_needed_again(tmp_path):
    async with bot(tmp_path) as arena:
        table = await opened(arena)
        await say(table, "my name is Ann", "roll")
        await table.forget(ANN)
        await say(table, "roll")
        os.kill(arena.workers.pids[0], signal.SIGKILL)
        await say(table, "roll")
        assert pause_of(table).startswith("it needs words that have been forgotten.")


async def test_what_somebody_else_put_in_place_of_a_kept_game_is_not_opened(tmp_path):
    async with bot(tmp_path) as arena:
        await say(await opened(arena), *["roll"] * 10)
    [file] = (tmp_path / "environments").glob("*.game")
    file.write_bytes(b"10\n" + b"x" * 100)
    async with bot(tmp_path) as arena:
        table = await arena.wake("m1")
        arena.play(table)
        await say(table, "roll")
        assert len(told(table)) == 12


async def test_a_kept_game_that_cannot_be_read_is_played_again(tmp_path):
    async with bot(tmp_path) as arena:
        await say(await opened(arena), *["roll"] * 11)
    Snapshots(tmp_path / "environments").keep("m1", ["roll"] * 10, b"of another version")
    async with bot(tmp_path) as arena:
        table = await arena.wake("m1")
        arena.play(table)
        await say(table, "roll")
        assert len(told(table)) == 13
        assert not list((tmp_path / "environments").glob("*.game"))


async def test_house_bots_make_moves_that_count(tmp_path):
    async with bot(tmp_path) as arena:
        players = {ANN: "house:easy", BOB: "house:hard", REFEREE: "referee"}
        table = await arena.open(Unruly(longest=12), players, room="nowhere", seed=1)
        outcome = await arena.play(table)
        assert outcome.aborted
        assert str(outcome.reason) == "12 moves have been made."
        moves = [event.move for event in table.match.log if isinstance(event, Moved)]
        assert moves == ["roll"] * 12
        assert [type(event) for event in table.match.view(ANN)].count(Asked) == 6
