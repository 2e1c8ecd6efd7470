"""The mayor of a town in a channel: a member, rules of thumb or a model; and the policies."""

import asyncio
import json

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import told
from tests.bot.cogs.towns import founded
from tests.faulty_model import FaultyModel

ONLY = "Only the mayor, whoever founded this town, or a moderator can do that."
NEXT = "You decide at each full hour from 9:00 to 24:00; the next time is day 1, "


WANDA = {"do": "recruit", "name": "Wanda", "home": "Toll House", "bio": "Cook.", "goal": "Rest."}
FIELDS = (
    "do", "name", "type", "plot", "home", "work", "bio", "goal", "item", "coins", "tax", "percent",
    "place", "opens", "closes",
)  # fmt: skip


async def asked(town, who):
    """Press Your turn until the mayor is asked, and return that private message."""
    while True:
        reply = await (await who.click(town.live, "Your turn")).reply()
        if "Do nothing" in reply.controls:
            return reply
        await asyncio.sleep(0.05)


async def test_a_member_is_the_mayor_and_decides_hour_by_hour(bot, scene):
    town = await founded(scene, scene.ann, residents=2)
    said = await town.command(scene.ann, "mayor", member=scene.bob)
    assert said == "The mayor decides at each full hour from 9:00 to 24:00, on 3 days."
    assert await town.command(scene.bob, "policy tax", tax="wages", percent=10) == f"{NEXT}09:00."
    await town.command(scene.ann, "step", minutes=240)
    question = await asked(town, scene.bob)
    assert "You are the mayor of Ferrywick.\nIt is day 1, 09:00." in question.content
    assert "You have 48 decisions left, this one among them." in question.content
    assert "Plots without a building: 4/1" in question.content
    said = await town.command(scene.bob, "policy tax", tax="wages", percent=99)
    assert said == "The tax on wages can be 0 to 30 %; choose from these."
    said = await town.command(scene.bob, "policy tax", tax="wages", percent=10)
    assert said == "The town takes 10 % of wages now."
    assert await told(await scene.bob.click(question, "Do nothing")) == (
        "That question is no longer open."
    )
    question = await asked(town, scene.bob)
    assert "It is day 1, 10:00." in question.content
    assert "Your last decision, «tax: wages, 10», was carried out." in question.content
    said = await town.command(scene.bob, "build", type="cafe", name="Corner Shop", column=4, row=1)
    assert said == "There is a Corner Shop already; choose another name."
    assert await told(await scene.bob.click(question, "Do nothing")) == (
        "Nothing changes this hour."
    )
    status = await town.command(scene.ann, "status")
    assert f"Mayor: <@{scene.bob.id}>. The mayor's term has 46 decisions left." in status
    await town.until_said("The town takes 10 % of wages from now on.")
    assert await town.command(scene.bob, "build", type="cafe", name="X", column=4, row=1) == (
        f"{NEXT}11:00."
    )
    assert await town.command(scene.ann, "mayor", who="none") == "No mayor now."
    await town.until_said("Nobody governs the town from now on.")
    assert await town.command(scene.bob, "policy tax", tax="wages", percent=0) == ONLY


async def test_a_mayor_who_is_away_costs_one_time_limit_and_changes_nothing(bot, scene):
    town = await founded(scene, scene.ann, residents=1, days=1, think=5, mayor="me")
    await town.command(scene.ann, "step", minutes=300)
    await town.until_said("The mayor has run out of time; nothing is decided")
    await town.until_said("10:00 to 11:00")  # nobody waits any more
    status = await town.command(scene.ann, "status")
    assert f"Mayor: <@{scene.ann.id}> (away)." in status
    assert "The town has 1,000,000 coins." in status
    back = await (await scene.ann.click(town.live, "Your turn")).reply()
    assert back.content.startswith(f"{NEXT}12:00.")
    await town.command(scene.ann, "step", minutes=60)
    assert "It is day 1, 12:00." in (await asked(town, scene.ann)).content


async def test_rules_of_thumb_govern_and_the_end_of_a_term_is_told(bot, scene):
    town = await founded(scene, scene.ann, residents=2, days=2, mayor="house", mayor_days=1)
    await town.command(scene.ann, "step", minutes=1_440)
    await town.until_said("The town takes 15 % of wages from now on.")
    await town.until_said("The mayor's term is over: the town and its buildings own")
    paper = await town.until_said("News from the town hall", scene.channel)
    assert "Taxes brought" in paper.content
    status = await town.command(scene.bob, "status")
    assert "Mayor: house rules. The mayor's term is over." in status
    assert "decides at each full hour" in await town.command(scene.ann, "mayor", who="house")
    assert "term has 16 decisions left" in await town.command(scene.ann, "status")


async def test_a_model_governs_and_its_newcomer_is_played_as_everybody_is(scene):
    async with FaultyModel(seed=5).running() as model:
        scene.settings.models.write_text(f'[tiny]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
        async with running(scene):
            town = await founded(scene, scene.ann, residents=1, mayor="tiny")
            model.says.append(json.dumps(dict.fromkeys(FIELDS) | WANDA))
            await town.command(scene.ann, "step", minutes=240)
            await town.until_said("Wanda lives in town.")
            assert "You decide for the mayor" in model.requests[0].prompt
            status = await town.command(scene.ann, "status")
            assert "Mayor: tiny." in status
            assert "**Wanda** (house rules)" in status


@pytest.mark.parametrize(
    ("who", "why"),
    [
        ("", "Say who: me, house, none, the name of a model, or a member."),
        ("bob", "There is no model of that name; an admin adds one: /admin model add."),
    ],
)
async def test_a_mayor_who_is_nobody_is_refused(bot, scene, who, why):
    town = await founded(scene, scene.ann, residents=1)
    assert await town.command(scene.ann, "mayor", who=who) == why
    assert "Mayor" not in await town.command(scene.ann, "status")


async def test_policies_are_shown_to_all_and_set_by_whoever_decides_about_the_town(bot, scene):
    town = await founded(scene, scene.ann, residents=1)
    shown = await town.command(scene.bob, "policy show")
    assert shown.startswith("The town takes 0 % of wages (at most 30 %)")
    assert "Café Estuary, 07:00 to 19:00: latte 15 (7 to 30)" in shown
    price = {"item": "latte", "coins": 20}
    assert await town.command(scene.bob, "policy price", **price) == ONLY
    assert await town.command(scene.ann, "policy price", **price) == "latte costs 20 coins now."
    said = await town.command(scene.ann, "policy price", item="latte", coins=31)
    assert said == "latte can cost 7 to 30 coins; choose from these."
    hours = {"place": "Corner Shop", "opens": "07:00", "closes": "23:00"}
    said = await town.command(scene.ann, "policy hours", **hours)
    assert said == "Corner Shop is open from 07:00 to 23:00 now."
    said = await town.command(scene.ann, "policy hours", **{**hours, "opens": "23:00"})
    assert said == "Corner Shop is always open now."
    await town.command(scene.ann, "policy hours", **hours)
    said = await town.command(scene.ann, "policy hours", **{**hours, "opens": "7"})
    assert said == "An opening and a closing time are needed, such as 08:00 and 20:00."
    shown = await town.command(scene.bob, "policy show")
    assert "Corner Shop, 07:00 to 23:00" in shown
    assert "latte 20 (7 to 30)" in shown
    offered = await scene.ann.autocomplete(scene.channel, "town policy price", "item", "che")
    assert [one["value"] for one in offered.choices] == ["cheesecake"]
    offered = await scene.ann.autocomplete(scene.channel, "town policy hours", "place", "house")
    assert offered.choices == []
