"""A program that can be killed anywhere: the real arena and store, a disk and a room that last."""

import asyncio
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.arena.arena import Arena
from bot.errors import OperatorError
from bot.players.house import HouseBot
from bot.store.sql_store import SqlStore
from games import GAMES
from games.core import Level

NO_ROOM = "no-room"
"""The point at which a room cannot be reached: the life goes on, until it is killed at last."""
POINTS = (
    *("before-write", "after-write", "before-send", "after-send", "after-mark", "before-done"),
    NO_ROOM,
)
"""Where a life can end: around each write, each message, and the end of a time limit."""
OUT_OF_TIME = "out-of-time-"
PATIENCE = 60
"""Seconds after which a table that still moves counts as hanging."""


class Fuse:
    """Ends a life when a named point has been passed so many times; nothing passes afterwards."""

    def __init__(self):
        self.point = None
        """None while it does not burn."""
        self.left = 0
        self.blown = asyncio.Event()
        self.buried = asyncio.Event()

    def light(self, point, count):
        self.point = point
        self.left = count

    async def pass_by(self, point):
        if point == self.point:
            self.left -= 1
            if not self.left:
                self.blown.set()
        if self.blown.is_set():
            await self.buried.wait()
            raise asyncio.CancelledError


class FusedStore:
    """The real store, with the fuse around what must not be torn apart."""

    def __init__(self, store, fuse):
        self._store = store
        self._fuse = fuse
        self.full = False

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def open_match(self, *written):
        if self.full:
            raise OperatorError("The disk is full; make room.")
        await self._fuse.pass_by("before-write")
        await self._store.open_match(*written)
        await self._fuse.pass_by("after-write")

    async def append(self, *written):
        if self.full:
            raise OperatorError("The disk is full; make room.")
        await self._fuse.pass_by("before-write")
        await self._store.append(*written)
        await self._fuse.pass_by("after-write")

    async def delivered(self, message, reference):
        await self._store.delivered(message, reference)
        await self._fuse.pass_by("after-mark")

    async def done(self, due):
        await self._fuse.pass_by("before-done")
        await self._store.done(due)


class Channel:
    """A room that outlives the program, and shows a nonce once however often it comes."""

    def __init__(self):
        self.shown = {}
        self.changed = []
        """Messages that came again without saying so, or were not the same."""

    def take(self, message):
        first = self.shown.setdefault(message.nonce, message)
        if first is not message and replace(first, again=True) != message:
            self.changed.append((first, message))
        return message.nonce

    def read(self, match_id, audience):
        """Return the sentences that an audience has been shown, in order."""
        mine = [m for m in self.shown.values() if (m.match_id, m.audience) == (match_id, audience)]
        return [str(text) for message in mine for text in message.texts]


class FusedRoom:
    """The way to the channel."""

    def __init__(self, channel, fuse):
        self._channel = channel
        self._fuse = fuse

    async def deliver(self, message):
        if self._fuse.point == NO_ROOM:
            await self._fuse.buried.wait()
        await self._fuse.pass_by("before-send")
        reference = self._channel.take(message)
        await self._fuse.pass_by("after-send")
        return reference


class Watched:
    """A house bot that looks first whether it is shown more than its seat may know."""

    def __init__(self, bot, seat):
        self._bot = bot
        self._seat = seat

    async def answer(self, view, ask, refusals):
        assert view.seat == self._seat
        assert view.game == view.game.without_hidden()
        assert all(event.seen_by(self._seat) for event in view.events)
        return await self._bot.answer(view, ask, refusals)


class Away:
    """A person, whose answers come as clicks."""

    async def answer(self, view, ask, refusals):
        await asyncio.Event().wait()


def seating(player, setup, seat):
    kind, _, level = player.partition(":")
    return Watched(HouseBot(Level(level), setup.seed, seat), seat) if kind == "house" else Away()


