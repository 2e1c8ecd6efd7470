"""The gateway: logins that fail, lines that break, sessions that resume or end."""

import discord
import pytest

from tests.discord_double.permissions import Permission
from tests.discord_double.sample_bot import SampleBot, pointed_at, running
from tests.discord_double.server import DiscordDouble


async def test_a_wrong_token_is_refused_at_login(double, scene):
    with pointed_at(double):
        async with SampleBot(discord.Intents.default()) as bot:
            with pytest.raises(discord.LoginFailure):
                await bot.login("nonsense")


async def test_a_token_that_is_changed_later_closes_with_4004(double, scene):
    async with running(double, scene.app.token) as bot:
        scene.app.token = "another"
        double.invalidate()
        await double.until(bot.is_closed)
        await double.until(lambda: bot.ended_with is not None)
    assert bot.ended_with.code == 4004


@pytest.mark.parametrize("intent", ["message_content", "members", "presences"])
async def test_a_privileged_intent_must_be_enabled(double, scene, intent):
    bare = double.application("bare", **{intent: False})
    with pointed_at(double):
        async with SampleBot(discord.Intents.all()) as bot:
            with pytest.raises(discord.PrivilegedIntentsRequired):
                await bot.start(bare.token)
    assert bare.identified == []


async def test_a_cut_line_is_resumed_and_missed_messages_are_replayed_once(bot, double, scene):
    double.gateway_drop()
    await scene.alice.send(scene.channel, "one")
    await scene.alice.send(scene.channel, "two")
    await double.until(lambda: len(bot.heard) == 2)

    assert bot.texts() == ["one", "two"]
    assert bot.happened == ["ready", "resumed"] and len(scene.app.identified) == 1


async def test_a_client_that_is_asked_to_reconnect_resumes(bot, double, scene):
    double.reconnect()
    await double.until(lambda: "resumed" in bot.happened)
    await scene.alice.send(scene.channel, "still here")
    await double.until(lambda: bot.texts() == ["still here"])


async def test_an_invalid_session_that_is_resumable_resumes(bot, double, scene):
    double.invalidate(resumable=True)
    await double.until(lambda: "resumed" in bot.happened)
    assert len(scene.app.identified) == 1


async def test_an_invalid_session_that_is_lost_begins_anew_without_what_it_missed(
    bot, double, scene
):
    double.invalidate()
    await scene.alice.send(scene.channel, "unheard")
    await double.until(lambda: bot.happened == ["ready", "ready"])
    await scene.alice.send(scene.channel, "heard")
    await double.until(lambda: bot.heard)

    assert bot.texts() == ["heard"] and len(scene.app.identified) == 2


async def test_other_close_codes_are_resumed(bot, double, scene):
    await double.close_all(4000)
    await double.until(lambda: "resumed" in bot.happened)


async def test_a_client_beats_and_leaves_a_line_on_which_nothing_comes():
    async with DiscordDouble(heartbeat_seconds=0.2) as double:
        app = double.application()
        double.install(app, double.guild("Testland"))
        async with running(double, app.token, heartbeat_timeout=0.5) as bot:
            double.freeze()
            await double.until(lambda: "resumed" in bot.happened)
            assert len(app.identified) == 1


async def test_a_storm_of_breaks_loses_no_message_and_doubles_none(bot, double, scene):
    said = []
    for number in range(30):
        await scene.alice.send(scene.channel, str(number))
        said.append(str(number))
        (double.gateway_drop, double.reconnect)[number % 2]()
        await double.until(lambda: bot.texts() == said)


async def test_a_kicked_bot_hears_that_its_guild_is_gone(bot, double, scene):
    double.remove_bot(scene.guild, scene.app)
    await double.until(lambda: "left Testland" in bot.happened)
    assert not bot.guilds


async def test_an_outage_makes_a_guild_unavailable_for_a_while(bot, double, scene):
    double.outage(scene.guild)
    await double.until(lambda: bot.guilds[0].unavailable)
    double.recover(scene.guild)
    await double.until(lambda: not bot.guilds[0].unavailable)


async def test_changed_permissions_reach_the_client(bot, double, scene):
    room = bot.get_channel(scene.channel.id)
    double.change_role(scene.guild, scene.role, Permission.VIEW_CHANNEL)
    double.change_overwrite(
        scene.channel, double.overwrite(scene.app.user, deny=Permission.SEND_MESSAGES)
    )

    await double.until(lambda: not room.permissions_for(room.guild.me).send_messages)


async def test_a_deleted_thread_is_told_and_one_in_a_hidden_channel_is_not(bot, double, scene):
    said = await scene.alice.send(scene.channel, "start")
    thread = await scene.alice.begin_thread(said, "match")
    await double.until(lambda: bot.get_channel(thread.id))
    double.delete_channel(thread)
    await double.until(lambda: "lost match" in bot.happened)

    double.change_role(scene.guild, scene.role, 0)
    hidden = double.overwrite(scene.guild, deny=Permission.VIEW_CHANNEL)
    double.change_overwrite(scene.channel, hidden)
    await scene.alice.begin_thread(scene.channel, "secret")
    await scene.alice.send(double.channel(scene.guild, "open"), "last")
    await double.until(lambda: "last" in bot.texts())
    assert "secret" not in bot.texts()
