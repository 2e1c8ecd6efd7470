"""Rules that the real client keeps by itself, tried with bare requests."""

import aiohttp
import discord
import pytest
from discord import ui

from tests.discord_double.interactions import Interaction
from tests.discord_double.permissions import Permission
from tests.discord_double.sample_bot import refused

HELLO_OP, INVALID_OP = 10, 9


@pytest.fixture
def http(bot):
    return bot.http


def command(**changes):
    return {"name": "play", "description": "Play", "type": 1, **changes}


def option(**changes):
    return {"name": "game", "description": "Which", "type": 3, **changes}


@pytest.mark.parametrize(
    "wrong",
    [
        command(name="Play"),
        command(name="x" * 33),
        command(description=""),
        command(description="x" * 101),
        command(type=2),
        command(options=[option(name=f"o{n}") for n in range(26)]),
        command(options=[option(), option()]),
        command(options=[option(), option(name="more", required=True)]),
        command(options=[option(), option(name="sub", type=1)]),
        command(options=[option(choices=[{"name": str(n), "value": n} for n in range(26)])]),
        command(options=[option(choices=[{"name": "x", "value": "x" * 101}])]),
        command(options=[option(choices=[{"name": "x", "value": "x"}], autocomplete=True)]),
        command(options=[option(name=f"o{n}", type=1, options=[option()]) for n in range(26)]),
        command(
            options=[
                option(
                    name=f"s{n}",
                    type=1,
                    options=[option(name=f"o{m}", description="x" * 90) for m in range(5)],
                )
                for n in range(18)
            ]
        ),
    ],
    ids=lambda wrong: ",".join(name for name in wrong if wrong[name] != command().get(name)),
)
async def test_a_command_that_discord_does_not_take_is_refused_with_all_others(http, scene, wrong):
    before = list(scene.app.commands)
    with refused(50035):
        await http.bulk_upsert_global_commands(scene.app.id, [command(name="good"), wrong])
    assert list(scene.app.commands) == before


async def test_at_most_100_commands_with_names_of_their_own(http, scene):
    with refused(30032):
        many = [command(name=f"c{n}") for n in range(101)]
        await http.bulk_upsert_global_commands(scene.app.id, many)
    with refused(50035):
        await http.bulk_upsert_global_commands(scene.app.id, [command(), command()])


async def test_a_command_keeps_its_id_when_it_is_synced_again(bot, scene):
    before = set(scene.app.commands)
    await bot.tree.sync()
    assert set(scene.app.commands) == before


def field(**changes):
    return {
        "type": 1,
        "components": [{"type": 4, "label": "x", "style": 1, "custom_id": "a", **changes}],
    }


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("x" * 46, [field()]),
        ("", [field()]),
        ("x", []),
        ("x", [field(custom_id=str(n)) for n in range(6)]),
        ("x", [field(), field()]),
        ("x", [field(label="x" * 46)]),
        ("x", [field(placeholder="x" * 101)]),
        ("x", [field(value="x" * 4001)]),
        ("x", [field(max_length=3, value="xxxx")]),
        ("x", [{"type": 18, "label": "x" * 46, "component": field()["components"][0]}]),
    ],
)
async def test_a_modal_that_discord_does_not_take_is_refused(double, scene, title, parts):
    interaction = Interaction(double, scene.app, scene.alice, scene.channel, 2, {"name": "x"})
    interaction.offer()
    body = {"type": 9, "data": {"title": title, "custom_id": "form", "components": parts}}

    path = f"/interactions/{interaction.id}/{interaction.token}/callback"
    status, answer = await bare(double, path, body)
    assert (status, answer["code"], interaction.modal) == (400, 50035, None)


