"""/character why: which lore went into a character's last answer in a channel's chat."""

import pytest

from bot.arena.chats import ChatPlace
from characters import host
from characters.host import HOST
from characters.shipped import shipped
from games.core import Seat
from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, said
from tests.bot.cogs.remembered import running_client

ANN, SOC = Seat("Ann"), Seat("Socrates")
CARD = shipped()["socrates"]
WORKED_OUT = " (Worked out again, from what the chat and the card say now.)"


@pytest.fixture(autouse=True)
def model(scene):
    address = "http://127.0.0.1:9/v1"
    scene.settings.models.write_text(f'[tiny]\nbase_url = "{address}"\nmodel = "t"\n')


async def chatting(scene):
    """Begin a chat of ann and Socrates in the channel, in which he has greeted her."""
    here = scene.channel.id
    chat = ChatPlace("chat2345", scene.guild.id, here, here, scene.ann.id, "i:1", 0)
    table = await running_client().chats.open(chat)
    await table.admit(ANN, f"person:{scene.ann.id}", by=HOST, answer=host.join_person(ANN))
    joins = host.join_character(SOC, (), 0.0, words="Welcome.")
    await table.admit(SOC, "character:socrates:tiny", by=HOST, answer=joins)
    return table


async def why(scene, **options):
    return await answer(await scene.bob.slash(scene.channel, "character why", **options))


def file_of(scene, message):
    (file,) = message.attachments
    return scene.discord.files[file.id].decode()


async def test_each_entry_is_told_with_the_reason_and_so_after_a_restart(scene):
    async with running(scene):
        table = await chatting(scene)
        assert "No character has answered anybody" in (await why(scene)).content
        await table.submit(ANN, "Socrates, how is Xanthippe?")
        await table.submit(SOC, "She scolds.")
        shown = await why(scene)
    async with running(scene):
        again = await why(scene, name="socrates")
    # Whether the character had begun to answer before its words were given is a race.
    heads = [told.content.removesuffix(WORKED_OUT) for told in (shown, again)]
    assert heads[0] == heads[1]
    assert "Line 3 of Socrates: " in shown.content
    assert f"of {len(CARD.book.entries)} entries" in shown.content
    table_, other = (file_of(scene, told).replace(WORKED_OUT, "") for told in (shown, again))
    assert other == table_
    lines = [line for line in table_.splitlines() if line.startswith(("+ ", "- "))]
    assert len(lines) == len(CARD.book.entries)
    taken = [line for line in lines if line.startswith("+ ")]
    assert any(line.startswith("+ Xanthippe (") for line in taken)
    assert lines[: len(taken)] == taken
    assert any(": no key in" in line for line in lines)


async def test_where_nobody_chats_nothing_can_be_explained(bot, scene):
    assert "There is no chat here" in (await why(scene)).content
    await chatting(scene)
    other = scene.discord.channel(scene.guild, "other")
    given = await scene.bob.slash(other, "character why")
    assert "There is no chat here" in await said(given)


async def test_who_takes_no_part_or_has_only_greeted_has_not_answered(bot, scene):
    await chatting(scene)
    assert "does not take part" in (await why(scene, name="newton")).content
    assert "has answered nobody" in (await why(scene, name="socrates")).content
    assert "There is no character 'x' here" in (await why(scene, name="x")).content
