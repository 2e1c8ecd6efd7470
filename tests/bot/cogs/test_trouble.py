"""Trouble: threads, permissions and servers that go away, and a Discord that fails."""

import asyncio

import pytest
import structlog

from bot import discord_wiring
from bot.errors import OperatorError
from bot.log import write_log
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import begun, kept, opened, started, told
from tests.discord_double.permissions import OF_EVERYBODY, Permission
from tests.discord_double.state import Message
from tests.faulty_model import FaultyModel

RPS = "rock-paper-scissors"
SEND = "/channels/{channel}/messages"
SPEAK = "/webhooks/{webhook}/{token}"


@pytest.fixture(autouse=True)
def talkative(monkeypatch):
    """Models that do not leave the floor to people for long."""
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.05)


@pytest.fixture
async def table(bot, scene):
    return await begun(scene, RPS, scene.ann, scene.bob, options="target=2")


async def paused(scene) -> None:
    await scene.discord.until(lambda: "table-paused" in str(kept(scene)))


def requests_since(scene, number: int) -> list:
    return [one for one in scene.discord.record.requests[number:] if one.status >= 400]


async def moved(table, scene, channel):
    """Move the match and return it as it is played there."""
    answer = await scene.ann.slash(channel, "arena move", match=table.match_id)
    said = await told(answer)
    assert "The match goes on in <#" in said
    table.thread = scene.discord.channels[int(said.split("<#")[1].split(">")[0])]
    mark = f"match `{table.match_id}`"
    await scene.shown(table.thread, lambda m: mark in m.content)
    return table


async def still_played(table, scene) -> None:
    await table.press(scene.ann, "rock")
    await table.press(scene.bob, "scissors")
    await table.until_said("**Ann** wins the round.")


async def test_a_match_whose_thread_is_deleted_pauses_and_goes_on_elsewhere(table, scene):
    await table.press(scene.ann, "rock")
    scene.discord.delete_channel(table.thread)
    await paused(scene)
    await moved(table, scene, scene.channel)
    await table.until_said("The match is paused: its thread was deleted.\n")
    text = table.text()
    assert text.index("its thread was deleted") < text.index("The match goes on.")
    await table.press(scene.bob, "scissors")
    await table.until_said("**Ann** wins the round.")


@pytest.mark.parametrize("admin", [True, False])
async def test_a_locked_thread_pauses_and_the_match_moves_in_the_same_channel(table, scene, admin):
    old = table.thread
    if not admin:
        forbid(scene)
    scene.discord.archive(old, locked=True)
    await paused(scene)
    await moved(table, scene, scene.channel)
    assert table.thread is not old
    where = old if admin else table.thread
    why = "The match is paused: its thread was locked."
    await scene.discord.until(lambda: any(why in m.content for m in scene.discord.messages(where)))
    await still_played(table, scene)
    assert "wins" not in "".join(m.content for m in scene.discord.messages(old))


async def test_a_match_can_be_moved_again_and_again(table, scene):
    seen = {table.thread.id}
    for _ in range(3):
        await moved(table, scene, scene.channel)
        assert table.thread.id not in seen
        seen.add(table.thread.id)
    await still_played(table, scene)


async def test_a_deleted_channel_pauses_and_the_match_moves_to_another(table, scene):
    scene.discord.delete_channel(scene.channel)
    await paused(scene)
    scene.channel = scene.discord.channel(scene.guild, "elsewhere")
    await moved(table, scene, scene.channel)
    await still_played(table, scene)


def forbid(scene, *bits) -> None:
    """Give the bot a role without administrator, and without some bits."""
    from bot.cogs.needed import all_bits

    role = next(r for r in scene.guild.roles.values() if r.name == "parlour")
    scene.discord.change_role(scene.guild, role, all_bits() & ~sum(bits))
    everybody = scene.guild.roles[scene.guild.id]
    scene.discord.change_role(scene.guild, everybody, OF_EVERYBODY & ~sum(bits))


