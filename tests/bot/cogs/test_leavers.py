"""Members who leave a server are forgotten by its characters: at once, or when they are missed."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, said
from tests.bot.cogs.remembered import plant, running_client, texts_on_disk

NOW = datetime.now(UTC)  # as the bot looks by itself, too
DAY = timedelta(days=1)
GRACE = timedelta(days=7)


@pytest.fixture
async def remembered(bot, scene):
    """What characters know of ann and bob."""
    await plant(scene.guild, scene.ann, "of ann")
    await plant(scene.guild, scene.bob, "of bob")


async def sweep(when):
    await running_client().leavers.sweep(when)


async def noted() -> str:
    return await running_client().services.store.get_setting("discord", "missing") or ""


async def test_whoever_leaves_is_forgotten_at_once_where_discord_tells(remembered, scene):
    scene.discord.remove_member(scene.guild, scene.bob)
    await scene.discord.until(lambda: texts_on_disk(scene) == ["of ann"])


async def test_without_the_intent_whoever_is_missed_for_a_week_is_forgotten(scene):
    scene.app.flags &= ~((1 << 14) | (1 << 15))
    async with running(scene):
        await plant(scene.guild, scene.ann, "of ann")
        await plant(scene.guild, scene.bob, "of bob")
        scene.discord.remove_member(scene.guild, scene.bob)
        await sweep(NOW)
        await sweep(NOW + GRACE - DAY)
        assert texts_on_disk(scene) == ["of ann", "of bob"]
        assert str(scene.bob.id) in await noted()
    async with running(scene):
        await sweep(NOW + GRACE)
        assert texts_on_disk(scene) == ["of ann"]
        await sweep(NOW + GRACE + DAY)
        assert await noted() == "{}"


async def test_whoever_comes_back_in_time_is_missed_anew_from_the_start(scene):
    scene.app.flags &= ~((1 << 14) | (1 << 15))
    async with running(scene):
        await plant(scene.guild, scene.bob, "of bob")
        scene.discord.remove_member(scene.guild, scene.bob)
        await sweep(NOW)
        scene.discord.member(scene.guild, scene.bob)
        await sweep(NOW + GRACE)
        scene.discord.remove_member(scene.guild, scene.bob)
        await sweep(NOW + GRACE + DAY)
        assert texts_on_disk(scene) == ["of bob"]


async def test_while_discord_does_not_say_nobody_is_missed(remembered, scene):
    route = "/guilds/{guild}/members/{user}"
    scene.discord.fault("GET", route, 403, times=99)
    for days in range(9):
        await sweep(NOW + days * DAY)
    assert texts_on_disk(scene) == ["of ann", "of bob"]
    assert await noted() == "{}"


async def test_a_doubt_does_not_make_somebody_found_who_was_missed(scene):
    scene.app.flags &= ~((1 << 14) | (1 << 15))
    async with running(scene):
        await plant(scene.guild, scene.bob, "of bob")
        scene.discord.remove_member(scene.guild, scene.bob)
        await sweep(NOW)
        fault = scene.discord.fault("GET", "/guilds/{guild}/members/{user}", 403)
        await sweep(NOW + GRACE)
        assert fault.times == 0
        assert texts_on_disk(scene) == ["of bob"]
        await sweep(NOW + GRACE + DAY)
        assert texts_on_disk(scene) == []


async def test_a_server_that_removed_the_bot_is_forgotten_after_the_same_days(remembered, scene):
    scene.discord.remove_bot(scene.guild, scene.app)
    await scene.discord.until(lambda: running_client().get_guild(scene.guild.id) is None)
    await sweep(NOW)
    assert texts_on_disk(scene) == ["of ann", "of bob"]
    await sweep(NOW + GRACE)
    assert texts_on_disk(scene) == []


async def test_an_outage_of_a_server_makes_nobody_leave(remembered, scene):
    scene.discord.outage(scene.guild)
    for days in range(9):
        await sweep(NOW + days * DAY)
    assert texts_on_disk(scene) == ["of ann", "of bob"]


async def test_members_are_looked_for_once_a_day_over_restarts(scene):
    wanted = "/guilds/{guild}/members/{user}"
    looks: list[int] = []
    async with running(scene):
        await plant(scene.guild, scene.ann, "of ann")
        await sweep(NOW)
    for hours in (1, 23, 24):
        async with running(scene):
            before = len(scene.discord.record.requests)
            await running_client().leavers.sweep_if_due(NOW + timedelta(hours=hours))
            asked = scene.discord.record.requests[before:]
            looks.append(sum(one.route == wanted for one in asked))
    assert looks == [0, 0, 1]


async def test_deleting_ones_data_takes_the_note_away_too(scene):
    scene.app.flags &= ~((1 << 14) | (1 << 15))
    home = scene.discord.direct(scene.app, scene.bob)
    async with running(scene):
        await plant(scene.guild, scene.bob, "of bob")
        scene.discord.remove_member(scene.guild, scene.bob)
        await sweep(NOW)
        form = await scene.bob.slash(home, "privacy delete")
        assert "Done" in await said(await scene.bob.submit_modal(form, {"word": "delete"}))
        assert await noted() == "{}"
        assert (await answer(await scene.bob.slash(home, "memory view"))).content.startswith("No")
