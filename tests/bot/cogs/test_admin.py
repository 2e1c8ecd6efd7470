"""What admins decide in Discord: each command and control works, and only for admins here."""

import json

import pytest

from tests.bot.cogs.conftest import running
from tests.bot.cogs.panels import answer, commands, filled, kept, pressed, said
from tests.discord_double.errors import NotOffered
from tests.discord_double.permissions import Permission
from tests.faulty_model import FaultyModel, Mode

RPS = "rock-paper-scissors"
KEY = "sk-canary-0123456789abcd"
MANAGE = int(Permission.MANAGE_GUILD)
CONTROLS = [
    "p:setup:boards",
    "p:setup:channels",
    "p:setup:games",
    "p:setup:model",
    "p:setup:who",
    "p:setup:seconds",
    "p:setup:notices",
    "p:model:test:house",
    "p:budget:server",
    "p:budget:member",
    "p:audit:0",
    "p:audit:7",
]
FORMS = [
    ("p:setup:seconds:given", {"value": "60"}),
    ("p:setup:who:given", {"value": "1"}),
    ("p:setup:games:given", {"games0": [RPS]}),
    ("p:setup:notices:given", {"value": "1"}),
    ("p:model:add", {"name": "gpt", "address": "http://x", "model": "m", "key": KEY}),
    ("p:budget:server:given", {"requests": "1"}),
    ("p:budget:member:given", {"requests": "1"}),
    ("p:data:delete", {"name": "Testland"}),
]


@pytest.fixture
async def server():
    async with FaultyModel().running() as server:
        yield server


@pytest.fixture
async def scene(scene, server, tmp_path):
    """The scene with one model of the operator, and one address where servers may have theirs."""
    scene.settings.models.write_text(f'[house]\nbase_url = "{server.url}"\nmodel = "tiny"\n')
    scene.settings.master_key_file = tmp_path / "secrets" / "master.key"
    return scene


@pytest.fixture
def eve(scene):
    """An admin of another server with the same bot, who is a plain member here."""
    eve = scene.discord.user("eve")
    elsewhere = scene.discord.guild("Elsewhere", eve)
    eve.home = scene.discord.channel(elsewhere, "games")
    scene.discord.install(scene.app, elsewhere)
    scene.discord.member(scene.guild, eve)
    return eve


@pytest.fixture
def mod(scene):
    """Somebody who may manage the server by a role, without being its owner."""
    mod = scene.discord.user("mod")
    scene.discord.member(scene.guild, mod, scene.discord.role(scene.guild, "mods", MANAGE))
    return mod


def settings(scene) -> dict:
    rows = [row for row in kept(scene)["settings"] if str(scene.guild.id) in row[0]]
    return {row[1]: json.loads(row[2]) for row in rows}


async def panel(scene, who=None):
    return await answer(await (who or scene.owner).slash(scene.channel, "admin setup"))


async def test_admin_commands_are_offered_to_admins_only(bot, scene, eve, mod):
    for command, options in commands(scene, "admin"):
        for who in (scene.ann, eve):
            with pytest.raises(NotOffered):
                await who.slash(scene.channel, command, **options)
    assert "How this server plays" in (await panel(scene, mod)).content


async def test_every_admin_command_refuses_members_whatever_the_server_has_opened(bot, scene, eve):
    scene.guild.opened_commands.add("admin")
    before = kept(scene)
    found = list(commands(scene, "admin"))
    assert len(found) == 13
    for command, options in found:
        for who in (scene.ann, eve):
            given = await who.slash(scene.channel, command, **options)
            assert "Only members who may manage this server" in await said(given), command
    for command, option in (("test", "name"), ("remove", "name")):
        shown = await scene.ann.autocomplete(scene.channel, f"admin model {command}", option, "")
        assert shown.choices == []
    assert kept(scene) == before


@pytest.mark.parametrize("custom_id", CONTROLS)
async def test_no_control_of_admins_works_for_others(bot, scene, eve, custom_id):
    before = kept(scene)
    for who in (scene.ann, eve):
        given = await pressed(who, scene, custom_id, values=["everyone"])
        assert "Only members who may manage this server" in await said(given)
    assert kept(scene) == before


@pytest.mark.parametrize(("custom_id", "values"), FORMS)
async def test_no_form_of_admins_works_for_others(bot, scene, eve, custom_id, values):
    before = kept(scene)
    for who in (scene.ann, eve):
        given = await filled(who, scene, custom_id, **values)
        assert "Only members who may manage this server" in await said(given)
    assert kept(scene) == before