async def test_a_lost_permission_pauses_and_is_not_asked_for_again_and_again(table, scene):
    forbid(scene, Permission.SEND_MESSAGES_IN_THREADS)
    await table.press(scene.ann, "rock")
    await table.press(scene.bob, "scissors")
    await paused(scene)
    await asyncio.sleep(0.2)
    before = len(scene.discord.record.requests)
    await asyncio.sleep(2.2)  # two ticks of the clock
    assert requests_since(scene, before) == []
    forbid(scene)
    assert "goes on" in await table.command(scene.ann, "arena resume")
    await table.until_said("The match goes on.")
    text = table.text()
    assert text.count("**Ann** wins the round.") == 1
    assert text.index("wins the round") < text.index("is paused") < text.index("goes on")


async def test_resuming_where_the_bot_still_may_not_speak_pauses_again(table, scene):
    forbid(scene, Permission.SEND_MESSAGES_IN_THREADS)
    await table.press(scene.ann, "rock")
    await table.press(scene.bob, "scissors")
    await paused(scene)
    await told(await scene.ann.slash(scene.channel, "arena resume", match=table.match_id))
    await scene.discord.until(lambda: str(kept(scene)).count("table-paused") == 2)


async def test_a_bot_that_is_thrown_out_pauses_and_comes_back(table, scene):
    scene.discord.remove_bot(scene.guild, scene.app)
    await paused(scene)
    scene.discord.install(scene.app, scene.guild)
    assert "goes on" in await table.command(scene.ann, "arena resume")
    await table.until_said("The match is paused: the bot was removed from the server.")
    await still_played(table, scene)


@pytest.fixture
async def model(scene):
    async with FaultyModel().running() as server:
        scene.settings.models.write_text(f'[bard]\nbase_url = "{server.url}"\nmodel = "b"\n')
        yield server


