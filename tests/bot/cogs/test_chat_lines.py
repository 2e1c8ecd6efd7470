"""Lines of a chat: said anew, turned through, gone on with, changed, deleted, and streamed."""

import re
import sqlite3
from contextlib import closing

import pytest

from bot import discord_wiring
from characters.memory import Source
from games.core import Text
from tests.bot.cogs.chats import Talker, talking
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import pressed, told
from tests.bot.cogs.remembered import plant, running_client, texts_on_disk
from tests.discord_double.interactions import COMPONENT
from tests.discord_double.message_rules import Upload

MORE = "⋯ More"
AGAIN, ON = "🔁 Again", "➕ Go on"


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)


@pytest.fixture
async def model():
    async with Talker().running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


@pytest.fixture
async def talk(bot, scene, model):
    """A chat in which Bob has asked and Socrates has answered."""
    talk = await talking(scene, scene.ann)
    await scene.bob.send(talk.place, "What is courage?")
    await controlled(talk, "Answer 1.")
    return talk


async def controlled(talk, words):
    """Wait until only the line with these words has buttons, and return its message."""

    def has():
        with_buttons = [m for m in talk.spoken() if m.controls]
        return len(with_buttons) == 1 and words in with_buttons[0].content

    await talk.scene.discord.until(has, what=f"buttons under {words}")
    return next(m for m in talk.spoken() if m.controls)


def events(scene):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        return str(db.execute("SELECT events FROM entries ORDER BY rowid").fetchall())


def words_on_disk(scene):
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        return str(db.execute("SELECT text FROM texts").fetchall())


async def test_only_the_newest_answer_has_buttons(talk):
    shown = talk.spoken()
    assert [bool(message.controls) for message in shown] == [False, True]


async def test_an_answer_is_said_anew_and_both_versions_can_be_turned_to(talk, scene):
    message = await controlled(talk, "Answer 1.")
    assert "said anew" in await talk.press(scene.bob, message, AGAIN)
    await talk.until("Answer 2.")
    assert len(talk.spoken()) == 2
    assert "Version 2/2" in str(message.components)
    assert "shown" in await talk.press(scene.bob, message, "◀ Before")
    await talk.until("Answer 1.")
    assert "Version 1/2" in str(message.components)
    await talk.press(scene.ann, message, "After ▶")
    await talk.until("Answer 2.")


async def test_an_answer_is_gone_on_with_in_its_place(talk, scene, model):
    model.says.append("And more.")
    await talk.press(scene.bob, await controlled(talk, "Answer 1."), ON)
    await talk.until("Answer 1. And more.")
    assert len(talk.spoken()) == 2


async def test_an_answer_is_changed_by_whom_it_answers(talk, scene):
    message = await controlled(talk, "Answer 1.")
    panel = await (await scene.bob.click(message, MORE)).reply()
    opened = await scene.bob.click(panel, "Edit")
    given = await told(await scene.bob.submit_modal(opened, {"words": "Courage is *knowledge*."}))
    assert given == "The line is changed."
    await talk.until("Courage is *knowledge*.")
    assert "Answer 1." not in str(scene.discord.messages(talk.place)[-1].content)


async def test_an_answer_is_deleted_in_the_channel_too(talk, scene):
    panel = await (await scene.bob.click(await controlled(talk, "Answer 1."), MORE)).reply()
    assert "gone" in await told(await scene.bob.click(panel, "Delete"))
    await scene.discord.until(lambda: "Answer 1." not in talk.words())
    assert "Delete" in panel.controls
    assert "not there any more" in await told(await scene.bob.click(panel, "Delete"))


async def test_the_panel_lets_a_character_speak_and_tells_why(talk, scene):
    panel = await (await scene.bob.click(await controlled(talk, "Answer 1."), MORE)).reply()
    assert "entries of the lorebook" in await told(await scene.bob.click(panel, "Why this answer"))
    await scene.bob.click(panel, "Socrates speaks next")
    await talk.until("Answer 2.")


async def test_strangers_may_not_change_what_others_were_answered(talk, scene):
    stranger = scene.discord.user("carol")
    scene.discord.member(scene.guild, stranger)
    message = await controlled(talk, "Answer 1.")
    before = events(scene)
    for label in (AGAIN, ON, MORE):
        assert "Only whom this answers" in await talk.press(stranger, message, label)
    match_id = message.controls[AGAIN].split(":")[2]
    for form in ("show:3:1", "delete:3", "edit:3", "next:3"):
        assert "Only whom" in await pressed(stranger, message, f"p:c:{match_id}:{form}")
    assert events(scene) == before


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ("p:c:nonesuch:again:1", "not known here"),
        ("p:c:{match}:again:99", "not there any more"),
        ("p:c:{match}:again:2", "not there any more"),  # Bob's own
        ("p:c:{match}:dance:3", "not known any more"),
        ("p:c:{match}:show:3:9", "not known any more"),
        ("p:c:{match}", "not there any more"),
    ],
)
async def test_controls_that_mean_nothing_get_a_sentence(talk, scene, form, why):
    message = await controlled(talk, "Answer 1.")
    match_id = message.controls[AGAIN].split(":")[2]
    before = events(scene)
    assert why in await pressed(scene.bob, message, form.format(match=match_id))
    assert events(scene) == before


