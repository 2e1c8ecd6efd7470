"""A match and its journal.

Every change goes propose, store, commit, tell, in that order: what was told is never lost, and
what was refused has changed nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from bot.arena.events import (
    TABLE_EVENTS,
    Aborted,
    Answered,
    HandedOver,
    Paused,
    Remarked,
    Resumed,
    Seated,
    Substituted,
    is_person,
    words_in,
)
from bot.arena.house_rules import HouseRules, called_by, time_limit
from bot.arena.outbox import outgoing
from bot.arena.snapshots import restore, turn_in
from bot.errors import AlreadyDone, ShownToUser, StaleMatch
from bot.ports import Due, Effects, Entry, Outgoing, Snapshot, Store, Stored
from games.core import (
    TABLE,
    Event,
    NotYourTurn,
    Outcome,
    Seat,
    Text,
    Turn,
    Words,
    clean,
)
from games.core.game import seeing
from games.core.match import Foresight

T = TypeVar("T")

Post = Callable[[Outgoing, Entry], None]
"""Takes a message that is safe on disk and will be delivered."""


class Record:
    """A match, who fills its seats, and the journal in which both are kept."""

    def __init__(
        self,
        stored: Stored,
        store: Store,
        post: Post,
        snapshot: Snapshot | None,
        house_rules: HouseRules,
    ) -> None:
        self.setup = stored.setup
        self.match = restore(stored, snapshot)
        self.players: dict[Seat, str] = {}
        self.first_players: dict[Seat, str] = {}
        """Who each seat was opened for, and to whom it goes back."""
        self.paused = False
        self.house_rules = house_rules
        self.bot_turns = 0
        """Turns in a row without a person."""
        self.heard: Counter[Seat] = Counter()
        """How often each seat has heard somebody speak."""
        self.entries = len(stored.entries)
        self._turns = [entry.number for entry in stored.entries if turn_in(entry)]
        """The entry of each turn."""
        self._causes = {entry.cause for entry in stored.entries}
        self.touched_at = datetime.now(UTC)
        """When it was loaded, or its last entry written if that is later."""
        self.watchers: list[Callable[[Entry], None]] = []
        """Called with each entry once it is committed; they must not block."""
        self.changed = asyncio.Event()
        self._store = store
        self._post = post
        self._lock = asyncio.Lock()
        self._writes: set[asyncio.Task[Any]] = set()
        for entry in stored.entries:
            self._fold(entry)

    @property
    def over(self) -> bool:
        """Whether the match has ended."""
        return self.match.over

    async def settle(self) -> None:
        """Wait until every write that has begun is done."""
        while self._writes:
            await asyncio.gather(*self._writes, return_exceptions=True)

    async def submit(
        self,
        seat: Seat,
        text: str,
        *,
        ask_id: str | None = None,
        cause: str | None = None,
        instead: Text | None = None,
        though_paused: bool = False,
    ) -> Entry:
        """Take an answer: decide, store, commit, tell.

        `ask_id` is the question it answers, when known; `instead` says why the table answers
        in the seat's place; `though_paused` is for what must not wait until the match goes on.

        Raises:
            Refused: it is no legal answer now; nothing has changed.
            AlreadyDone: this cause has had its effect.

        """
        answered = self._submit(seat, text, ask_id, cause, instead, though_paused=though_paused)
        return await self.finished(answered)

    async def admit(
        self, seat: Seat, player: str, *, by: Seat, answer: str, cause: str | None = None
    ) -> Entry:
        """Take an answer of `by` that brings somebody new to the table, who sits down with it.

        Whoever sits there already only has the answer taken.

        Raises:
            Refused: it is no legal answer now; nothing has changed.
            AlreadyDone: this cause has had its effect.
            ShownToUser: the seat is somebody else's.

        """
        sits = self.players.get(seat, player)
        if sits != player:
            told = "{seat} is somebody else at this table; choose another name."
            raise ShownToUser(Text(told, seat=seat))
        newcomer = None if seat in self.players else Seated(seat, player)
        return await self.finished(self._submit(by, answer, None, cause, None, newcomer))

    async def forget(self, seat: Seat) -> int:
        """Empty every text of a seat, here and in the store; return how many there were."""
        return await self.finished(self._alone(partial(self._forget, seat)))

    async def remark(self, seat: Seat, words: str) -> None:
        """Say something that is no move.  Raises ShownToUser for an empty remark."""
        said = clean(words, 500)
        if not said:
            raise ShownToUser("Say something after /say.")
        await self.finished(self.write(seat, (Remarked(seat, Words(said)),)))

    async def note_answers(self, answers: Sequence[Answered], cause: str) -> None:
        """Keep what residents of a town have answered to questions from outside.

        Raises AlreadyDone where this cause has had its effect.
        """
        await self.finished(self.write(TABLE, answers, cause=cause))

    def has_done(self, cause: str) -> bool:
        """Return whether a cause has had its effect."""
        return cause in self._causes

    async def pause(self, reason: Text) -> None:
        """Ask nobody anything until the match is resumed."""
        event = Paused(reason)
        await self.finished(self.write(TABLE, (event,), unless=lambda: self.paused or self.over))

    async def resume(self) -> None:
        """Let a paused match go on; `run` must be called again."""
        await self.finished(self.write(TABLE, (Resumed(),), unless=lambda: not self.paused))

    async def abort(self, reason: Text) -> None:
        """End the match without a contest."""
        outcome = Outcome({}, reason, aborted=True)
        await self.finished(
            self.write(TABLE, (Aborted(reason),), unless=lambda: self.over, outcome=outcome)
        )

    def used_by(self, seat: Seat) -> Sequence[Event]:
        """Return what the model of a seat has used since this was asked last: by itself nothing."""
        return ()

    def stands(self, seat: Seat, ask_id: str) -> bool:
        """Return whether a question is still open."""
        return seat in self.match.asks and self.match.ask_id(seat) == ask_id

    async def finished(self, write: Coroutine[Any, Any, T]) -> T:
        """Bring a write to its end even when its caller is cancelled."""
        task = asyncio.create_task(write)
        self._writes.add(task)
        task.add_done_callback(self._finish)
        return await asyncio.shield(task)

    def _finish(self, task: asyncio.Task[Any]) -> None:
        self._writes.discard(task)
        if not task.cancelled():
            task.exception()  # a caller that is gone cannot hear it, and need not: nothing changed

    async def _submit(
        self,
        seat: Seat,
        text: str,
        ask_id: str | None,
        cause: str | None,
        instead: Text | None,
        newcomer: Seated | None = None,
        *,
        though_paused: bool = False,
    ) -> Entry:
        used: list[Event] = []

        async def answer() -> Entry:
            if cause is not None and cause in self._causes:  # else it would seem out of turn
                raise AlreadyDone(f"{cause!r} has had its effect already.")
            if self.paused and not though_paused:
                raise NotYourTurn("The match is paused.")
            if ask_id is not None and not self.stands(seat, ask_id):
                raise NotYourTurn("That question is no longer open.")
            turn = self.match.propose(seat, text)
            used.extend(self.used_by(seat))
            before: list[Event] = [Substituted(seat, instead)] if instead else []
            before += [newcomer] if newcomer else []
            players = {newcomer.seat: newcomer.player} if newcomer else {}
            events = (*before, *used, *turn.events)
            return await self._append(seat, events, cause=cause, turn=turn, players=players)

        return await self._alone(answer)

    async def write(
        self,
        seat: Seat,
        events: Sequence[Event],
        *,
        unless: Callable[[], bool] = lambda: False,
        **effects: Any,
    ) -> None:
        """Append what the table itself does, unless there is no need of it any more."""

        async def append() -> None:
            if not unless():
                await self._append(seat, events, **effects)

        await self._alone(append)

    async def _alone(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write while nobody else does; again if another process has written meanwhile."""
        async with self._lock:
            while True:
                try:
                    return await write()
                except StaleMatch:
                    await self._catch_up()

    async def _catch_up(self) -> None:
        """Take up what another process has appended.  Raises StaleMatch where that is nothing."""
        stored = await self._store.load(self.setup.match_id)
        new = stored.entries[self.entries :]
        if not new:
            raise StaleMatch(
                f"The store has less of the match {self.setup.match_id} than its table."
            )
        for entry in new:
            self._take_up(entry, turn_in(entry))

    async def _append(
        self,
        seat: Seat,
        events: Sequence[Event],
        *,
        cause: str | None = None,
        turn: Turn[Any] | None = None,
        players: Mapping[Seat, str] | None = None,
        outcome: Outcome | None = None,
    ) -> Entry:
        """Store an entry with all that belongs to it, then take it up and have it told."""
        ahead = self.match.foresee(turn) if turn else None
        comers = self._comers(events, players or {})
        players = {**comers, **(players or {})}
        events = (*(Seated(*comer) for comer in comers.items()), *events)
        sitting = {**self.players, **players}
        called = called_by(sitting, ahead.asks, {*self.match.asks, seat}) if ahead else ()
        entry = Entry(self.entries + 1, seat, (*events, *called), datetime.now(UTC), cause)
        effects = Effects(
            outgoing=outgoing(self.setup.match_id, entry, sitting),
            due=self._time_limits(ahead, sitting, entry)
            if ahead
            else self._new_limit(events, entry.at),
            players=players,
            outcome=outcome or (ahead.outcome if ahead else None),
            forgotten=[self._turns[number] for number in self._replaced(events)],
        )
        await self._store.append(self.setup.match_id, entry, effects)
        self._take_up(entry, turn)
        for message in effects.outgoing:
            self._post(message, entry)
        return entry

    def _comers(self, events: Sequence[Event], known: Mapping[Seat, str]) -> Mapping[Seat, str]:
        """Return who sits down because the rules bring somebody to the table."""
        return {
            seat: player
            for event in events
            for seat, player in self.house_rules.comers(event).items()
            if seat not in self.players and seat not in known
        }

    def _take_up(self, entry: Entry, turn: Turn[Any] | None) -> None:
        """Fold an entry that is in the store, and let everybody here know of it."""
        self.entries = entry.number
        self._causes.add(entry.cause)
        self.touched_at = entry.at
        replaced = self._replaced(entry.events)
        if turn:
            self.match.commit(turn)
            self._turns.append(entry.number)
        for number in replaced:
            self.match.forget(number)
        self._fold(entry)
        self.changed.set()
        for watcher in self.watchers:
            watcher(entry)

    def _replaced(self, events: Sequence[Event]) -> Sequence[int]:
        """Return the turns whose words are to be forgotten because of new events."""
        new = [event for event in events if type(event).replaces is not Event.replaces]
        if not new:
            return ()
        return [
            number
            for number, turn in enumerate(self.match.turns)
            if any(event.replaces(earlier) for event in new for earlier in turn.events)
        ]

    async def _forget(self, seat: Seat) -> int:
        count = await self._store.forget(self.setup.match_id, seat)
        stored = await self._store.load(self.setup.match_id)
        known = stored.entries[: self.entries]  # what others have appended is taken up in its turn
        self.match = restore(replace(stored, entries=known))
        for event in [event for entry in known for event in entry.events]:
            if isinstance(event, Aborted):
                self.match.abort(event.reason)
        return count

    def _time_limits(
        self, ahead: Foresight, players: Mapping[Seat, str], entry: Entry
    ) -> Sequence[Due]:
        """Return the time limits of the questions that are new, or anew on a floor with words."""
        spoken = any(map(words_in, entry.events))
        return [
            Due(self.setup.match_id, seat, ask_id, entry.at + timedelta(seconds=seconds))
            for seat, ask in ahead.asks.items()
            if (seconds := time_limit(ask, seat, players[seat], self.house_rules)) is not None
            and (not self.stands(seat, ask_id := ahead.ask_id(seat)) or (spoken and ask.open_floor))
        ]

    def _new_limit(self, events: Sequence[Event], now: datetime) -> Sequence[Due]:
        """Return the time limits of standing questions that somebody has the whole time for now."""
        players, anew = dict(self.players), set[Seat]()
        for event in events:
            match event:
                case HandedOver(seat, player):
                    players[seat] = player
                    anew.add(seat)
                case Resumed():
                    anew.update(self.match.asks)
        return [
            Due(self.setup.match_id, seat, self.match.ask_id(seat), now + timedelta(seconds=limit))
            for seat, ask in self.match.asks.items()
            if seat in anew
            and (limit := time_limit(ask, seat, players[seat], self.house_rules)) is not None
        ]

    def _fold(self, entry: Entry) -> None:
        if entry.seat in self.players:
            by_person = is_person(self.players[entry.seat])
            self.bot_turns = 0 if by_person else self.bot_turns + 1
        for event in entry.events:
            if words_in(event) and not isinstance(event, TABLE_EVENTS):
                self.heard.update(seeing(event, self.players))
            match event:
                case Seated(seat, player):
                    self.players[seat] = self.first_players[seat] = player
                case HandedOver(seat, player):
                    self.players[seat] = player
                    if event.for_good:
                        self.first_players[seat] = player
                case Paused():
                    self.paused = True
                case Resumed():
                    self.paused = False
                    self.bot_turns = 0
                case Aborted(reason):
                    self.match.abort(reason)
