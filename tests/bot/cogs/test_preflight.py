"""Before the bot connects: whose token it is, what it may do, and one sentence when it cannot."""

import time
from datetime import timedelta
from random import Random

import discord
import pytest
from pydantic import SecretStr

from bot.cogs import preflight
from bot.cogs.channel_rights import examined, servers
from bot.cogs.needed import NEEDED, all_bits
from bot.cogs.preflight import invite_link, look
from bot.errors import OperatorError
from bot.settings import DiscordSettings, Settings
from tests.discord_double.permissions import in_channel
from tests.discord_double.server import DiscordDouble
from tests.discord_rest import APPLICATION, TOKEN, Rest

VIEW, SEND, THREADS, ADMIN = 1 << 10, 1 << 11, 1 << 38, 1 << 3
TEXT, VOICE = 0, 2


@pytest.fixture
def rest():
    with Rest().running() as rest:
        yield rest


def settings(url, token=TOKEN):
    return Settings(
        discord=DiscordSettings(api_base=url), discord_token=SecretStr(token), _env_file=None
    )


async def refusal(url, token=TOKEN):
    with pytest.raises(OperatorError) as refused:
        await look(settings(url, token))
    assert TOKEN not in str(refused.value)
    return str(refused.value)


async def test_the_owner_of_a_token_is_named(rest):
    application = await look(settings(rest.url))
    assert (application.application_id, application.name) == (APPLICATION, "Table")
    assert not application.public
    assert not application.message_content
    assert abs(application.clock_ahead) < 3


@pytest.mark.parametrize("flag", [18, 19])
async def test_the_message_content_intent_is_seen_reviewed_or_not(rest, flag):
    rest.application["flags"] = 1 << flag | 1 << 23
    assert (await look(settings(rest.url))).message_content


async def test_a_clock_that_is_behind_is_noticed(rest):
    rest.clock = timedelta(seconds=60)
    assert (await look(settings(rest.url))).clock_ahead == pytest.approx(-60, abs=3)


async def test_a_wrong_token_is_refused_in_one_sentence_with_the_way_to_a_new_one(rest):
    said = await refusal(rest.url, "wrong")
    assert said.startswith("Discord does not know this token")
    assert "Reset Token" in said
    assert len(rest.asked) == 1


async def test_a_server_that_is_not_there_is_said_to_be_out_of_reach():
    assert "cannot be reached: check the network" in await refusal("http://127.0.0.1:9")
    assert "cannot be reached: check the network" in await refusal("http://parlour.invalid")


async def test_a_server_that_says_nothing_is_not_waited_for(rest, monkeypatch):
    monkeypatch.setattr(preflight, "SECONDS", preflight.aiohttp.ClientTimeout(total=0.2))
    monkeypatch.setattr(rest, "answer", lambda *_: time.sleep(0.5) or (200, {}))
    assert "did not answer in time" in await refusal(rest.url)


@pytest.mark.parametrize("url", ["nonsense", "http://", "http://["])
async def test_a_base_that_is_no_address_names_the_setting(url):
    said = await refusal(url)
    assert "PARLOUR_DISCORD__API_BASE" in said


async def test_trouble_that_passes_is_not_worth_a_word(rest):
    rest.faults = [(502, b"<html>"), (429, {"retry_after": 0.05, "global": False})]
    assert (await look(settings(rest.url))).name == "Table"
    assert len(rest.asked) == 3


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [
        (500, {}, "Discord has trouble of its own (status 500)"),
        (503, b"<html>", "Discord has trouble of its own (status 503)"),
        (429, {"retry_after": 3600}, "too many requests from here; try again in 3600 seconds"),
        (429, b"error code: 1015", "too many requests from here; try again in an hour"),
        (403, {}, "Discord refuses to answer this bot"),
        (404, {}, "check PARLOUR_DISCORD__API_BASE"),
        (302, {}, "check PARLOUR_DISCORD__API_BASE"),
        (200, b"<html>hello", "does not answer as Discord does"),
        (200, {"name": "no id"}, "does not answer as Discord does"),
        (200, {"id": "x", "name": 3}, "does not answer as Discord does"),
        (429, {"retry_after": "soon"}, "try again in an hour"),
    ],
)
async def test_whatever_else_comes_back_is_one_sentence(rest, monkeypatch, status, body, sentence):
    monkeypatch.setattr(preflight, "PAUSES", (0.01, 0.01))
    rest.faults = [(status, body)] * 3
    said = await refusal(rest.url)
    assert sentence in said
    assert "\n" not in said


