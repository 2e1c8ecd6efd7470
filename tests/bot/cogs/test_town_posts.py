"""What is told of a town whose clock is not the usual one, and how little is read for it."""

import json
import sqlite3
import threading
from contextlib import closing

import pytest

from bot.cogs import town_posts
from tests.bot.cogs.towns import founded
from tests.discord_double.message_rules import Upload
from tests.faulty_model import FaultyModel
from towns.files import DATA


def with_clock(seconds: int, starts: str) -> Upload:
    """The town that comes with Parlour, with another clock."""
    text = (DATA / "default_town.toml").read_text("utf-8")
    for before, after in (
        ("seconds_per_tick = 10 ", f"seconds_per_tick = {seconds} "),
        ('starts = "06:00"', f'starts = "{starts}"'),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    return Upload("town.toml", text.encode())


def hours(town) -> list[str]:
    """The titles of what was told of hours."""
    return [one.partition("\n")[0] for one in town.said() if one.startswith("**day")]


@pytest.mark.parametrize(
    ("seconds", "starts", "telling"),
    [(45, "06:00", "live"), (7, "06:05", "live"), (1000, "06:00", "digest")],
)
async def test_every_hour_and_day_is_told_whatever_the_clock_of_a_town(
    bot, scene, seconds, starts, telling
):
    file = with_clock(seconds, starts)
    own = {"file": file, "telling": telling, "seed": 7}
    town = await founded(scene, scene.ann, residents=4, days=1, **own)
    await town.command(scene.ann, "step", minutes=1440)
    await town.until_said("The town's day is over.", scene.channel)
    papers = [one for one in town.said(scene.channel) if "Gazette" in one]
    assert ["-# day 1" in papers[0], "-# day 2" in papers[1]] == [True, True]
    assert len(papers) == 2
    told = hours(town)
    assert told == sorted(set(told))
    assert len(told) > 11
    ends = [int(one.rstrip("*")[-2:]) for one in told if "day 1" in one]
    assert max(ends) <= seconds // 60  # minutes by which a tick can miss the full hour


async def test_a_budget_for_a_day_begins_anew_though_no_tick_falls_on_midnight(bot, scene):
    async with FaultyModel(seed=5).running() as model:
        scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        own = {"file": with_clock(3600, "06:30"), "model": "house", "per": "game day"}
        town = await founded(scene, scene.ann, residents=1, days=1, **own)
        await town.command(scene.ann, "step", minutes=1440)
        await town.until_said("The town's day is over.", scene.channel)
    with closing(sqlite3.connect(scene.settings.database_file)) as database:
        ((body,),) = database.execute("SELECT body FROM towns")
    assert json.loads(body)["before"]["requests"] > 0


async def test_what_was_told_long_ago_is_not_read_again(bot, scene, monkeypatch):
    looked_at = []
    tick = town_posts._tick

    def counted(event):
        looked_at.append(event)
        return tick(event)

    monkeypatch.setattr(town_posts, "_tick", counted)
    town = await founded(scene, scene.ann, residents=4, telling="live", seed=7)
    await town.command(scene.ann, "step", minutes=900)
    await town.until_said("day 1, 20:00 to 21:00")
    life = len(set(map(id, looked_at)))
    looked_at.clear()
    await town.command(scene.ann, "step", minutes=60)
    await town.until_said("day 1, 21:00 to 22:00")
    assert 0 < len(looked_at) < life


async def test_newspapers_are_written_beside_the_rest_of_the_bot(bot, scene, monkeypatch):
    threads = []
    newspaper = town_posts.newspaper

    def written(*what):
        threads.append(threading.current_thread())
        return newspaper(*what)

    monkeypatch.setattr(town_posts, "newspaper", written)
    town = await founded(scene, scene.ann, residents=2, days=1)
    await town.command(scene.ann, "step", minutes=1440)
    await town.until_said("The town's day is over.", scene.channel)
    await town.command(scene.ann, "news")
    assert len(threads) == 3
    assert threading.main_thread() not in threads
