"""Answers: each kind of question gets its control, and each answer counts once or not at all."""

import asyncio
import json

import pytest

from bot import discord_wiring
from bot.administration import ServerSettings
from bot.store.sql_store import SqlStore
from games import GAMES
from games.word_lists import word_list
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import begun, kept, opened, started, told
from tests.bot.cogs.survey import Survey
from tests.discord_double.interactions import COMPONENT, MODAL_SUBMIT
from tests.faulty_model import FaultyModel, Mode

RPS = "rock-paper-scissors"
STALE = "That question is no longer open."


@pytest.fixture(autouse=True)
def survey(monkeypatch):
    monkeypatch.setitem(GAMES, "survey", Survey)


async def asked(scene, question: str):
    """Begin a match in which ann is asked one question."""
    return await begun(scene, "survey", scene.ann, options=f"questions={question}")


async def modal_of(table, who):
    await table.scene.discord.until(lambda: "Answer" in table.live.controls)
    return await who.click(table.live, "Answer")


async def test_up_to_five_options_are_buttons_and_a_private_question_is_shown_privately(bot, scene):
    table = await asked(scene, "button")
    assert "privately" not in table.live.content
    assert list(table.live.controls) == ["Answer", "My view", "Rules"]
    shown = await scene.ann.click(table.live, "Answer")
    assert "Which colour, privately?" in await told(shown)
    assert list((await shown.reply()).controls) == ["red", "green", "blue"]
    answered = await scene.ann.click(await shown.reply(), "green")
    assert await told(answered) == 'You answer "green".'
    await table.until_said("**Ann** has answered.")


async def test_up_to_25_options_are_a_select(bot, scene):
    table = await asked(scene, "select")
    custom_id = table.live.controls["Which month?"]
    picked = await scene.ann.select(table.live, custom_id, ["6"])
    assert await told(picked) == 'You answer "month 7".'


async def test_several_options_are_a_select_of_so_many(bot, scene):
    table = await asked(scene, "several")
    picked = await scene.ann.select(table.live, table.live.controls["Which months?"], ["0", "11"])
    assert await told(picked) == 'You answer ["month 1", "month 12"].'


async def test_more_options_are_typed_with_suggestions(bot, scene):
    table = await asked(scene, "town")
    shown = await scene.ann.autocomplete(table.thread, "move", "answer", "town 3")
    assert [choice["value"] for choice in shown.choices][:2] == ["town 3", "town 30"]
    assert (await scene.bob.autocomplete(table.thread, "move", "answer", "town")).choices == []
    assert await table.command(scene.ann, "move", answer="town 33") == 'You answer "town 33".'


async def test_more_options_can_be_typed_into_a_modal_too(bot, scene):
    table = await asked(scene, "town")
    form = await modal_of(table, scene.ann)
    said = await told(await scene.ann.submit_modal(form, {"answer": "town 40"}))
    assert said == 'You answer "town 40".'


async def test_a_number_is_typed_into_a_modal(bot, scene):
    table = await asked(scene, "number")
    form = await modal_of(table, scene.ann)
    before = kept(scene)
    assert "0 to 10" in await told(await scene.ann.submit_modal(form, {"answer": "11"}))
    assert kept(scene) == before
    assert await told(await scene.ann.submit_modal(form, {"answer": "7"})) == "You answer 7."


async def test_text_is_typed_into_a_modal_or_said_in_the_thread(bot, scene):
    table = await asked(scene, "text")
    form = await modal_of(table, scene.ann)
    assert await told(await scene.ann.submit_modal(form, {"answer": "Good day"})) == (
        'You answer "Good day".'
    )
    table = await asked(scene, "text")
    await scene.ann.send(table.thread, "Good evening")
    await table.until_said("**Ann** has answered.")


FORM = {"name": "Ann", "colour": ["2"], "age": "30"}


