"""Residents are asked by members, at once and on a schedule, and the results are told once."""

import asyncio
import csv
import io
import json

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.towns import founded
from tests.discord_double.message_rules import Upload
from tests.faulty_model import FaultyModel

HOW = """
[content]
query = "How content are you? From 0 to 10."
measurement = "number(response)"

[friend]
resident = "Ngozi"
query = "Have you a friend here?"
measurement = 'contains(response, "yes")'
"""
ONLY_HOST = "Only whoever founded this town, or a moderator, can do that."


@pytest.fixture
async def model():
    async with FaultyModel(seed=5).running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


def upload(text=HOW, name="questions.toml"):
    return Upload(name, text.encode())


def answers(*texts):
    return [json.dumps({"answer": text}) for text in texts]


def results(town):
    return [one for one in town.said(town.scene.channel) if "Questions to the residents" in one]


async def rows(town, who):
    shown = await town.reply(who, "evaluation results")
    return list(csv.DictReader(io.StringIO(town.file(shown))))


async def test_residents_are_asked_at_once_and_the_results_stand_in_the_channel(bot, scene, model):
    town = await founded(scene, scene.ann, residents=2, model="house")
    model.says.extend(answers("8 of 10.", "8 of 10.", "8 of 10, yes."))
    said = await town.command(scene.ann, "evaluation now", file=upload())
    assert said == f"3 answers; the results stand in <#{scene.channel.id}>."
    told = await town.until_said("Questions to the residents", scene.channel)
    assert "day 1, 06:00" in told.content
    assert "- content: mean 8.00 of 2" in told.content
    assert "Joaquim  8" in told.content
    prompt = model.requests[-1].prompt
    assert "Ngozi learned to mend watches" in prompt or "Joaquim" in prompt
    kept = await rows(town, scene.bob)
    assert {(row["resident"], row["question"]) for row in kept} == {
        ("Ngozi", "content"),
        ("Joaquim", "content"),
        ("Ngozi", "friend"),
    }
    assert kept[0]["answer"].startswith("8 of 10")


async def test_questions_are_put_on_a_schedule_through_a_restart_each_moment_once(scene, model):
    async with running(scene):
        town = await founded(scene, scene.ann, residents=2, days=1)
        said = await town.command(scene.ann, "evaluation start", file=upload(), hours=2)
        assert said.startswith("2 questions are put from now on. The first time is day 1, 06:00. ")
        assert said.endswith("by rules of thumb residents only tell what they remember.")
        await town.until_said("day 1, 06:00", scene.channel)
        await town.command(scene.ann, "step", minutes=150)
        await scene.discord.until(lambda: len(results(town)) == 2)
    async with running(scene):
        await town.command(scene.ann, "step", minutes=120)
        await scene.discord.until(lambda: len(results(town)) == 3)
        await asyncio.sleep(0.3)
        kept = await rows(town, scene.ann)
    hours = sorted({row["time"] for row in kept if row["resident"] == "Ngozi"})
    assert [hour[:10] for hour in hours] == ["day 1, 06:", "day 1, 08:", "day 1, 10:"]
    assert len(results(town)) == 3


async def test_the_questions_that_come_with_parlour_are_put_each_day_at_eight(bot, scene):
    town = await founded(scene, scene.ann, residents=2, days=1)
    said = await town.command(scene.ann, "evaluation start")
    assert said.startswith("4 questions are put from now on. The first time is day 1, 20:00. ")
    await town.command(scene.ann, "step", minutes=1440)
    await town.until_said("Questions to the residents", scene.channel)
    assert "day 1, 20:" in results(town)[0]
    await town.until_said("The town's day is over.", scene.channel)
    assert len(results(town)) == 1


async def test_questions_without_a_time_are_put_when_the_days_are_over(bot, scene):
    town = await founded(scene, scene.ann, residents=2, days=1)
    said = await town.command(scene.ann, "evaluation start", file=upload())
    assert "The first time is day 2, 06:00." in said
    await town.command(scene.ann, "step", minutes=1440)
    told = await town.until_said("Questions to the residents", scene.channel)
    assert "day 2, 06:00" in told.content


async def test_questions_end_when_that_is_wanted(bot, scene):
    town = await founded(scene, scene.ann, residents=2, days=1)
    nobody = "Nobody has been asked yet; /town evaluation now asks at once."
    assert await town.command(scene.bob, "evaluation results") == nobody
    await town.command(scene.ann, "evaluation start", file=upload(), at="07:00")
    said = await town.command(scene.ann, "evaluation stop")
    assert said.startswith("No questions are put any more.")
    await town.command(scene.ann, "step", minutes=120)
    await town.until_said("07:00 to 08:00")
    assert results(town) == []
    assert await town.command(scene.bob, "evaluation results") == nobody


async def test_a_moment_is_asked_about_again_only_with_other_questions(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    for hours, rounds in ((2, 1), (2, 1), (3, 2)):
        await town.command(scene.ann, "evaluation start", file=upload(), hours=hours)
        await scene.discord.until(lambda wanted=rounds: len(results(town)) == wanted)
    await asyncio.sleep(0.3)
    assert len(results(town)) == 2


async def test_answers_are_paid_from_the_towns_budget_which_pauses_it_once(bot, scene, model):
    town = await founded(scene, scene.ann, residents=4, model="house", calls=2)
    model.says.extend(answers("5", "6"))
    questions = '[content]\nquery = "How content are you?"\nmeasurement = "number(response)"\n'
    await town.command(scene.ann, "evaluation now", file=upload(questions))
    await town.until_said("the town has spent its budget of 2 requests")
    told = await town.until_said("Questions to the residents", scene.channel)
    assert "- content: mean 5.50 of 2, 2 without a value" in told.content
    assert len(model.requests) == 2
    kept = await rows(town, scene.ann)
    assert sorted(row["why"] for row in kept) == ["", "", *["The budget is spent."] * 2]
    assert sum("has spent its budget" in one for one in town.said()) == 1


async def test_every_fault_of_the_questions_is_told_and_nothing_changes(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    bad = '[a]\nresident = "Ngozzi"\nquery = ""\nmeasurement = "exit()"\n'
    said = await town.command(scene.ann, "evaluation start", file=upload(bad))
    assert said.startswith("3 things are wrong with it, and nothing has changed:")
    for part in ("did you mean “Ngozi”", "“query” must be a text", "use nothing else"):
        assert part in said
    for file, why in (
        (upload(name="questions.txt"), "questions.txt is no .toml file"),
        (Upload("q.toml", b"\xff\xfe"), "q.toml is no UTF-8 text"),
        (Upload("q.toml", b"#" * 200_000), "200,000 bytes, and 131,072 are the most"),
    ):
        assert why in await town.command(scene.ann, "evaluation now", file=file)
    both = await town.command(scene.ann, "evaluation start", hours=3, at="20:00")
    assert both == "Say hours or at, not both."
    assert "write it as 09:30" in await town.command(scene.ann, "evaluation start", at="noon")
    assert "Nobody has been asked" in await town.command(scene.ann, "evaluation results")


async def test_only_who_decides_about_a_town_asks_its_residents(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    for name in ("start", "now", "stop"):
        assert await town.command(scene.bob, f"evaluation {name}") == ONLY_HOST
