"""Plain messages: what people say in a thread is heard once, in order, also after an absence."""

import asyncio

import pytest

from bot import discord_wiring
from games import GAMES
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import begun, kept
from tests.bot.cogs.survey import Survey
from tests.discord_double.state import Message


@pytest.fixture(autouse=True)
def survey(monkeypatch):
    monkeypatch.setitem(GAMES, "survey", Survey)


async def asked(scene, *questions: str):
    """Begin a match in which ann is asked these questions."""
    return await begun(scene, "survey", scene.ann, options=f"questions={','.join(questions)}")


def answers(scene) -> list[str]:
    """What was answered, in order."""
    rows = [row[3] for row in kept(scene) if len(row) == 4 and '"noted"' in row[3]]
    return [row.split('"answer":"')[1].split('"}')[0].strip('\\"') for row in rows]


async def heard(scene, *texts: str) -> None:
    await scene.discord.until(lambda: answers(scene) == list(texts), what=str(texts))


async def test_what_a_player_says_answers_and_asides_and_others_do_not(bot, scene):
    table = await asked(scene, "text", "text")
    await scene.ann.send(table.thread, "// I wonder")
    await scene.ann.send(table.thread, "((brackets))")
    await scene.bob.send(table.thread, "I do not play")
    await scene.ann.send(scene.channel, "not in the thread")
    await scene.ann.send(table.thread, "first")
    await scene.ann.send(table.thread, "second")
    await heard(scene, "first", "second")


async def test_what_is_refused_is_said_under_the_message_and_changes_nothing(bot, scene):
    table = await asked(scene, "text")
    before = kept(scene)
    sent = await scene.ann.send(table.thread, "x" * 61)
    reply = await scene.shown(table.thread, lambda m: m.replies_to is sent)
    assert "60" in reply.content
    assert kept(scene) == before


async def test_bots_and_webhooks_are_never_heard(bot, scene):
    table = await asked(scene, "text")
    other = scene.discord.application("other")
    scene.discord.install(other, scene.guild)
    from tests.discord_double.messages import post

    for author in (other.user, scene.app.user):
        post(scene.discord, table.thread, author, {"content": "I am a bot"}, ())
    await scene.ann.send(table.thread, "I am not")
    await heard(scene, "I am not")


async def test_without_the_intent_mentions_and_controls_still_answer(scene):
    scene.app.flags = 0
    async with running(scene):
        table = await asked(scene, "text", "text")
        await scene.ann.send(table.thread, "unheard")
        await scene.ann.send(table.thread, "heard", mentions=[scene.app.user])
        await heard(scene, "heard")
        assert "typed" in await table.command(scene.ann, "move", answer="typed")


async def test_what_was_said_while_the_bot_was_down_is_heard_once_and_in_order(scene):
    async with running(scene):
        table = await asked(scene, *["text"] * 6)
        await scene.ann.send(table.thread, "one")
        await heard(scene, "one")
    for text in ("two", "// aside", "three"):
        await scene.ann.send(table.thread, text)
    async with running(scene):
        await scene.ann.send(table.thread, "four")
        await heard(scene, "one", "two", "three", "four")
    async with running(scene):
        await scene.ann.send(table.thread, "five")
        await heard(scene, "one", "two", "three", "four", "five")


async def test_what_is_said_while_the_bot_starts_keeps_its_order(scene):
    async with running(scene):
        table = await asked(scene, *["text"] * 6)
    await scene.ann.send(table.thread, "one")
    connected = len(scene.app.identified)
    task = asyncio.create_task(discord_wiring.run(scene.settings))
    try:
        await scene.discord.until(lambda: len(scene.app.identified) > connected)
        for text in ("two", "three", "four"):
            await scene.ann.send(table.thread, text)
            await asyncio.sleep(0.03)
        await heard(scene, "one", "two", "three", "four")
        await asyncio.sleep(0.2)
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_bots_among_themselves_are_stopped(scene, monkeypatch):
    scene.settings.discord.max_bot_turns = 5
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)
    async with running(scene):
        table = await begun(scene, "prisoners-dilemma", scene.ann, bots=1, options="rounds=1000")
        await told_leave(table, scene)
        await table.until_said("The match is paused: 5 turns without a person.")
        before = kept(scene)
        await asyncio.sleep(0.1)
        assert kept(scene) == before
        assert "goes on" in await table.command(scene.ann, "arena resume")
        await scene.discord.until(lambda: table.text().count("5 turns without a person.") == 2)


async def told_leave(table, scene) -> Message:
    return await table.command(scene.ann, "arena leave")
