"""Rights: every command of towns, chats, characters, memories and statistics, by whoever tries."""

import pytest

from tests.bot.cogs.chats import Talker, talking
from tests.bot.cogs.matches import kept, told
from tests.bot.cogs.remembered import plant
from tests.bot.cogs.towns import founded
from tests.characters.samples import V3, as_bytes
from tests.discord_double.message_rules import Upload

ALL = frozenset({"stranger", "member", "opener", "admin"})
EVERYWHERE = ALL | {"admin elsewhere"}
HOST = frozenset({"opener", "admin"})
NOBODY = frozenset()
WHO = (*sorted(ALL), "admin elsewhere")
MAYOR = {"member"} | HOST
"""Who governs a town in which a member is the mayor."""

TOWN = {  # the member is the mayor, and a resident
    "status": ({}, ALL),
    "map": ({}, ALL),
    "news": ({}, ALL),
    "ledger": ({}, ALL),
    "chart": ({"subject": "mood"}, ALL),
    "history": ({}, ALL),
    "export": ({}, ALL),
    "policy show": ({}, ALL),
    "evaluation results": ({}, ALL),
    "evaluation start": ({}, HOST),
    "evaluation now": ({}, HOST),
    "evaluation stop": ({}, HOST),
    "start": ({}, HOST),
    "pause": ({}, HOST),
    "step": ({"minutes": 1}, HOST),
    "speed": ({"speed": 60}, HOST),
    "budget": ({"calls": 5}, HOST),
    "build": ({"type": "x", "name": "x", "column": 1, "row": 1}, MAYOR),
    "recruit": ({"name": "X", "home": "x", "bio": "x", "goal": "x"}, MAYOR),
    "policy price": ({"item": "x", "coins": 1}, MAYOR),
    "policy tax": ({"tax": "wages", "percent": 1}, MAYOR),
    "policy hours": ({"place": "x", "opens": "08:00", "closes": "09:00"}, MAYOR),
    "mayor": ({"who": "none"}, HOST),
    "resident info": ({"name": "Joaquim"}, ALL),
    "resident talk": ({"name": "Joaquim", "words": "Hello"}, ALL),
    "resident add": ({"name": "x"}, HOST),
    "resident player": ({"name": "Birgit"}, HOST),
    "resident leave": ({}, frozenset({"member"})),
    "resident become": ({"name": "Ngozi"}, ALL),
    "resident remove": ({"name": "Ngozi"}, HOST),
    "delete": ({"name": "another"}, HOST),
    "create": ({}, EVERYWHERE),
}
CHAT = {
    "status": ({}, ALL),
    "history": ({}, ALL),
    "mode": ({"mode": "list"}, HOST),
    "quiet": ({}, HOST),
    "resume": ({}, HOST),
    "dismiss": ({"character": "x"}, HOST),
    "leave": ({}, NOBODY),  # nobody has said anything
    "speak": ({"character": "x"}, ALL),
    "stop": ({}, HOST),
    "with": ({"character": "socrates"}, EVERYWHERE),
}
CHARACTER = {  # the opener has brought Zoë
    "list": ({}, EVERYWHERE),
    "info": ({"name": "zoë"}, ALL),
    "export": ({"name": "zoë"}, ALL),
    "why": ({}, NOBODY),  # there is no chat here
    "create": ({}, EVERYWHERE),
    "edit": ({"name": "zoë"}, HOST),
    "remove": ({"name": "zoë"}, HOST),
    "import": ({}, EVERYWHERE),
}
MEMORY = {  # everybody has their own; only the member is remembered
    "view": ({}, EVERYWHERE),
    "search": ({"words": "x"}, EVERYWHERE),
    "correct": ({"memory": 1}, frozenset({"member"})),
    "pause": ({}, EVERYWHERE),
    "resume": ({}, EVERYWHERE),
    "optin": ({}, EVERYWHERE),
    "share": ({"on": True}, EVERYWHERE),
    "export": ({}, EVERYWHERE),
    "forget": ({"memory": 1}, frozenset({"member"})),
    "optout": ({}, EVERYWHERE),
}
STATS = {
    "me": ({}, EVERYWHERE),
    "player": ({}, EVERYWHERE),
    "game": ({"game": "wordle"}, EVERYWHERE),
    "models": ({}, EVERYWHERE),
}
REFUSED = (
    "Only whoever",
    "Only the mayor",
    "No town lives here",
    "You are nobody in this town",
    "There is no chat here",
    "You take no part in this chat",
    "There is no character",
    "You have no such memory",
)


