"""Lobbies and the commands around a match: what each does, and what it refuses without a trace."""

import asyncio

import pytest

from tests.bot.cogs.matches import begun, kept, opened, pressed, started, told
from tests.discord_double.permissions import Permission
from tests.discord_double.waiting import PATIENCE

RPS = "rock-paper-scissors"


@pytest.fixture
async def table(bot, scene):
    """Rock-paper-scissors between ann, who created it, and bob."""
    return await begun(scene, RPS, scene.ann, scene.bob)


async def refused(scene, why: str, act) -> None:
    """Assert that an act is refused with these words, and that nothing has changed."""
    before = kept(scene)
    assert why in await told(await act)
    assert kept(scene) == before


async def test_creating_suggests_games_and_takes_options(bot, scene):
    shown = await scene.ann.autocomplete(scene.channel, "arena create", "game", "rock")
    assert [choice["value"] for choice in shown.choices] == [RPS]
    lobby, _ = await opened(scene, scene.ann, RPS, options="target=3")
    assert "Options: target 3" in lobby.content
    assert f"created by {scene.ann.mention}" in lobby.content


async def test_what_cannot_be_created_is_refused(bot, scene):
    def create(**options):
        return scene.ann.slash(scene.channel, "arena create", **options)

    await refused(scene, "no game of that name", create(game="snakes"))
    await refused(scene, "name=value", create(game=RPS, options="target"))
    await refused(scene, "name=value", create(game="chameleon", options="word=Apple"))
    await refused(scene, "target", create(game=RPS, options="target=0"))
    await refused(scene, "target", create(game=RPS, options="target=many"))


async def test_a_lobby_is_refused_where_the_bot_may_not_post_it(bot, scene):
    bits = Permission.SEND_MESSAGES | Permission.ADMINISTRATOR
    mute = scene.discord.channel(scene.guild, "mute")
    role = next(r for r in scene.guild.roles.values() if r.name == "parlour")
    scene.discord.change_role(scene.guild, role, Permission.VIEW_CHANNEL)
    scene.discord.change_overwrite(mute, scene.discord.overwrite(role, deny=bits))
    await refused(scene, "Send Messages", scene.ann.slash(mute, "arena create", game=RPS))


