"""Characters at the tables of games: added in a lobby, and put in a seat by command."""

import pytest

from bot import discord_wiring
from tests.bot.cogs.matches import begun, kept, opened, started, told
from tests.faulty_model import FaultyModel

RPS = "rock-paper-scissors"


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)


@pytest.fixture
async def model():
    async with FaultyModel().running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


async def test_a_character_sits_down_in_a_lobby_and_plays_as_itself(bot, scene, model):
    lobby, match_id = await opened(scene, scene.ann, RPS)
    offered = await (await scene.ann.click(lobby, "Add character")).reply()
    picked = await scene.ann.select(offered, f"p:lc:{match_id}", ["socrates"])
    assert await told(picked) == "Socrates sits down."
    table = await started(scene, scene.ann, lobby, match_id)
    await scene.discord.until(lambda: model.requests)
    assert "Play Socrates as this character" in model.requests[-1].prompt
    assert "Athen" in model.requests[-1].prompt
    await table.press(scene.ann, "paper")
    await table.until_said("wins the round")


async def test_only_the_game_master_adds_characters(bot, scene):
    lobby, _ = await opened(scene, scene.ann, RPS)
    before = kept(scene)
    assert "Only whoever created" in await told(await scene.bob.click(lobby, "Add character"))
    assert kept(scene) == before


async def test_without_models_no_character_is_offered(bot, scene):
    scene.settings.models.write_text("")
    lobby, _ = await opened(scene, scene.ann, RPS)
    assert "No models are set up" in await told(await scene.ann.click(lobby, "Add character"))


@pytest.mark.parametrize(
    ("player", "why"),
    [
        ("character:nobody", "There is no character 'nobody' here"),
        ("character:socrates:none", "There is no model of that name"),
    ],
)
async def test_a_character_takes_a_seat_by_command_or_is_refused(bot, scene, player, why):
    table = await begun(scene, RPS, scene.ann, scene.bob)
    before = kept(scene)
    assert why in await table.command(scene.ann, "arena replace", seat="Bob", player=player)
    assert kept(scene) == before
    said = await table.command(
        scene.ann, "arena replace", seat="Bob", player="character:Socrates:house"
    )
    assert said == "Bob is played by somebody else from now on."
    assert "character:socrates:house" in str(kept(scene))
