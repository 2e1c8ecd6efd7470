"""The real bot on a Discord on loopback, with people in a server."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from discord.gateway import KeepAliveHandler

from bot import discord_wiring
from bot.settings import DiscordSettings, Settings
from tests.discord_double.actors import Person
from tests.discord_double.server import DiscordDouble
from tests.discord_double.state import Application, Channel, Guild, Message


@dataclass
class Scene:
    discord: DiscordDouble
    guild: Guild
    channel: Channel
    owner: Person
    ann: Person
    bob: Person
    app: Application
    settings: Settings

    async def lobby(self, who: Person, game: str, **options) -> Message:
        """Open a lobby and return its message."""
        created = await who.slash(self.channel, "arena create", game=game, **options)
        assert not created.failed
        return await self.shown(self.channel, lambda m: f"**{game}**" in m.content)

    async def shown(self, channel, matches) -> Message:
        """Wait for a message of the bot and return the newest that fits."""
        found = []

        def look():
            found[:] = [m for m in channel.messages.values() if not m.ephemeral and matches(m)]
            return found

        await self.discord.until(look)
        return found[-1]

    async def thread(self, lobby: Message):
        """Wait for the thread of a lobby and return it."""
        await self.discord.until(lambda: lobby.id in self.discord.channels)
        return self.discord.channels[lobby.id]


@pytest.fixture
async def double() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble() as served:
        served.unlimited()
        yield served


@pytest.fixture
async def scene(double, tmp_path) -> Scene:
    owner, ann, bob = (double.user(name) for name in ("owner", "ann", "bob"))
    guild = double.guild("Testland", owner)
    for person in (ann, bob):
        double.member(guild, person)
    channel = double.channel(guild, "games")
    app = double.application("parlour", message_content=True)
    double.install(app, guild)
    settings = Settings(
        _env_file=None,
        data=tmp_path,
        models=tmp_path / "models.toml",
        discord_token=app.token,
        discord=DiscordSettings(
            api_base=double.api_base, gateway=double.gateway, ready_seconds=0.05, edit_seconds=0.05
        ),
    )
    return Scene(double, guild, channel, owner, ann, bob, app, settings)


@pytest.fixture
async def bot(scene) -> AsyncIterator[None]:
    """The bot, running until the test ends."""
    async with running(scene):
        yield


@contextlib.asynccontextmanager
async def running(scene):
    """Run the bot as the command `run` does, and stop it as a signal does."""
    task = asyncio.create_task(discord_wiring.run(scene.settings))
    try:
        await scene.discord.until(lambda: task.done() or is_up(scene))
        if task.done():
            task.result()
        await ready()
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await hush()


async def hush() -> None:
    """End the threads that discord.py leaves behind where it is stopped while it connects."""
    left = [one for one in threading.enumerate() if isinstance(one, KeepAliveHandler)]
    for thread in left:
        thread.stop()
    for thread in left:
        await asyncio.to_thread(thread.join, 5)


def is_up(scene) -> bool:
    """Whether the bot has its commands registered and hears what happens."""
    hears = any(session.connection for session in scene.discord.sessions)
    return bool(scene.app.commands) and hears


async def ready() -> None:
    """Wait until the bot has taken up what it has left; to stop it before is another matter."""
    (connected,) = [task for task in asyncio.all_tasks() if task.get_name() == "discord"]
    await connected.get_coro().cr_frame.f_locals["self"].wait_until_ready()
    while any(task.get_name() == "discord.py: on_ready" for task in asyncio.all_tasks()):
        await asyncio.sleep(0.01)