async def test_the_panel_sets_what_may_be_played_where_by_whom(bot, scene):
    other = scene.discord.channel(scene.guild, "off-topic")
    shown = await panel(scene)
    await scene.owner.select(shown, "p:setup:channels", [scene.channel])
    await scene.owner.select(shown, "p:setup:games", [RPS])
    await scene.owner.select(shown, "p:setup:model", ["house"])
    await scene.owner.select(shown, "p:setup:who", ["admins"])
    await scene.owner.click(shown, "Boards as text")
    await scene.discord.until(lambda: "Boards: text" in shown.content)
    assert settings(scene)["server"] == {
        "channels": [scene.channel.id],
        "games": [RPS],
        "default_model": "house",
        "may_create": "admins",
        "seconds": None,
        "language": "en",
        "text_boards": True,
        "notices": 0,
    }
    for line in (
        f"opened in: {scene.channel.mention}",
        f"Games: {RPS}",
        "model: house",
        ": admins",
    ):
        assert line in shown.content

    def create(who, channel, game):
        return who.slash(channel, "arena create", game=game)

    assert "ask an admin" in await said(await create(scene.ann, scene.channel, RPS))
    assert "plays rock" in await said(await create(scene.owner, scene.channel, "chameleon"))
    assert "opened in" in await said(await create(scene.owner, other, RPS))
    assert "The lobby is open" in await said(await create(scene.owner, scene.channel, RPS))


async def test_games_beyond_those_of_a_select_are_picked_in_a_form(bot, scene):
    shown = await panel(scene)
    form = await scene.owner.select(shown, "p:setup:games", ["other games"])
    await scene.owner.submit_modal(form, {"games0": [RPS], "games25": ["pettingzoo"]})
    await scene.discord.until(lambda: f"Games: {RPS}, pettingzoo" in shown.content)
    await scene.owner.select(shown, "p:setup:games", ["chameleon"])
    await scene.discord.until(lambda: "Games: chameleon, pettingzoo" in shown.content)
    form = await scene.owner.select(shown, "p:setup:games", ["other games"])
    await scene.owner.submit_modal(form, {"games0": [], "games25": []})
    await scene.discord.until(lambda: "Games: all" in shown.content)


async def test_one_role_may_be_the_one_that_creates(bot, scene):
    role = scene.discord.role(scene.guild, "hosts")
    shown = await panel(scene)
    form = await scene.owner.select(shown, "p:setup:who", ["role"])
    await scene.owner.submit_modal(form, {"value": [role]})
    await scene.discord.until(lambda: f"open a table: {role.mention}" in shown.content)
    refused = await scene.ann.slash(scene.channel, "arena create", game=RPS)
    assert "ask an admin" in await said(refused)
    scene.discord.change_roles(scene.guild, scene.ann, role)
    created = await scene.ann.slash(scene.channel, "arena create", game=RPS)
    assert "The lobby is open" in await said(created)
    await scene.owner.select(shown, "p:setup:who", ["everyone"])
    await scene.discord.until(lambda: "open a table: everybody" in shown.content)


async def test_the_time_limit_is_typed_and_checked(bot, scene):
    shown = await panel(scene)
    for wrong in ("9", "soon", "-60", "604801", "٦٠"):
        form = await scene.owner.click(shown, "Time limit")
        given = await filled(scene.owner, scene, form.modal["custom_id"], value=wrong)
        assert "Give whole seconds" in await said(given)
    assert "server" not in settings(scene)
    form = await scene.owner.click(shown, "Time limit")
    await scene.owner.submit_modal(form, {"value": "90"})
    await scene.discord.until(lambda: "answer: 90 seconds" in shown.content)
    form = await scene.owner.click(shown, "Time limit")
    await scene.owner.submit_modal(form, {"value": ""})
    await scene.discord.until(lambda: "answer: as each game says" in shown.content)


async def test_the_panel_works_after_a_restart(scene):
    async with running(scene):
        shown = await panel(scene)
    async with running(scene):
        await scene.owner.click(shown, "Boards as text")
        await scene.discord.until(lambda: "Boards: text" in shown.content)
        assert "Boards: text" in (await panel(scene)).content


async def test_a_deleted_channel_leaves_the_panel_usable(bot, scene):
    gone = scene.discord.channel(scene.guild, "gone")
    shown = await panel(scene)
    await scene.owner.select(shown, "p:setup:channels", [gone, scene.channel])
    scene.discord.delete_channel(gone)
    assert scene.channel.mention in (await panel(scene)).content
    foreign = scene.discord.channel(scene.discord.guild("Abroad"), "far")
    await scene.owner.select(shown, "p:setup:channels", [foreign])
    await scene.discord.until(lambda: "opened in: every channel" in shown.content)


