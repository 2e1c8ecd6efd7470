"""Threads for matches and chats; those of finished matches make room when there are too many."""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.arena.lobbies import LobbyState, Place
from bot.errors import ShownToUser
from games.core import Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

THREAD_EXISTS: Final = 160004
"""Discord's code for a message that has a thread already."""
TOO_MANY: Final = 160006
"""Discord's code for a server that has as many active threads as it may, which are 1,000."""
ARCHIVED_AT_ONCE: Final = 50
DAY_MINUTES: Final = 1440


async def start_thread(client: "ParlourClient", place: Place, name: str) -> int:
    """Return the thread of a lobby's message, started now or before.  Raises ShownToUser."""
    channel = client.get_partial_messageable(place.channel, guild_id=place.guild)
    message = channel.get_partial_message(place.lobby_message)

    async def start() -> int:
        try:
            return (await message.create_thread(name=name, auto_archive_duration=DAY_MINUTES)).id
        except discord.HTTPException as why:
            if why.code != THREAD_EXISTS:
                raise
            return place.lobby_message  # a thread has the id of the message it was started from

    return await with_room(client, place.guild, start)


async def with_room(
    client: "ParlourClient", guild: int, start: Callable[[], Awaitable[int]]
) -> int:
    """Return the thread that is started, after making room for it where there is none.

    Raises ShownToUser.
    """
    for attempt in range(2):
        try:
            async with client.pace:
                return await start()
        except discord.Forbidden as why:
            told = (
                "I may not start a thread here ({why}); an admin can let me create public "
                "threads and send messages in them."
            )
            raise ShownToUser(Text(told, why=why.text)) from None
        except discord.HTTPException as why:
            if why.code != TOO_MANY:
                raise
        if not attempt:
            await _archive_finished(client, guild)
    raise ShownToUser(
        Text("This server has as many active threads as Discord allows; archive some of them.")
    )


async def _archive_finished(client: "ParlourClient", guild_id: int) -> None:
    """Archive the oldest threads of matches that are over; whoever writes there opens them."""
    guild = client.get_guild(guild_id)
    if guild is None:
        return
    async with client.pace:
        active = await guild.active_threads()
    done = 0
    for thread in sorted(active, key=lambda thread: thread.id):
        lobby = await client.services.lobbies.lobby_in(thread.id)
        if lobby and lobby.state is LobbyState.CLOSED:
            async with client.pace:
                await thread.edit(archived=True)
            done += 1
        if done == ARCHIVED_AT_ONCE:
            break
    log.info("threads of matches that are over were archived", guild=guild_id, threads=done)