class Life:
    """One life of the program, from its start to its kill."""

    def __init__(self, store, channel):
        self.fuse = Fuse()
        self.store = FusedStore(store, self.fuse)
        room = FusedRoom(channel, self.fuse)
        self.arena = Arena(self.store, seating, lambda _: room)
        self._runs = {}

    async def resume(self):
        """Go on where an earlier life has ended."""
        await self.arena.outbox.redeliver()
        for match in await self.store.matches(open_only=True, limit=1000):
            await self.arena.wake(match.match_id)
        await self.quiet()

    async def quiet(self):
        """Play until only people can go on, and all that was promised has been delivered."""
        while moving := [table for table in self.arena.tables.values() if self._moves(table)]:
            for table in moving:
                last = self._runs.get(table)
                if last and last.done() and not last.cancelled():
                    last.result()
                self._runs[table] = self.arena.play(table)
            await asyncio.sleep(0.0005)
        if self.fuse.point != NO_ROOM:
            await self.arena.outbox.settle()

    def _moves(self, table):
        unheeded = not table.over and not table.paused and table not in self._runs
        return unheeded or not table.waits_for_people or table._writes

    async def until_killed(self, work):
        """Do some work, or as much of it as the fuse allows."""
        task = asyncio.create_task(work)
        killed = asyncio.create_task(self.fuse.blown.wait())
        await asyncio.wait({task, killed}, return_when=asyncio.FIRST_COMPLETED, timeout=PATIENCE)
        in_time = task.done() or killed.done()
        for one in (task, killed):
            one.cancel()
        done, _ = await asyncio.gather(task, killed, return_exceptions=True)
        assert in_time, "A table hangs."
        if isinstance(done, Exception):
            raise done

    async def bury(self):
        """Let what still waits in this life fail, so that nothing of it is left behind."""
        self.fuse.blown.set()
        self.fuse.buried.set()
        await self.arena.close()
        await self.store.close()


class Machine:
    """The disk, and the program that is started on it again and again."""

    def __init__(self, folder):
        self.channel = Channel()
        self._database = Path(folder) / "life-0.db"
        self._database.write_bytes(empty_database())
        self._lives = 0
        self.life = None

    async def start(self, fuse=None):
        """Begin a life on what is on the disk; the fuse may end it while it still wakes up."""
        self.life = Life(await SqlStore.open(self._database), self.channel)
        if fuse:
            self.life.fuse.light(*fuse)
        await self.life.until_killed(self.life.resume())
        if fuse and (self.life.fuse.blown.is_set() or fuse[0] == NO_ROOM):
            await self.kill()
        self.life.fuse.point = None

    async def kill(self, next_fuse=None):
        """End this life, with the disk as it is now, and begin another."""
        self.life.fuse.blown.set()
        self._lives += 1
        kept = self._database.with_name(f"life-{self._lives}.db")
        await asyncio.to_thread(keep, self._database, kept)
        await self.life.bury()
        self._database = kept
        await self.start(next_fuse)


@cache
def empty_database():
    """Return the bytes of a database without matches; to make one takes a while."""

    async def make(file):
        await (await SqlStore.open(file)).close()

    with TemporaryDirectory() as folder:
        file = Path(folder) / "empty.db"
        asyncio.run(make(file))
        return file.read_bytes()


def keep(database, kept):
    """Copy the files of a database in use as a power cut would leave them between two commits."""
    with closing(sqlite3.connect(database, timeout=PATIENCE, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{database}{suffix}", f"{kept}{suffix}")


def timed(kind):
    """Return a game whose every question has run out of time as soon as it is put."""

    @dataclass(frozen=True)
    class Timed(kind):
        name = f"{OUT_OF_TIME}{kind.name}"

        def asks(self, state, /):
            return {seat: replace(ask, seconds=0.0) for seat, ask in super().asks(state).items()}

    return Timed


TIMED = {kind.name: kind for kind in map(timed, GAMES.values())}
"""Each game of the catalogue with time limits."""
