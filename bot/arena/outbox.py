"""The outbox: delivers what the journal has promised, in order, once.

A message is in the store before anybody hears of it and is struck out after it has arrived. If
the process dies in between, it is delivered again under the same nonce, and its room knows it.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog

from bot.arena.events import is_person
from bot.errors import ParlourError
from bot.ports import Entry, Message, Outgoing, Room, Store
from games.core import SPECTATOR, BrokenLog, Seat

log = structlog.get_logger(__name__)

RETRY_SECONDS = (0.1, 0.5, 2.0, 5.0)


@dataclass
class Outbox:
    """A queue for each room that waits for something, and a task that empties it."""

    store: Store
    room_of: Callable[[str], Room]
    """Returns the room with a name."""
    _waiting: dict[str, deque[tuple[Outgoing, Entry]]] = field(default_factory=dict)
    _tasks: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    def post(self, room: str, message: Outgoing, entry: Entry) -> None:
        """Deliver a message that is in the store, behind all that its room still waits for."""
        self._waiting.setdefault(room, deque()).append((message, entry))
        self._begin(room)

    def retry(self) -> None:
        """Begin again with every room that could not be reached."""
        for room in self._waiting:
            self._begin(room)

    async def redeliver(self) -> int:
        """Post what an earlier process has promised and not delivered; return how much it was."""
        waiting: dict[str, list[Outgoing]] = {}
        for message in await self.store.undelivered():
            waiting.setdefault(message.match_id, []).append(message)
        for match_id, messages in waiting.items():
            try:
                stored = await self.store.load(match_id)
            except BrokenLog as why:
                log.warning("messages cannot be delivered", match=match_id, why=str(why))
                continue
            for message in messages:
                self.post(stored.setup.room, message, stored.entries[message.number - 1])
        return sum(map(len, waiting.values()))

    async def settle(self) -> None:
        """Wait until everything posted has been delivered, or its room given up for now."""
        while self._tasks:
            await asyncio.wait(self._tasks.values())

    async def close(self) -> None:
        """Stop; what is not delivered stays in the store."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        self._tasks.clear()
        self._waiting.clear()

    def _begin(self, room: str) -> None:
        if room not in self._tasks:
            self._tasks[room] = asyncio.create_task(self._empty(room), name=f"outbox {room}")

    async def _empty(self, name: str) -> None:
        """Deliver what a room waits for; one that cannot be reached keeps it, in order."""
        waiting = self._waiting[name]
        try:
            while waiting and await self._arrived(self.room_of(name), *waiting[0]):
                waiting.popleft()
        finally:
            self._tasks.pop(name, None)
            if not waiting:
                self._waiting.pop(name, None)

    async def _arrived(self, room: Room, message: Outgoing, entry: Entry) -> bool:
        """Return whether the next message has its turn now."""
        for seconds in (*RETRY_SECONDS, None):
            try:
                reference = await room.deliver(written(message, entry))
                await self.store.delivered(message, reference)
            except (OSError, ParlourError) as why:
                log.warning("a message could not be delivered", nonce=message.nonce, why=str(why))
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
    """Return one message for the room and one for each person who alone may see a part."""
    told = [event for event in entry.events if event.told().template]
    secret = [event for event in told if not event.seen_by(SPECTATOR)]
    people = [seat for seat, player in players.items() if is_person(player)]
    audiences = [seat for seat in people if any(event.seen_by(seat) for event in secret)]
    if len(secret) < len(told):
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
