"""Emojis of an application: what Discord takes, and what it refuses."""

import discord
import pytest

from tests.characters.samples import picture
from tests.discord_double.rest_emojis import MOST
from tests.discord_double.sample_bot import refused


async def test_an_emoji_is_made_listed_found_renamed_and_deleted(bot, scene):
    made = await bot.create_application_emoji(name="one", image=picture())
    assert [emoji.id for emoji in await bot.fetch_application_emojis()] == [made.id]
    assert made.is_application_owned()
    await made.edit(name="two")
    assert (await bot.fetch_application_emoji(made.id)).name == "two"
    await made.delete()
    assert await bot.fetch_application_emojis() == []
    with pytest.raises(discord.NotFound):
        await made.delete()


@pytest.mark.parametrize("name", ["x", "x" * 33, "", "a b", "é1", "a-b"])
async def test_names_have_two_to_32_letters_digits_and_underscores(bot, scene, name):
    with refused(50035):
        await bot.create_application_emoji(name=name, image=picture())
    assert scene.app.emojis == {}


async def test_a_name_is_given_once(bot, scene):
    await bot.create_application_emoji(name="one", image=picture())
    with refused(50035):
        await bot.create_application_emoji(name="one", image=picture())


async def test_a_picture_is_one_and_not_over_256_kib(bot, scene):
    with refused(50035):
        await bot.create_application_emoji(name="one", image=picture() + b"\0" * 256 * 1024)
    route = discord.http.Route("POST", "/applications/{app}/emojis", app=bot.application_id)
    for image in ("", "hello", "data:image/png;base64,!!", "data:image/png;base64,aGVsbG8="):
        with refused(50035):
            await bot.http.request(route, json={"name": "one", "image": image})
    assert scene.app.emojis == {}


async def test_there_are_2000_at_most(bot, scene):
    for number in range(MOST):
        scene.app.emojis[number] = {"id": str(number), "name": f"e{number}"}
    with refused(30008):
        await bot.create_application_emoji(name="one", image=picture())


async def test_another_application_has_its_own(bot, scene):
    route = discord.http.Route("GET", "/applications/{app}/emojis", app=scene.alice.id)
    with refused(20012):
        await bot.http.request(route)