async def test_members_join_and_leave_by_button_and_by_command(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    assert "You sit down as **Bob**" in await told(await scene.bob.click(lobby, "Join"))
    await scene.discord.until(lambda: scene.bob.mention in lobby.content)
    await refused(
        scene,
        "You sit at this table already",
        pressed_later(scene.bob, lobby, f"p:l:{lobby_id}:join"),
    )
    assert "left" in await told(await scene.bob.click(lobby, "Leave"))
    await scene.discord.until(lambda: scene.bob.mention not in lobby.content)
    await refused(scene, "You do not sit at this table", scene.bob.click(lobby, "Leave"))
    suggested = await scene.bob.autocomplete(scene.channel, "arena join", "match", lobby_id[:3])
    assert lobby_id in [choice["value"] for choice in suggested.choices]
    joined = await scene.bob.slash(scene.channel, "arena join", match=lobby_id)
    assert "You sit down as **Bob**" in await told(joined)
    assert "left" in await told(await scene.bob.slash(scene.channel, "arena leave"))
    unknown = scene.bob.slash(scene.channel, "arena join", match="nothing")
    await refused(scene, "That lobby is not known any more", unknown)


def pressed_later(who, message, custom_id):
    from tests.discord_double.interactions import COMPONENT

    data = {"custom_id": custom_id, "component_type": 2}
    return who.forge(message.channel, COMPONENT, data, message=message)


async def test_nobody_sits_down_at_a_full_table(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    await told(await scene.ann.click(lobby, "Add house bot"))
    await refused(
        scene, "Every seat is taken", pressed_later(scene.bob, lobby, f"p:l:{lobby_id}:join")
    )


async def test_seats_have_names_of_their_own_whatever_members_are_called(bot, scene):
    names = ("public", "ANN", "moderator", "  ", "*_`<@1>`_*", "x" * 32)
    lobby, lobby_id = await opened(scene, scene.ann, "moderated-conversation")
    for name in names:
        guest = scene.discord.user(name)
        scene.discord.member(scene.guild, guest)
        await told(await guest.click(lobby, "Join"))
    seats = str(kept(scene)[0]).casefold()
    for seat in ("public 2", "ann 2", "moderator 2", "guest"):
        assert f'"{seat}"' in seats
    played = await started(scene, scene.ann, lobby, lobby_id)
    assert played.thread.name.startswith("moderated-conversation")


async def test_ready_is_said_and_taken_back(bot, scene):
    lobby, _ = await opened(scene, scene.ann, RPS)
    assert await told(await scene.ann.click(lobby, "Ready")) == "You are ready."
    await scene.discord.until(lambda: "— ready" in lobby.content)
    assert "not ready any more" in await told(await scene.ann.click(lobby, "Ready"))
    await refused(scene, "Join the table first", scene.bob.click(lobby, "Ready"))


async def test_only_the_host_or_an_admin_fills_starts_and_cancels_a_lobby(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    for verb in ("house", "model", "start", "options", "cancel"):
        act = pressed_later(scene.bob, lobby, f"p:l:{lobby_id}:{verb}")
        await refused(scene, "Only whoever created this match", act)
    assert "sits down" in await told(await scene.owner.click(lobby, "Add house bot"))
    assert "cancelled" in await told(await scene.owner.click(lobby, "Cancel"))
    await scene.discord.until(lambda: "cancelled" in lobby.content)
    assert list(lobby.controls) == ["Rules"]
    for verb in ("join", "start", "house"):
        act = pressed_later(scene.ann, lobby, f"p:l:{lobby_id}:{verb}")
        await refused(scene, "This lobby was cancelled", act)


async def test_a_match_does_not_begin_while_seats_are_missing(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    act = pressed_later(scene.ann, lobby, f"p:l:{lobby_id}:start")
    await refused(scene, "needs one more seat", act)
    assert scene.discord.threads(scene.channel) == []


async def test_start_pressed_twice_starts_once(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    await told(await scene.ann.click(lobby, "Add house bot"))
    both = await asyncio.gather(
        *(pressed(scene.ann, lobby, f"p:l:{lobby_id}:start") for _ in range(2))
    )
    assert any("The match has begun: <#" in said for said in both)
    assert len(scene.discord.threads(scene.channel)) == 1
    assert len([row for row in kept(scene) if row[0] == lobby_id and row[1] == 1]) == 1


async def test_a_lobby_tells_the_rules_to_anybody(bot, scene):
    lobby, _ = await opened(scene, scene.ann, RPS)
    assert "rock beats scissors" in await told(await scene.bob.click(lobby, "Rules"))


async def test_without_models_there_is_none_to_add(bot, scene):
    lobby, _ = await opened(scene, scene.ann, RPS)
    await refused(scene, "No models are set up", scene.ann.click(lobby, "Add model"))


MODELS = """
[bard]
base_url = "http://127.0.0.1:9/v1"
model = "bard-1"
"""


async def test_a_model_is_picked_and_sits_down(scene, bot):
    scene.settings.models.write_text(MODELS)
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    offer = await scene.ann.click(lobby, "Add model")
    assert await told(offer) == "Who should play?"
    picked = await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", ["bard"])
    assert await told(picked) == "bard sits down."
    await scene.discord.until(lambda: "bard, the model bard" in lobby.content)


async def test_a_match_whose_model_is_gone_waits_in_its_lobby(scene, bot):
    scene.settings.models.write_text(MODELS)
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    offer = await scene.ann.click(lobby, "Add model")
    await told(await scene.ann.select(await offer.reply(), f"p:lm:{lobby_id}", ["bard"]))
    scene.settings.models.write_text("")
    await scene.discord.until(lambda: "bard" in lobby.content)
    await refused(scene, "model of bard is not there any more", scene.ann.click(lobby, "Start"))
    kicked = await scene.ann.slash(scene.channel, "arena kick", seat="bard", match=lobby_id)
    assert "does not play any more" in await told(kicked)
    await scene.discord.until(lambda: "bard" not in lobby.content)
    assert "sits down" in await told(await scene.ann.click(lobby, "Add house bot"))
    played = await started(scene, scene.ann, lobby, lobby_id)
    await played.until_said("It is the turn of")


async def test_options_are_set_in_a_modal(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    form = await scene.ann.click(lobby, "Options")
    assert await told(await scene.ann.submit_modal(form, {"target": "4"})) == "The options are set."
    await scene.discord.until(lambda: "target 4" in lobby.content)
    form = await scene.ann.slash(scene.channel, "arena settings", match=lobby_id)
    await refused(scene, "target", scene.ann.submit_modal(form, {"target": "none"}))
    form = await scene.ann.click(lobby, "Options")
    assert await told(await scene.ann.submit_modal(form, {"target": ""})) == "The options are set."
    await scene.discord.until(lambda: "target" not in lobby.content)


async def test_whoever_sets_a_hidden_draw_cannot_play_and_players_cannot_set_one(bot, scene):
    lobby, _ = await opened(scene, scene.ann, "chameleon")
    form = await scene.ann.click(lobby, "Options")
    assert "word" not in str(form.modal)
    await told(await scene.ann.click(lobby, "Leave"))
    form = await scene.ann.click(lobby, "Options")
    await told(await scene.ann.click(lobby, "Join"))
    await scene.ann.submit_modal(form, {"topic": "Fruits"})
    assert "Fruits" not in str(kept(scene))
    await told(await scene.ann.click(lobby, "Leave"))
    form = await scene.ann.click(lobby, "Options")
    assert await told(await scene.ann.submit_modal(form, {"chameleon": "Bob"}))
    await refused(scene, "You have set what this game hides", scene.ann.click(lobby, "Join"))
    assert "Bob" not in lobby.content


async def test_the_options_of_a_game_with_many_come_page_by_page(bot, scene):
    lobby, _ = await opened(scene, scene.ann, "prisoners-dilemma")
    pages = await scene.ann.click(lobby, "Options")
    assert await told(pages) == "Which options?"
    form = await scene.ann.click(await pages.reply(), list((await pages.reply()).controls)[1])
    assert form.modal is not None


async def test_status_tells_how_a_lobby_and_a_match_stand(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    said = await told(await scene.bob.slash(scene.channel, "arena status", match=lobby_id))
    assert "Waiting for players" in said
    await told(await scene.bob.click(lobby, "Join"))
    played = await started(scene, scene.ann, lobby, lobby_id)
    said = await played.command(scene.bob, "arena status")
    assert "Asked: **Ann**" in said
    assert played.thread.mention in said
    await refused(
        scene,
        "Say which match",
        scene.bob.slash(scene.discord.channel(scene.guild), "arena status"),
    )


async def test_pausing_and_resuming_is_for_the_host(table, scene):
    for command in ("pause", "resume", "end"):
        await refused(scene, "Only whoever", scene.bob.slash(table.thread, f"arena {command}"))
    assert "paused" in await table.command(scene.ann, "arena pause")
    live = await table.until_shown("Paused.")
    assert list(live.controls) == ["My view", "Rules"]
    await table.until_said("The match is paused: **Ann** asked for it.")
    await refused(scene, "paused", scene.ann.slash(table.thread, "move", answer="rock"))
    assert await table.command(scene.ann, "arena resume") == "The match goes on."
    await table.until_shown("Asked: **Ann**")
    assert await table.press(scene.ann, "rock") == "You throw rock."


async def played_for(scene) -> None:
    """Wait until a house bot has thrown for bob, so that nothing more happens by itself."""
    await scene.discord.until(lambda: '["thrown",{"seat":"Bob"' in str(kept(scene)))


async def test_who_leaves_is_played_for_and_takes_the_seat_back(table, scene):
    assert "You have left" in await table.command(scene.bob, "arena leave")
    await table.until_said("**Bob** has left. **Bob** is played by a house bot")
    await played_for(scene)
    await refused(scene, "You have left already", scene.bob.slash(table.thread, "arena leave"))
    assert "You are **Bob**" in await table.press(scene.bob, "My view")
    await table.until_said("**Bob** is back.")


async def test_who_resigns_does_not_come_back(table, scene):
    assert "You have resigned" in await table.command(scene.bob, "arena resign")
    await table.until_said("**Bob** has resigned.")
    await played_for(scene)
    await refused(
        scene, "You do not sit at this table", scene.bob.slash(table.thread, "arena resign")
    )
    live = await table.until_shown("Asked: **Ann**")
    await refused(scene, "You do not sit at this table", scene.bob.click(live, "My view"))


async def test_the_host_takes_a_seat_away(table, scene):
    await refused(scene, "Only whoever", scene.bob.slash(table.thread, "arena kick", seat="Ann"))
    await refused(
        scene, "Nobody of that name", scene.ann.slash(table.thread, "arena kick", seat="zoe")
    )
    shown = await scene.ann.autocomplete(table.thread, "arena kick", "seat", "b")
    assert [choice["value"] for choice in shown.choices] == ["Bob"]
    assert "Bob does not play any more" in await table.command(scene.ann, "arena kick", seat="Bob")
    await table.until_said("is played by a house bot")
    await played_for(scene)
    live = await table.until_shown("Asked: **Ann**")
    await refused(scene, "You do not sit at this table", scene.bob.click(live, "My view"))


async def test_the_host_puts_somebody_else_in_a_seat(table, scene):
    carl = scene.discord.user("carl")
    scene.discord.member(scene.guild, carl)

    def replace(who=scene.ann, seat="bob", **player):
        return who.slash(table.thread, "arena replace", seat=seat, **player)

    await refused(scene, "Only whoever", replace(scene.bob, member=carl))
    await refused(scene, "either player or member", replace())
    await refused(scene, "either player or member", replace(player="me"))
    await refused(scene, "either player or member", replace(player=f"person:{carl.id}"))
    await refused(scene, "Say house:easy", replace(player="script"))
    await refused(scene, "no house bot", replace(player="house:wild"))
    await refused(scene, "No models are set up", replace(player="model:none"))
    await refused(scene, "A bot cannot sit", replace(member=scene.app.user))
    await refused(scene, "sits at this table already", replace(member=scene.ann))
    assert "somebody else" in await told(await replace(member=carl))
    await table.until_said(f"It is the turn of <@{carl.id}>")
    assert await table.press(carl, "rock") == "You throw rock."
    assert "somebody else" in await told(await replace(player="house:hard"))
    await table.until_said("a house bot (hard)")


async def test_the_commands_of_a_match_say_that_a_lobby_has_not_begun(bot, scene):
    _, lobby_id = await opened(scene, scene.ann, RPS)
    for command in ("pause", "resume", "resign"):
        act = scene.ann.slash(scene.channel, f"arena {command}", match=lobby_id)
        await refused(scene, "has not begun", act)
    act = scene.ann.slash(scene.channel, "arena replace", seat="Ann", player="house:easy")
    await refused(scene, "has not begun", act)
    act = scene.ann.slash(scene.channel, "arena export", match=lobby_id)
    await refused(scene, "has not begun", act)


async def test_the_options_of_a_match_that_has_begun_stand(table, scene):
    act = scene.ann.slash(table.thread, "arena settings")
    await refused(scene, "The match has begun already", act)


async def test_an_admin_who_does_not_sit_there_leaves_no_name_in_the_journal(table, scene):
    assert "paused" in await table.command(scene.owner, "arena pause")
    await table.until_said("The match is paused: an admin asked for it.")
    assert "without a result" in await table.command(scene.owner, "arena end")
    await table.until_said("The match ends without a result: an admin has ended it.")


async def test_a_host_who_does_not_sit_there_leaves_no_name_in_the_journal(bot, scene):
    lobby, lobby_id = await opened(scene, scene.ann, RPS)
    await told(await scene.ann.click(lobby, "Leave"))
    await told(await scene.bob.click(lobby, "Join"))
    await told(await scene.ann.click(lobby, "Add house bot"))
    table = await started(scene, scene.ann, lobby, lobby_id)
    assert "paused" in await table.command(scene.ann, "arena pause")
    await table.until_said("The match is paused: the host asked for it.")


async def test_an_ended_match_has_no_result_and_a_lobby_is_cancelled(table, scene):
    assert "without a result" in await table.command(scene.ann, "arena end")
    await table.until_said("The match ends without a result: **Ann** has ended it.")
    live = await table.until_shown("no contest")
    assert list(live.controls) == ["Rematch", "Replay", "Stats"]
    await refused(scene, "does not go on", scene.ann.slash(table.thread, "arena end"))
    _, lobby_id = await opened(scene, scene.ann, RPS)
    ended = await scene.ann.slash(scene.channel, "arena end", match=lobby_id)
    assert "cancelled" in await told(ended)


async def won(table, scene) -> None:
    """Play until ann has won."""
    for round_number in (1, 2):
        await table.press(scene.ann, "rock")
        await table.press(scene.bob, "scissors")
        await scene.discord.until(
            lambda n=round_number: table.text().count("**Ann** wins the round.") == n
        )
    await table.until_shown("Result")


async def test_a_rematch_rotates_the_seats_once(table, scene):
    await refused(
        scene, "The match is not over yet", scene.ann.slash(table.thread, "arena rematch")
    )
    await won(table, scene)
    carl = scene.discord.user("carl")
    scene.discord.member(scene.guild, carl)
    await refused(scene, "Only who played", carl.click(table.live, "Rematch"))
    assert "A lobby for the rematch" in await told(await scene.bob.click(table.live, "Rematch"))
    assert "A lobby for the rematch" in await told(await scene.ann.click(table.live, "Rematch"))
    mark = f"created by {scene.bob.mention}"
    again = await scene.shown(scene.channel, lambda m: mark in m.content)
    assert again.content.index(f"1. {scene.bob.mention}") < again.content.index(
        f"2. {scene.ann.mention}"
    )
    open_lobbies = [row for row in kept(scene) if row[1] == "open"]
    assert len(open_lobbies) == 1


async def test_replay_and_stats_are_for_everybody(table, scene):
    await won(table, scene)
    replay = await scene.owner.click(table.live, "Replay")
    assert "read in a browser" in await told(replay)
    assert (await replay.reply()).attachments[0].filename.endswith(".html")
    assert "played 1 match and won 1" in await told(await scene.ann.click(table.live, "Stats"))
    assert "played 1 match and won 0" in await told(await scene.bob.click(table.live, "Stats"))
    history = ""
    async with asyncio.timeout(PATIENCE):  # the lobby is closed once the result is shown
        while "is over" not in history:
            history = await told(await scene.owner.slash(scene.channel, "arena history"))
    assert table.match_id in history


async def test_a_record_is_exported_as_who_asks_may_see_it(table, scene):
    await table.press(scene.ann, "rock")

    async def record(who, kind="json", view="public"):
        got = await who.slash(table.thread, "arena export", kind=kind, view=view)
        assert await told(got) == "Here is the record."
        (file,) = (await got.reply()).attachments
        assert file.filename == f"{table.match_id}.{kind}"
        return scene.discord.files[file.id].decode()

    assert "throws" not in await record(scene.owner)
    assert "You throw rock" in await record(scene.ann, view="my seat")
    for kind in ("json", "md", "html"):
        assert "You throw rock" not in await record(scene.bob, kind, "my seat")
    for who in (scene.ann, scene.bob, scene.owner):
        act = who.slash(table.thread, "arena export", kind="json", view="full")
        await refused(scene, "only when the match is over", act)
    act = scene.owner.slash(table.thread, "arena export", view="my seat")
    await refused(scene, "You do not sit", act)
    await table.press(scene.bob, "paper")
    await table.until_shown("Asked: **Ann**")
    await table.command(scene.ann, "arena end")
    carl = scene.discord.user("carl")
    scene.discord.member(scene.guild, carl)
    act = carl.slash(table.thread, "arena export", view="full")
    await refused(scene, "Only who played", act)
    assert "You throw rock" in await record(scene.bob, view="full")


async def test_pings_are_switched_off_for_whoever_does_not_want_them(bot, scene):
    assert (
        await told(await scene.bob.slash(scene.channel, "arena pings", on=False))
        == "No more pings."
    )
    table = await begun(scene, RPS, scene.ann, scene.bob)
    await table.until_said(f"It is the turn of {scene.ann.mention} and **Bob**")
    assert "ping you" in await table.command(scene.bob, "arena pings", on=True)
    await table.press(scene.bob, "rock")
    await table.press(scene.ann, "rock")
    await table.until_said(f"It is the turn of {scene.bob.mention}.")


async def test_what_is_banned_may_not_steer_either(table, scene, ban):
    await ban(scene.ann)
    for command in ("pause", "end", "leave", "rematch"):
        await refused(
            scene, "You may not play here", scene.ann.slash(table.thread, f"arena {command}")
        )
    await refused(scene, "You may not play here", scene.ann.click(table.live, "rock"))


@pytest.fixture
def ban(scene):
    """Ban somebody as an admin's command would."""

    from bot.administration import Ban
    from bot.store.sql_store import SqlStore

    async def ban(who):
        store = await SqlStore.open(scene.settings.database_file)
        await store.administration.ban(Ban(scene.guild.id, who.id, "rude"), scene.owner.id)
        await store.close()

    return ban


async def test_threads_of_finished_matches_make_room_for_new_ones(bot, scene, monkeypatch):
    first = await begun(scene, "rock-paper-scissors", scene.ann, scene.bob, options="target=1")
    monkeypatch.setattr("tests.discord_double.threads.ACTIVE_THREADS", 1)
    lobby, lobby_id = await opened(scene, scene.ann, "rock-paper-scissors")
    await told(await scene.ann.click(lobby, "Add house bot"))
    await scene.discord.until(lambda: "2. " in lobby.content)
    why = await told(await scene.ann.click(lobby, "Start"))
    assert "as many active threads as Discord allows" in why
    await first.press(scene.ann, "rock")
    await first.press(scene.bob, "paper")
    await first.until_shown("Result: ")
    await scene.discord.until(lambda: "The match is over" in first.lobby.content)
    await started(scene, scene.ann, lobby, lobby_id)
    assert first.thread.archived
