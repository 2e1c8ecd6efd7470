"""The live message: one in each thread, edited seldom, with its board, its clock and its card."""

import asyncio
from itertools import cycle, pairwise

from bot.administration import ServerSettings
from bot.store.sql_store import SqlStore
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import begun, opened, started, told
from tests.faulty_model import FaultyModel, Mode

CELLS = ("a1", "b1", "a2", "b2", "a3")


async def setting(scene, **changed) -> None:
    store = await SqlStore.open(scene.settings.database_file)
    settings = ServerSettings(**changed)
    await store.administration.change_settings(scene.guild.id, settings, scene.owner.id)
    await store.close()


async def mark(table, scene, cells) -> None:
    """Let both mark cells in turn."""
    for number, cell in enumerate(cells):
        who = (scene.ann, scene.bob)[number % 2]
        said = await table.command(who, "move", answer=cell)
        assert said == "Your answer counts."


async def test_one_message_shows_the_board_as_a_picture_with_its_words(bot, scene):
    table = await begun(scene, "tic-tac-toe", scene.ann, scene.bob)
    first = table.live
    await mark(table, scene, CELLS[:2])
    await table.until_shown("Asked: **Ann**")
    assert table.live is first
    (picture,) = table.live.attachments
    assert picture.filename.endswith(".png")
    assert scene.discord.files[picture.id].startswith(b"\x89PNG")
    assert len(picture.description) > 20
    shown = [m for m in scene.discord.messages(table.thread) if table.match_id in m.content]
    assert len(shown) == 1


async def test_it_comes_down_again_when_it_has_scrolled_away_and_the_result_is_last(bot, scene):
    table = await begun(scene, "rock-paper-scissors", scene.ann, scene.bob)
    first = table.live
    for _ in range(5):
        assert await table.press(scene.ann, "rock") == "You throw rock."
        assert await table.press(scene.bob, "rock") == "You throw rock."
    await scene.discord.until(lambda: first.deleted)
    second = table.live
    for _ in range(2):
        assert await table.press(scene.ann, "rock") == "You throw rock."
        assert await table.press(scene.bob, "scissors") == "You throw scissors."
    await scene.discord.until(lambda: second.deleted)
    shown = [m for m in scene.discord.messages(table.thread) if not m.deleted]
    assert "Result" in shown[-1].content
    assert len([m for m in shown if table.match_id in m.content]) == 1


async def test_edits_keep_their_distance(scene):
    scene.settings.discord.edit_seconds = 0.4
    async with running(scene):
        table = await begun(scene, "tic-tac-toe", scene.ann, scene.bob)
        await mark(table, scene, CELLS)
        await table.until_shown("Result")
    deeds = scene.discord.record.of("edited", channel_id=table.thread.id)
    times = [deed.at for deed in deeds if deed.message_id == table.live.id]
    assert all(later - earlier >= 0.35 for earlier, later in pairwise(times))


async def test_boards_are_text_where_a_server_wants_it(scene):
    await setting(scene, text_boards=True, seconds=300)
    async with running(scene):
        table = await begun(scene, "tic-tac-toe", scene.ann, scene.bob)
        assert "```" in table.live.content
        assert table.live.attachments == []
        assert "(until <t:" in table.live.content
        assert ":R>" in table.live.content


async def test_a_deleted_live_message_is_posted_again(bot, scene):
    table = await begun(scene, "tic-tac-toe", scene.ann, scene.bob)
    for _ in range(2):
        gone = table.live
        await scene.owner.delete(gone)
        await scene.discord.until(lambda g=gone: shown(table, scene) and table.live is not g)
    await mark(table, scene, CELLS[:1])
    await table.until_shown("Asked: **Bob**")


def shown(table, scene) -> list:
    live = scene.discord.messages(table.thread)
    return [m for m in live if table.match_id in m.content and not m.deleted]


async def test_the_end_is_a_card_with_rematch_replay_and_stats(bot, scene):
    table = await begun(scene, "tic-tac-toe", scene.ann, scene.bob)
    await mark(table, scene, CELLS)
    live = await table.until_shown("Result")
    assert "Models" not in live.content
    assert list(live.controls) == ["Rematch", "Replay", "Stats"]
    assert "Ann" in live.attachments[0].description


async def with_bard(scene, server, prices=""):
    """A match of ann and a model."""
    model = f'[bard]\nbase_url = "{server.url}"\nmodel = "b"\n{prices}'
    scene.settings.models.write_text(model)
    lobby, lobby_id = await opened(scene, scene.ann, "rock-paper-scissors", options="target=1")
    offer = await scene.ann.click(lobby, "Add model")
    await told(await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", ["bard"]))
    return await started(scene, scene.ann, lobby, lobby_id)


async def test_the_end_says_what_the_models_have_cost(scene):
    async with FaultyModel().running() as server, running(scene):
        table = await with_bard(scene, server, "price_in = 0.5\nprice_out = 2.0\n")
        for throw in cycle(("rock", "paper", "scissors")):
            if "Result" in table.live.content:
                break
            await table.command(scene.ann, "move", answer=throw)
            await asyncio.sleep(0.05)
        store = await SqlStore.open(scene.settings.database_file)
        cost = await store.accounts.cost_of_match(table.match_id)
        await store.close()
        assert cost.requests == len(server.requests) > 0
        assert cost.money > 0
        requests = "1 request" if cost.requests == 1 else f"{cost.requests} requests"
        line = f"Models: {requests}, {cost.tokens:,} tokens, {cost.money / 10**6:.6f} in money"
        assert table.live.content.splitlines()[-1] == line
        assert line in await table.command(scene.bob, "arena status")


async def test_an_answer_that_the_end_has_cut_short_costs_its_prompt(scene):
    async with FaultyModel(Mode.HANG).running() as server, running(scene):
        table = await with_bard(scene, server)
        await scene.discord.until(lambda: server.requests)
        assert "ended" in await table.command(scene.ann, "arena end")
        live = await table.until_shown("Result")
        assert "Models: 1 request, " in live.content
        assert live.content.endswith(" tokens")
