"""An hour of a large town in the real arena: a journal in SQLite, views, and rules of thumb."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import Final

from benchmarks.town_large import large_town
from bot.arena.arena import Arena
from bot.players.away import Away
from bot.ports import Entry
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Seat
from towns.events import CLOCK, HOST, MAYOR
from towns.town import Town

HOUR: Final = 360
"""Ticks."""


def hour_in_arena(residents: int) -> float:
    """Return the CPU time of an hour of a large town in seconds, its founding left out."""
    with TemporaryDirectory() as folder:
        data = Path(folder)
        settings = Settings(_env_file=None, data=data, models=data / "models.toml")
        return asyncio.run(_hour(Wiring(settings, person=lambda _: Away()), residents))


async def _hour(wiring: Wiring, residents: int) -> float:
    async with wiring.arena() as arena:
        return await _lived(arena, Town(data=large_town(residents), days=1, seed=1))


async def _lived(arena: Arena, game: Town) -> float:
    living = dict.fromkeys(map(Seat, game.start.residents), "house:hard")
    offices = dict.fromkeys((CLOCK, MAYOR, HOST), "person")
    table = await arena.open(game, {**living, **offices}, room="terminal", seed=1)
    over = asyncio.Event()

    def look(_: Entry) -> None:
        if not any(seat in living for seat in table.match.asks):
            over.set()

    table.watchers.append(look)
    began = process_time()
    arena.play(table)
    await table.submit(CLOCK, str(HOUR))
    await over.wait()
    return process_time() - began
