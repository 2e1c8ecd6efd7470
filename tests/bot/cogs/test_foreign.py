"""Games whose rules run elsewhere, in a channel: named while one types, read in parts, played."""

import re

import pytest

from bot.cogs.speech import fenced, pages
from games.foreign_events import is_drawn
from tests.bot.cogs.matches import begun, opened, told

pytestmark = pytest.mark.usefixtures("bot")
BOARD = "Board:\n 0 | X | O | X\n 1 | . | . | .\n 2 | . | . | ."


async def test_the_games_of_a_library_are_suggested_while_one_types(scene):
    async def offered(typed, game="textarena"):
        shown = await scene.ann.autocomplete(
            scene.channel, "arena create", "options", typed, game=game
        )
        return [choice["value"] for choice in shown.choices]

    assert await offered("negoti") == [
        "env=SimpleNegotiation-v0-short",
        "env=SimpleNegotiation-v0",
        "env=SimpleNegotiation-v0-long",
    ]
    assert await offered("longest=50, env=truthandd") == [
        "longest=50, env=TruthAndDeception-v0",
        "longest=50, env=TruthAndDeception-v0-long",
        "longest=50, env=TruthAndDeception-v0-extreme",
    ]
    assert len(await offered("")) == 25
    assert await offered("hold", "pettingzoo") == [
        "env=leduc_holdem_v4",
        "env=texas_holdem_v4",
        "env=texas_holdem_no_limit_v6",
    ]
    assert await offered("env", "chameleon") == []


async def test_each_game_of_a_library_has_a_ladder_of_its_own(scene):
    shown = await scene.ann.autocomplete(
        scene.channel, "stats game", "game", "textarena taboo-v0-c"
    )
    assert [choice["value"] for choice in shown.choices] == [
        "textarena Taboo-v0-cars",
        "textarena Taboo-v0-city/country",
    ]
    said = await told(
        await scene.ann.slash(scene.channel, "stats game", game="TextArena taboo-v0-cars")
    )
    assert said.startswith("Nobody has won a rated match of textarena Taboo-v0-cars here yet")


async def test_a_game_that_cannot_be_played_makes_no_lobby(scene):
    said = await told(
        await scene.ann.slash(
            scene.channel, "arena create", game="textarena", options="env=Debate-v0"
        )
    )
    assert said.startswith("Debate-v0 of TextArena cannot be played: ")
    assert not [m for m in scene.discord.messages(scene.channel) if m.components]


async def test_a_lobby_has_the_seats_of_the_game_that_was_named(scene):
    lobby, _ = await opened(scene, scene.ann, "textarena", options="env=Taboo-v0")
    assert "**textarena Taboo-v0** for 4 to 14 seats" in lobby.content
    assert "env Taboo" in lobby.content


async def test_a_game_of_textarena_is_played_in_a_thread(scene):
    pytest.importorskip("textarena", reason="needs the extra: make more-games")
    table = await begun(scene, "textarena", scene.ann, bots=1, options="env=NewRecruit-v0")
    await table.until_said("In this game, Ann is Player 0")
    await scene.discord.until(lambda: "**Ann**" in table.live.content)
    seen = await scene.ann.click(table.live, "My view")
    first = await seen.reply()
    await scene.discord.until(
        lambda: seen.followups and "You are asked" in seen.followups[-1].content
    )
    replies = [first, *seen.followups]
    shown = "\n".join(reply.content for reply in replies)
    assert all(reply.ephemeral and len(reply.content) <= 2000 for reply in replies)
    assert "turns if no proposal is accepted" in re.sub(r"\s+", " ", shown)
    assert "You are asked: Your move." in shown
    assert "points" not in table.text()


def test_a_drawing_keeps_its_columns_and_a_text_is_none():
    assert is_drawn(BOARD)
    assert [*fenced(BOARD)] == [f"```\n{BOARD}\n```"]
    assert not is_drawn("You are a spy.\nFind the others.\nGood luck.")
    assert not is_drawn("one | line")


def test_a_drawing_that_is_too_long_is_cut_between_its_lines():
    drawing = "\n".join(f"{row} | {'#' * 50} `" for row in range(100))
    parts = [*fenced(drawing, 500)]
    assert all(len(part) <= 500 and part.count("```") == 2 for part in parts)
    lines = [line for part in parts for line in part.split("\n")[1:-1]]
    assert lines == drawing.replace("`", "'").split("\n")


def test_lines_are_put_together_as_long_as_they_fit():
    assert pages(["a" * 4, "b" * 4, "c" * 9], 9) == ["aaaa\nbbbb", "c" * 9]
