"""Chats where something is forbidden, gone or broken; and who may decide about them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from bot import discord_wiring
from bot.cogs import chat_host
from tests.bot.cogs.chats import Talker, talking
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import told
from tests.bot.cogs.test_chat_lines import controlled, events
from tests.characters.samples import as_bytes, minimal
from tests.discord_double.message_rules import Upload
from tests.discord_double.permissions import Permission
from tests.faulty_model import Mode


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(chat_host, "CLOCK_SECONDS", 0.05)


@pytest.fixture
async def model():
    async with Talker().running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


def forbid(scene, *rights):
    role = next(one for one in scene.guild.roles.values() if one.managed)
    every = sum(int(right) for right in Permission if right is not Permission.ADMINISTRATOR)
    role.permissions = every & ~sum(map(int, rights))
    everyone = scene.guild.roles[scene.guild.id]
    everyone.permissions &= ~sum(map(int, rights))


HOSTED = ("dismiss", "stop", "resume", "mode", "quiet")
GIVEN = {
    "dismiss": {"character": "Socrates"},
    "mode": {"mode": "pooled"},
    "speak": {"character": "Socrates"},
}


async def test_only_the_opener_and_moderators_decide_about_a_chat(bot, scene):
    talk = await talking(scene, scene.ann)
    before = events(scene)
    for name in HOSTED:
        said = await talk.command(scene.bob, name, **GIVEN.get(name, {}))
        assert said == "Only whoever opened this chat, or a moderator, can do that."
    assert events(scene) == before
    for name in ("status", "history"):
        assert "Socrates" in await talk.command(scene.bob, name)
    assert "mode pooled" in await talk.command(scene.owner, "mode", mode="pooled")


async def test_where_there_is_no_chat_every_command_says_how_to_begin_one(bot, scene):
    for name in (*HOSTED, "leave", "status", "history", "speak"):
        said = await told(
            await scene.ann.slash(scene.channel, f"chat {name}", **GIVEN.get(name, {}))
        )
        assert said == "There is no chat here; begin one with /chat with."


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"character": "nobody"}, "There is no character 'nobody' here"),
        ({"character": "socrates", "model": "none"}, "There is no model of that name"),
    ],
)
async def test_whom_nobody_knows_does_not_come(bot, scene, given, why):
    assert why in await told(await scene.ann.slash(scene.channel, "chat with", **given))
    assert "entries" not in events(scene)
    said = await told(await scene.ann.slash(scene.channel, "chat status"))
    assert said.startswith("There is no chat here")


async def test_characters_are_suggested_by_any_of_their_names(bot, scene):
    found = await scene.ann.autocomplete(scene.channel, "chat with", "character", "сокр")
    assert [one["value"] for one in found.choices] == ["socrates"]
    found = await scene.ann.autocomplete(scene.channel, "chat quiet", "timezone", "berl")
    assert [one["value"] for one in found.choices] == ["Europe/Berlin"]


async def test_without_webhooks_the_bot_speaks_with_the_name_in_bold(scene, model):
    forbid(scene, Permission.MANAGE_WEBHOOKS)
    async with running(scene):
        await told(await scene.ann.slash(scene.channel, "chat with", character="socrates"))
        await scene.bob.send(scene.channel, "Well?")
        said = await scene.shown(scene.channel, lambda m: "Answer 1." in m.content)
        assert said.content == "**Socrates (AI)**: Answer 1."
        await scene.discord.until(lambda: "🔁 Again" in said.controls)
        await scene.bob.click(said, "🔁 Again")
        await scene.discord.until(lambda: "Answer 2." in said.content)


async def test_without_the_intent_a_mention_or_the_button_is_heard(scene, model):
    scene.app.flags = 0
    async with running(scene):
        talk = await talking(scene, scene.ann)
        await scene.bob.send(talk.place, "You cannot read this.")
        await scene.bob.send(talk.place, "What is it?", mentions=[scene.app.user])
        message = await controlled(talk, "Answer 1.")
        assert "cannot read" not in model.prompts[-1]
        opened = await scene.bob.click(message, "💬 Speak")
        given = await scene.bob.submit_modal(opened, {"words": "And *this*?"})
        assert await told(given) == "You have said it."
        await talk.until_told("**Bob**: And *this*?")
        await talk.until("Answer 2.")


async def test_a_deleted_channel_or_thread_pauses_the_chat(bot, scene, model):
    talk = await talking(scene, scene.ann, thread=True)
    scene.discord.delete_channel(talk.place)
    await scene.discord.until(lambda: "table-paused" in events(scene))
    other = scene.discord.channel(scene.guild, "other")
    await told(await scene.ann.slash(other, "chat with", character="socrates"))
    scene.discord.delete_channel(other)
    await scene.discord.until(lambda: events(scene).count("table-paused") == 2)


async def test_a_chat_that_may_not_be_spoken_in_pauses_and_goes_on(scene, model):
    async with running(scene):
        talk = await talking(scene, scene.ann)
        forbid(scene, Permission.SEND_MESSAGES, Permission.MANAGE_WEBHOOKS)
        scene.discord.webhooks.clear()
        await told(await scene.owner.slash(talk.place, "chat speak", character="Socrates"))
        await scene.discord.until(lambda: "table-paused" in events(scene))
        forbid(scene)
        said = await told(await scene.owner.slash(talk.place, "chat resume"))
        assert said == "The chat goes on."
        await scene.shown(talk.place, lambda m: "Answer 1." in m.content)


async def test_a_model_that_fails_leaves_the_character_silent(bot, scene, model):
    talk = await talking(scene, scene.ann)
    model.mode, model.times = Mode.NO_CHOICES, None
    await scene.bob.send(talk.place, "Well?")
    await talk.until_told("Socrates stays silent.")
    model.mode = Mode.OK
    await scene.bob.send(talk.place, "And now?")
    await talk.until("Answer")


async def test_bots_banned_members_and_asides_are_not_heard(bot, scene, model):
    talk = await talking(scene, scene.ann)
    await told(await scene.owner.slash(scene.channel, "admin bans add", member=scene.bob))
    await scene.bob.send(talk.place, "I am banned.")
    await scene.ann.send(talk.place, "// just between us")
    await scene.ann.send(talk.place, "Hello.")
    await talk.until("Answer 1.")
    assert "banned" not in model.prompts[-1]
    assert "between us" not in model.prompts[-1]


async def test_chats_are_opened_only_where_the_server_wants_them(bot, scene):
    await scene.discord.until(lambda: True)
    elsewhere = scene.discord.channel(scene.guild, "elsewhere")
    panel = await (await scene.owner.slash(scene.channel, "admin setup")).reply()
    await scene.owner.select(panel, "p:setup:channels", [elsewhere])
    said = await told(await scene.ann.slash(scene.channel, "chat with", character="socrates"))
    assert "Tables are opened in" in said


async def test_quiet_hours_are_kept_by_the_clock_and_only_the_called_answer(bot, scene, model):
    talk = await talking(scene, scene.ann)
    now = datetime.now(UTC)
    begin, end = (now - timedelta(hours=1)), (now + timedelta(hours=2))
    hours = {"from": f"{begin:%H:%M}", "to": f"{end:%H:%M}"}
    assert "then only those answer" in await talk.command(scene.ann, "quiet", **hours)
    await talk.until_told("Quiet hours:")
    assert "It is quiet now." in await talk.command(scene.bob, "status")
    await scene.bob.send(talk.place, "Anybody?")
    await scene.bob.send(talk.place, "Socrates?")
    await talk.until("Answer 1.")
    assert len(model.prompts) == 1
    assert "no time of day" in await talk.command(scene.ann, "quiet", **{"from": "x", "to": "7"})
    assert await talk.command(scene.ann, "quiet") == "There are no quiet hours."
    await talk.until_told("The quiet hours are over.")


async def test_a_member_reads_once_that_characters_remember(bot, scene, model):
    talk = await talking(scene, scene.ann)
    for number in (1, 2):
        await scene.bob.send(talk.place, "Hm.")
        await talk.until(f"Answer {number}.")
    await talk.until_told("Characters remember here")
    notices = [m for m in scene.discord.messages(talk.place) if "/memory view" in m.content]
    assert [m.replies_to.author for m in notices] == [scene.bob]


async def test_messages_deleted_together_are_gone_from_the_chat(bot, scene, model):
    talk = await talking(scene, scene.ann)
    await talk.command(scene.ann, "mode", mode="manual")
    mine = [await scene.bob.send(talk.place, words) for words in ("Apples.", "Pears.", "Plums.")]
    await scene.discord.until(lambda: events(scene).count('["said"') == 4)
    payload = {"ids": [str(one.id) for one in mine[:2]], "channel_id": str(talk.place.id)}
    payload["guild_id"] = str(scene.guild.id)
    scene.discord.emit("MESSAGE_DELETE_BULK", payload, channel=talk.place)
    await scene.discord.until(lambda: events(scene).count('["deleted"') == 2)
    await talk.command(scene.ann, "speak", character="Socrates")
    await talk.until("Answer 1.")
    assert not re.search("Apples|Pears", model.prompts[-1])
    assert "Plums." in model.prompts[-1]


async def test_whoever_leaves_can_have_everything_deleted_and_come_back(bot, scene, model):
    talk = await talking(scene, scene.ann)
    await scene.bob.send(talk.place, "I like figs.")
    await talk.until("Answer 1.")
    assert "take no part" in await talk.command(scene.bob, "leave")
    assert str(scene.bob.id) not in await talk.command(scene.ann, "status")
    form = await scene.bob.slash(scene.channel, "privacy delete")
    assert "Done" in await told(await scene.bob.submit_modal(form, {"word": "delete"}))
    assert "figs" not in events(scene)
    await scene.bob.send(talk.place, "Me again.")
    await talk.until("Answer 2.")
    assert "figs" not in model.prompts[-1]


async def test_a_character_for_adults_talks_in_age_restricted_channels_only(bot, scene):
    file = Upload("bo.json", as_bytes(minimal(tags=["NSFW"])))
    adults = scene.discord.channel(scene.guild, "adults", nsfw=True)
    await told(await scene.owner.slash(adults, "character import", file=file))
    said = await told(await scene.ann.slash(scene.channel, "chat with", character="Bo"))
    assert "age-restricted" in said
    assert "Bo is in" in await told(await scene.ann.slash(adults, "chat with", character="Bo"))
