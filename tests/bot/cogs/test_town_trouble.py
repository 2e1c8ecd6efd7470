"""Towns whose threads go away, and members who want the same at the same moment."""

import asyncio

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import told
from tests.bot.cogs.test_town_residents import answering, form, names_in
from tests.bot.cogs.test_trouble import forbid
from tests.bot.cogs.towns import founded


def delete(scene, thread) -> None:
    scene.discord.delete_channel(thread)


def lock(scene, thread) -> None:
    forbid(scene)  # whoever may manage threads speaks in locked ones
    scene.discord.archive(thread, locked=True)


@pytest.mark.parametrize("lose", [delete, lock])
async def test_a_town_that_has_lost_its_thread_goes_on_in_another(bot, scene, lose):
    town = await founded(scene, scene.ann, residents=2, seed=7)
    await town.command(scene.ann, "step", minutes=120)
    await town.until_said("07:00 to 08:00")
    old = town.live
    lose(scene, town.thread)
    await scene.discord.until(lambda: "paused; /town start goes on" in town.live.content)
    assert "goes on for 300 minutes" in await town.command(scene.ann, "step", minutes=300)
    await scene.discord.until(
        lambda: town.live is not old and town.live.id in scene.discord.channels
    )
    await town.until_said("The town stands still: its thread was")
    await town.until_said("Time passes again.")
    await town.until_said("10:00 to 11:00")
    assert not [one for one in town.said() if "06:00 to 07:00" in one]
    await scene.discord.until(lambda: f"heard in <#{town.live.id}>" in town.live.content)
    lives = [m for m in scene.discord.messages(scene.channel) if "town `" in m.content]
    assert lives == [town.live]


async def test_a_thread_that_was_deleted_while_the_bot_was_down_is_followed_by_another(scene):
    async with running(scene):
        town = await founded(scene, scene.ann, residents=2, seed=7)
        old = town.live
    scene.discord.delete_channel(town.thread)
    async with running(scene):
        said = await town.command(scene.bob, "resident talk", name="Ngozi", words="Hello")
        assert town.live is not old
        assert said == f"Ngozi has answered in <#{town.live.id}>."
        await town.until_said("**Bob**, to Ngozi: Hello")


async def test_of_two_towns_at_the_same_moment_a_channel_holds_one(bot, scene):
    async def create(who):
        return await told(await who.slash(scene.channel, "town create", residents=2))

    said = sorted(await asyncio.gather(create(scene.ann), create(scene.bob)))
    assert said[0] == "A town lives in this channel already; take another channel."
    assert said[1].startswith("Ferrywick is founded")


def late(scene) -> None:
    """Let answers to the next two commands take so long that both have been looked at."""
    route = "/interactions/{interaction}/{token}/callback"
    scene.discord.fault("POST", route, None, times=2, delay=0.5)


async def test_of_two_members_who_want_to_be_the_same_resident_one_is(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    late(scene)
    both = (town.command(who, "resident become", name="Ngozi") for who in (scene.ann, scene.bob))
    said = sorted(await asyncio.gather(*both))
    assert said[0] == "Another member is this resident; choose somebody else."
    assert said[1].startswith("You are Ngozi now.")


async def test_a_member_who_wants_to_be_two_residents_at_once_is_one(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    late(scene)
    names = ("Ngozi", "Joaquim")
    both = (town.command(scene.bob, "resident become", name=name) for name in names)
    said = await asyncio.gather(*both)
    assert " now. " in said[0] + said[1]
    assert any(one.endswith(" already; /town resident leave first.") for one in said)


async def test_a_member_is_somebody_until_the_resident_has_moved_away(bot, scene):
    town = await founded(scene, scene.ann, residents=1)
    said = await town.command(scene.ann, "resident add", name="Birgit")
    assert said == "Birgit moves in."
    await town.command(scene.bob, "resident become", name="Ngozi")
    await town.command(scene.ann, "step", minutes=1)
    said = await town.command(scene.ann, "resident remove", name="Ngozi")
    assert said == "So it will be as soon as everybody has come to day 1, 06:01."
    said = await town.command(scene.bob, "resident become", name="Birgit")
    assert said == "You are Ngozi already; /town resident leave first."
    asked = await answering(scene, town, scene.bob)
    opened = await form(scene.bob, asked)
    place = names_in(opened)["place"][-1]
    said = await told(
        await scene.bob.submit_modal(opened, {"place": place, "purpose": "to say goodbye"})
    )
    assert said.startswith("**Ngozi** has moved away;")
    await town.until_said("Ngozi is played by a house bot (hard) from now on.")
    said = await town.command(scene.bob, "resident become", name="Birgit")
    assert said.startswith("You are Birgit now.")
