"""Tells of towns: hour by hour in their threads, and day by day in their channels, once."""

import asyncio
import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import discord
import structlog

from bot.arena.table import Table
from bot.arena.towns import Per, TownPlace
from bot.cogs.speech import BOT
from bot.cogs.town_posts import Post, ends_day, first_of, hour_of, next_end, posts_of
from bot.cogs.town_shown import game_of, now_of
from bot.cogs.voices import Where, outbox_errors
from bot.errors import ParlourError, RoomGone, ShownToUser
from bot.pictures.town_map import render_map
from towns.drawing import drawn
from towns.state import positions_at

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)

AGAIN_SECONDS: Final = 5.0
"""After so long a message is tried again that Discord did not take."""


class TownTeller:
    """One task for each town of which there is something to tell."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._sure: set[str] = set()
        """Towns whose next message has certainly not arrived: this process has told the others."""
        self._begins: dict[str, int] = {}
        """Where in the log of a town the hour can begin of which is told next."""

    def look(self, match_id: str) -> None:
        """Tell what is over for everybody in a town, soon."""
        if match_id not in self._tasks and self._has_news(match_id):
            task = asyncio.create_task(self._tell_all(match_id), name=f"teller {match_id}")
            self._tasks[match_id] = task

    async def close(self) -> None:
        """Tell no more; what was not told is told after the next start."""
        for task in (tasks := list(self._tasks.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _has_news(self, match_id: str) -> bool:
        table = self._client.services.arena.tables.get(match_id)
        with suppress(ShownToUser):
            town = self._client.towns.town(match_id)
            return table is not None and (table.over or _ends(town, table) is not None)
        return False

    async def _tell_all(self, match_id: str) -> None:
        try:
            while self._has_news(match_id):
                try:
                    async with outbox_errors(_stays):
                        if not await self._tell_next(match_id):
                            return
                except RoomGone as why:
                    await self._client.tables.pause(match_id, why.args[0])
                    return
                except (OSError, ParlourError) as why:
                    log.warning("a town was not told of yet", town=match_id, why=str(why))
                    self._sure.discard(match_id)
                    await asyncio.sleep(AGAIN_SECONDS)
        except Exception:  # nobody waits for it
            log.exception("a town cannot be told of", town=match_id)
        finally:
            self._tasks.pop(match_id, None)

    async def _tell_next(self, match_id: str) -> bool:
        """Tell of the next time that is over; return whether there may be more."""
        table = await self._client.services.arena.wake(match_id)
        town = await self._client.towns.thread_of(match_id)
        until = _ends(town, table)
        if until is None:
            await self._client.town_evaluations.finish(match_id)
            await self._client.towns.close(match_id)
            self._begins.pop(match_id, None)
            return False
        if not town.thread:
            return False  # it comes with the live message
        for post in (await self._posts(town, table, until))[town.told.posts :]:
            town = await self._tell(town, table, post)
        await self._told_until(town, table, until)
        return True

    async def _posts(self, town: TownPlace, table: Table, until: int) -> Sequence[Post]:
        hour = hour_of(game_of(table).start.clock, town.told.until)
        begin = first_of(table, hour, self._begins.get(town.match_id, 0))
        self._begins[town.match_id] = begin
        return await posts_of(table, town.told.until, until, town.telling, begin)

    async def _told_until(self, town: TownPlace, table: Table, until: int) -> None:
        before = town.before
        if town.per is Per.DAY and ends_day(game_of(table).start.clock, until):
            before = await self._client.services.accounts.cost_of_match(town.match_id)
        await self._client.towns.change(
            town.match_id, lambda one: replace(one.has_told_until(until), before=before)
        )
        self._client.towns.refresh(town.match_id)

    async def _tell(self, town: TownPlace, table: Table, post: Post) -> TownPlace:
        """Send one message, unless it has arrived already, and note it."""
        place = town.channel if post.in_channel else town.thread
        last = town.told.in_channel if post.in_channel else town.told.in_thread
        where = Where(town.guild, town.channel, place)
        found: list[int] = []
        if town.match_id not in self._sure:
            known = str(last or town.message)
            found = await self._client.voices.arrived(where, [post.utterance], known)
        self._sure.discard(town.match_id)
        message = found[0] if found else await self._send(town, table, post, where)
        town = await self._client.towns.change(
            town.match_id, lambda one: one.has_told(message, thread=not post.in_channel)
        )
        self._sure.add(town.match_id)
        return town

    async def _send(self, town: TownPlace, table: Table, post: Post, where: Where) -> int:
        nonce = f"{town.match_id}-{town.told.until:x}-{town.told.posts:x}"
        if not post.day:
            return await self._client.voices.say(where, post.utterance, nonce)
        assert post.utterance.voice is BOT, "a newspaper has no other voice"
        channel = self._client.get_partial_messageable(where.place, guild_id=town.guild)
        file = await map_file(table)
        none = discord.AllowedMentions.none()
        async with self._client.pace:
            sent = await channel.send(
                post.utterance.text, file=file, nonce=nonce[-25:], allowed_mentions=none
            )
        return sent.id


async def map_file(table: Table) -> discord.File:
    """Return the map of a town as it stands, with its description."""
    state = table.match.state
    tick = now_of(state)
    drawing = drawn(state.ground.start, state.sites, positions_at(state, tick), tick)
    picture = await asyncio.to_thread(render_map, drawing)
    name = f"map-{drawing.time.day}-{drawing.time.time.replace(':', '')}.png"
    return discord.File(io.BytesIO(picture), name, description=drawing.alt_text()[:1024])


def _ends(town: TownPlace, table: Table) -> int | None:
    """Return the tick before which all is over and not told yet; None where there is none."""
    end = game_of(table).end
    if town.told.until >= end or (table.match.outcome and table.match.outcome.aborted):
        return None
    until = next_end(table, town.told.until, town.telling)
    return until if now_of(table.match.state) >= until and (until < end or table.over) else None


async def _stays() -> None:
    """Nobody moves a town."""
