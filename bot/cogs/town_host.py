"""Towns in channels: founded, gone on with after a restart, and shown as they stand."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from weakref import WeakValueDictionary

import discord

from bot.arena.events import HandedOver, Paused, Resumed
from bot.arena.house_rules import NONE, HouseRules
from bot.arena.lobbies import Place, person_in
from bot.arena.table import Table
from bot.arena.towns import ROOM, TownPlace
from bot.cogs.live_messages import Shown
from bot.cogs.threads import start_thread
from bot.cogs.town_shown import controls, game_of, live_text
from bot.errors import AlreadyDone, BudgetSpent, ParlourError, ShownToUser
from bot.ports import Entry, Setup
from games.core import Seat, Text
from towns.events import CLOCK, MAYOR, MovedAway
from towns.town import Town

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

AT_ONCE: Final = 64
"""Calls of models for one town that may be under way at once."""


class TownHost:
    """Every town of this process that is not over."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._towns: dict[str, TownPlace] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._founding: dict[str, int] = {}
        """Towns whose match is not there yet, with their channels."""
        self._flights: dict[str, int] = {}
        """Calls of models that are under way, by town."""
        self._landed = asyncio.Condition()
        self.faults: dict[str, float] = {}
        """When it was last told in a town that a model fails, in seconds of this process."""

    async def load(self) -> None:
        """Learn which towns there are; to be called before any of them is woken."""
        for town in await self._client.services.towns.open_towns():
            self._towns[town.match_id] = town

    def town_in(self, place: int) -> TownPlace:
        """Return the town that lives in a channel or speaks in a thread.  Raises ShownToUser."""
        for town in self._towns.values():
            if place in (town.channel, town.thread):
                return town
        raise ShownToUser("No town lives here; found one with /town create.")

    def town(self, match_id: str) -> TownPlace:
        """Return a town.  Raises ShownToUser for one that is over."""
        if match_id not in self._towns:
            raise ShownToUser("That town is over; found another one with /town create.")
        return self._towns[match_id]

    def rules(self, room: str) -> HouseRules:
        """Return what a town asks of its table."""
        town = self._towns.get(room.rpartition(":")[2])
        return town.house_rules() if town else NONE

    async def found(self, town: TownPlace, game: Town, players: Mapping[Seat, str]) -> Table:
        """Found a town, in which time stands still at first; the same cause founds it once."""
        taken = {*self._founding.values(), *(one.channel for one in self._towns.values())}
        if town.channel in taken:
            raise ShownToUser("A town lives in this channel already; take another channel.")
        self._founding[town.match_id] = town.channel
        try:
            table = await self._opened(town, game, players)
        finally:
            self._founding.pop(town.match_id)
        self._client.services.arena.play(table)
        self.refresh(town.match_id)
        return table

    async def _opened(self, town: TownPlace, game: Town, players: Mapping[Seat, str]) -> Table:
        """Write where a new town lives, and open its match."""
        try:
            await self._client.services.towns.save(town)
        except AlreadyDone:
            raise ShownToUser("That has counted already.") from None
        self._towns[town.match_id] = town
        arena = self._client.services.arena
        try:
            return await arena.open(game, players, room=town.room, match_id=town.match_id)
        except BaseException:
            await self.change(town.match_id, lambda one: replace(one, open=False))
            raise

    async def bring_up(self, town: TownPlace) -> None:
        """Go on with a town after a start."""
        if town.match_id in self._founding:  # its match comes in a moment
            return
        arena = self._client.services.arena
        try:
            table = await arena.wake(town.match_id)
        except ShownToUser:  # the bot died before its match was there
            await self.change(town.match_id, lambda one: replace(one, open=False))
            return
        arena.play(table)
        self._client.town_teller.look(town.match_id)
        self._client.town_evaluations.look(town.match_id)
        self.refresh(town.match_id)
        await self._unseat_gone(table)

    async def change(self, match_id: str, how: Callable[[TownPlace], TownPlace]) -> TownPlace:
        """Change what is kept of a town, one change at a time."""
        async with self._locks.setdefault(match_id, asyncio.Lock()):
            before = self.town(match_id)
            after = how(before)
            if after != before:
                await self._client.services.towns.save(after)
            if after.open:
                self._towns[match_id] = after
            else:
                self._towns.pop(match_id)
            if table := self._client.services.arena.tables.get(match_id):
                table.house_rules = after.house_rules()
            return after

    async def give_time(self, table: Table, ticks: int, cause: str | None = None) -> None:
        """Let a town go on by so many ticks, where its days are not over."""
        ask = table.match.asks.get(CLOCK)
        if ask is not None and ask.low is not None and ask.high is not None:
            until = int(min(ask.low + max(1, ticks) - 1, ask.high))
            await table.submit(CLOCK, str(until), cause=cause)
        self._client.services.arena.play(table)

    def seated(self, table: Table) -> None:
        """Follow the table of a town that was loaded."""
        if not table.setup.room.startswith(f"{ROOM}:"):
            return
        match_id = table.setup.match_id

        def happened(entry: Entry) -> None:
            self._client.town_teller.look(match_id)
            self._client.town_evaluations.look(match_id)
            kinds = (Paused, Resumed, HandedOver)
            if table.over or any(isinstance(event, kinds) for event in entry.events):
                self.refresh(match_id)
            if any(isinstance(event, MovedAway) for event in entry.events):
                self._client.spawn(self._unseat_gone(table))

        table.watchers.append(happened)

    async def _unseat_gone(self, table: Table) -> None:
        """Let members be those no more who have moved away: they may be somebody else now."""
        here = {MAYOR, *table.match.state.residents}
        for seat, player in [*table.first_players.items()]:
            if seat not in here and person_in(player):
                await table.reseat(seat, self.town(table.setup.match_id).player)

    async def pause_where(self, gone: Callable[[TownPlace], bool], why: Text | str) -> None:
        """Pause the towns of places that are gone."""
        for town in [one for one in self._towns.values() if gone(one)]:
            with suppress(ParlourError):
                table = await self._client.services.arena.wake(town.match_id)
                await table.pause(Text("{reason}", reason=why))

    @asynccontextmanager
    async def paid(self, setup: Setup) -> AsyncIterator[None]:
        """Let a model be asked for a resident, if the town's budget has room for the call.

        Calls that are under way count, so that the last of a budget is spent once. Raises
        BudgetSpent.
        """
        match_id = setup.match_id
        async with self._landed:
            while await self._room(match_id) <= self._flights.get(match_id, 0):
                await self._landed.wait()
            self._flights[match_id] = self._flights.get(match_id, 0) + 1
        try:
            yield
        finally:
            self._flights[match_id] -= 1
            async with self._landed:
                self._landed.notify_all()

    async def _room(self, match_id: str) -> int:
        """Return how many calls may be under way at once.  Raises BudgetSpent."""
        town = self._towns.get(match_id)
        if town is None:
            return AT_ONCE
        cost = await self._client.services.accounts.cost_of_match(match_id)
        if spent := town.spent(cost):
            told = f"the town has spent its budget of {spent}; /town budget gives it more."
            raise BudgetSpent(told, datetime.now(UTC))
        if town.limit.requests is None:
            return AT_ONCE
        return min(AT_ONCE, town.limit.requests - (cost.requests - town.before.requests))

    def refresh(self, match_id: str) -> None:
        """Bring the live message of a town up to date."""
        town = self._towns.get(match_id)
        if town is None:
            return

        async def posted(message: int) -> None:
            await self.change(match_id, lambda one: replace(one, message=message))
            await self.thread_of(match_id)

        self._client.live.refresh(
            town.channel, f"town {match_id}", lambda: self._shown(match_id), posted
        )

    async def thread_of(self, match_id: str) -> TownPlace:
        """Return a town whose residents have a thread to be heard in.  Raises ShownToUser."""
        town = self.town(match_id)
        if town.thread or not town.message:
            return town
        place = Place(town.guild, town.channel, lobby_message=town.message)
        name = game_of(await self._client.services.arena.wake(match_id)).start.name
        thread = await start_thread(self._client, place, f"{name} · {match_id}"[:100])
        town = await self.change(match_id, lambda one: replace(one, thread=thread))
        self._client.town_teller.look(match_id)
        return town

    async def need_thread(self, match_id: str) -> None:
        """Give a town another live message and thread where its own thread is gone or locked."""
        town = self.town(match_id)
        if not town.thread or not await self._is_lost(town.thread):
            return
        await self.change(match_id, lambda one: one.has_lost(town.thread))
        self.refresh(match_id)
        await self._client.live.settle(town.channel, f"town {match_id}")
        channel = self._client.get_partial_messageable(town.channel, guild_id=town.guild)
        with suppress(discord.HTTPException):  # then it stays, and says the same for ever
            await channel.get_partial_message(town.message).delete()

    async def _is_lost(self, thread: int) -> bool:
        """Return whether a thread is certainly gone or locked."""
        try:
            found = await self._client.fetch_channel(thread)
        except discord.HTTPException as why:
            return isinstance(why, discord.NotFound)
        return isinstance(found, discord.Thread) and found.locked

    async def close(self, match_id: str) -> None:
        """Show that a town is over, and note it once that is shown."""
        self.refresh(match_id)
        if town := self._towns.get(match_id):
            await self._client.live.settle(town.channel, f"town {match_id}")
        with suppress(ShownToUser):  # somebody else has noted it meanwhile
            await self.change(match_id, lambda one: replace(one, open=False))

    async def _shown(self, match_id: str) -> Shown | None:
        town = self._towns.get(match_id)
        if town is None:
            return None
        table = await self._client.services.arena.wake(match_id)
        return Shown(
            town.channel,
            town.guild,
            town.message,
            f"town-{match_id}-{town.former % 10**6:06d}",
            live_text(town, table),
            controls(table) if not table.over else discord.ui.View(timeout=None),
        )
