"""Games of the operator's folder in Discord: suggested, played, and finished by their old rules."""

import pytest

from tests.bot.cli.test_own_games import BROKEN, GAME
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import begun, opened, told


@pytest.fixture
def file(scene):
    games = scene.settings.data / "games"
    games.mkdir()
    (games / "broken.toml").write_text(BROKEN, "utf-8")
    file = games / "doors.toml"
    file.write_text(GAME, "utf-8")
    return file


async def test_a_game_of_the_folder_is_played_like_any_other(file, bot, scene):
    shown = await scene.ann.autocomplete(scene.channel, "arena create", "game", "doors")
    assert [choice["value"] for choice in shown.choices] == ["two-doors"]
    lobby, _ = await opened(scene, scene.bob, "two-doors", options="rounds=3")
    assert "Options: rounds 3" in lobby.content
    played = await begun(scene, "two-doors", scene.ann, scene.bob, options="rounds=1")
    await played.press(scene.ann, "left")
    await played.press(scene.bob, "right")
    await played.until_said("Alone behind a door: **Ann** 1, **Bob** 1.")
    await played.until_shown("Result: The most points win.")
    missing = await scene.ann.slash(scene.channel, "arena create", game="broken")
    assert "no game of that name" in await told(missing)


async def test_a_match_goes_on_by_its_own_rules_when_the_file_is_gone(file, scene):
    async with running(scene):
        played = await begun(scene, "two-doors", scene.ann, scene.bob, options="rounds=1")
        await played.press(scene.ann, "left")
    file.write_text(GAME.replace("left", "up").replace("right", "down"), "utf-8")
    async with running(scene):
        await played.press(scene.bob, "right")
        await played.until_shown("Result: The most points win.")
    file.unlink()
    async with running(scene):
        refused = await scene.ann.slash(scene.channel, "arena create", game="two-doors")
        assert "no game of that name" in await told(refused)
