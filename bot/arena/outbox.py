"""The outbox: delivers what the journal has promised, in order, once.

A message is in the store before anybody hears of it and is struck out after it has arrived. If
the process dies in between, it is delivered again under the same nonce, and its room knows it.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.arena.events import is_person
from bot.ports import Entry, Message, Outgoing, Room, Store
from games.core import SPECTATOR, Seat

log = structlog.get_logger(__name__)

RETRY_SECONDS = (0.1, 0.5, 2.0, 5.0)


@dataclass
class Outbox:
    """One queue for each room, and a task that empties it."""

    store: Store
    room_of: Callable[[str], Room]
    """Returns the room with a name."""
    _queues: dict[str, asyncio.Queue[tuple[Outgoing, Entry]]] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def post(self, room: str, message: Outgoing, entry: Entry) -> None:
        """Deliver a message that is in the store, behind all that its room still waits for."""
        if room not in self._queues:
            self._queues[room] = asyncio.Queue()
            self._tasks[room] = asyncio.create_task(self._empty(room), name=f"outbox {room}")
        self._queues[room].put_nowait((message, entry))

    async def redeliver(self) -> int:
        """Post what an earlier process has promised and not delivered; return how much it was."""
        waiting = await self.store.undelivered()
        for match_id in dict.fromkeys(message.match_id for message in waiting):
            stored = await self.store.load(match_id)
            entries = {entry.number: entry for entry in stored.entries}
            for message in waiting:
                if message.match_id == match_id:
                    self.post(stored.setup.room, message, entries[message.number])
        return len(waiting)

    async def settle(self) -> None:
        """Wait until everything posted has been delivered."""
        await asyncio.gather(*(queue.join() for queue in self._queues.values()))

    async def close(self) -> None:
        """Stop; what is not delivered stays in the store."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._queues.clear()

    async def _empty(self, name: str) -> None:
        room, queue = self.room_of(name), self._queues[name]
        while True:
            message, entry = await queue.get()
            reference = await self._deliver(room, written(message, entry))
            if reference is not None:
                await self.store.delivered(message, reference)
            queue.task_done()

    async def _deliver(self, room: Room, message: Message) -> str | None:
        """Return what the room calls the message, or None when it cannot be reached at all."""
        for seconds in (*RETRY_SECONDS, None):
            try:
                return await room.deliver(message)
            except OSError as why:
                log.warning("a message could not be delivered", nonce=message.nonce, why=str(why))
                if seconds is not None:
                    await asyncio.sleep(seconds)
        return None


def outgoing(match_id: str, entry: Entry, players: Mapping[Seat, str]) -> Sequence[Outgoing]:
    """Return one message for the room and one for each person who alone may see a part."""
    secret = [event for event in entry.events if not event.seen_by(SPECTATOR)]
    people = [seat for seat, player in players.items() if is_person(player)]
    audiences = [seat for seat in people if any(event.seen_by(seat) for event in secret)]
    if len(secret) < len(entry.events):
        audiences.insert(0, SPECTATOR)
    return [Outgoing(match_id, entry.number, audience) for audience in audiences]


def written(message: Outgoing, entry: Entry) -> Message:
    """Return a message with its sentences: what the audience may see, and the room does not."""
    to = message.audience
    seen = [
        event
        for event in entry.events
        if event.seen_by(to) and (to == SPECTATOR or not event.seen_by(SPECTATOR))
    ]
    texts = [text for event in seen if (text := event.told()).template]
    return Message(message.nonce, message.match_id, to, texts)