async def test_buttons_work_after_a_restart(scene, model):
    async with running(scene):
        talk = await talking(scene, scene.ann)
        await scene.bob.send(talk.place, "What is courage?")
        message = await controlled(talk, "Answer 1.")
    async with running(scene):
        await talk.press(scene.bob, message, AGAIN)
        await talk.until("Answer 2.")


async def test_what_a_member_changes_and_deletes_is_so_in_the_chat(talk, scene, model):
    mine = await scene.bob.send(talk.place, "My dog is called Argos.")
    await talk.until("Answer 2.")
    await scene.bob.edit(mine, "My cat is called Argos.")
    await scene.discord.until(lambda: "edited" in events(scene))
    await scene.bob.send(talk.place, "Who is Argos?")
    await talk.until("Answer 3.")
    assert "My cat is called Argos." in model.prompts[-1]
    assert "dog is" not in model.prompts[-1]
    await scene.bob.delete(mine)
    await scene.discord.until(lambda: "deleted" in events(scene))
    await scene.bob.send(talk.place, "And now?")
    await talk.until("Answer 4.")
    assert "Argos." not in model.prompts[-1]
    assert "dog is" not in events(scene)


async def leave(talk):
    await talk.command(talk.scene.bob, "leave")


async def pause(talk):
    table = running_client().services.arena.tables[match_of(talk)]
    await table.pause(Text("It rains."))


async def stop(talk):
    await talk.command(talk.scene.ann, "stop")


def match_of(talk):
    return running_client().chats.places[talk.place.id]


@pytest.mark.parametrize("happened", [leave, pause, stop])
@pytest.mark.parametrize("deleted", [True, False])
async def test_what_was_learnt_from_a_message_goes_with_it_whatever_has_happened_since(
    talk, scene, happened, deleted
):
    mine = await scene.bob.send(talk.place, "My dog is called Argos.")
    await talk.until("Answer 2.")
    await plant(scene.guild, scene.bob, "has a dog", source=Source(match_of(talk), 4))
    await plant(scene.guild, scene.bob, "asks of courage", source=Source(match_of(talk), 2))
    await happened(talk)
    await (scene.bob.delete(mine) if deleted else scene.bob.edit(mine, "I have no dog."))
    await scene.discord.until(lambda: texts_on_disk(scene) == ["asks of courage"])
    if happened is not stop:
        await scene.discord.until(lambda: "Argos" not in words_on_disk(scene))


@pytest.mark.parametrize("words", ["// My dog, aside.", "((aside))", ""])
async def test_a_message_that_is_made_an_aside_or_emptied_is_no_line_any_more(talk, scene, words):
    picture = Upload("dog.png", b"png")
    mine = await scene.bob.send(talk.place, "My dog is called Argos.", files=[picture])
    await talk.until("Answer 2.")
    assert "Argos" in words_on_disk(scene)
    await scene.bob.edit(mine, words)
    await scene.discord.until(lambda: "deleted" in events(scene))
    assert not re.search("Argos|aside", words_on_disk(scene))


async def test_whoever_has_left_comes_back_under_the_same_name(talk, scene, model):
    await talk.command(scene.bob, "leave")
    await scene.bob.send(talk.place, "Here I am again.")
    await talk.until("Answer 2.")
    assert "Bob: Here I am again." in model.prompts[-1]


async def test_an_answer_grows_while_it_is_written_and_stands_there_once(talk, scene, model):
    model.pause = 0.06
    words = "One two three four five six seven eight nine ten eleven twelve thirteen fourteen."
    model.says.append(words)
    await scene.bob.send(talk.place, "Slowly?")
    await talk.until("▌")
    await controlled(talk, words)
    assert talk.words()[2:] == [words]
    drafts = [d for d in scene.discord.record.of("created") if "▌" in d.content]
    assert len(drafts) == 1


async def test_a_draft_of_a_stopped_bot_is_deleted_and_the_answer_comes_once(scene, model):
    async with running(scene):
        talk = await talking(scene, scene.ann)
        model.pause = 0.2
        model.says.append("Words " * 40)
        await scene.bob.send(talk.place, "Slowly?")
        await talk.until("▌")
    model.pause = 0.0
    async with running(scene):
        await talk.until("Answer 2.")
    assert [one for one in talk.words() if "▌" in one] == []
    assert len(talk.words()) == 2


async def test_a_long_answer_takes_several_messages_and_fewer_when_it_is_said_anew(
    talk, scene, model
):
    model.says.extend([" ".join(f"Sentence number {n} is here." for n in range(120)), "Short."])
    await scene.bob.send(talk.place, "Tell me everything.")
    message = await controlled(talk, "Sentence number 119")
    assert len(talk.spoken()) == 4
    await talk.press(scene.bob, message, AGAIN)
    await talk.until("Short.")
    await scene.discord.until(lambda: len(talk.spoken()) == 3)


async def test_controls_of_another_server_are_refused(talk, scene):
    message = await controlled(talk, "Answer 1.")
    match_id = message.controls[AGAIN].split(":")[2]
    foreigner = scene.discord.user("foreigner")
    elsewhere = scene.discord.guild("Elsewhere", foreigner)
    scene.discord.install(scene.app, elsewhere)
    channel = scene.discord.channel(elsewhere)
    before = events(scene)
    for form in ("again:3", "more:3", "delete:3", "speak:3"):
        data = {"custom_id": f"p:c:{match_id}:{form}", "component_type": 2}
        given = await foreigner.forge(channel, COMPONENT, data, app=scene.app)
        assert await told(given) == "That chat is not known here any more."
    assert events(scene) == before