@pytest.fixture
async def model():
    async with Talker(seed=5).running() as served:
        yield served


@pytest.fixture
async def scene(scene, model):
    scene.settings.models.write_text(f'[house]\nbase_url = "{model.url}"\nmodel = "tiny"\n')
    return scene


@pytest.fixture
async def cast(scene):
    """Who tries, and where."""
    stranger, foreigner = scene.discord.user("stranger"), scene.discord.user("foreigner")
    scene.discord.member(scene.guild, stranger)
    elsewhere = scene.discord.guild("Elsewhere", foreigner)
    scene.discord.install(scene.app, elsewhere)
    here = {"stranger": stranger, "member": scene.bob, "opener": scene.ann, "admin": scene.owner}
    places = {who: (person, scene.channel) for who, person in here.items()}
    return {**places, "admin elsewhere": (foreigner, scene.discord.channel(elsewhere))}


async def tried(scene, place, group, table):
    """Return which commands of a group somebody may give; a refusal has changed nothing."""
    person, channel = place
    found = {}
    for command, (options, _) in table.items():
        before = kept(scene)
        given = await person.slash(channel, f"{group} {command}", **options)
        said = "a form" if given.modal is not None else await told(given)
        found[command] = not any(why in said for why in REFUSED)
        if not found[command]:
            assert kept(scene) == before, command
    return found


def may(table, who):
    return {command: who in those for command, (_, those) in table.items()}


@pytest.mark.parametrize("who", WHO)
async def test_who_may_give_which_command_of_a_town(bot, scene, cast, who):
    town = await founded(scene, scene.ann, residents=3)
    await town.command(scene.ann, "mayor", member=scene.bob)
    await town.command(scene.bob, "resident become", name="Ngozi")
    found = await tried(scene, cast[who], "town", TOWN)
    assert found == may(TOWN, who)


@pytest.mark.parametrize("who", WHO)
async def test_who_may_give_which_command_of_a_chat(bot, scene, cast, who):
    await talking(scene, scene.ann)
    assert await tried(scene, cast[who], "chat", CHAT) == may(CHAT, who)


@pytest.mark.parametrize("who", WHO)
async def test_who_may_give_which_command_about_characters(bot, scene, cast, who):
    brought = Upload("zoe.json", as_bytes(V3))
    await told(await scene.ann.slash(scene.channel, "character import", file=brought))
    table = {**CHARACTER, "import": ({"file": brought}, EVERYWHERE)}
    assert await tried(scene, cast[who], "character", table) == may(table, who)


@pytest.mark.parametrize("who", WHO)
async def test_who_may_give_which_command_about_memories_and_statistics(bot, scene, cast, who):
    (memory,) = await plant(scene.guild, scene.bob, "Bob likes watches.")
    own = ({"memory": memory.id}, frozenset({"member"}))
    table = {**MEMORY, "correct": own, "forget": own}
    assert await tried(scene, cast[who], "memory", table) == may(table, who)
    person, _ = cast[who]
    stats = {**STATS, "player": ({"member": person}, EVERYWHERE)}
    assert await tried(scene, cast[who], "stats", stats) == may(stats, who)


async def test_every_command_of_these_groups_is_in_a_table(bot, scene):
    tables = {"town": TOWN, "chat": CHAT, "character": CHARACTER, "memory": MEMORY, "stats": STATS}
    for command in scene.app.commands.values():
        if command["name"] in tables:
            assert set(names(command)) == set(tables[command["name"]]), command["name"]


def names(command):
    """Yield the commands of a group and of the groups in it."""
    for one in command["options"]:
        if one["type"] == 2:
            yield from (f"{one['name']} {inner['name']}" for inner in one["options"])
        else:
            yield one["name"]
