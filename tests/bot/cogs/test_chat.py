"""Chats with characters in Discord: begun, talked in, gone on with, and ended."""

import pytest

from bot import discord_wiring
from tests.bot.cogs.chats import Talker, talking
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import told


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    """Characters that do not wait before they speak."""
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)


@pytest.fixture
async def model():
    async with Talker().running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


async def test_a_character_greets_in_its_own_voice_and_answers_whoever_writes(bot, scene, model):
    model.says.append("I know that I know nothing.")
    talk = await talking(scene, scene.ann)
    greeting = talk.spoken()[0]
    assert greeting.author.name == "Socrates (AI)"
    assert greeting.webhook_id
    await scene.bob.send(talk.place, "What do you know?")
    await talk.until("I know that I know nothing.")
    assert "What do you know?" in model.prompts[-1]
    assert "Bob" in model.prompts[-1]
    assert len(talk.spoken()) == 2
    assert scene.discord.record.typed


async def test_another_character_is_invited_and_called_by_name(bot, scene, model):
    talk = await talking(scene, scene.ann)
    assert "Cleopatra" in await talk.command(scene.bob, "with", character="cleopatra")
    await scene.discord.until(lambda: talk.spoken("Cleopatra"))
    model.says.extend(["I am the Nile.", "Hm."])
    await talk.command(scene.ann, "mode", mode="pooled")
    await scene.ann.send(talk.place, "Клеопатра, Cleopatra, who are you?")
    said = await talk.until("I am the Nile.")
    assert said.author.name.startswith("Cleopatra")
    assert "is here already" in await talk.command(scene.bob, "with", character="cleopatra")


async def test_a_reply_to_a_characters_message_calls_it(bot, scene, model):
    talk = await talking(scene, scene.ann)
    await talk.command(scene.ann, "with", character="cleopatra")
    await talk.command(scene.ann, "mode", mode="pooled")
    model.says.extend(["To you I say.", "Hm."])
    await scene.bob.send(talk.place, "Really?", reply_to=talk.spoken("Socrates")[0])
    said = await talk.until("To you I say.")
    assert said.author.name == "Socrates (AI)"


async def test_a_chat_can_be_held_in_a_thread(bot, scene, model):
    talk = await talking(scene, scene.ann, thread=True, topic="What is courage?")
    assert talk.place is not scene.channel
    await talk.until("Answer 1.")
    await talk.until_told("**Ann**: What is courage?")
    assert talk.spoken()[0].webhook_id


async def test_a_chat_goes_on_after_a_restart_with_what_was_said_meanwhile(scene, model):
    async with running(scene):
        talk = await talking(scene, scene.ann)
        await scene.ann.send(talk.place, "First.")
        await talk.until("Answer 1.")
    await scene.ann.send(talk.place, "Second.")
    async with running(scene):
        await talk.until("Answer 2.")
        await scene.ann.send(talk.place, "Third.")
        await talk.until("Answer 3.")
    assert talk.words()[1:] == ["Answer 1.", "Answer 2.", "Answer 3."]
    assert model.prompts[-1].index("Second.") < model.prompts[-1].index("Answer 2.")


async def test_the_chat_ends_and_nobody_answers_any_more(bot, scene, model):
    talk = await talking(scene, scene.ann)
    assert "Only whoever opened this chat" in await talk.command(scene.bob, "stop")
    assert "The chat is over" in await talk.command(scene.ann, "stop")
    await talk.until_told("The chat is over.")
    await scene.ann.send(talk.place, "Hello?")
    said = await told(await scene.ann.slash(talk.place, "chat status"))
    assert said == "There is no chat here; begin one with /chat with."
    assert model.requests == []


async def test_without_room_for_a_thread_no_chat_begins(bot, scene, model, monkeypatch):
    monkeypatch.setattr("tests.discord_double.threads.ACTIVE_THREADS", 0)
    tried = await scene.ann.slash(scene.channel, "chat with", character="socrates", thread=True)
    assert "as many active threads as Discord allows" in await told(tried)
    talk = await talking(scene, scene.ann)
    assert talk.place is scene.channel
