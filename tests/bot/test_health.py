"""The sign of life: written by the bot, read by one short command."""

import asyncio
import json
import time

import pytest

from bot.errors import OperatorError
from bot.health import Beat, Health, beat, health_file, read
from bot.store.sql_store import SqlStore

WELL = {"gateway_ready_age": 1.0, "loop_lag": 0.01, "db_ok": True}


@pytest.fixture
async def store(tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    yield store
    await store.close()


async def beats(path, count):
    """Return that many beats, as they come."""
    found = []
    while len(found) < count:
        await asyncio.sleep(0.01)
        if path.exists() and (now := read(path)) not in found:
            found.append(now)
    return found


def test_a_bot_that_is_well_says_so_and_exits_with_0(parlour, tmp_path):
    data = tmp_path / "data"
    data.mkdir()
    beat(health_file(data), **WELL)
    done = parlour("health")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Well: gateway 1 s ago")
    assert done.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"gateway_ready_age": None}, "has not reached Discord's gateway yet"),
        ({"gateway_ready_age": 91.0}, "Discord's gateway has been away for 9"),
        ({"db_ok": False}, "The database cannot be written"),
        ({"loop_lag": 1.2}, "The event loop was late by 1.2 s"),
    ],
)
def test_each_fault_is_one_line_and_exit_code_1(parlour, tmp_path, change, sentence):
    data = tmp_path / "data"
    data.mkdir()
    beat(health_file(data), **{**WELL, **change})
    done = parlour("health")
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_a_bot_there_is_no_sign_of_life(parlour):
    done = parlour("health")
    assert done.returncode == 1
    assert "The bot is not running" in done.stderr


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"at": 1}', "\x00"])
def test_a_file_that_is_no_sign_of_life_is_refused(tmp_path, text):
    path = tmp_path / "health.json"
    path.write_text(text, "utf-8")
    with pytest.raises(OperatorError, match="cannot be read as a sign of life"):
        read(path)


@pytest.mark.parametrize("age", [90.0, 3600.0, -90.0])
def test_an_old_beat_counts_for_nothing_and_nor_does_one_from_the_future(age):
    now = time.time()
    assert "no sign of life" in Beat(now - age, 0.0, 0.0, db_ok=True).complaint(now)
    assert Beat(now - 89, 0.5, 0.0, db_ok=True).complaint(now) is None


def test_time_since_the_beat_counts_as_time_without_the_gateway():
    assert "gateway has been away" in Beat(0.0, 50.0, 0.0, db_ok=True).complaint(45.0)


async def test_a_running_bot_beats_and_leaves_nothing_behind(store, tmp_path):
    path = health_file(tmp_path)
    health = Health(path, seconds=0.05)
    task = asyncio.create_task(health.run(store))
    (first,) = await beats(path, 1)
    assert first.gateway_ready_age is None and first.db_ok
    health.gateway_seen()
    *_, last = await beats(path, 3)
    assert last.gateway_ready_age < 1
    assert last.complaint(time.time()) is None
    assert await store.get_setting("health", "beat")
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not path.exists()


async def test_an_event_loop_that_is_held_up_is_noticed(store, tmp_path):
    path = health_file(tmp_path)
    task = asyncio.create_task(Health(path, seconds=0.05).run(store))
    await beats(path, 1)
    await asyncio.sleep(0.01)
    time.sleep(0.4)  # noqa: ASYNC251  # this is the fault
    found = await beats(path, 2)
    assert max(one.loop_lag for one in found) > 0.2
    task.cancel()


async def test_a_store_that_refuses_to_write_is_noticed(store, tmp_path):
    path = health_file(tmp_path)
    await store.close()
    task = asyncio.create_task(Health(path, seconds=0.05).run(store))
    (first,) = await beats(path, 1)
    assert not first.db_ok
    task.cancel()


async def test_a_folder_that_cannot_be_written_stops_the_beat_and_not_the_bot(store, tmp_path):
    task = asyncio.create_task(Health(tmp_path / "gone" / "health.json", 0.02).run(store))
    await asyncio.sleep(0.1)
    assert not task.done()
    task.cancel()


def test_a_beat_is_whole_or_not_there(tmp_path):
    path = tmp_path / "health.json"
    for _ in range(50):
        beat(path, **WELL)
        assert set(json.loads(path.read_text("utf-8"))) == {"at", *WELL}
    assert [one.name for one in tmp_path.iterdir()] == ["health.json"]
