"""Messages, webhooks and threads of the real client, and what Discord allows of them."""

import io

import aiohttp
import discord
import pytest

from tests.discord_double.permissions import Permission
from tests.discord_double.sample_bot import Controls, refused, running
from tests.discord_double.server import DiscordDouble

MESSAGES = "/channels/{channel}/messages"


async def test_messages_are_heard_answered_edited_and_deleted(bot, double, scene, room):
    await scene.alice.send(scene.channel, "hello")
    heard = await double.until(lambda: bot.heard and bot.heard[0])
    sent = await heard.reply("hi")
    (_, answer) = double.messages(scene.channel)
    await sent.edit(content="hi there")
    await sent.delete()

    assert (heard.content, heard.author.name) == ("hello", "alice")
    assert answer.replies_to.content == "hello" and answer.pinged == {scene.alice.id}
    assert [m.content for m in double.messages(scene.channel)] == ["hello"]
    done = [(d.what, d.content) for d in double.record.deeds if d.app_id == scene.app.id]
    assert done == [("created", "hi"), ("edited", "hi there"), ("deleted", "hi there")]


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x" * 2001},
        {"embed": discord.Embed(title="x" * 257)},
        {"embeds": [discord.Embed(description="x" * 4000), discord.Embed(description="x" * 2001)]},
        {"content": "x", "nonce": "n" * 26},
        {"file": discord.File(io.BytesIO(b"x"), "x.png", description="x" * 1025)},
    ],
    ids=["content", "title", "all embeds", "nonce", "alt text"],
)
async def test_what_is_too_long_or_too_much_is_refused(double, scene, room, body):
    with refused(50035):
        await room.send(**body)
    assert double.messages(scene.channel) == []


def controls(*items):
    view = discord.ui.View(timeout=None)
    for item in items:
        view.add_item(item)
    return view


@pytest.mark.parametrize(
    "items",
    [
        [discord.ui.Button(label="x" * 81, custom_id="a")],
        [discord.ui.Button(label="x", custom_id="a" * 101)],
        [discord.ui.Button(label="x", custom_id="a"), discord.ui.Button(label="y", custom_id="a")],
        [discord.ui.Select(options=[discord.SelectOption(label="x" * 101, value="x")])],
        [discord.ui.Select(options=[discord.SelectOption(label="x", value="x")] * 2)],
    ],
    ids=["label", "custom id", "same custom id", "option", "same value"],
)
async def test_controls_that_discord_does_not_take_are_refused(room, items):
    with refused(50035):
        await room.send("choose", view=controls(*items))


async def test_an_empty_message_is_refused(room):
    with refused(50006):
        await room.send("  ")


async def test_a_nonce_sends_one_message_until_it_is_forgotten(double, scene, room):
    first = await room.send("once", nonce="n1")
    again = await room.send("twice", nonce="n1")
    double.clock.advance(181)
    later = await room.send("later", nonce="n1")

    assert first.id == again.id != later.id and again.content == "once"
    assert [m.content for m in double.messages(scene.channel)] == ["once", "later"]
    assert double.messages(scene.channel)[0].nonce == "n1"


async def test_only_allowed_mentions_notify(double, scene, room):
    text = f"{scene.alice.mention} {scene.bob.mention} @everyone"

    await room.send(text)
    await room.send(text, allowed_mentions=discord.AllowedMentions.none())
    await room.send(
        text, allowed_mentions=discord.AllowedMentions(everyone=False, users=[scene.bob])
    )

    alice, bob = scene.alice.id, scene.bob.id
    pinged = [message.pinged for message in double.messages(scene.channel)]
    assert pinged == [{alice, bob}, set(), {bob}]


async def test_files_keep_their_alt_text_and_can_be_downloaded(double, scene, room):
    sent = await room.send(file=discord.File(io.BytesIO(b"board"), "b.txt", description="A board"))

    assert await sent.attachments[0].read() == b"board"
    assert double.messages(scene.channel)[0].attachments[0].description == "A board"
    assert {"b.txt", "A board", "board"} <= set(double.public_texts(scene.app))
    await sent.edit(attachments=[discord.File(io.BytesIO(b"new"), "n.txt")])
    assert [a.filename for a in double.messages(scene.channel)[0].attachments] == ["n.txt"]


async def test_history_is_read_in_pages_from_either_side(scene, room):
    for number in range(5):
        await scene.alice.send(scene.channel, str(number))
    third = [message async for message in room.history()][2]

    async def read(**where):
        return "".join([message.content async for message in room.history(**where)])

    assert await read() == "43210"
    assert await read(limit=2) == "43"
    assert await read(after=third) == "34"
    assert await read(before=third) == "10"
    assert await read(around=third, limit=3) == "321"