async def test_a_form_is_a_modal_with_a_field_for_each_part(bot, scene):
    table = await asked(scene, "form")
    form = await modal_of(table, scene.ann)
    before = kept(scene)
    wrong = await scene.ann.submit_modal(form, {**FORM, "age": "old"})
    assert "age" in await told(wrong)
    assert kept(scene) == before
    said = await told(await scene.ann.submit_modal(form, FORM))
    assert json.loads(said.replace("\\", "").removeprefix("You answer ").removesuffix(".")) == {
        "name": "Ann",
        "colour": "blue",
        "age": 30,
        "motto": None,
    }


async def test_a_form_is_said_in_the_thread_too(bot, scene):
    table = await asked(scene, "form")
    await scene.ann.send(table.thread, "just talking")
    await scene.ann.send(table.thread, "name: Ann\ncolour: red\nage: 41")
    await table.until_said("**Ann** has answered.")
    assert "just talking" not in str(kept(scene))
    assert len([text for text in table.said() if "could not" in text]) == 0


async def test_a_form_of_many_fields_is_one_text(bot, scene):
    table = await asked(scene, "long")
    form = await modal_of(table, scene.ann)
    text = "\n".join(f"w{n}: word{n}" for n in range(7))
    assert "word6" in await told(await scene.ann.submit_modal(form, {"answer": text}))


async def test_an_optional_question_can_be_passed(bot, scene):
    table = await asked(scene, "optional")
    assert await told(await scene.ann.click(table.live, "Pass")) == "You answer null."
    table = await asked(scene, "open")
    assert await told(await scene.ann.click(table.live, "Pass")) == "You answer null."


async def test_stale_doubled_and_foreign_presses_change_nothing(bot, scene):
    table = await begun(scene, RPS, scene.ann, scene.bob)
    rock = table.live.controls["rock"]

    async def press(who, custom_id, **data):
        data = {"custom_id": custom_id, "component_type": 2, **data}
        return await told(await who.forge(table.thread, COMPONENT, data, message=table.live))

    assert await press(scene.ann, rock) == "You throw rock."
    before = kept(scene)
    assert await press(scene.ann, rock) == STALE
    assert await press(scene.ann, rock[:-1] + "1") == STALE
    for wrong in ("-1", "3", "99999999999999999999", "x", "٣", "pass", "", "0:1"):
        said = await press(scene.bob, f"{rock[:-1]}{wrong}")
        assert said in (STALE, "That control is not known any more.")
    assert await press(scene.bob, rock.rpartition(":")[0]) == STALE
    assert "do not sit" in await press(scene.owner, rock)
    assert "not known" in await press(scene.bob, rock.replace(table.match_id, "aaaaaaaa"))
    assert kept(scene) == before
    both = await asyncio.gather(*(press(scene.bob, rock) for _ in range(5)))
    assert sorted(set(both)) == sorted([STALE, "You throw rock."])


async def test_a_modal_sent_off_twice_counts_once(bot, scene):
    table = await begun(scene, "survey", scene.ann, options="questions=text,text")
    form = await modal_of(table, scene.ann)
    assert "one" in await told(await scene.ann.submit_modal(form, {"answer": "one"}))
    before = kept(scene)
    assert await told(await scene.ann.submit_modal(form, {"answer": "two"})) == STALE
    bare = {"custom_id": f"p:m:{table.match_id}", "components": []}
    sent = await scene.ann.forge(table.thread, MODAL_SUBMIT, bare, message=table.live)
    assert await told(sent) == STALE
    assert kept(scene) == before


async def test_the_own_view_shows_a_secret_again_and_again_and_after_a_restart(scene):
    async with running(scene):
        lobby, lobby_id = await opened(scene, scene.owner, "chameleon")
        await told(await scene.owner.click(lobby, "Leave"))
        form = await scene.owner.click(lobby, "Options")
        topic = next(iter(word_list().topics.values()))
        given = {"topic": topic.name, "word": topic.words[0], "chameleon": "Bob"}
        assert "set" in await told(await scene.owner.submit_modal(form, given))
        for person in (scene.ann, scene.bob):
            await told(await person.click(lobby, "Join"))
        await told(await scene.owner.click(lobby, "Add house bot"))
        table = await started(scene, scene.owner, lobby, lobby_id)
        for _ in range(2):
            assert given["word"] in await table.press(scene.ann, "My view")
        assert "chameleon" in await table.press(scene.bob, "My view")
        assert given["word"] not in await table.press(scene.bob, "My view")
        assert "do not sit" in await table.press(scene.owner, "My view")
    async with running(scene):
        assert given["word"] in await table.press(scene.ann, "My view")
        assert given["word"] not in await table.press(scene.bob, "My view")
    assert not [text for text in scene.discord.public_texts() if text == given["word"]]


