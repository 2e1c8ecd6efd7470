"""Webhooks and threads of the real client, and what a bot without the content intent reads."""

import discord
import pytest

from tests.discord_double.errors import ApiError
from tests.discord_double.permissions import Permission
from tests.discord_double.sample_bot import refused, running


async def test_a_webhook_speaks_under_any_name_in_the_channel_and_its_threads(double, scene, room):
    webhook = await room.create_webhook(name="table")
    start = await room.send("lobby")
    thread = await start.create_thread(name="match")
    face = "http://127.0.0.1/owl.png"
    said = await webhook.send("hoo", username="Owl", avatar_url=face, wait=True)
    inside = await webhook.send("hoo hoo", username="Owl", thread=thread, wait=True)
    await inside.edit(content="to whoo")

    spoken = double.channels[scene.channel.id].messages[said.id]
    assert (spoken.author.name, spoken.avatar_url, spoken.webhook_id) == ("Owl", face, webhook.id)
    (heard,) = double.messages(double.channels[thread.id])
    assert (heard.content, heard.nonce) == ("to whoo", None)
    with refused(50035):
        await webhook.send("x", username="Discord Owl")


async def test_a_channel_has_15_webhooks_at_most(room):
    for number in range(15):
        await room.create_webhook(name=f"hook {number}")
    with refused(30007):
        await room.create_webhook(name="one more")


async def test_a_message_begins_one_thread_with_its_own_id(double, scene, room):
    start = await room.send("lobby")
    thread = await start.create_thread(name="match", auto_archive_duration=60)

    with refused(160004):
        await start.create_thread(name="again")
    assert thread.id == start.id and len(double.threads(scene.channel)) == 1


async def test_sending_opens_an_archived_thread_unless_it_is_locked(double, scene, room):
    start = await room.send("lobby")
    thread = await start.create_thread(name="match")
    said = await thread.send("before")
    held = double.channels[thread.id]
    double.archive(held)
    with refused(50083):
        await said.edit(content="changed")
    await thread.send("after")
    assert not held.archived

    double.change_role(scene.guild, scene.role, 0)
    double.archive(held, locked=True)
    with refused(50083):
        await thread.send("never")
    with pytest.raises(ApiError, match="50083"):
        await scene.bob.send(held, "never")


async def test_messages_are_hidden_without_the_intent_unless_they_concern_the_bot(double, scene):
    plain = double.application("blind", message_content=False)
    double.install(plain, scene.guild)
    intents = discord.Intents.all()
    intents.message_content = False
    async with running(double, plain.token, intents) as blind:
        room = blind.get_channel(scene.channel.id)
        own = await room.send("mine")
        asked = double.channels[room.id].messages[own.id]
        await scene.alice.send(scene.channel, "secret")
        await scene.alice.send(scene.channel, "for you", mentions=[plain.user])
        await scene.alice.send(scene.channel, "my answer", reply_to=asked)
        await scene.alice.send(double.direct(plain, scene.alice), "direct")
        await double.until(lambda: len(blind.heard) == 5)

        assert blind.texts() == ["mine", "", f"{plain.mention} for you", "my answer", "direct"]
        assert [m.content async for m in room.history()][2] == ""


async def test_the_bots_own_webhook_is_hidden_without_the_intent_but_for_its_token(double, scene):
    plain = double.application("blind", message_content=False)
    double.install(plain, scene.guild)
    intents = discord.Intents.default()
    async with running(double, plain.token, intents) as blind:
        webhook = await blind.get_channel(scene.channel.id).create_webhook(name="table")
        said = await webhook.send("hoo", wait=True)

        found = [m async for m in blind.get_channel(scene.channel.id).history()]
        assert (found[0].id, found[0].content) == (said.id, "")
        assert (await webhook.fetch_message(said.id)).content == "hoo"


async def test_a_bot_that_comes_to_see_a_channel_hears_of_its_threads(bot, double, scene):
    double.change_role(scene.guild, scene.role, 0)
    hidden = double.overwrite(scene.guild, deny=Permission.VIEW_CHANNEL)
    double.change_overwrite(scene.channel, hidden)
    said = await scene.alice.send(scene.channel, "start")
    thread = await scene.alice.begin_thread(said, "match")

    double.change_overwrite(scene.channel, double.overwrite(scene.guild))
    await double.until(lambda: bot.get_channel(thread.id))


async def test_guilds_members_and_webhooks_are_listed(bot, scene, room):
    await room.create_webhook(name="table")

    assert [guild.name async for guild in bot.fetch_guilds()] == ["Testland"]
    names = {member.name async for member in room.guild.fetch_members()}
    assert names == {"alice", "bob", "parlour"}
    assert [webhook.name for webhook in await room.guild.webhooks()] == ["table"]
