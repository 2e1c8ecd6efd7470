"""Durable turns per second at many tables: propose, append and await the disk, commit.

The peer is what the same disk does in the same run with one insert and one COMMIT at a time,
by plain sqlite3, also in WAL with synchronous=FULL.
"""

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import mkdtemp

from benchmarks.report import Row, parser, report
from bot.arena.outbox import outgoing
from bot.ports import Effects, Entry, Setup
from bot.store.sql_store import SqlStore
from games.core import TABLE, Match, Seat
from games.rock_paper_scissors import RockPaperScissors, Throw

TABLES = (1, 100, 1000)
SECONDS = 5.0
"""How long each number of tables is measured, after a second to warm up."""
WARM_UP = 1.0
SEATS = (Seat("ann"), Seat("bob"))
PLAYERS = dict.fromkeys(SEATS, "house:easy")
THROWS = tuple(Throw)


@dataclass
class Clock:
    """When turns count, and how long each of them took, in seconds."""

    begin: float
    end: float
    turns: list[float] = field(default_factory=list)


def commits_per_second(database: Path, seconds: float) -> float:
    """Return how often this disk takes one small row and a COMMIT, one after the other."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE turns (number INTEGER PRIMARY KEY, events TEXT)")
        count, begin = 0, time.perf_counter()
        while (now := time.perf_counter()) < begin + seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO turns (events) VALUES (?)", ("x" * 100,))
            connection.execute("COMMIT")
            count += 1
        return count / (now - begin)


async def play(store: SqlStore, name: str, rng: Random, clock: Clock) -> None:
    """Play one table, match after match, until the time is up."""
    match_number = 0
    while time.perf_counter() < clock.end:
        match_number += 1
        await play_match(store, f"{name}-{match_number}", rng, clock)


async def play_match(store: SqlStore, match_id: str, rng: Random, clock: Clock) -> None:
    """Play one match; every turn is awaited until it is on disk."""
    game = RockPaperScissors(target=10)
    setup = Setup(match_id, game, SEATS, 7, "room", datetime.now(UTC))
    match = Match(game, SEATS, seed=7)
    first = Entry(1, TABLE, tuple(match.log), setup.opened_at)
    await store.open_match(setup, first, Effects(players=PLAYERS))
    number = 1
    while not match.over and (begun := time.perf_counter()) < clock.end:
        number += 1
        turn = match.propose(next(iter(match.asks)), rng.choice(THROWS))
        entry = Entry(number, turn.seat, turn.events, datetime.now(UTC))
        effects = Effects(outgoing(match_id, entry, PLAYERS))
        await store.append(match_id, entry, effects)
        match.commit(turn)
        if begun >= clock.begin:
            clock.turns.append(time.perf_counter() - begun)


async def turns_at(tables: int, database: Path, seconds: float) -> tuple[Sequence[float], float]:
    """Return how long each turn took, in seconds, smallest first, and the share of one CPU used."""
    store = await SqlStore.open(database)
    try:
        now, cpu = time.perf_counter(), time.process_time()
        clock = Clock(now + WARM_UP, now + WARM_UP + seconds)
        await asyncio.gather(*(play(store, f"t{n}", Random(n), clock) for n in range(tables)))
        used = (time.process_time() - cpu) / (time.perf_counter() - now)
    finally:
        await store.close()
    return sorted(clock.turns), used


def measure(folder: Path, seconds: float) -> list[Row]:
    """Return every figure, with databases in this folder."""
    single = commits_per_second(folder / "single.db", seconds)
    rows = [Row("one insert and one COMMIT at a time (plain sqlite3)", single, "commits/s")]
    for tables in TABLES:
        took, used = asyncio.run(turns_at(tables, folder / f"tables-{tables}.db", seconds))
        rate = len(took) / seconds
        at = f"at {tables:,} table{'s' if tables > 1 else ''}"
        asked = "20 x and 5,000, or the CPU's limit" if tables == max(TABLES) else ""
        rows.append(Row(f"durable turns {at}", rate, "turns/s", single, rate / single, asked))
        for percent in (50, 99):
            slow = took[min(len(took) - 1, len(took) * percent // 100)]
            rows.append(Row(f"p{percent} of a turn {at}", slow * 1000, "ms"))
        rows.append(Row(f"CPU used {at} (100: one core, all that Python can use)", used * 100, "%"))
    return rows


def main() -> None:
    options = parser("Durable turns per second, with synchronous=FULL.")
    options.add_argument("--seconds", type=float, default=SECONDS, help="for each figure")
    chosen = options.parse_args()
    Path(".bench").mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=".bench"))
    try:
        rows = measure(folder, chosen.seconds)
    finally:
        shutil.rmtree(folder)
    report("Durable turns", rows, chosen.json)


if __name__ == "__main__":
    main()