async def test_public_texts_are_everything_ever_readable(double, scene, room):
    sent = await room.send("first", embed=discord.Embed(title="title"), view=Controls())
    await sent.edit(content="second", embed=None, view=None)
    await (await sent.create_thread(name="a thread")).delete()
    await sent.delete()

    texts = set(double.public_texts(scene.app))
    assert {"first", "second", "title", "Hit", "hit", "A", "a", "a thread"} <= texts


@pytest.mark.parametrize(
    ("lacking", "code"),
    [
        (Permission.VIEW_CHANNEL, 50001),
        (Permission.SEND_MESSAGES, 50013),
        (Permission.EMBED_LINKS, 50013),
        (Permission.ATTACH_FILES, 50013),
    ],
)
async def test_what_the_bot_may_not_is_refused(double, scene, room, lacking, code):
    double.change_role(scene.guild, scene.role, 0)
    double.change_overwrite(scene.channel, double.overwrite(scene.guild, deny=lacking))

    with refused(code):
        file = discord.File(io.BytesIO(b"x"), "x.txt")
        await room.send("x", embed=discord.Embed(title="x"), file=file)
    assert double.messages(scene.channel) == []


async def test_other_rights_are_needed_for_threads_webhooks_history_and_others_messages(
    double, scene, room
):
    said = await scene.alice.send(scene.channel, "mine")
    double.change_role(scene.guild, scene.role, 0)
    barred = Permission.READ_MESSAGE_HISTORY | Permission.CREATE_PUBLIC_THREADS
    double.change_overwrite(scene.channel, double.overwrite(scene.app.user, deny=barred))
    message = room.get_partial_message(said.id)

    with refused(50013):
        await room.create_webhook(name="table")
    with refused(50013):
        await message.create_thread(name="thread")
    with refused(50013):
        await message.delete()
    with refused(50005):
        await message.edit(content="yours")
    with refused(160002):
        await message.reply("x")
    assert [m async for m in room.history()] == []


async def test_what_is_gone_is_unknown(bot, double, scene, room):
    sent = await room.send("x")
    webhook = await room.create_webhook(name="table")
    await webhook.delete()
    await sent.delete()

    with refused(10008):
        await sent.edit(content="y")
    with refused(10015):
        await webhook.send("y")
    double.delete_channel(scene.channel)
    with refused(10003):
        await room.send("y")
    await double.until(lambda: "lost games" in bot.happened)


async def test_a_route_has_a_limit_that_the_client_keeps(double, scene, bot):
    double.limit("POST", MESSAGES, 2, 0.3)
    room = bot.get_channel(scene.channel.id)

    for number in range(5):
        await room.send(str(number))

    times = [deed.at for deed in double.record.of("created")]
    assert times[-1] - times[0] > 0.5
    assert 429 not in {request.status for request in double.record.requests}


async def test_a_429_is_waited_out_and_sent_again(double, scene, room):
    double.limits.per_second = 1
    for text in ("one", "two"):
        await room.send(text)

    assert [m.content for m in double.messages(scene.channel)] == ["one", "two"]
    assert 429 in {request.status for request in double.record.requests}


async def test_a_request_may_be_done_and_its_answer_lost(double, scene, room):
    struck = []
    double.fault("POST", MESSAGES, done=True, then=lambda: struck.append(True))

    with pytest.raises(aiohttp.ServerDisconnectedError):
        await room.send("was it sent", nonce="n1")
    await room.send("was it sent", nonce="n1")

    assert struck and [r.status for r in double.record.requests if r.route == MESSAGES] == [0, 200]
    assert len(double.messages(scene.channel)) == 1


async def test_reactions_pins_and_typing_are_noted(double, scene, room):
    sent = await room.send("x")
    await sent.add_reaction("👍")
    await scene.alice.react(double.messages(scene.channel)[0], "👍")
    await sent.pin()
    await room.typing()

    assert (await room.fetch_message(sent.id)).reactions[0].count == 2
    assert [m.id async for m in room.pins()] == [sent.id]
    assert double.record.typed[0][:2] == (scene.channel.id, scene.app.id)


async def test_a_route_that_the_double_lacks_fails_the_test_that_used_it():
    async with DiscordDouble() as double:
        app = double.application()
        async with running(double, app.token) as bot:
            with pytest.raises(discord.NotFound):
                await bot.http.get_template("x")
        assert double.record.broken.pop().startswith("no route GET")
