"""Members, models and characters who live in a town, and what they may cost."""

import asyncio
import sqlite3
from contextlib import closing

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import told
from tests.bot.cogs.towns import founded
from tests.faulty_model import FaultyModel, Mode


@pytest.fixture
async def model():
    async with FaultyModel(seed=5).running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


async def shown(who, message, label):
    """Press a button and return the private message that comes."""
    return await (await who.click(message, label)).reply()


async def answering(scene, town, who):
    """Press Your turn until something is asked, and return that private message."""
    while True:
        reply = await shown(who, town.live, "Your turn")
        if "Answer" in reply.controls:
            return reply
        await asyncio.sleep(0.05)


async def form(who, asked):
    """Open the form of a question."""
    return await who.click(asked, "Answer")


def names_in(form):
    """Return the inputs of a form with the options of each."""
    parts = [one["component"] for one in form.modal["components"]]
    return {one["custom_id"]: [o["value"] for o in one.get("options", ())] for one in parts}


async def test_a_member_becomes_a_resident_and_decides_where_to_go_and_what_to_do(bot, scene):
    town = await founded(scene, scene.ann, residents=3)
    said = await town.command(scene.bob, "resident become", name="ngozi")
    assert said.startswith("You are Ngozi now.")
    await town.until_said("Ngozi is played by a person from now on.")
    nothing = await shown(scene.bob, town.live, "Your turn")
    assert "You are **Ngozi**" in nothing.content
    assert list(nothing.controls) == ["Your turn"]
    await town.command(scene.ann, "step", minutes=600)
    asked = await answering(scene, town, scene.bob)
    assert "Where do you go now, and what for?" in asked.content
    assert "It is day 1, 06:00." in asked.content
    opened = await form(scene.bob, asked)
    inputs = names_in(opened)
    assert list(inputs) == ["place", "purpose"]
    values = {"place": inputs["place"][0], "purpose": "to look around"}
    after = await scene.bob.submit_modal(opened, values)
    assert "You are **Ngozi**" in await told(after)
    asked = await answering(scene, town, scene.bob)
    assert "to look around" in asked.content
    again = await scene.bob.submit_modal(opened, values)
    assert await told(again) == "That question is no longer open."


async def test_one_member_is_one_resident_and_leaves_it_to_the_house(bot, scene):
    town = await founded(scene, scene.ann, residents=3)
    await town.command(scene.bob, "resident become", name="Ngozi")
    said = await town.command(scene.bob, "resident become", name="Birgit")
    assert said == "You are Ngozi already; /town resident leave first."
    said = await town.command(scene.ann, "resident become", name="Ngozi")
    assert said == "Another member is this resident; choose somebody else."
    said = await town.command(scene.ann, "resident become", name="Nobody")
    assert "Nobody called Nobody lives here; there are Ngozi" in said
    assert await told(await scene.ann.click(town.live, "Your turn")) == (
        "You do not live here; /town resident become changes that."
    )
    assert "lives on without you" in await town.command(scene.bob, "resident leave")
    assert "You are nobody in this town" in await town.command(scene.bob, "resident leave")
    assert "You are Ngozi now" in await town.command(scene.ann, "resident become", name="Ngozi")


async def test_who_is_away_costs_the_town_one_time_limit_and_may_come_back(bot, scene):
    town = await founded(scene, scene.ann, residents=2, days=1, think=5)
    await town.command(scene.bob, "resident become", name="Ngozi")
    await town.command(scene.ann, "step", minutes=1440)
    await town.until_said("Ngozi has run out of time. Ngozi is played by a house bot")
    await town.until_said("The town's day is over.", scene.channel)
    assert sum("Ngozi has run out of time" in one for one in town.said()) == 1


async def test_whoever_says_something_to_a_resident_is_answered_in_the_thread(bot, scene, model):
    town = await founded(scene, scene.ann, residents=2, model="house")
    model.says.append('{"words": "Good morning, traveller!", "done": "no"}')
    said = await town.command(scene.bob, "resident talk", name="Ngozi", words="Hello *there*")
    assert said.startswith("Ngozi has answered in <#")
    await town.until_said("**Bob**, to Ngozi: Hello \\*there\\*")
    answer = await town.until_said("Good morning, traveller!")
    assert answer.author.name == "Ngozi (AI)"
    assert "Bob (a visitor): «Hello *there*»" in model.requests[-1].prompt
    about = await town.command(scene.bob, "resident info", name="ngozi")
    assert "Lives at" in about and "model" not in about
    await town.command(scene.bob, "resident become", name="Ngozi")
    said = await town.command(scene.ann, "resident talk", name="Ngozi", words="Hello")
    assert said == f"Ngozi is <@{scene.bob.id}>; just write to them."


