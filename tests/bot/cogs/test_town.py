"""Towns in Discord: founded, lived in, looked at, and ended."""

import asyncio
import re

from tests.bot.cogs.conftest import running
from tests.bot.cogs.towns import founded


async def test_a_town_is_founded_in_which_time_stands_still(bot, scene):
    town = await founded(scene, scene.ann, residents=3)
    assert "Ferrywick" in town.live.content
    assert "day 1, 06:00 · time stands still" in town.live.content
    assert sorted(town.live.controls) == ["Map", "News", "Status", "Your turn"]
    assert town.said() == []


async def test_a_step_is_told_hour_by_hour_in_the_thread(bot, scene):
    town = await founded(scene, scene.ann, residents=4)
    assert "goes on for 240 minutes" in await town.command(scene.ann, "step", minutes=240)
    await town.until_said("day 1, 09:00 to 10:00")
    hours = [re.match(r"\*\*(.*)\*\*", one)[1] for one in town.said()]
    assert hours == sorted(hours)
    assert len(hours) == len(set(hours)) <= 4
    await scene.discord.until(lambda: "day 1, 10:00" in town.live.content)


async def test_every_day_has_a_newspaper_with_a_map_that_is_described(bot, scene):
    town = await founded(scene, scene.ann, residents=4, days=1)
    await town.command(scene.ann, "step", minutes=1440)
    paper = await town.until_said("The Ferrywick Gazette", scene.channel)
    (file,) = paper.attachments
    assert file.filename.startswith("map-")
    assert file.description.startswith("Map of Ferrywick, day ")
    await town.until_said("The town's day is over.", scene.channel)
    await scene.discord.until(lambda: "its days are over" in town.live.content)
    assert not town.live.controls
    said = [*town.said(), *town.said(scene.channel)]
    assert len(said) == len(set(said))
    await over(town, scene.bob)


async def test_time_passes_by_itself_at_the_speed_that_was_chosen_until_the_town_is_paused(
    bot, scene
):
    town = await founded(scene, scene.ann, residents=3, speed=3600)
    assert await town.command(scene.ann, "start") == "Time passes."
    await scene.discord.until(lambda: "3,600 × as fast" in town.live.content)
    await town.until_said("day 1, 08:00 to 09:00")
    assert "60 × as fast" in await town.command(scene.ann, "speed", speed=60)
    assert "stands still" in await town.command(scene.ann, "pause")
    await town.until_said("The town stands still: Ann wants it so.")
    await scene.discord.until(lambda: "paused; /town start goes on" in town.live.content)
    assert await town.command(scene.ann, "start") == "Time passes."
    await town.until_said("Time passes again.")


async def test_only_who_founded_a_town_or_a_moderator_decides_about_it(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    for name, options in (
        ("start", {}),
        ("pause", {}),
        ("step", {}),
        ("speed", {"speed": 60}),
        ("budget", {"calls": 5}),
        ("delete", {"name": "Ferrywick"}),
        ("resident player", {"name": "x"}),
    ):
        assert await town.command(scene.bob, name, **options) == (
            "Only whoever founded this town, or a moderator, can do that."
        )
    assert "time stands still" in await town.command(scene.bob, "status")
    assert "goes on" in await town.command(scene.owner, "step")


async def test_a_channel_holds_one_town(bot, scene):
    await founded(scene, scene.ann, residents=2)
    again = await (await scene.bob.slash(scene.channel, "town create")).reply()
    assert again.content == "A town lives in this channel already; take another channel."


async def test_a_town_goes_on_after_a_restart_and_tells_nothing_twice(scene):
    async with running(scene):
        town = await founded(scene, scene.ann, residents=4, days=1, speed=3600)
        await town.command(scene.ann, "start")
        await town.until_said("day 1, 09:00 to 10:00")
    async with running(scene):
        await town.until_said("The town's day is over.", scene.channel)
    hours = [one.partition("\n")[0] for one in town.said() if one.startswith("**day")]
    assert hours == sorted(set(hours))
    papers = town.said(scene.channel)
    assert len(papers) == len(set(papers)) == 3


async def test_maps_news_money_and_records_are_handed_out(bot, scene):
    town = await founded(scene, scene.ann, residents=4)
    await town.command(scene.ann, "step", minutes=300)
    await town.until_said("day 1, 10:00 to 11:00")
    drawn = await (await scene.bob.slash(scene.channel, "town map")).reply()
    assert drawn.attachments[0].description.startswith("Map of Ferrywick, day 1, 11:00.")
    assert "The Ferrywick Gazette" in await town.command(scene.bob, "news")
    assert "nobody has written that issue yet" in await town.command(scene.bob, "news", day=2)
    money = await (await scene.bob.slash(scene.channel, "town ledger")).reply()
    assert [one.filename for one in money.attachments] == ["ledger.csv", "money.png"]
    assert "the sum of all accounts is 0" in money.content
    assert money.attachments[1].description.startswith("Chart: Money, in coins, day 1")
    for name, file in (("history", "html"), ("export", "json")):
        record = await (await scene.bob.slash(scene.channel, f"town {name}")).reply()
        assert record.attachments[0].filename.endswith(file)
    pressed = await (await scene.bob.click(town.live, "Map")).reply()
    assert pressed.attachments[0].description.startswith("Map of Ferrywick")
    assert (
        "The Ferrywick Gazette"
        in (await (await scene.bob.click(town.live, "News")).reply()).content
    )
    assert "house rules" in (await (await scene.bob.click(town.live, "Status")).reply()).content


async def test_charts_are_drawn_described_and_handed_out_as_numbers(bot, scene):
    town = await founded(scene, scene.ann, residents=3)
    await town.command(scene.ann, "step", minutes=240)
    await town.until_said("day 1, 09:00 to 10:00")
    first = await town.reply(scene.bob, "chart", subject="mood")
    again = await town.reply(scene.ann, "chart", subject="mood")
    assert first.content == "Mood, and all numbers."
    assert [one.filename for one in first.attachments] == ["mood.png", "mood.csv"]
    described = first.attachments[0].description
    assert described.startswith("Chart: Mood, from 0 to 100, day 1, 06:00 to day 1, 10:00. Ngozi")
    picture, same = (scene.discord.files[one.attachments[0].id] for one in (first, again))
    assert picture == same
    assert town.file(first, 1).startswith("time,Ngozi,Joaquim,")
    for subject in ("money", "calls", "answers"):
        assert len((await town.reply(scene.bob, "chart", subject=subject)).attachments) == 2


async def test_who_ends_a_town_has_to_write_its_name(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    assert "write its name: Ferrywick" in await town.command(scene.ann, "delete", name="Lark")
    assert await town.command(scene.ann, "delete", name="ferrywick") == "Ferrywick is over."
    await scene.discord.until(lambda: "its days are over" in town.live.content)
    await over(town, scene.ann)
    assert "is founded" in await town.command(scene.bob, "create")


async def over(town, who):
    """Wait until no town lives in the channel any more."""
    while "No town lives here" not in await town.command(who, "status"):
        await asyncio.sleep(0.05)