async def talk(scene, says: str, model, name: str = "bard"):
    """A conversation of a person and the model, which says this first."""
    model.says.append(says)
    lobby, lobby_id = await opened(scene, scene.ann, "conversation", options="rounds=3")
    offer = await scene.ann.click(lobby, "Add model")
    await told(await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", [name]))
    table = await started(scene, scene.ann, lobby, lobby_id)
    await told(await scene.ann.click(table.live, "Pass"))
    return table


def voiced(table) -> list[Message]:
    """What was said through a webhook."""
    shown = table.scene.discord.messages(table.thread)
    return [m for m in shown if m.webhook_id and m.author.name != "parlour"]


async def test_a_model_speaks_through_a_webhook_with_its_name_as_an_ai(model, bot, scene):
    table = await talk(scene, "Well met, @everyone!", model)
    await scene.discord.until(lambda: voiced(table))
    (message,) = voiced(table)
    assert message.author.name == "bard (AI)"
    assert message.pinged == frozenset()
    assert not message.mentions_everyone


async def test_without_manage_webhooks_the_bot_speaks_with_the_name_in_bold(model, bot, scene):
    forbid(scene, Permission.MANAGE_WEBHOOKS)
    table = await talk(scene, "Well met!", model)
    await table.until_said("**bard (AI)**: Well met!")
    assert voiced(table) == []


async def test_a_name_that_discord_refuses_is_said_by_the_bot(model, bot, scene):
    text = scene.settings.models.read_text()
    scene.settings.models.write_text(text.replace("[bard]", "[clyde]"))
    table = await talk(scene, "Well met!", model, "clyde")
    await table.until_said("**clyde (AI)**: Well met!")


async def test_a_webhook_deleted_in_mid_game_is_made_again(model, bot, scene):
    table = await talk(scene, "One.", model)
    await scene.discord.until(lambda: voiced(table))
    scene.discord.webhooks.clear()
    model.says.append("Two.")
    await scene.discord.until(lambda: "Pass" in table.live.controls)
    await scene.ann.send(table.thread, "And then?")
    await scene.discord.until(lambda: [m.content for m in voiced(table)] == ["One.", "Two."])


async def test_a_long_answer_is_split_at_the_end_of_sentences(model, bot, scene):
    sentence = "a_b_c_d_e_f_g_h_i_j_k_l_m_n. "  # each mark takes two characters in Discord
    table = await talk(scene, sentence * 51, model)
    await scene.discord.until(lambda: len(voiced(table)) > 1)
    whole = [m.content for m in voiced(table)]
    assert all(len(part) <= 2000 and part.endswith(".") for part in whole)


@pytest.mark.parametrize("done", [True, False])
async def test_what_discord_fails_to_take_is_told_once(table, scene, done):
    scene.discord.fault("POST", SEND, 0, done=done)
    await table.press(scene.ann, "rock")
    await table.press(scene.bob, "scissors")
    await table.until_said("**Ann** wins the round.")
    await still_asked(table, scene)
    assert table.text().count("**Ann** wins the round.") == 1


async def still_asked(table, scene) -> None:
    await scene.discord.until(lambda: table._new(scene.ann, "rock"))


async def test_a_server_error_of_discord_is_outlived(table, scene):
    scene.discord.fault("POST", SEND, 500)
    await table.press(scene.ann, "rock")
    await table.press(scene.bob, "scissors")
    await table.until_said("**Ann** wins the round.")
    assert table.text().count("**Ann** wins the round.") == 1


async def test_a_rate_limit_is_waited_out(table, scene):
    scene.discord.limit("POST", SEND, 1, 0.5)
    for _ in range(2):
        await table.press(scene.ann, "rock")
        await table.press(scene.bob, "scissors")
        await still_or_over(table, scene)
    refused = [one for one in scene.discord.record.requests if one.status == 429]
    assert len(refused) <= 2
    await table.until_shown("Result")
    await scene.discord.until(lambda: table.text().count("**Ann** wins the round.") == 2)


async def still_or_over(table, scene) -> None:
    await scene.discord.until(
        lambda: table._new(scene.ann, "rock") or "Result" in table.live.content, 10
    )


async def test_nobody_is_pinged_but_who_is_called(table, scene):
    await still_played(table, scene)
    shown = scene.discord.messages(table.thread)
    called = [m for m in shown if m.pinged]
    assert called
    assert all("It is the turn of" in m.content for m in called)
    names = {scene.ann.id, scene.bob.id}
    assert all(m.pinged <= names for m in called)


async def test_a_wrong_token_is_one_sentence_and_no_storm(scene):
    wrong = scene.settings.model_copy(
        update={"discord_token": type(scene.settings.discord_token)("a.b.c")}
    )
    with pytest.raises(OperatorError, match="does not know this token"):
        await discord_wiring.run(wrong)
    assert len(scene.discord.record.requests) == 1


async def test_a_missing_intent_is_one_sentence_and_no_storm(scene):
    async with running(scene):
        pass
    before = len(scene.app.identified)
    preflight = discord_wiring.look

    async def switched_off(settings):
        found = await preflight(settings)
        scene.app.flags = 0  # between the question and the connection
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(discord_wiring, "look", switched_off)
        with pytest.raises(OperatorError, match="Message Content Intent"):
            await asyncio.wait_for(discord_wiring.run(scene.settings), 60)
    assert len(scene.app.identified) <= before + 1


async def test_a_traceback_in_the_log_shows_no_values(capsys):
    try:
        write_log()
        key = "-".join(("value", "of", "a", "variable"))  # as it stands in no line of code
        try:
            raise ValueError("wrong")
        except ValueError:
            structlog.get_logger().exception("something failed", length=len(key))
        shown = capsys.readouterr().err
    finally:
        structlog.reset_defaults()
    assert "ValueError: wrong" in shown
    assert key not in shown