async def test_a_resident_remembers_who_has_talked_to_it_also_after_a_restart(scene, model):
    async with running(scene):
        town = await founded(scene, scene.ann, residents=2, model="house")
        model.says.append('{"words": "Then come at noon.", "done": "no"}')
        await town.command(scene.bob, "resident talk", name="Ngozi", words="I like watches.")
    async with running(scene):
        await town.command(scene.bob, "resident talk", name="Ngozi", words="Do you know me?")
        prompt = model.requests[-1].prompt
        assert "Bob (a visitor) («visitor»): «Said ‹I like watches.›. I answered" in prompt
        assert "Talked with Bob (a visitor)." in prompt
        await town.command(scene.ann, "resident talk", name="Ngozi", words="And me?")
        assert "Ann (a visitor) («" not in model.requests[-1].prompt


async def test_what_a_member_has_said_to_residents_is_forgotten_on_request(bot, scene, model):
    town = await founded(scene, scene.ann, residents=2, model="house")
    for who, words in ((scene.bob, "I like watches."), (scene.ann, "Good evening.")):
        await town.command(who, "resident talk", name="Ngozi", words=words)
    asked = await scene.bob.slash(scene.channel, "privacy export")
    (file,) = (await asked.reply()).attachments
    said = scene.discord.files[file.id].decode()
    assert "I like watches." in said and "Good evening." not in said
    form = await scene.bob.slash(scene.channel, "privacy delete")
    await told(await scene.bob.submit_modal(form, {"word": "delete"}))
    await town.command(scene.bob, "resident talk", name="Ngozi", words="Do you know me?")
    prompt = model.requests[-1].prompt
    assert "watches." not in prompt.replace("mend watches", "")
    assert "Ann (a visitor)" in prompt


async def test_a_model_plays_residents_and_a_character_one_of_them(bot, scene, model):
    town = await founded(scene, scene.ann, residents=2, model="house")
    said = await town.command(scene.ann, "resident player", name="Ngozi", character="socrates")
    assert said == "Ngozi has a new player."
    await town.command(scene.ann, "step", minutes=60)
    await town.until_said("day 1, 06:00 to 07:00")
    prompts = [one.prompt for one in model.requests]
    assert any("played by this character" in one and "You are Ngozi." in one for one in prompts)
    assert not any(
        "played by this character" in one for one in prompts if "You are Joaquim." in one
    )
    assert "socrates" in await town.command(scene.bob, "status")
    calls = town.file(await town.reply(scene.bob, "chart", subject="calls"), 1)
    counted = [row.rsplit(",", 2)[1:] for row in calls.splitlines()[1:]]
    assert 0 < sum(float(calls) for calls, _ in counted) <= len(model.requests)
    assert sum(float(tokens) for _, tokens in counted) > 0


async def test_a_town_whose_budget_is_spent_pauses_says_so_once_and_goes_on_with_more(
    bot, scene, model
):
    town = await founded(scene, scene.ann, residents=4, model="house", calls=7)
    await town.command(scene.ann, "step", minutes=600)
    await town.until_said("the town has spent its budget of 7 requests for its whole life")
    assert len(model.requests) == 7
    await asyncio.sleep(0.3)
    assert sum("has spent its budget" in one for one in town.said()) == 1
    assert len(model.requests) == 7
    await town.command(scene.ann, "budget", calls=12)
    await town.command(scene.ann, "start")
    await town.until_said("spent its budget of 12 requests")
    assert len(model.requests) == 12
    await town.command(scene.ann, "budget", calls=3, per="game day")
    await town.command(scene.ann, "start")
    await town.until_said("spent its budget of 3 requests for its game day")
    assert len(model.requests) == 15


async def test_residents_live_on_by_rules_of_thumb_while_their_model_fails(bot, scene, model):
    model.mode = Mode.BAD_KEY
    town = await founded(scene, scene.ann, residents=2, model="house")
    await town.command(scene.ann, "step", minutes=180)
    await town.until_said("day 1, 08:00 to 09:00")
    faults = [one for one in town.said() if "gave no answer" in one]
    assert len(faults) == 1


async def test_every_line_is_heard_in_the_residents_own_voice_where_that_is_wanted(bot, scene):
    town = await founded(scene, scene.ann, residents=8, telling="live")
    await town.command(scene.ann, "step", minutes=900)
    await town.until_said("day 1, 20:00 to 21:00")
    spoken = [m for m in scene.discord.messages(town.thread) if m.webhook_id]
    assert spoken
    assert all(m.author.name.endswith(" (AI)") for m in spoken)
    hours = [one.partition("\n")[0] for one in town.said() if one.startswith("**day")]
    assert hours == sorted(set(hours))
    assert all(one.endswith(":00**") for one in hours)


async def test_a_member_stays_a_resident_through_a_restart(scene):
    async with running(scene):
        town = await founded(scene, scene.ann, residents=2)
        await town.command(scene.bob, "resident become", name="Ngozi")
        await town.command(scene.ann, "step", minutes=600)
        before = await answering(scene, town, scene.bob)
    async with running(scene):
        after = await answering(scene, town, scene.bob)
    assert after.content == before.content
    with closing(sqlite3.connect(scene.settings.database_file)) as database:
        (entries,) = database.execute("SELECT count(*) FROM entries").fetchone()
    assert entries > 3