async def test_controls_from_nowhere_end_in_a_sentence(bot, scene):
    before = kept(scene)
    for custom_id in ("p:setup:nothing", "p:setup:boards:x", "p:model:x", "p:budget:x"):
        given = await pressed(scene.owner, scene, custom_id)
        assert "not known any more" in await said(given)
    assert kept(scene) == before


async def added(scene, name="gpt", **more):
    form = await scene.owner.slash(scene.channel, "admin model add")
    given = {"name": name, "model": "big", "key": KEY, **more}
    address = form.modal["components"][1]["component"]["options"][0]["value"]
    return await scene.owner.submit_modal(form, {**given, "address": [address]})


async def test_a_model_is_added_tested_listed_and_removed(bot, scene, server):
    reply = await answer(await added(scene, prices="0.15 / 0.60"))
    assert "sk-…abcd" in reply.content
    tried = await scene.owner.click(reply, "Test")
    assert "answered in" in await said(tried)
    assert server.requests[-1].headers["Authorization"] == f"Bearer {KEY}"
    tried = await scene.owner.slash(scene.channel, "admin model test", name="house")
    assert "A good day to you all" in await said(tried)
    listed = await said(await scene.owner.slash(scene.channel, "admin model list"))
    assert "**house**: tiny" in listed
    assert "**gpt**: big" in listed
    assert "key sk-…abcd, 0.15 / 0.6 for a million" in listed
    shown = await scene.owner.autocomplete(scene.channel, "admin model remove", "name", "")
    assert [choice["value"] for choice in shown.choices] == ["gpt"]
    gone = await scene.owner.slash(scene.channel, "admin model remove", name="gpt")
    assert "are gone" in await said(gone)
    assert kept(scene)["server_models"] == []
    again = await scene.owner.slash(scene.channel, "admin model remove", name="gpt")
    assert "has no model" in await said(again)


async def test_a_key_is_in_no_message_no_log_and_not_on_disk(bot, scene, server, capsys, caplog):
    server.mode = Mode.ECHO_KEY
    reply = await answer(await added(scene))
    tried = await said(await scene.owner.click(reply, "Test"))
    assert "gpt" in tried
    audit = await said(await scene.owner.slash(scene.channel, "admin audit"))
    assert "model gpt" in audit
    exported = await answer(await scene.owner.slash(scene.channel, "admin data export"))
    files = [scene.discord.files[file.id].decode() for file in exported.attachments]
    printed = capsys.readouterr()
    everything = [tried, audit, *files, printed.out, printed.err, caplog.text, str(kept(scene))]
    everything += [deed.content for deed in scene.discord.record.deeds]
    assert not any(KEY in text or KEY[3:] in text for text in everything)


async def test_models_of_another_server_are_not_there(bot, scene, eve):
    await answer(await added(scene))
    listed = await said(await eve.slash(eve.home, "admin model list"))
    assert "gpt" not in listed
    tried = await eve.slash(eve.home, "admin model test", name="gpt")
    assert "There is no model 'gpt' here" in await said(tried)
    removed = await eve.slash(eve.home, "admin model remove", name="gpt")
    assert "has no model 'gpt'" in await said(removed)
    assert len(kept(scene)["server_models"]) == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "my model"}, "A name has letters"),
        ({"name": "house"}, "for all servers"),
        ({"address": "http://169.254.169.254/latest"}, "Models may only be at"),
        ({"key": "two words"}, "no API key"),
        ({"prices": "cheap"}, "Write prices as"),
        ({"prices": "1/2/3"}, "Write prices as"),
        ({"prices": "-1"}, "prices of 0 or more"),
        ({"prices": "nan"}, "prices of 0 or more"),
    ],
)
async def test_a_model_that_will_not_do_is_refused(bot, scene, server, given, why):
    before = kept(scene)
    values = {"name": "gpt", "address": server.url, "model": "m", "key": KEY, **given}
    assert why in await said(await filled(scene.owner, scene, "p:model:add", **values))
    assert kept(scene) == before


async def test_without_allowed_addresses_no_model_can_be_added(scene):
    scene.settings.models.write_text("")
    async with running(scene):
        refused = await scene.owner.slash(scene.channel, "admin model add")
        assert "has allowed no addresses" in await said(refused)


async def test_models_are_there_after_a_restart(scene, server):
    async with running(scene):
        await answer(await added(scene))
    async with running(scene):
        tried = await scene.owner.slash(scene.channel, "admin model test", name="gpt")
        assert "answered in" in await said(tried)
        assert server.requests[-1].headers["Authorization"] == f"Bearer {KEY}"


