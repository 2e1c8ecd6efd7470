"""The arena: opens matches, wakes and rests their tables, and lets the clock speak."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot.arena.events import Seated
from bot.arena.house_rules import NONE, HouseRules, called_by, time_limit
from bot.arena.outbox import Outbox, outgoing
from bot.arena.snapshots import taken
from bot.arena.table import Seating, Table
from bot.errors import ParlourError, ShownToUser
from bot.ports import Due, Effects, Entry, Outgoing, Room, Setup, Snapshot, Store, Stored
from games.core import TABLE, BadSetup, Event, Game, GameError, Match, Outcome, Seat, quoted
from games.foreign_events import REFEREE

log = structlog.get_logger(__name__)

IDLE = timedelta(minutes=10)
"""How long a table that waits for people stays loaded when nothing happens at it."""
REMINDER = timedelta(seconds=30)
"""How long before its time is up a person hears of it."""
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letters that are mistaken for others


class Arena:
    """Every table of this process, by match id; a match without a table is a row in the store."""

    def __init__(
        self,
        store: Store,
        seating: Seating,
        room_of: Callable[[str], Room],
        *,
        hosts: bool = True,
        house_rules: Callable[[str], HouseRules] = lambda _: NONE,
        seated: Callable[[Table], None] = lambda _: None,
    ) -> None:
        self.store = store
        self.hosts = hosts
        """Whether it serves every match of its store; a terminal serves the one before it."""
        self.tables: dict[str, Table] = {}
        self.outbox = Outbox(store, room_of)
        self._seating = seating
        self._house_rules = house_rules
        self._seated = seated
        self._loading: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._running: dict[str, asyncio.Task[Outcome | None]] = {}
        self._closed = False

    async def open(
        self,
        game: Game[Any, Any, Any],
        players: Mapping[Seat, str],
        *,
        room: str,
        seed: int | None = None,
        cause: str | None = None,
        match_id: str | None = None,
    ) -> Table:
        """Open a match; `players` says who fills each seat, the environment's own included.

        With `match_id`, opening the same match again raises StaleMatch and changes nothing.

        Raises:
            BadSetup: the seats do not fit the game.
            ShownToUser: a player spec names nobody.

        """
        seats = [seat for seat in players if seat not in game.environment]
        for seat in game.environment:
            if seat not in players:
                raise BadSetup(f"{game.name} needs somebody in the seat {seat}.")
        seed = secrets.randbits(32) if seed is None else seed
        now = datetime.now(UTC)
        setup = Setup(match_id or new_id(), game, tuple(seats), seed, room, now)
        match = Match(game, seats, seed)
        for seat, player in players.items():
            self._seating(player, setup, seat)
        seated: list[Event] = [Seated(seat, player) for seat, player in players.items()]
        called = called_by(players, match.asks, known=())
        entry = Entry(1, TABLE, (*seated, *match.log, *called), now, cause)
        messages = outgoing(setup.match_id, entry, players)
        due = [
            Due(setup.match_id, seat, match.ask_id(seat), now + timedelta(seconds=seconds))
            for seat, ask in match.asks.items()
            if (seconds := time_limit(ask, seat, players[seat], self._house_rules(room)))
            is not None
        ]
        effects = Effects(messages, due, players, match.outcome)
        await self.store.open_match(setup, entry, effects)
        table = self._seat(Stored(setup, (entry,), match.outcome))
        for message in messages:
            self.outbox.post(room, message, entry, players)
        return table

    async def wake(self, match_id: str) -> Table:
        """Return the table of a match, loading it if it rests.

        Raises UnknownMatch; ShownToUser once the arena is closed.
        """
        if self._closed:
            raise ShownToUser("The bot is stopping; try again in a moment.")
        async with self._lock_of(match_id):
            if match_id not in self.tables:
                stored = await self.store.load(match_id)
                self._seat(stored, await self.store.snapshot(match_id))
            return self.tables[match_id]

    def play(self, table: Table) -> asyncio.Task[Outcome | None]:
        """Run a table in the background, once; the task gives how the match ended."""
        match_id = table.setup.match_id
        if self._closed:
            raise ShownToUser("The bot is stopping; the match goes on when it is back.")
        if match_id not in self._running or self._running[match_id].done():
            self._running[match_id] = asyncio.create_task(table.run(), name=f"table {match_id}")
        return self._running[match_id]

    async def rest(self, match_id: str) -> None:
        """Unload a table to its snapshot; its match costs a row in the store until it is woken."""
        async with self._lock_of(match_id):  # whoever wakes it meanwhile waits for its last write
            table = self.tables.pop(match_id, None)
            if task := self._running.pop(match_id, None):
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            if table is None:
                return
            await table.settle()
            kept = table.setup.game.snapshots and not table.over and table.entries > 1
            if kept:
                await self.store.save_snapshot(match_id, taken(table.match, table.entries))

    async def tick(self) -> None:
        """Answer for every seat whose time is up, and unload tables that wait for people only."""
        now = datetime.now(UTC)
        for due in await self.store.due(now + REMINDER):
            if self.hosts or due.match_id in self.tables:
                await self._keep(due, now)
        self.outbox.retry()
        for match_id, table in list(self.tables.items()):
            if self.hosts and table.waits_for_people and now - table.touched_at > IDLE:
                await self.rest(match_id)

    async def close(self) -> None:
        """Stop every table and the outbox; matches go on where they are when they are woken."""
        self._closed = True
        for match_id in list(self.tables):
            await self.rest(match_id)
        await self.outbox.close()

    async def _keep(self, due: Due, now: datetime) -> None:
        """Keep one time limit; whatever is wrong with its match concerns no other."""
        try:
            table = await self.wake(due.match_id)
            if due.at > now:
                await table.remind(due)
                return
            await table.expire(due)
            await self.store.done(due)
        except (ParlourError, GameError) as why:
            log.warning("a time limit was not kept", match=due.match_id, why=str(why))
        else:
            self.play(table)

    def _lock_of(self, match_id: str) -> asyncio.Lock:
        """Return what keeps a match from being loaded and unloaded at the same time."""
        return self._loading.setdefault(match_id, asyncio.Lock())

    def _seat(self, stored: Stored, snapshot: Snapshot | None = None) -> Table:
        room = stored.setup.room

        def post(message: Outgoing, entry: Entry) -> None:
            self.outbox.post(room, message, entry, dict(table.players))

        table = Table(stored, self.store, self._seating, post, snapshot, self._house_rules(room))
        self.tables[stored.setup.match_id] = table
        self._seated(table)
        return table


def read_players(
    game: type[Game[Any, Any, Any]] | Game[Any, Any, Any], given: Mapping[str, str]
) -> dict[Seat, str]:
    """Return who fills each seat, with house bots in the arena's own seats unless others are given.

    Raises ShownToUser for an empty spec.
    """
    players = {Seat(name): player for name, player in given.items()}
    for seat in game.environment:
        for name in [name for name in players if name.casefold() == seat and name != seat]:
            players[seat] = players.pop(name)
        players.setdefault(seat, "referee" if seat == REFEREE else "house:hard")
    if empty := [seat for seat, player in players.items() if not player]:
        raise ShownToUser(
            f"Say who plays {quoted(empty[0])}: me, house:easy, house:hard, model:NAME or "
            "character:NAME."
        )
    return players


def new_id() -> str:
    """Return an id that nothing has yet: eight letters and digits that people can tell apart."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(8))
