"""/stats: what was played here, in lines, pictures and tables."""

import csv
import io

import pytest

from tests.bot.cogs.matches import begun, told

RPS = "rock-paper-scissors"


async def won(scene, winner, loser):
    """Let somebody win a match."""
    table = await begun(scene, RPS, scene.ann, scene.bob, options="target=1")
    await table.press(winner, "rock")
    await table.press(loser, "scissors")
    await table.until_shown("Result")


@pytest.fixture
async def played(bot, scene):
    """Two matches that ann has won, and one that bob has."""
    await won(scene, scene.ann, scene.bob)
    await won(scene, scene.ann, scene.bob)
    await won(scene, scene.bob, scene.ann)


async def test_before_the_first_match_each_command_says_so(bot, scene):
    assert "Ann has played no rated match" in await told(
        await scene.ann.slash(scene.channel, "stats me")
    )
    said = await told(await scene.ann.slash(scene.channel, "stats game", game=RPS))
    assert said == f"Nobody has won a rated match of {RPS} here yet (among people)."
    said = await told(await scene.ann.slash(scene.channel, "stats models"))
    assert said == "No model or house bot has played a rated match here yet."


async def test_an_unknown_game_is_refused(bot, scene):
    said = await told(await scene.ann.slash(scene.channel, "stats game", game="chess boxing"))
    assert said.startswith("There is no game of that name; choose one of")


async def test_a_member_sees_the_own_rating_and_that_of_others(played, scene):
    mine = await told(await scene.ann.slash(scene.channel, "stats me"))
    assert mine.startswith(f"**Ann**\n**{RPS}**, among people: ")
    assert "(3 played, 2 won)" in mine
    theirs = await told(await scene.ann.slash(scene.channel, "stats player", member=scene.bob))
    assert "(3 played, 1 won)" in theirs


async def test_a_game_has_a_ladder_pictures_with_alt_texts_and_tables(played, scene):
    asked = await scene.owner.slash(scene.channel, "stats game", game=RPS)
    lines = (await told(asked)).splitlines()
    assert lines[0] == f"**{RPS}**, among people: the rating, and how far it may be off."
    assert lines[1].startswith("1. Ann: ")
    assert lines[2].startswith("2. Bob: ")
    chart, wins, *tables = (await asked.reply()).attachments
    assert "1. Ann from 25 to" in chart.description
    assert "1. Ann: 1. Ann –, 2. Bob 2/0/1" in wins.description
    for picture in (chart, wins):
        assert scene.discord.files[picture.id].startswith(b"\x89PNG")
    ratings, pairs = (
        [*csv.DictReader(io.StringIO(scene.discord.files[table.id].decode()))] for table in tables
    )
    assert [row["name"] for row in ratings] == ["Ann", "Bob"]
    assert {(row["player"], row["won"]) for row in pairs} == {
        (f"person:{scene.ann.id}", "2"),
        (f"person:{scene.bob.id}", "1"),
    }


async def test_another_pool_can_be_asked_for(played, scene):
    asked = await scene.ann.slash(scene.channel, "stats game", game=RPS, pool="models")
    assert "yet (among models and house bots)" in await told(asked)


async def test_another_server_has_ladders_of_its_own(played, scene):
    stranger = scene.discord.user("stranger")
    elsewhere = scene.discord.guild("Elsewhere", stranger)
    scene.discord.install(scene.app, elsewhere)
    channel = scene.discord.channel(elsewhere)
    asked = await stranger.slash(channel, "stats game", game=RPS)
    assert "Nobody has won" in await told(asked)