def test_the_invite_asks_for_exactly_what_is_needed():
    by_name = discord.Permissions(
        view_channel=True,
        send_messages=True,
        create_public_threads=True,
        send_messages_in_threads=True,
        embed_links=True,
        attach_files=True,
        read_message_history=True,
        manage_webhooks=True,
    )
    assert all_bits() == by_name.value
    link = invite_link(APPLICATION)
    assert link == (
        "https://discord.com/oauth2/authorize?client_id=114"
        f"&scope=bot+applications.commands&permissions={by_name.value}"
    )


async def findings(rest):
    async with preflight.Rest(settings(rest.url)) as client:
        return [found async for found in examined(client)]


async def test_each_channel_is_judged_by_roles_and_overwrites(rest):
    rest.add_server(
        7,
        "Hall",
        permissions=all_bits(),
        held=(8,),
        roles=[(8, 0), (9, ADMIN)],
        channels=[
            ("open", TEXT, []),
            ("quiet", TEXT, [(7, 0, SEND | THREADS)]),
            ("given back by a role", TEXT, [(7, 0, SEND), (8, SEND, 0)]),
            ("taken from the bot alone", TEXT, [(8, SEND, 0), (42, 0, SEND)]),
            ("a role it does not hold", TEXT, [(9, 0, SEND)]),
            ("secret", TEXT, [(7, 0, VIEW)]),
            ("voice", VOICE, [(7, 0, SEND)]),
        ],
    )
    (hall,) = await findings(rest)
    assert (hall.well, hall.hidden) == (3, 1)
    assert {name: [one.name for one in missing] for name, missing in hall.lacking} == {
        "quiet": ["Send Messages", "Send Messages in Threads"],
        "taken from the bot alone": ["Send Messages"],
    }


async def test_an_administrator_lacks_nothing(rest):
    shut = [(7, 0, all_bits())]
    rest.add_server(7, "Hall", permissions=ADMIN, channels=[("shut", TEXT, shut)])
    (hall,) = await findings(rest)
    assert (hall.well, hall.lacking) == (1, [])


async def test_every_server_is_found_however_many_there_are(rest):
    rest.paths["/users/@me/guilds"] = [{"id": str(n), "name": f"S{n}"} for n in range(1, 451)]
    async with preflight.Rest(settings(rest.url)) as client:
        assert [server.id for server in await servers(client)] == list(range(1, 451))


def test_every_permission_is_called_as_discord_calls_it_and_says_what_fails_without_it():
    known = {bit for name, bit in discord.Permissions.VALID_FLAGS.items()}
    assert {permission.bit for permission in NEEDED} <= known
    assert all(permission.name and permission.without for permission in NEEDED)


@pytest.mark.parametrize("seed", range(5))
async def test_rights_are_those_that_discord_itself_goes_by(seed):
    random = Random(seed)
    bits = [permission.bit for permission in NEEDED]

    def some():
        return sum(bit for bit in bits if random.random() < 0.6)

    async with DiscordDouble() as discord:
        app = discord.application("Table", message_content=False)
        hall = discord.guild("Hall")
        own = discord.install(app, hall, some())
        held, other = discord.role(hall, "held", some()), discord.role(hall, "other", some())
        hall.members[app.id].roles.append(held.id)
        hall.roles[hall.id].permissions = some()
        for number in range(20):
            whom = random.sample([hall, own, held, other, app.user], random.randint(0, 5))
            changes = [discord.overwrite(one, allow=some(), deny=some()) for one in whom]
            discord.channel(hall, f"c{number}", overwrites=changes)
        given = settings(discord.api_base, app.token)
        assert not (await look(given)).message_content
        async with preflight.Rest(given) as client:
            (found,) = [server async for server in examined(client)]
        truth = {channel.name: in_channel(app.id, channel) for channel in discord.channels_of(hall)}
    lacking = {name: {one.bit for one in missing} for name, missing in found.lacking}
    for name, may in truth.items():
        missing = {bit for bit in bits if not may & bit}
        assert lacking.get(name, set()) == (missing if may else set())
    assert found.hidden == list(truth.values()).count(0)
