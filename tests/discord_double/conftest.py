"""A double with a guild, two people, a channel and a sample bot in it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import discord
import pytest

from tests.discord_double.actors import Person
from tests.discord_double.sample_bot import SampleBot, running
from tests.discord_double.server import DiscordDouble
from tests.discord_double.state import Application, Channel, Guild, Role


@dataclass
class Scene:
    alice: Person
    bob: Person
    guild: Guild
    channel: Channel
    app: Application
    role: Role
    """The bot's own."""


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble() as served:
        yield served


@pytest.fixture
def scene(double: DiscordDouble) -> Scene:
    alice, bob = double.user("alice"), double.user("bob")
    guild = double.guild("Testland", alice)
    double.member(guild, bob)
    channel = double.channel(guild, "games")
    app = double.application("parlour")
    return Scene(alice, bob, guild, channel, app, double.install(app, guild))


@pytest.fixture
async def bot(double: DiscordDouble, scene: Scene) -> AsyncIterator[SampleBot]:
    async with running(double, scene.app.token) as ready:
        await ready.tree.sync()
        yield ready


@pytest.fixture
def room(bot: SampleBot, double: DiscordDouble, scene: Scene) -> discord.TextChannel:
    """The channel as the bot has it, without limits per route."""
    double.unlimited()
    found = bot.get_channel(scene.channel.id)
    assert isinstance(found, discord.TextChannel)
    return found
