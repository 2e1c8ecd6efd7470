"""Rights: every command and control of the play part, by everybody who may try it.

The commands of towns, chats, characters, memories and statistics: test_rights_of_places.py.
"""

import pytest

from tests.bot.cogs.matches import begun, kept, opened, told
from tests.discord_double.interactions import COMMAND, COMPONENT

RPS = "rock-paper-scissors"
ALL = frozenset({"stranger", "player", "master", "admin"})
HOST = frozenset({"master", "admin"})
SEATED = frozenset({"player", "master"})
WHO = (*sorted(ALL), "admin elsewhere")

COMMANDS = {  # of a match that goes on: who may
    "arena status": ({}, ALL),
    "arena history": ({}, ALL | {"admin elsewhere"}),
    "arena export": ({}, ALL),
    "arena leave": ({}, SEATED),
    "arena resign": ({}, SEATED),
    "arena pause": ({}, HOST),
    "arena resume": ({}, HOST),
    "arena kick": ({"seat": "Bob"}, HOST),
    "arena replace": ({"seat": "Bob", "player": "house:easy"}, HOST),
    "arena end": ({}, HOST),
    "arena move": ({}, HOST),
    "arena settings": ({}, frozenset()),
    "arena rematch": ({}, frozenset()),
    "move": ({"answer": "rock"}, SEATED),
}
CONTROLS = {  # of a match that goes on
    "t:{match}": SEATED,
    "v:{match}": SEATED,
    "rules:{match}": ALL,
    "replay:{match}": ALL,
    "stats:{match}": ALL,
    "rematch:{match}": frozenset(),
}
LOBBY = {  # controls of a lobby in which the master sits
    "join": frozenset({"stranger", "player", "admin"}),
    "leave": frozenset({"master"}),
    "ready": frozenset({"master"}),
    "house": HOST,
    "options": HOST,
    "cancel": HOST,
    "start": frozenset(),
    "model": frozenset(),
    "rules": ALL,
}
REFUSED = (
    "Only whoever created this match",
    "You do not sit at this table",
    "That match is not played in this server",
    "Join the table first",
    "The match is not over yet",
    "The match has begun already",
    "needs one more seat",
    "No models are set up",
    "You sit at this table already",
)


@pytest.fixture
async def cast(scene):
    """Who tries, and where from."""
    stranger, foreigner = scene.discord.user("stranger"), scene.discord.user("foreigner")
    scene.discord.member(scene.guild, stranger)
    elsewhere = scene.discord.guild("Elsewhere", foreigner)
    scene.discord.install(scene.app, elsewhere)
    people = {
        "stranger": stranger,
        "player": scene.bob,
        "master": scene.ann,
        "admin": scene.owner,
        "admin elsewhere": foreigner,
    }
    return people, scene.discord.channel(elsewhere)


def allowed(said: str) -> bool:
    return not any(said.startswith(why) or why in said for why in REFUSED)


async def answer(interaction) -> str:
    """Return what came back; a modal counts as leave to go on."""
    return "a form" if interaction.modal is not None else await told(interaction)


@pytest.mark.parametrize("who", WHO)
async def test_who_may_give_which_command_in_a_match(bot, scene, cast, who):
    people, foreign = cast
    found: dict[str, bool] = {}
    table = None
    for command, (options, _) in COMMANDS.items():
        if table is None or (found and [*found.values()][-1]):  # the last one had its effect
            table = await begun(scene, RPS, scene.ann, scene.bob)
        given = (
            dict(options) if command == "arena history" else {**options, "match": table.match_id}
        )
        where = foreign if who == "admin elsewhere" else scene.channel
        before = kept(scene)
        said = await answer(await people[who].slash(where, command, **given))
        found[command] = allowed(said)
        if not found[command]:
            assert kept(scene) == before
    assert found == {command: who in may for command, (_, may) in COMMANDS.items()}


@pytest.mark.parametrize("who", WHO)
async def test_who_may_press_which_control(bot, scene, cast, who):
    people, foreign = cast
    table = await begun(scene, RPS, scene.ann, scene.bob)
    wanted = {f"p:{form.format(match=table.match_id)}": may for form, may in CONTROLS.items()}
    wanted[table.live.controls["rock"]] = SEATED
    lobbies = {verb: (await opened(scene, scene.ann, RPS))[1] for verb in LOBBY}
    wanted |= {f"p:l:{lobbies[verb]}:{verb}": may for verb, may in LOBBY.items()}
    found = {}
    for custom_id in wanted:
        data = {"custom_id": custom_id, "component_type": 2}
        message = table.live
        if who == "admin elsewhere":
            message = await there(scene, people[who], foreign)
        before = kept(scene)
        pressed = await people[who].forge(message.channel, COMPONENT, data, message=message)
        found[custom_id] = allowed(await answer(pressed))
        if not found[custom_id]:
            assert kept(scene) == before
    assert found == {custom_id: who in may for custom_id, may in wanted.items()}


async def there(scene, who, channel):
    """Return a message of the bot in another server."""
    if not any(not m.ephemeral for m in channel.messages.values()):
        await told(await who.slash(channel, "arena create", game=RPS))
    return await scene.shown(channel, lambda m: True)


async def test_a_command_that_discord_should_not_have_offered_is_refused_too(bot, scene):
    table = await begun(scene, RPS, scene.ann, scene.bob)
    command = next(c for c in scene.app.commands.values() if c["name"] == "arena")
    options = [{"name": "end", "type": 1, "options": []}]
    data = {"id": command["id"], "name": "arena", "type": 1, "options": options}
    before = kept(scene)
    sent = await scene.bob.forge(table.thread, COMMAND, data, app=scene.app)
    assert "Only whoever created this match" in await told(sent)
    assert kept(scene) == before
