"""What the arena needs of the world: players, a store and rooms, each as a protocol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from games.core import Ask, Event, Game, Outcome, Seat, Text, View


class Player(Protocol):
    """Who fills a seat: a person, a model, a house bot or a script."""

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the answer to an Ask, as text.

        `refusals` are the sentences with which earlier answers to this same Ask were turned
        down, oldest first. May be cancelled at any time. Raises ModelError.
        """


@dataclass(frozen=True)
class Usage:
    """What calls of a model have used."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.tokens_in + other.tokens_in,
            self.tokens_out + other.tokens_out,
        )


@runtime_checkable
class Counting(Protocol):
    """A player that counts what its model uses, so that the journal can tell."""

    def used(self) -> Usage:
        """Return what it has used since this was asked last."""


@runtime_checkable
class Resting(Protocol):
    """A player that holds something outside while its table is played."""

    async def rest(self, *, over: bool) -> None:
        """Let go of it; the table is over, or stops for now and may ask again."""


@dataclass(frozen=True)
class Setup:
    """What a match was opened with; it never changes."""

    match_id: str
    game: Game[Any, Any, Any]
    seats: Sequence[Seat]
    seed: int
    room: str
    """Where it is played, for example "terminal"."""
    opened_at: datetime
    """UTC."""


@dataclass(frozen=True)
class Entry:
    """One append to the journal: an answer and all that it led to, or something the table did."""

    number: int
    """1 for the first, without a gap; (match, number) is the journal's primary key and its lock."""
    seat: Seat
    """In whose name it happened; the table's own seat where no player acted."""
    events: Sequence[Event]
    """Events of the game and of the table, in order."""
    at: datetime
    """UTC."""
    cause: str | None = None
    """The click, message or deadline behind it; unique in the whole store."""


@dataclass(frozen=True)
class Outgoing:
    """A message that waits to be delivered: one entry as one audience sees it."""

    match_id: str
    number: int
    audience: Seat
    """SPECTATOR for the whole room, or the one seat that may read it."""

    @property
    def nonce(self) -> str:
        """A text that is the same whenever this message is sent; at most 25 characters."""
        from zlib import crc32

        to = f"{crc32(self.audience.encode()):08x}" if self.audience else "room"
        return f"{self.match_id[:8]}-{self.number:x}-{to}"[:25]


@dataclass(frozen=True)
class Due:
    """A time limit: at `at`, the clock answers for the seat if this question still stands."""

    match_id: str
    seat: Seat
    ask_id: str
    at: datetime
    """UTC."""


@dataclass(frozen=True)
class Snapshot:
    """The state of a match after one of its entries, so that waking it needs no full replay."""

    number: int
    rules: str
    """Which rules made it; with others it must not be used."""
    state: str
    """JSON."""


@dataclass(frozen=True)
class Stored:
    """A match as the store holds it."""

    setup: Setup
    entries: Sequence[Entry]
    outcome: Outcome | None
    """Set when the match is closed."""


@dataclass(frozen=True)
class Summary:
    """One line about a match."""

    match_id: str
    game: str
    seats: Mapping[Seat, str]
    """Who sits where now, as player specs such as "house:hard"."""
    room: str
    entries: int
    opened_at: datetime
    closed: bool


@dataclass(frozen=True)
class Effects:
    """What is written in the same transaction as an entry."""

    outgoing: Sequence[Outgoing] = ()
    due: Sequence[Due] = ()
    players: Mapping[Seat, str] = field(default_factory=dict)
    """Seats that somebody else fills from now on, as player specs."""
    outcome: Outcome | None = None
    """Given when the entry closes the match."""
    forgotten: Sequence[int] = ()
    """Earlier entries whose texts are emptied, as their words were replaced or deleted."""


class Store(Protocol):
    """The journal and what must be written together with it.

    A write that was awaited is on disk. A cancelled write may or may not be.
    """

    async def open_match(self, setup: Setup, entry: Entry, effects: Effects) -> None:
        """Write a new match with its first entry.  Raises AlreadyDone for a known cause."""

    async def append(self, match_id: str, entry: Entry, effects: Effects) -> None:
        """Write one entry.

        Raises:
            StaleMatch: the entry's number is taken, or leaves a gap.
            AlreadyDone: the entry's cause is in the journal.
            UnknownMatch: there is no such match.

        """

    async def load(self, match_id: str) -> Stored:
        """Return a match with all entries, oldest first.  Raises UnknownMatch, BrokenLog."""

    async def matches(self, *, open_only: bool = False, limit: int = 100) -> Sequence[Summary]:
        """Return matches, newest first."""

    async def undelivered(self, match_id: str | None = None) -> Sequence[Outgoing]:
        """Return the messages not yet marked as delivered, oldest first."""

    async def delivered(self, message: Outgoing, reference: str) -> None:
        """Note that a message has arrived, and what its room calls it."""

    async def last_reference(self, match_id: str) -> str | None:
        """Return what the room calls the last message it has shown to everybody; None for none."""

    async def due(self, now: datetime) -> Sequence[Due]:
        """Return the time limits that have passed, oldest first."""

    async def due_of(self, match_id: str) -> Sequence[Due]:
        """Return the time limits that stand in a match."""

    async def done(self, due: Due) -> None:
        """Strike out a time limit; one that was set for the same seat since is another one."""

    async def save_snapshot(self, match_id: str, snapshot: Snapshot) -> None:
        """Keep a state, in place of an older one.  Raises UnknownMatch."""

    async def snapshot(self, match_id: str) -> Snapshot | None:
        """Return the newest snapshot of a match; None where there is none."""

    async def set_setting(self, scope: str, key: str, value: str) -> None:
        """Keep a text under a key, in place of an older one."""

    async def get_setting(self, scope: str, key: str) -> str | None:
        """Return what was kept; None where nothing was."""

    async def forget(self, match_id: str, seat: Seat) -> int:
        """Empty every text that a seat has said in a match; return how many there were."""


@dataclass(frozen=True)
class Part:
    """One sentence of a message, and what a room may make of it."""

    text: Text
    speaker: Seat | None = None
    """Whose own words it holds; None where the table speaks."""
    called: Sequence[Seat] = ()
    """Who is to be told that it is their turn."""
    event: Event | None = None
    """What it tells of, for a room that shows more than sentences."""


@dataclass(frozen=True)
class Message:
    """An outgoing message, ready to be shown."""

    nonce: str
    match_id: str
    audience: Seat
    parts: Sequence[Part]
    """Sentences, in order."""
    players: Mapping[Seat, str] = field(default_factory=dict)
    """Who filled each seat when it happened, as player specs."""
    again: bool = False
    """Whether it may have arrived already: an earlier attempt's end is not known."""
    cause: str | None = None
    """The click or message behind it."""

    @property
    def texts(self) -> Sequence[Text]:
        """The sentences alone."""
        return [part.text for part in self.parts]


class Room(Protocol):
    """A place that shows messages: a terminal, a channel, a page."""

    async def deliver(self, message: Message) -> str:
        """Show a message and return what the room calls it.

        It may be called again for a message that has arrived already (the process died before
        that was noted), so a room knows a nonce again and then shows nothing. Raises OSError while
        the room cannot be reached: the message is tried again, ahead of all later ones.
        """
