"""A whole bot over a data folder, with people at tables whose games run in workers."""

import asyncio
from contextlib import asynccontextmanager

from bot.arena.events import Paused
from bot.environments.process import Workers
from bot.players.away import Away
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Seat
from games.foreign_events import REFEREE

ANN, BOB = Seat("Ann"), Seat("Bob")
PEOPLE = {ANN: "me", BOB: "me", REFEREE: "referee"}
SECONDS = 60


@asynccontextmanager
async def bot(folder, **limits):
    """A whole bot over a data folder, with an arena and the workers it starts."""
    wiring = Wiring(Settings(data=folder), person=lambda _: Away())
    wiring.workers = Workers(**limits)
    async with wiring.arena() as arena:
        arena.workers = wiring.workers
        yield arena


async def opened(arena, game, players=PEOPLE, seed=7, match_id="m1"):
    """Open a match, and wait until somebody is asked."""
    table = await arena.open(game, players, room="nowhere", seed=seed, match_id=match_id)
    table.pauses = []
    table.watchers.append(
        lambda entry: table.pauses.extend(
            str(event.reason) for event in entry.events if isinstance(event, Paused)
        )
    )
    arena.play(table)
    await asked(table)
    return table


async def asked(table):
    """Wait until somebody but the environment is asked, or nobody."""
    async with asyncio.timeout(SECONDS):
        while not (table.over or table.paused) and REFEREE in table.match.asked:
            await asyncio.sleep(0.01)


async def say(table, *moves):
    """Make moves for whoever is asked."""
    for move in moves:
        [seat] = table.match.asks
        await table.submit(seat, move)
        await asked(table)
