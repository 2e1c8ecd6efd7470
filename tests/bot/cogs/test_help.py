"""/help: what it lists, for whom, and how much it tells of one command."""

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, commands, said


async def pages(scene, who) -> list[str]:
    """Leaf through the help."""
    shown = await answer(await who.slash(scene.channel, "help"))
    found = [shown.content]
    while "More" in shown.controls:
        await who.click(shown, "More")
        await scene.discord.until(lambda: shown.content != found[-1])
        found.append(shown.content)
    return found


def listed(scene) -> set[str]:
    roots = [one for one in scene.app.commands.values() if one["type"] == 1]
    return {path for root in roots for path, _ in commands(scene, root["name"])}


async def test_an_admin_finds_every_command_with_a_link_and_a_member_only_the_members(bot, scene):
    everything = "\n".join(await pages(scene, scene.owner))
    mine = "\n".join(await pages(scene, scene.ann))
    assert len(listed(scene)) > 30
    for path in listed(scene):
        assert f"</{path}:" in everything
        assert (f"</{path}:" in mine) == (not path.startswith("admin ")), path
    for text in (everything, mine):
        assert "How to play" in text
        assert "**Ask a character about this**" in text
        assert "**Add to the table**" in text
    ids = {str(one["id"]) for one in scene.app.commands.values() if one["name"] == "admin"}
    assert all(f"</admin setup:{number}>" in everything for number in ids)


async def test_pages_turn_both_ways_and_fit_into_a_message(bot, scene):
    found = await pages(scene, scene.owner)
    assert len(found) > 1
    assert all(len(page) <= 2000 for page in found)
    shown = await answer(await scene.owner.slash(scene.channel, "help"))
    await scene.owner.click(shown, "More")
    await scene.discord.until(lambda: shown.content == found[1])
    await scene.owner.click(shown, "Back")
    await scene.discord.until(lambda: shown.content == found[0])


async def test_pages_turn_after_a_restart(scene):
    async with running(scene):
        shown = await answer(await scene.owner.slash(scene.channel, "help"))
    async with running(scene):
        await scene.owner.click(shown, "More")
        await scene.discord.until(lambda: "How to play" not in shown.content)


async def test_one_command_is_told_with_its_options(bot, scene):
    told = await said(await scene.ann.slash(scene.channel, "help", command="/Arena  create"))
    assert "Open a lobby for a game" in told
    assert "`game`: What to play." in told
    assert "`options` (optional): Such as: target=3" in told


async def test_members_hear_nothing_of_admin_commands(bot, scene):
    for name in ("admin setup", "nothing"):
        told = await said(await scene.ann.slash(scene.channel, "help", command=name))
        assert "You have no such command here" in told
    shown = await scene.ann.autocomplete(scene.channel, "help", "command", "admin")
    assert shown.choices == []
    shown = await scene.owner.autocomplete(scene.channel, "help", "command", "/admin set")
    assert [choice["name"] for choice in shown.choices] == ["/admin setup"]


async def test_direct_messages_offer_what_works_there(bot, scene):
    home = scene.discord.direct(scene.app, scene.ann)
    told = await said(await scene.ann.slash(home, "help"))
    assert "</privacy export:" in told
    assert "arena create:" not in told


@pytest.mark.parametrize("number", ["0", "99", "x", "-1", "9" * 80])
async def test_a_page_that_is_not_there_is_another_one(bot, scene, number):
    shown = await answer(await scene.ann.slash(scene.channel, "help"))
    given = await scene.ann.forge(
        scene.channel, 3, {"custom_id": f"p:help:{number}", "component_type": 2}, message=shown
    )
    assert not given.failed


async def test_without_ids_commands_are_named(bot, scene):
    scene.discord.fault("GET", "/applications/{application}/commands", 403, times=9)
    told = await said(await scene.ann.slash(scene.channel, "help"))
    assert "**/arena create**: Open a lobby" in told