async def limited(scene, whose, **limits):
    form = await scene.owner.slash(scene.channel, "admin budget set", whose=whose)
    return await said(await scene.owner.submit_modal(form, limits))


async def test_budgets_are_set_shown_and_lifted(bot, scene):
    told = await limited(scene, "server", requests="100", money="2.50")
    assert "0 requests of 100 requests" in told
    assert "0 tokens (no limit)" in told
    assert "0.00 in money of 2.50 in money" in told
    assert "At 80 % I tell you in /admin audit" in told
    shown = await answer(await scene.owner.slash(scene.channel, "admin budget show"))
    form = await scene.owner.click(shown, "Limits of each member")
    assert "Each member: no limit for requests, 500 tokens" in await said(
        await scene.owner.submit_modal(form, {"tokens": "500"})
    )
    again = await scene.owner.click(shown, "Limits of the whole server")
    assert [part["component"].get("value") for part in again.modal["components"]] == [
        "100",
        None,
        "2.5",
    ]
    lifted = await scene.owner.submit_modal(again, {"requests": "", "money": ""})
    assert "0 requests (no limit)" in await said(lifted)
    assert settings(scene)["budget"]["user"]["tokens"] == 500


@pytest.mark.parametrize("wrong", ["many", "-1", "1e400", "nan", "0.5", "2,50", "9" * 30])
async def test_a_budget_that_is_no_number_is_refused(bot, scene, wrong):
    before = kept(scene)
    given = await filled(scene.owner, scene, "p:budget:server:given", requests=wrong)
    assert "Limits are numbers" in await said(given)
    assert kept(scene) == before


async def test_a_spent_budget_stops_models_and_admins_hear_of_it_before(bot, scene, server):
    notices = scene.discord.channel(scene.guild, "mods")
    shown = await panel(scene)
    form = await scene.owner.click(shown, "Notices")
    await scene.owner.submit_modal(form, {"value": [notices]})
    await scene.shown(notices, lambda m: "Here I tell admins" in m.content)
    assert notices.mention in await limited(scene, "server", requests="2")
    tried = await scene.owner.slash(scene.channel, "admin model test", name="house")
    assert "answered in" in await said(tried)
    told = await scene.shown(notices, lambda m: "80 %" in m.content)
    assert "this server's budget for models are used" in told.content
    refused = await scene.owner.slash(scene.channel, "admin model test", name="house")
    assert "This server's budget for models is spent" in await said(refused)
    assert len(server.requests) == 2
    used = await scene.owner.slash(scene.channel, "admin budget show", member=scene.owner)
    assert "2 requests of 2 requests" in await said(used)
    audit = await said(await scene.owner.slash(scene.channel, "admin audit"))
    assert "Parlour: **budget runs low**" in audit
    assert len([m for m in notices.messages.values() if "80 %" in m.content]) == 1


async def test_no_admin_goes_beyond_the_cap_of_the_operator(scene, server):
    scene.settings.budget_requests = 1
    async with running(scene):
        told = await limited(scene, "server", requests="100")
        assert "only the operator of this bot can change: 1 request, no limit for tokens" in told
        refused = await scene.owner.slash(scene.channel, "admin model test", name="house")
        assert "only the operator of this bot can raise it" in await said(refused)
        assert len(server.requests) <= 1


async def test_a_channel_for_notices_must_let_the_bot_write(scene):
    role = next(one for one in scene.guild.roles.values() if one.managed)
    role.permissions = int(Permission.VIEW_CHANNEL)
    closed = scene.discord.channel(scene.guild, "closed")
    deny = scene.discord.overwrite(scene.guild, deny=int(Permission.SEND_MESSAGES))
    scene.discord.change_overwrite(closed, deny)
    async with running(scene):
        form = await scene.owner.click(await panel(scene), "Notices")
        given = await scene.owner.submit_modal(form, {"value": [closed]})
        assert "I lack a permission" in await said(given)
        assert "server" not in settings(scene)


async def test_the_audit_log_tells_who_changed_what_page_by_page(bot, scene, mod):
    shown = await panel(scene, mod)
    for number in range(11):
        await mod.click(shown, "Boards as pictures" if number % 2 else "Boards as text")
        await scene.discord.until(
            lambda now=number: ("Boards: pictures" if now % 2 else "Boards: text") in shown.content
        )
    page = await answer(await scene.owner.slash(scene.channel, "admin audit"))
    assert page.content.count("**settings**") == 8
    assert f"<@{mod.id}>: **settings** text\\_boards: False → True" in page.content
    await scene.owner.click(page, "Older")
    await scene.discord.until(lambda: page.content.count("**settings**") == 3)
    assert list(page.controls) == ["Newer"]
    await scene.owner.click(page, "Newer")
    await scene.discord.until(lambda: page.content.count("**settings**") == 8)