@pytest.fixture
async def hurried(scene):
    """A server that gives people one second."""
    store = await SqlStore.open(scene.settings.database_file)
    settings = ServerSettings(seconds=1)
    await store.administration.change_settings(scene.guild.id, settings, scene.owner.id)
    await store.close()


async def test_who_is_too_slow_is_played_for_and_takes_the_seat_back(hurried, bot, scene):
    table = await begun(scene, RPS, scene.ann, bots=1, options="target=50")
    await table.until_said("**Ann** has run out of time.")
    assert "You are **Ann**" in await table.press(scene.ann, "My view")
    await table.until_said("**Ann** is back.")


async def test_everything_is_acknowledged_while_a_model_thinks(scene, bot):
    async with FaultyModel(Mode.HANG).running() as server:
        scene.settings.models.write_text(f'[bard]\nbase_url = "{server.url}"\nmodel = "b"\n')
        lobby, lobby_id = await opened(scene, scene.ann, RPS)
        offer = await scene.ann.click(lobby, "Add model")
        await told(await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", ["bard"]))
        table = await started(scene, scene.ann, lobby, lobby_id)
        await scene.discord.until(lambda: server.requests)
        assert await table.press(scene.ann, "rock") == "You throw rock."
        assert "Asked: **bard**" in await table.command(scene.ann, "arena status")
        assert "You throw rock" in await table.press(scene.ann, "My view")
        assert "ended" in await table.command(scene.ann, "arena end")


async def play_on(scene, table, people) -> None:
    """Answer whatever is asked by the controls at hand until the match is over."""
    while "Result" not in table.live.content:
        for number, person in enumerate(people):
            await act(table, person, number)
        await asyncio.sleep(0.02)


async def act(table, person, number) -> None:
    shown = await person.click(table.live, "My view") if "My view" in table.live.controls else None
    if shown is None:
        return
    reply = await shown.reply()
    options = [label for label, custom_id in reply.controls.items() if ":a:" in custom_id]
    selects = [custom_id for custom_id in reply.controls.values() if ":s:" in custom_id]
    if options:
        await told(await person.click(reply, options[-number]))
    elif selects:
        await told(await person.select(reply, selects[0], ["0"]))
    elif "Answer" in reply.controls:
        form = await person.click(reply, "Answer")
        if form.modal is None:
            return
        values = {}
        for part in form.modal["components"]:
            field = part["component"]
            if field["type"] == 4:
                values[field["custom_id"]] = f"thing {len(table.said())} by {person.name}"[:30]
            elif field.get("required", True):
                values[field["custom_id"]] = [field["options"][0]["value"]]
        await told(await person.submit_modal(form, values))


@pytest.fixture
def talkative(monkeypatch):
    """Bots that do not leave the floor to people for long."""
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.05)


@pytest.mark.parametrize(
    ("game", "options", "bots"),
    [
        (RPS, "target=1", 0),
        ("tic-tac-toe", "", 0),
        ("prisoners-dilemma", "rounds=2", 0),
        ("chameleon", "discussion=1", 2),
        ("conversation", "rounds=2", 1),
        ("moderated-conversation", "max_rounds=2", 1),
    ],
)
async def test_people_and_house_bots_play_every_game_to_its_end(
    talkative, bot, scene, game, options, bots
):
    extra = {"options": options} if options else {}
    table = await begun(scene, game, scene.ann, scene.bob, bots=bots, **extra)
    await asyncio.wait_for(play_on(scene, table, (scene.ann, scene.bob)), 40)
    assert "Result" in table.live.content
    assert list(table.live.controls) == ["Rematch", "Replay", "Stats"]
