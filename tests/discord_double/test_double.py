"""Commands and controls, from a person's client to the real discord.py and back."""

import pytest

from tests.discord_double.errors import NotOffered


async def test_a_bot_logs_in_and_sees_the_guild_its_channel_and_all_members(bot, scene):
    (guild,) = bot.guilds

    assert (guild.name, [channel.name for channel in guild.text_channels]) == (
        "Testland",
        ["games"],
    )
    assert {member.name for member in guild.members} == {"alice", "bob", "parlour"}
    assert bot.get_channel(scene.channel.id).permissions_for(guild.me).administrator


async def test_synced_commands_are_offered_and_others_are_not(bot, scene):
    assert "arena" in {command["name"] for command in scene.app.commands.values()}

    with pytest.raises(NotOffered, match="no command 'dance'"):
        await scene.alice.slash(scene.channel, "dance")


async def test_a_deferred_answer_is_filled_in_and_seen_by_its_user_alone(bot, double, scene):
    asked = await scene.alice.slash(scene.channel, "ask", q="why", n=3)
    reply = await asked.reply()
    await double.until(lambda: asked.followups)

    assert asked.acked_after < 3 and not asked.failed
    assert [reply.content, asked.followups[0].content] == ["why 3", "and more"]
    assert reply.ephemeral and reply in scene.alice.sees(scene.channel)
    assert scene.bob.sees(scene.channel) == [] == double.messages(scene.channel)
    assert "why 3" not in "\n".join(double.public_texts())


async def test_a_member_option_comes_as_a_member_and_the_answer_can_be_edited(bot, double, scene):
    said = await scene.alice.slash(scene.channel, "say", whom=scene.bob)
    reply = await said.reply()

    await double.until(lambda: reply.content == "said bob")
    assert [deed.content for deed in double.record.of("created")] == ["Member bob"]


@pytest.mark.parametrize(
    ("options", "why"),
    [({"q": "x"}, "needs n"), ({"q": "x", "n": 10}, "range"), ({"q": 1, "n": 1}, "no value")],
)
async def test_options_that_the_client_would_not_send_are_not_sent(bot, scene, options, why):
    with pytest.raises(NotOffered, match=why):
        await scene.alice.slash(scene.channel, "ask", **options)


async def test_a_subcommand_with_autocomplete_offers_its_choices(bot, scene):
    typed = await scene.bob.autocomplete(scene.channel, "arena create", "game", "che")
    created = await scene.bob.slash(scene.channel, "arena create", game="chess")

    assert [choice["value"] for choice in typed.choices] == ["chess", "checkers"]
    assert (await created.reply()).content == "game chess"


async def test_a_command_for_admins_is_not_offered_to_others_until_the_guild_opens_it(bot, scene):
    with pytest.raises(NotOffered, match="not shown to bob"):
        await scene.bob.slash(scene.channel, "settings")
    assert (await (await scene.alice.slash(scene.channel, "settings")).reply()).ephemeral

    scene.guild.opened_commands.add("settings")
    assert (await (await scene.bob.slash(scene.channel, "settings")).reply()).ephemeral


async def test_context_menus_carry_the_user_and_the_message(bot, scene):
    message = await scene.bob.send(scene.channel, "to be or not")

    on_user = await scene.alice.use_on_user(scene.channel, "Who is it", scene.bob)
    on_message = await scene.alice.use_on_message("Quote", message)

    assert (await on_user.reply()).content == "bob"
    assert (await on_message.reply()).content == "> to be or not"


async def test_buttons_edit_their_message_at_once_or_after_a_defer(bot, double, scene):
    message = await lobby(scene)

    pressed = await scene.bob.click(message, "Hit")
    assert (message.content, pressed.original) == ("hit", message)
    await scene.bob.click(message, "later")
    await double.until(lambda: message.content == "later")
    with pytest.raises(NotOffered, match="no control 'Jump'"):
        await scene.bob.click(message, "Jump")


async def test_selects_take_their_values_and_users(bot, scene):
    message = await lobby(scene)

    picked = await scene.bob.select(message, "pick", ["b"])
    chosen = await scene.bob.select(message, "who", [scene.alice])

    assert (await picked.reply()).content == "picked b"
    assert (await chosen.reply()).content == "chose alice"
    with pytest.raises(NotOffered, match="no such value"):
        await scene.bob.select(message, "pick", ["z"])


async def test_a_modal_is_opened_by_a_button_and_filled_in_by_label_or_custom_id(bot, scene):
    opened = await scene.bob.click(await lobby(scene), "Form")
    form = await scene.bob.submit_modal(opened, {"Name": "Bo", "why": "fun"})

    assert opened.modal["title"] == "Your name"
    assert (await form.reply()).content == "hello Bo fun"
    with pytest.raises(NotOffered, match="1 to 20 characters"):
        await scene.bob.submit_modal(opened, {"Name": "B" * 21})


async def test_an_answer_after_the_time_fails_for_the_user_and_is_refused(bot, double, scene):
    double.ack_seconds = 0.1

    slow = await scene.alice.slash(scene.channel, "slow")

    assert slow.failed and slow.acked_after is None
    assert await double.until(lambda: bot.refused) == [10062]
    assert double.messages(scene.channel) == []


async def test_a_second_first_answer_is_refused(bot, double, scene):
    await scene.alice.slash(scene.channel, "twice")

    assert await double.until(lambda: bot.refused) == [40060]


async def test_a_token_works_for_15_minutes(bot, double, scene):
    kept = await scene.alice.slash(scene.channel, "keep")
    double.clock.advance(899)
    await bot.kept.followup.send("in time")
    double.clock.advance(2)

    with pytest.raises(Exception, match="50027"):
        await bot.kept.followup.send("too late")
    assert [kept.original.content, kept.followups] == ["in time", []]


async def lobby(scene):
    """The message with all controls."""
    return await (await scene.alice.slash(scene.channel, "arena create", game="go")).reply()
