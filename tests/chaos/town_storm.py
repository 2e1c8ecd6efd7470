"""The kill storm of a town: the bot dies again and again while residents live in a channel."""

import asyncio
import os
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random
from types import SimpleNamespace

from bot.arena.outbox import players_after
from bot.arena.snapshots import restore
from bot.arena.towns import Telling
from bot.cogs.town_posts import next_end, posts_of
from bot.store.sql_store import SqlStore
from games.core import Level, Match
from tests.chaos.discord_child import TOWN_POINTS
from tests.chaos.discord_storm import Killer, settings
from tests.discord_double.server import DiscordDouble
from tests.faulty_model import FaultyModel
from towns.events import CLOCK, Paid
from towns.state import final_hash

RESIDENTS = 4
SEED = 5
"""Of the town, so that a fault can be met again."""
SPEED = 7200
"""Game seconds in a second: a day takes twelve."""


@dataclass(frozen=True)
class Report:
    """What the storm found."""

    kills: int
    turns: int
    messages: int
    transfers: int
    faults: list[str]

    def __str__(self):
        return (
            f"{self.kills} kills, {self.turns} turns, {self.transfers} transfers, {self.messages} "
            f"messages in Discord: {len(self.faults)} lost, doubled or changed"
        )


class TownKiller(Killer):
    """Kills the bot where a town could be torn."""

    async def kill_once(self):
        point = self.rng.choice(TOWN_POINTS) if self.rng.random() < 0.6 else "none"
        pid, ended = await self._born(point, self.rng.randint(1, 12))
        try:
            code = await asyncio.wait_for(asyncio.shield(ended), self.rng.uniform(0.6, 3))
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            code = await ended
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}: see {self.log}"

    async def begin(self, work):
        """Let the bot live until the work is done, then kill it."""
        pid, ended = await self._born("none", 0)
        await asyncio.wait_for(work, 30)
        os.kill(pid, signal.SIGKILL)
        await ended


async def run_town_storm(folder, kills, seed=0, progress=lambda done: None):
    """Kill the bot so many times while a town lives, let its days end, and return what is wrong."""
    async with DiscordDouble() as double, FaultyModel().running() as model:
        double.unlimited()
        app = double.application("parlour", message_content=True)
        owner = double.user("owner")
        guild = double.guild("Stormland", owner)
        channel = double.channel(guild, "ferrywick")
        double.install(app, guild)
        killer = TownKiller(folder, settings(folder, double, app, model), Random(seed))
        async with killer.nursery():
            await killer.begin(_begun(double, app, owner, channel, days=1 + kills // 30))
            for done in range(kills):
                await killer.kill_once()
                progress(done + 1)
            await killer.last(_over(double, channel))
        return await _report(double, app, channel, Path(folder) / "parlour.db", kills)


async def _begun(double, app, owner, channel, days):
    """Found a town, and let its time pass."""
    await double.until(lambda: bool(app.commands) and any(s.connection for s in double.sessions))
    options = {"residents": RESIDENTS, "days": days, "speed": SPEED, "mayor": "house", "seed": SEED}
    founded = await owner.slash(channel, "town create", **options)
    assert "is founded" in (await founded.reply()).content
    await double.until(lambda: _said(double, channel, "town `"), 10)
    await (await owner.slash(channel, "town start")).reply()


async def _over(double, channel):
    await double.until(lambda: _said(double, channel, "its days are over"), 110)
    await asyncio.sleep(1)  # the last note


def _said(double, channel, text):
    return any(text in message.content for message in double.messages(channel))


async def _report(double, app, channel, database, kills):
    store = await SqlStore.open(database)
    try:
        (summary,) = await store.matches()
        stored = await store.load(summary.match_id)
        faults = [f"not delivered: {message}" for message in await store.undelivered()]
        faults += ["the town is still open" for _ in await store.towns.open_towns()]
    finally:
        await store.close()
    match = restore(stored)
    paid = [event.transfer.number for event in match.log if isinstance(event, Paid)]
    if paid != list(range(1, len(paid) + 1)):
        faults.append(f"the ledger has the rows {paid}")
    if final_hash(match.state) != final_hash(undisturbed(stored.setup).state):
        faults.append("the town has become another one")
    if not match.state.policies.taxes.wages:
        faults.append("no mayor has decided anything")
    if not match.over:
        faults.append("the town has not come to its end")
    heard = told(double, app, channel)
    faults += differences(await expected(stored, match), heard)
    faults += double.record.broken
    return Report(kills, len(stored.entries), len(heard), len(paid), faults)


def undisturbed(setup):
    """Live the same town without a pause, and without a bot."""
    match = Match(setup.game, setup.seats, setup.seed)
    match.say(CLOCK, str(setup.game.end))
    while not match.over:
        for seat in list(match.asks):
            if seat in match.asks:
                ask, view = match.asks[seat], match.view_of(seat)
                match.say(seat, setup.game.house_answer(view, ask, Level.HARD, Random(0)))
    return match


async def expected(stored, match):
    """What is to be told of a town, by its journal."""
    players = players_after(stored.entries)[-1]
    table = SimpleNamespace(match=match, setup=stored.setup, players=players)
    since, wanted = 0, []
    while since < stored.setup.game.end:
        until = next_end(table, since, Telling.DIGEST)
        posts = await posts_of(table, since, until, Telling.DIGEST)
        wanted += [one.utterance.text for one in posts]
        since = until
    return wanted


def told(double, app, channel):
    """What was told in the channel and its thread, the live message left out."""
    return [
        deed.content
        for deed in double.record.of("created")
        if deed.app_id == app.id and deed.only_for is None
        if not str(deed.nonce).startswith("town-")
    ]


def differences(wanted, heard):
    missing, more = Counter(wanted) - Counter(heard), Counter(heard) - Counter(wanted)
    yield from (f"lost {n} x {what!r}" for what, n in missing.items())
    yield from (f"doubled or altered {n} x {what!r}" for what, n in more.items())
    if not missing and not more and wanted != heard:
        yield "messages were told out of order"
