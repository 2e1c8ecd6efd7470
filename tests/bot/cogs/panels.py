"""What tests of administration share: private answers, forged controls, and what the disk holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from tests.discord_double.actors import Person
from tests.discord_double.command_rules import (
    BOOLEAN,
    CHANNEL,
    FILE,
    INTEGER,
    NESTED,
    STRING,
    USER,
)
from tests.discord_double.interactions import COMPONENT, MODAL_SUBMIT, Interaction
from tests.discord_double.message_rules import Upload
from tests.discord_double.state import Message

TABLES = ("settings", "server_models", "bans", "audit", "spending", "lobbies", "matches", "texts")


async def answer(interaction: Interaction) -> Message:
    """Return the reply that only the one who acted sees."""
    assert not interaction.failed
    assert interaction.acked_after < 3
    reply = await interaction.reply()
    assert reply.ephemeral
    return reply


async def said(interaction: Interaction) -> str:
    """Return the words of the reply that only the one who acted sees."""
    return (await answer(interaction)).content


async def pressed(who: Person, scene, custom_id: str, /, **data) -> Interaction:
    """Press a control that this person's client may not show at all."""
    data = {"custom_id": custom_id, "component_type": 2, **data}
    return await who.forge(scene.channel, COMPONENT, data, app=scene.app)


async def filled(who: Person, scene, custom_id: str, /, **values) -> Interaction:
    """Send off a modal that this person's client may never have shown."""
    parts = [
        {"type": 18, "id": 0, "component": {"type": 4, "id": 0, "custom_id": name, "value": value}}
        for name, value in values.items()
    ]
    data = {"custom_id": custom_id, "components": parts, "resolved": {}}
    return await who.forge(scene.channel, MODAL_SUBMIT, data, app=scene.app)


def kept(scene) -> dict[str, list]:
    """What the disk holds of all that commands of administration and privacy can change."""
    with closing(sqlite3.connect(f"file:{scene.settings.database_file}?mode=ro", uri=True)) as db:
        found = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}
    found["settings"] = [row for row in found["settings"] if "application" not in str(row)]
    return found


def commands(scene, root: str) -> Iterator[tuple[str, dict]]:
    """Each subcommand below a command, with a value for each of its options."""
    found = next(one for one in scene.app.commands.values() if one["name"] == root)
    yield from _below(scene, root, found)


def _below(scene, path: str, command: dict) -> Iterator[tuple[str, dict]]:
    inner = [one for one in command.get("options") or [] if one["type"] in NESTED]
    for one in inner:
        yield from _below(scene, f"{path} {one['name']}", one)
    if not inner:
        options = command.get("options") or []
        yield path, {one["name"]: _sample(scene, one) for one in options if one.get("required")}


def _sample(scene, option: dict) -> object:
    if option.get("choices"):
        return option["choices"][0]["value"]
    samples = {
        STRING: "x",
        INTEGER: 1,
        BOOLEAN: True,
        USER: scene.bob,
        CHANNEL: scene.channel,
        FILE: Upload("x.json", b"{}"),
    }
    return samples[option["type"]]