async def bare(double, path, body):
    """POST without any client's care."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(double.api_base + path, json=body) as answer,
    ):
        return answer.status, await answer.json()


async def test_the_newer_components_hold_40_parts_and_4000_characters(bot, double, scene):
    double.unlimited()
    room = bot.get_channel(scene.channel.id)

    def layout(*texts):
        view = ui.LayoutView()
        for text in texts:
            view.add_item(ui.TextDisplay(text))
        return view

    await room.send(view=layout("one", f"for {scene.bob.mention}"))
    with refused(50035):
        await room.send(view=layout("x" * 4001))
    with refused(50035):
        await room.send(view=layout("x" * 2001, "x" * 2000))
    (shown,) = double.messages(scene.channel)
    assert shown.pinged == {scene.bob.id}


async def test_a_person_may_refuse_direct_messages(bot, scene):
    user = await bot.fetch_user(scene.bob.id)
    await user.send("hi")
    scene.bob.accepts_direct = False
    with refused(50007):
        await user.send("hi again")


async def test_a_private_thread_is_for_those_in_it(bot, double, scene):
    double.change_role(scene.guild, scene.role, 0)
    room = bot.get_channel(scene.channel.id)
    made = await room.create_thread(name="hand", type=discord.ChannelType.private_thread)
    await made.send("your card")
    thread = double.channels[made.id]
    assert scene.bob.sees(thread) == []

    await made.add_user(discord.Object(scene.bob.id))
    assert [message.content for message in scene.bob.sees(thread)] == ["your card"]
    assert not {"hand", "your card"} & set(double.public_texts())


async def test_a_forged_press_reaches_the_bot_though_no_control_has_it(bot, double, scene):
    created = await scene.alice.slash(scene.channel, "arena create", game="go")
    double.ack_seconds = 0.05
    data = {"custom_id": "a:forged", "component_type": 2}

    forged = await scene.bob.forge(scene.channel, 3, data, message=await created.reply())

    assert forged.failed


async def test_requests_of_strangers_and_invalid_ones_are_counted(double, scene):
    status, answer = await bare(double, f"/channels/{scene.channel.id}/messages", {})
    assert (status, answer["code"], double.record.invalid_requests) == (401, 0, 1)


async def identified(double, app, socket):
    """Say who we are on a bare socket, past HELLO."""
    assert (await socket.receive_json())["op"] == HELLO_OP
    await socket.send_json({"op": 2, "d": {"token": app.token, "intents": 0}})
    assert (await socket.receive_json())["t"] == "READY"


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ([{"op": 77}], 4001),
        ([{"op": 3, "d": {"x": "x" * 5000}}], 4002),
        ([{"op": 2, "d": {"token": "", "intents": 0}}], 4005),
        ([{"op": 1, "d": None}] * 120, 4008),
    ],
)
async def test_what_a_client_must_not_send_closes_the_line(double, scene, frames, code):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(double.gateway + "?v=10") as socket,
    ):
        await identified(double, scene.app, socket)
        for frame in frames:
            await socket.send_json(frame)
        async for _ in socket:
            pass
        assert socket.close_code == code


async def test_another_version_and_commands_before_a_login_close_the_line(double, scene):
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(double.gateway + "?v=9") as socket:
            await socket.receive()
            assert socket.close_code == 4012
        async with session.ws_connect(double.gateway + "?v=10") as socket:
            await socket.receive_json()
            await socket.send_json({"op": 8, "d": {"guild_id": str(scene.guild.id)}})
            await socket.receive()
            assert socket.close_code == 4003


async def test_a_session_of_another_or_no_one_is_not_resumed(double, scene):
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(double.gateway + "?v=10") as socket,
    ):
        await socket.receive_json()
        asked = {"token": scene.app.token, "session_id": "none", "seq": 1}
        await socket.send_json({"op": 6, "d": asked})
        assert await socket.receive_json() == {"op": INVALID_OP, "d": False, "s": None, "t": None}


async def test_a_bot_without_the_right_may_not_lock_a_thread_but_may_archive_its_own(
    bot, double, scene
):
    double.change_role(scene.guild, scene.role, Permission.VIEW_CHANNEL)
    said = await scene.alice.send(scene.channel, "start")
    start = bot.get_channel(scene.channel.id).get_partial_message(said.id)
    thread = await start.create_thread(name="match")

    await thread.edit(archived=True)
    with refused(50013):
        await thread.edit(locked=True)
    assert double.channels[thread.id].archived and not double.channels[thread.id].locked
