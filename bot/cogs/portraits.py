"""Portraits of characters at addresses that last: each is uploaded once, as an application emoji.

Discord wants a public address for the picture beside a webhook's message; the files of messages
have addresses that expire, those of emojis do not.
"""

import asyncio
import time
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

import aiohttp
import discord
import structlog

from bot.cogs.pace import Pace
from bot.errors import ShownToUser
from bot.pictures.shrinking import shrunk

if TYPE_CHECKING:
    from bot.cast import Member
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

SIZE: Final = 128
"""Pixels, each way; more is not shown."""
_TROUBLE: Final = (discord.DiscordException, aiohttp.ClientError, OSError)
FORGET_SECONDS: Final = 600.0
"""After so long an upload that failed is tried again."""


class Portraits:
    """The addresses of portraits; a picture that is there already is found by its name."""

    def __init__(self, client: "ParlourClient", pace: Pace) -> None:
        self._client = client
        self._pace = pace
        self._addresses: dict[tuple[int, str], str] = {}
        self._failed: dict[tuple[int, str], float] = {}
        self._emojis: dict[str, discord.Emoji] | None = None
        self._lock = asyncio.Lock()

    async def address(self, guild: int, character: str) -> str | None:
        """Return where a character's portrait is; None while there is none."""
        member = (await self._client.services.cast.members(guild)).get(character)
        if member is None:
            return None
        key = (guild if member.own else 0, character)
        async with self._lock:  # or two messages at once would upload it twice
            if key not in self._addresses and not self._has_just_failed(key):
                await self._try_to_upload(guild, member, key)
        return self._addresses.get(key)

    async def remove(self, guild: int, character: str) -> None:
        """Delete the portrait of a server's own character that is there no more."""
        async with self._lock:
            self._addresses.pop((guild, character), None)
            try:
                await self._delete(begin=_begin(guild, character))
            except _TROUBLE as why:
                log.warning("a portrait was not deleted", character=character, why=str(why))

    def _has_just_failed(self, key: tuple[int, str]) -> bool:
        failed = self._failed.get(key)
        return failed is not None and time.monotonic() - failed < FORGET_SECONDS

    async def _try_to_upload(self, guild: int, member: "Member", key: tuple[int, str]) -> None:
        try:
            picture = await self._client.services.cast.picture(guild, member)
            self._addresses[key] = await self._uploaded(key, await shrunk_aside(picture))
        except (*_TROUBLE, ValueError, ShownToUser) as why:
            log.warning("a portrait cannot be shown", character=member.character, why=str(why))
            self._failed[key] = time.monotonic()

    async def _uploaded(self, key: tuple[int, str], picture: bytes) -> str:
        name = _begin(*key) + blake2b(picture, digest_size=6).hexdigest()
        emojis = await self._known()
        if name not in emojis:
            await self._delete(begin=_begin(*key))  # the picture it had before
            async with self._pace:
                emojis[name] = await self._client.create_application_emoji(name=name, image=picture)
        return emojis[name].url

    async def _delete(self, begin: str) -> None:
        emojis = await self._known()
        for name in [name for name in emojis if name.startswith(begin)]:
            async with self._pace:
                await emojis.pop(name).delete()

    async def _known(self) -> dict[str, discord.Emoji]:
        """Return all emojis of the application by name, asked for once."""
        if self._emojis is None:
            async with self._pace:
                found = await self._client.fetch_application_emojis()
            self._emojis = {emoji.name: emoji for emoji in found}
        return self._emojis


async def shrunk_aside(picture: bytes) -> bytes:
    """Return a picture as small as it is shown.  Raises ValueError for what is no picture."""
    return await asyncio.to_thread(shrunk, picture, SIZE)


def _begin(guild: int, character: str) -> str:
    """Return how the names of a character's portraits begin: letters, digits, underscores."""
    whose = blake2b(f"{guild}:{character}".encode(), digest_size=6).hexdigest()
    return f"c{whose}_"