async def test_a_ban_keeps_a_member_out_of_every_table(bot, scene):
    lobby = await scene.lobby(scene.ann, RPS)
    await scene.bob.click(lobby, "Join")
    await scene.discord.until(lambda: scene.bob.mention in lobby.content)
    given = await scene.owner.slash(
        scene.channel, "admin bans add", member=scene.bob, reason="*rude*", days=7
    )
    assert "may not play here any more" in await said(given)
    await scene.discord.until(lambda: scene.bob.mention not in lobby.content)
    refused = await said(await scene.bob.click(lobby, "Join"))
    assert "You may not play here until <t:" in refused
    assert "rude" in refused
    listed = await said(await scene.owner.slash(scene.channel, "admin bans list"))
    assert f"{scene.bob.mention} until <t:" in listed
    assert "\\*rude\\*" in listed
    lifted = await scene.owner.slash(scene.channel, "admin bans remove", member=scene.bob)
    assert "may play again" in await said(lifted)
    again = await scene.owner.slash(scene.channel, "admin bans remove", member=scene.bob)
    assert "is not banned" in await said(again)
    assert "You sit down" in await said(await scene.bob.click(lobby, "Join"))
    assert "Nobody" in await said(await scene.owner.slash(scene.channel, "admin bans list"))


async def test_a_banned_player_is_replaced_and_heard_no_more(bot, scene):
    lobby = await scene.lobby(scene.ann, "conversation", options="rounds=3")
    await scene.bob.click(lobby, "Join")
    await scene.discord.until(lambda: scene.bob.mention in lobby.content)
    await scene.ann.click(lobby, "Start")
    thread = await scene.thread(lobby)
    await scene.shown(thread, lambda m: "match `" in m.content)
    given = await scene.owner.slash(scene.channel, "admin bans add", member=scene.bob)
    assert "A house bot plays on at 1 of the tables" in await said(given)
    await scene.bob.send(thread, "I am still here")
    await scene.ann.send(thread, "What a quiet evening")
    await scene.discord.until(
        lambda: any("quiet evening" in str(row) for row in kept(scene)["texts"]), 10
    )
    assert "still here" not in str(kept(scene)["texts"])


async def test_a_bot_cannot_be_banned(bot, scene):
    given = await scene.owner.slash(scene.channel, "admin bans add", member=scene.app.user)
    assert "Bots sit at no table" in await said(given)
    assert kept(scene)["bans"] == []


async def test_a_server_gets_its_data_and_deletes_them_by_its_name(bot, scene, eve):
    await answer(await added(scene))
    await limited(scene, "server", requests="5")
    await answer(await scene.owner.slash(scene.channel, "admin bans add", member=scene.bob))
    exported = await answer(await scene.owner.slash(scene.channel, "admin data export"))
    (file,) = exported.attachments
    data = json.loads(scene.discord.files[file.id])
    assert data["guild"] == scene.guild.id
    assert [model["name"] for model in data["models"]] == ["gpt"]
    assert KEY not in json.dumps(data)
    form = await scene.owner.slash(scene.channel, "admin data delete")
    wrong = await scene.owner.submit_modal(form, {"name": "Elsewhere"})
    assert "nothing was deleted" in await said(wrong)
    assert kept(scene)["server_models"]
    form = await scene.owner.slash(scene.channel, "admin data delete")
    done = await scene.owner.submit_modal(form, {"name": " testland "})
    assert "0 matches are deleted" in await said(done)
    now = kept(scene)
    assert (now["server_models"], now["bans"]) == ([], [])
    assert settings(scene) == {}
    listed = await said(await scene.owner.slash(scene.channel, "admin model list"))
    assert "gpt" not in listed
    audit = await said(await scene.owner.slash(scene.channel, "admin audit"))
    assert "data deleted" in audit


async def test_a_server_with_a_match_going_on_keeps_its_data(bot, scene):
    lobby = await scene.lobby(scene.ann, RPS)
    await scene.ann.click(lobby, "Add house bot")
    await scene.discord.until(lambda: "Ada" in lobby.content)
    assert "The match has begun" in await said(await scene.ann.click(lobby, "Start"))
    form = await scene.owner.slash(scene.channel, "admin data delete")
    given = await scene.owner.submit_modal(form, {"name": "Testland"})
    assert "still has a match that goes on" in await said(given)
    assert len(kept(scene)["matches"]) == 1
