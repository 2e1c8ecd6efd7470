"""Memory of a table that is loaded, and of one that rests.

python -m benchmarks.idle_tables [--json FILE]
"""

import asyncio
import gc
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.report import Row, parser, report
from bot.arena.arena import Arena
from bot.store.sql_store import SqlStore
from bot.wiring import Silent
from games import GAMES
from games.core import Seat

TABLES: Final = 2000


class Away:
    """A person who never answers."""

    async def answer(self, *_: object) -> str:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError


def resident() -> int:
    """Return the memory that this process holds now, in bytes."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * 4096


async def measure(folder: str) -> list[Row]:
    """Open many matches and unload each, then open as many and keep them loaded."""
    store = await SqlStore.open(Path(folder) / "parlour.db")
    arena = Arena(store, lambda *_: Away(), lambda _: Silent())
    players = {Seat("Ann"): "person:ann", Seat("Bob"): "person:bob"}
    await open_and_play(arena, players, 50)  # whatever is loaded once
    before = resident()
    for _ in range(TABLES):
        await open_and_play(arena, players, 1)
        await rest_all(arena)
    rested = resident()
    await open_and_play(arena, players, TABLES)
    loaded = resident()
    await arena.close()
    await store.close()
    return [
        Row("memory of a loaded table", (loaded - rested) / TABLES / 1000, "kB"),
        Row("memory of a resting table", (rested - before) / TABLES / 1000, "kB", asked="under 20"),
    ]


async def open_and_play(arena: Arena, players: dict[Seat, str], count: int) -> None:
    """Open matches of tic-tac-toe, play two turns of each, and leave them running."""
    for _ in range(count):
        table = await arena.open(GAMES["tic-tac-toe"](), players, room="nowhere")
        await table.submit(Seat("Ann"), "b2")
        await table.submit(Seat("Bob"), "a1")
        arena.play(table)
    await asyncio.sleep(0)
    await arena.outbox.settle()


async def rest_all(arena: Arena) -> None:
    """Unload every table."""
    for match_id in list(arena.tables):
        await arena.rest(match_id)


def main() -> None:
    """Run the benchmark and print its table."""
    wish = parser(__doc__ or "").parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(measure(folder))
    report(f"Idle tables ({TABLES} matches of tic-tac-toe, two turns each)", rows, wish.json)


if __name__ == "__main__":
    main()
