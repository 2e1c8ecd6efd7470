"""The portrait beside a character's words: uploaded once, found again, and gone with it."""

import io
import re

import pytest
from PIL import Image

from bot import discord_wiring
from bot.pictures.shrinking import shrunk
from characters.card import read_card
from characters.card_files import CardFile
from characters.shipped import portrait, shipped
from tests.bot.cogs.conftest import running
from tests.bot.cogs.matches import opened, started, told
from tests.bot.cogs.remembered import running_client
from tests.characters.samples import as_bytes, minimal, picture
from tests.discord_double.rest_emojis import MOST
from tests.faulty_model import FaultyModel

FIRST = next(iter(shipped()))


def address(guild, character=FIRST):
    return running_client().portraits.address(guild.id, character)


def uploads(scene):
    wanted = ("POST", "/applications/{application}/emojis")
    return [one for one in scene.discord.record.requests if (one.method, one.route) == wanted]


def size_of(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.size


async def brought(scene, document, name="bo"):
    cast = running_client().services.cast
    return await cast.add(scene.guild.id, as_bytes(document), scene.ann.id, name)


async def test_a_portrait_is_uploaded_once_and_found_again_after_a_restart(scene):
    async with running(scene):
        first = await address(scene.guild)
        assert first == await address(scene.guild)
    async with running(scene):
        assert await address(scene.guild) == first
    assert re.fullmatch(r"https?://[^/]+/emojis/\d+\.png", first)
    assert len(uploads(scene)) == 1
    ((number, emoji),) = scene.app.emojis.items()
    assert str(number) in first
    assert re.fullmatch(r"[a-z0-9_]{2,32}", emoji["name"])
    assert size_of(scene.discord.files[number]) == (128, 128)


async def test_servers_share_what_comes_with_parlour_and_nothing_else(bot, scene):
    other = scene.discord.guild("Elsewhere")
    assert await address(scene.guild) == await address(other)
    member = await brought(scene, minimal())
    assert await address(other, member.character) is None
    assert await address(scene.guild, member.character)
    assert len(scene.app.emojis) == 2


async def test_a_portrait_goes_with_its_character(bot, scene):
    member = await brought(scene, minimal())
    await address(scene.guild)
    await address(scene.guild, member.character)
    sure = await (await scene.ann.slash(scene.channel, "character remove", name="bo")).reply()
    await told(await scene.ann.click(sure, "Remove for good"))
    assert len(scene.app.emojis) == 1
    assert await address(scene.guild, member.character) is None


async def test_another_picture_takes_the_place_of_the_one_before(scene):
    async with running(scene):
        member = await brought(scene, minimal())
        before = await address(scene.guild, member.character)
        cast = running_client().services.cast
        await cast.edit(scene.guild.id, member.character, {"name": "Zed"}, scene.ann.id)
    async with running(scene):  # its emblem has another letter now
        after = await address(scene.guild, member.character)
    assert after != before
    assert len(scene.app.emojis) == 1


async def test_where_discord_takes_no_more_there_is_no_portrait_and_no_second_try(bot, scene):
    for number in range(MOST):
        scene.app.emojis[number] = {"id": str(number), "name": f"e{number}"}
    assert await address(scene.guild) is None
    assert await address(scene.guild) is None
    assert len(uploads(scene)) == 1


async def test_a_failing_list_of_emojis_is_no_trouble(bot, scene):
    scene.discord.fault("GET", "/applications/{application}/emojis", 403)
    assert await address(scene.guild) is None
    assert uploads(scene) == []


async def test_a_broken_picture_is_no_trouble(bot, scene):
    file = CardFile(read_card(minimal()), picture().replace(b"IDAT", b"IDAX"))
    cast = running_client().services.cast
    member = await cast.keep(scene.guild.id, file, scene.ann.id, "bo")
    assert await address(scene.guild, member.character) is None


async def test_a_character_at_a_table_speaks_with_its_portrait(scene, monkeypatch):
    monkeypatch.setattr(discord_wiring, "QUIET_SECONDS", 0.0)
    async with FaultyModel().running() as server:
        scene.settings.models.write_text(f'[tiny]\nbase_url = "{server.url}"\nmodel = "t"\n')
        async with running(scene):
            lobby, lobby_id = await opened(scene, scene.ann, "conversation", options="rounds=2")
            client = running_client()
            await client.lobbies.change(lobby_id, lambda one: one.add(f"character:{FIRST}", "Sage"))
            table = await started(scene, scene.ann, lobby, lobby_id)
            await scene.ann.send(table.thread, "Good day")
            spoken = await scene.shown(table.thread, lambda m: m.webhook_id and not m.ephemeral)
            assert spoken.avatar_url == await address(scene.guild)


@pytest.mark.parametrize(("size", "colour"), [((512, 512), 9), ((30, 400), 90), ((7, 3), 200)])
def test_a_picture_of_any_shape_becomes_a_small_square(size, colour):
    small = shrunk(picture(size, (colour, 10, 10)), 128)
    assert size_of(small) == (128, 128)
    with Image.open(io.BytesIO(small)) as image:
        assert image.getpixel((64, 64)) == (colour, 10, 10, 255)


def test_every_portrait_is_small_enough_for_discord():
    assert all(len(shrunk(portrait(one), 128)) < 256 * 1024 for one in shipped())


@pytest.mark.parametrize("data", [b"", b"GIF89a", picture()[:40]])
def test_what_is_no_picture_is_refused(data):
    with pytest.raises(ValueError, match="no picture"):
        shrunk(data, 128)
