"""A long chat of two members and two characters through restarts: nothing lost, nothing twice."""

import asyncio
import sqlite3
from collections import Counter
from contextlib import closing
from importlib.util import find_spec
from random import Random

import pytest

from bot import discord_wiring
from tests.bot.cogs.chats import Talker, talking
from tests.bot.cogs.conftest import hush, is_up, ready, running
from tests.bot.cogs.matches import told

TURNS, LIVES = 200, 4
FACT = "My favourite fruit is the pomegranate."
"""Told once, in the first line."""


class Numbered(Talker):
    """Gives every answer a number of its own, and never calls the other character by name."""

    def replies(self, received):
        return f"Reply number {len(self.prompts)}."


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)


@pytest.fixture
async def model():
    async with Numbered().running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(
        f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\ncontext = 4000\n'
    )
    return scene


async def test_two_hundred_turns_through_restarts_lose_and_double_nothing(scene, model):
    rng, said, talk, gone, changed = Random(7), [], None, set(), {}
    for life in range(LIVES):
        async with running(scene):
            if talk is None:
                talk = await talking(scene, scene.ann)
                await talk.command(scene.bob, "with", character="cleopatra")
                await talk.command(scene.ann, "quiet", **{"from": "00:00", "to": "23:59"})
                await scene.ann.send(talk.place, f"Socrates! {FACT}")
                await answered(talk, 1)
            for turn in range(TURNS // LIVES):
                who = rng.choice((scene.ann, scene.bob))
                words = f"Turn {life}-{turn} goes to {rng.choice(('Socrates', 'Cleopatra'))}."
                said.append(await who.send(talk.place, words))
                await answered(talk, len(said) + 1)
                if turn % 10 == 3:
                    changed[said[-1].id] = f"Changed {life}-{turn}."
                    await who.edit(said[-1], changed[said[-1].id])
                if turn % 10 == 6:
                    gone.add(said[-1].id)
                    await who.delete(said[-1])
                if turn % 10 == 8:
                    newest = [m for m in talk.spoken() if "🔁 Again" in m.controls][-1]
                    before = newest.content
                    await told(await scene.ann.click(newest, "🔁 Again"))
                    await scene.discord.until(lambda m=newest, was=before: m.content != was)
            await scene.discord.until(lambda t=talk: not unfinished(t), what="the last answer")
            whole = await history(talk, scene.ann)
        if life + 1 < LIVES:  # while it is down
            said.append(await scene.bob.send(talk.place, f"Turn {life}-x, Socrates, meanwhile."))
    for message in said:
        now = changed.get(message.id, message.content)
        assert whole.count(now) == (0 if message.id in gone else 1), now
    numbers = Counter(talk.words()[2:])
    assert max(numbers.values()) == 1
    assert not unfinished(talk)
    last = next(one for one in reversed(model.prompts) if "You are Socrates" in one)
    assert "favourite fruit is the pomegranate" in last, "what was told early is remembered"
    assert FACT not in last.partition("Turn")[2]


def unfinished(talk):
    """Return the drafts that are still being written."""
    return [one for one in talk.words() if "▌" in one]


async def answered(talk, count):
    """Wait until each of so many lines of members has its answer."""
    await talk.scene.discord.until(lambda: len(talk.spoken()) >= count + 2, what=f"{count} answers")


async def history(talk, who):
    """Return the record of a chat that a member is handed out."""
    reply = await (await who.slash(talk.place, "chat history")).reply()
    await talk.scene.discord.until(lambda: reply.attachments)
    return talk.scene.discord.files[reply.attachments[0].id].decode()


async def test_a_bot_that_is_cut_off_in_mid_sentence_says_it_once(scene, model):
    model.pause = 0.02
    talk = None
    for life in range(6):
        task = asyncio.create_task(discord_wiring.run(scene.settings))
        await scene.discord.until(lambda task=task: task.done() or is_up(scene))
        await ready()
        if talk is None:
            talk = await talking(scene, scene.ann)
        model.says.append(f"A whole sentence, said in life {life}, that takes its time.")
        await scene.bob.send(talk.place, f"Question {life}?")
        await asyncio.sleep(0.04 * life)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hush()
        model.says.clear()
    model.pause = 0.0
    async with running(scene):
        await scene.discord.until(lambda: not any("▌" in one for one in talk.words()))
        await scene.bob.send(talk.place, "The last question.")
        await asyncio.sleep(0.5)
        whole = await history(talk, scene.ann)
    shown = talk.words()[1:]
    assert len(set(shown)) == len(shown)
    for words in shown:
        assert whole.count(words) == 1
    for life in range(6):
        assert whole.count(f"Question {life}?") == 1


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs the extra local")
async def test_a_tiny_model_of_this_machine_holds_a_chat(scene):
    from tests import gguf_maker  # it needs numpy, which comes with the extra `local`

    folder = scene.settings.model_files
    folder.mkdir(parents=True, exist_ok=True)
    gguf_maker.talking(folder / "talking.gguf")
    scene.settings.models.write_text('[talking]\nfile = "talking.gguf"\nmax_tokens = 30\n')
    async with running(scene):
        talk = await talking(scene, scene.ann)
        await scene.bob.send(talk.place, "Hello?")
        await scene.discord.until(
            lambda: any("🔁 Again" in m.controls for m in talk.spoken()[1:]), 60
        )
        await scene.bob.click(talk.spoken()[1], "🔁 Again")
        await scene.discord.until(lambda: "Version 2/2" in str(talk.spoken()[1].components))


@pytest.mark.skipif(find_spec("llama_cpp") is None, reason="needs the extra local")
async def test_what_is_remembered_can_be_found_by_its_meaning(scene, model):
    from tests import gguf_maker  # it needs numpy, which comes with the extra `local`

    folder = scene.settings.model_files
    folder.mkdir(parents=True, exist_ok=True)
    gguf_maker.tiny(folder / "tiny.gguf")
    both = f'{scene.settings.models.read_text()}[vectors]\nfile = "tiny.gguf"\n'
    scene.settings.models.write_text(both)
    scene.settings.embedding_model = "vectors"
    async with running(scene):
        talk = await talking(scene, scene.ann)
        await scene.ann.send(talk.place, FACT)
        await answered(talk, 0)
    with closing(sqlite3.connect(scene.settings.database_file)) as database:
        seen = database.execute("SELECT model, dimension FROM memory_vectors").fetchall()
    assert [name.split(":")[0] for name, _ in seen] == ["vectors"]


async def test_what_a_member_changes_is_learnt_as_it_stands(scene, model):
    async with running(scene):
        talk = await talking(scene, scene.ann)
        said = await scene.ann.send(talk.place, "My favourite colour is red.")
        await answered(talk, 0)
        await scene.ann.edit(said, "My favourite colour is blue.")
        while "colour is blue" not in await history(talk, scene.ann):
            await asyncio.sleep(0.05)
        await asyncio.sleep(0.5)  # what it has learnt is forgotten after that
    with closing(sqlite3.connect(scene.settings.database_file)) as database:
        known = database.execute("SELECT text FROM memories").fetchall()
    assert [text for (text,) in known if "colour" in text] == ["favourite colour is blue."]
