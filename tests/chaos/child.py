"""The process that is killed: tables with remote players and a remote room, over a real store."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp

from bot.arena.arena import Arena
from bot.errors import AlreadyDone
from bot.players.house import HouseBot
from bot.store.sql_store import SqlStore
from games import GAMES
from games.core import Level, Refused, Seat
from games.core.options import game_with

TABLES = 20
POINTS = ("before-append", "after-append", "before-send", "after-send", "after-mark", "mid-move")
CLICKED = "person:clicks"
"""Players whose answers come as clicks with a cause, each of them twice."""


class Fuse:
    """Kills this process when a named point has been passed so many times."""

    def __init__(self, point, count):
        self.point = point
        self.left = count

    def pass_by(self, point):
        if point == self.point:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


class FusedStore:
    """The real store, with the fuse before and after what must not be torn apart."""

    def __init__(self, store, fuse):
        self._store = store
        self._fuse = fuse

    def __getattr__(self, name):
        return getattr(self._store, name)

    async def append(self, match_id, entry, effects):
        self._fuse.pass_by("before-append")
        await self._store.append(match_id, entry, effects)
        self._fuse.pass_by("after-append")

    async def delivered(self, message, reference):
        await self._store.delivered(message, reference)
        self._fuse.pass_by("after-mark")


class RemoteRoom:
    """A room in another process that knows a nonce again, as Discord does."""

    def __init__(self, http, base, fuse):
        self._http = http
        self._base = base
        self._fuse = fuse

    async def deliver(self, message):
        self._fuse.pass_by("before-send")
        body = {
            "nonce": message.nonce,
            "match": message.match_id,
            "audience": message.audience,
            "texts": [str(text) for text in message.texts],
        }
        async with self._http.post(f"{self._base}/deliver", json=body) as reply:
            reference = (await reply.json())["reference"]
        self._fuse.pass_by("after-send")
        return reference


class ReadBackRoom(RemoteRoom):
    """A room without nonces: before it sends, it looks whether the message is there already."""

    async def deliver(self, message):
        query = {"match": message.match_id, "nonce": message.nonce}
        async with self._http.get(f"{self._base}/find", params=query) as reply:
            if reference := (await reply.json())["reference"]:
                return reference
        return await super().deliver(message)


class RemotePlayer:
    """A scripted player in another process, which says the same when it is asked the same."""

    def __init__(self, storm, match_id, seat):
        self._storm = storm
        self._match_id = match_id
        self._seat = seat

    async def answer(self, view, ask, refusals):
        ask_id = self._storm.arena.tables[self._match_id].match.ask_id(self._seat)
        return (await self._storm.move(self._match_id, self._seat, ask_id, ask))["text"]


class Waiting:
    """A person whose answers come as clicks."""

    async def answer(self, view, ask, refusals):
        await asyncio.Event().wait()


class Storm:
    """All tables of this process."""

    def __init__(self, http, base, fuse):
        self._http = http
        self._base = base
        self._fuse = fuse
        self.arena = None

    def seating(self, player, setup, seat):
        if player == "model:remote":
            return RemotePlayer(self, setup.match_id, seat)
        return Waiting() if player == CLICKED else HouseBot(Level.MEDIUM, setup.seed, seat)

    async def move(self, match_id, seat, ask_id, ask):
        body = {"match": match_id, "seat": seat, "ask": ask_id, "choices": list(ask.choices)}
        async with self._http.post(f"{self._base}/move", json=body) as reply:
            said = await reply.json()
        self._fuse.pass_by("mid-move")
        return said

    async def click(self, table, seat):
        """Click for a seat until the match is over; every click arrives twice."""
        match = table.match
        while not table.over:
            if seat not in match.asks:
                await asyncio.sleep(0.002)
                continue
            ask_id = match.ask_id(seat)
            said = await self.move(table.setup.match_id, seat, ask_id, match.asks[seat])
            for _ in range(2):
                try:
                    await table.submit(seat, said["text"], ask_id=ask_id, cause=said["cause"])
                except (AlreadyDone, Refused):
                    pass

    async def play(self, table):
        clickers = [
            asyncio.create_task(self.click(table, seat))
            for seat, player in table.players.items()
            if player == CLICKED
        ]
        await self.arena.play(table)
        await asyncio.gather(*clickers)


def plans():
    """Return what the tables play, and with whom."""
    rps = game_with(GAMES["rock-paper-scissors"], {"target": "60"})
    remote = {Seat("Ann"): "model:remote", Seat("Bob"): "model:remote"}
    clicks = {Seat("Ann"): CLICKED, Seat("Bob"): "model:remote"}
    chameleon = {Seat(name): "house:medium" for name in ("Bea", "Cid")} | remote
    return [
        (rps, remote, "nonce"),
        (rps, clicks, "read-back"),
        (GAMES["tic-tac-toe"](), clicks, "nonce"),
        (GAMES["chameleon"](), chameleon, "read-back"),
    ]


async def main(folder, base, point, count, finish):
    fuse = Fuse(point, int(count))
    store = FusedStore(await SqlStore.open(Path(folder) / "parlour.db"), fuse)
    async with aiohttp.ClientSession() as http:
        storm = Storm(http, base, fuse)
        rooms = {
            "nonce": RemoteRoom(http, base, fuse),
            "read-back": ReadBackRoom(http, base, fuse),
        }
        storm.arena = Arena(store, storm.seating, rooms.__getitem__)
        await storm.arena.outbox.redeliver()
        tables = [
            await storm.arena.wake(match.match_id)
            for match in await store.matches(open_only=True, limit=1000)
        ]
        for number in range(len(tables), 0 if finish else TABLES):
            game, players, room = plans()[number % 4]
            tables.append(await storm.arena.open(game, players, room=room))
        await asyncio.gather(*(storm.play(table) for table in tables))
        await storm.arena.outbox.settle()
        await storm.arena.close()
    await store.close()


if __name__ == "__main__":
    folder, base, point, count, finish = sys.argv[1:]
    asyncio.run(main(folder, base, point, count, finish == "finish"))
