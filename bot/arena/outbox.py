"""The outbox: delivers what the journal has promised, in order, once.

A message is in the store before anybody hears of it and is struck out after it has arrived. If
the process dies in between, it is delivered again under the same nonce, and its room knows it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import structlog

from bot.arena.events import Called, HandedOver, Reminded, Seated, is_person
from bot.errors import ParlourError, RoomGone
from bot.ports import Entry, Message, Outgoing, Part, Room, Store
from games.core import SPECTATOR, BrokenLog, Event, Seat, Words

log = structlog.get_logger(__name__)

RETRY_SECONDS = (0.1, 0.5, 2.0, 5.0)

Players = Mapping[Seat, str]
"""Who fills each seat, as player specs."""


@dataclass(frozen=True)
class Letter:
    """A message on its way."""

    message: Outgoing
    entry: Entry
    players: Players
    again: bool
    """Whether it may have arrived already, whole or in part."""


def _unheard(letter: Letter, why: RoomGone) -> None:
    log.warning("a room is gone", match=letter.message.match_id, why=str(why))


@dataclass
class Outbox:
    """A queue for each room that waits for something, and a task that empties it."""

    store: Store
    room_of: Callable[[str], Room]
    """Returns the room with a name."""
    gone: Callable[[Letter, RoomGone], None] = _unheard
    """Called when a room is closed to the bot; its messages wait until `reopen`."""
    _closed: set[str] = field(default_factory=set)
    """Rooms that are closed to the bot; one that knocks every second is thrown out of Discord."""
    _waiting: dict[str, deque[Letter]] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def post(self, room: str, message: Outgoing, entry: Entry, players: Players) -> None:
        """Deliver a message that is in the store, behind all that its room still waits for."""
        self._post(room, Letter(message, entry, players, again=False))

    def retry(self) -> None:
        """Begin again with every room that could not be reached, unless it is closed."""
        for room in self._waiting:
            self._begin(room)

    def reopen(self, room: str) -> None:
        """Begin again with a room that was closed: somebody says that it is open now."""
        self._closed.discard(room)
        if room in self._waiting:
            self._begin(room)

    async def redeliver(self) -> int:
        """Post what an earlier process has promised and not delivered; return how much it was.

        To be called once, before anything is played: what this process posts waits here already.
        """
        waiting: dict[str, list[Outgoing]] = {}
        for message in await self.store.undelivered():
            waiting.setdefault(message.match_id, []).append(message)
        for match_id, messages in waiting.items():
            try:
                stored = await self.store.load(match_id)
            except BrokenLog as why:
                log.warning("messages cannot be delivered", match=match_id, why=str(why))
                continue
            players = players_after(stored.entries)
            for number in sorted({message.number for message in messages}):
                entry, then = stored.entries[number - 1], players[number - 1]
                # In the order in which they were promised, which the store does not keep.
                for message in outgoing(match_id, entry, then):
                    if message in messages:
                        self._post(stored.setup.room, Letter(message, entry, then, again=True))
        return sum(map(len, waiting.values()))

    async def settle(self) -> None:
        """Wait until everything posted has been delivered, or its room given up for now."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def heard(self, room: str) -> None:
        """Wait until a room has heard everything posted to it, or is given up for now."""
        if task := self._tasks.get(room):
            await asyncio.wait([task])

    async def close(self) -> None:
        """Stop; what is not delivered stays in the store."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._waiting.clear()

    def _post(self, room: str, letter: Letter) -> None:
        self._waiting.setdefault(room, deque()).append(letter)
        self._begin(room)

    def _begin(self, room: str) -> None:
        if room not in self._tasks and room not in self._closed:
            self._tasks[room] = asyncio.create_task(self._empty(room), name=f"outbox {room}")

    async def _empty(self, name: str) -> None:
        """Deliver what a room waits for; one that cannot be reached keeps it, in order."""
        waiting = self._waiting[name]
        try:
            while waiting:
                if not await self._arrived(name, waiting[0]):
                    waiting[0] = replace(waiting[0], again=True)  # a part may have arrived
                    break
                waiting.popleft()
        finally:
            self._tasks.pop(name, None)
            if not waiting:
                self._waiting.pop(name, None)

    async def _arrived(self, room: str, letter: Letter) -> bool:
        """Return whether the next message has its turn now."""
        message, again = letter.message, letter.again
        for seconds in (*RETRY_SECONDS, None):
            try:
                shown = written(message, letter.entry, letter.players, again=again)
                reference = await self.room_of(room).deliver(shown)
                await self.store.delivered(message, reference)
            except RoomGone as why:
                self._closed.add(room)
                self.gone(letter, why)
                return False
            except (OSError, ParlourError) as why:
                log.warning("a message could not be delivered", nonce=message.nonce, why=str(why))
                again = True
                if seconds is not None:
                    await asyncio.sleep(seconds)
            except Exception:
                # One message that a room cannot show must not make it deaf; the store keeps it.
                log.exception("a message was left out", nonce=message.nonce)
                return True
            else:
                return True
        return False


def outgoing(match_id: str, entry: Entry, players: Mapping[Seat, str]) -> Sequence[Outgoing]:
    """Return one message for the room and one for each person who alone may see a part.

    They stand in the order in which their events begin: a throw comes before its revelation.
    """
    told = [event for event in entry.events if event.told().template]
    secret = [event for event in told if not event.seen_by(SPECTATOR)]
    people = [seat for seat, player in players.items() if secret and is_person(player)]
    audiences = [seat for seat in people if any(event.seen_by(seat) for event in secret)]
    if len(secret) < len(told):
        audiences.insert(0, SPECTATOR)

    def begins(audience: Seat) -> int:
        heard = told if audience == SPECTATOR else secret
        return told.index(next(event for event in heard if event.seen_by(audience)))

    audiences.sort(key=begins)
    return [Outgoing(match_id, entry.number, audience) for audience in audiences]


def written(
    message: Outgoing, entry: Entry, players: Players | None = None, *, again: bool = False
) -> Message:
    """Return a message with its sentences: what the audience may see, and the room does not."""
    to = message.audience
    seen = [
        event
        for event in entry.events
        if event.seen_by(to) and (to == SPECTATOR or not event.seen_by(SPECTATOR))
    ]
    parts = [part for event in seen if (part := _part(event)).text.template]
    return Message(message.nonce, message.match_id, to, parts, players or {}, again, entry.cause)


def players_after(entries: Sequence[Entry]) -> Sequence[Players]:
    """Return who filled the seats after each entry."""
    players: dict[Seat, str] = {}
    after: list[Players] = []
    for entry in entries:
        for event in entry.events:
            if isinstance(event, Seated | HandedOver):
                players = {**players, event.seat: event.player}
        after.append(players)
    return after


def _part(event: Event) -> Part:
    speaker = getattr(event, "seat", None)
    spoken = any(isinstance(value, Words) for value in vars(event).values())
    called: Sequence[Seat] = ()
    if isinstance(event, Called):
        called = event.seats
    elif isinstance(event, Reminded):
        called = (event.seat,)
    return Part(event.told(), speaker if spoken else None, called, event)
