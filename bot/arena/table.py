"""One match and whoever fills its seats: the loop that turns answers into history.

Every change goes propose, store, commit, tell, in that order: what was told is never lost, and
what was refused has changed nothing.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final, TypeVar

import structlog

from bot.arena.events import (
    TABLE_EVENTS,
    Aborted,
    Called,
    HandedOver,
    Paused,
    Remarked,
    Reminded,
    Resumed,
    Seated,
    Substituted,
    is_elsewhere,
    is_person,
    words_in,
)
from bot.arena.outbox import outgoing
from bot.arena.snapshots import restore, turn_in
from bot.errors import AlreadyDone, BudgetSpent, OperatorError, ShownToUser, StaleMatch
from bot.ports import Due, Effects, Entry, Outgoing, Player, Setup, Snapshot, Store, Stored
from games.core import (
    PASS,
    TABLE,
    Ask,
    Event,
    Level,
    NotYourTurn,
    Outcome,
    Refused,
    Seat,
    Text,
    Turn,
    Words,
    clean,
)
from games.core.match import Foresight

T = TypeVar("T")

log = structlog.get_logger(__name__)

REFUSALS: Final = 3
"""How often a refused answer goes back to a model before the table answers for it."""
STAND_IN: Final = "house:medium"
"""Who takes over a seat that a person has left."""
_SAMPLES: Final = 20

Seating = Callable[[str, Setup, Seat], Player]
"""Returns the player for a spec such as "house:hard".  Raises ShownToUser."""
Post = Callable[[Outgoing, Entry], None]
"""Takes a message that is safe on disk and will be delivered."""


@dataclass(frozen=True)
class HouseRules:
    """What a room asks of its tables, whatever is played."""

    seconds: float | None = None
    """How long a person may think where the game itself sets no limit."""
    bot_turns: int | None = None
    """Turns in a row without a person after which a match pauses, so that no loop runs for ever."""
    tells_faults: bool = True
    """Whether everybody may read what is wrong with a model: servers' addresses stand in it."""


@dataclass(frozen=True)
class _Attention:
    """One question to one player; any difference means that it must be put anew."""

    seat: Seat
    ask_id: str
    player: str
    news: int
    """For a question that may be left open: how often the seat has heard somebody."""


class Table:
    """A match, the players in its seats, and the journal they write."""

    def __init__(
        self,
        stored: Stored,
        store: Store,
        seating: Seating,
        post: Post,
        snapshot: Snapshot | None = None,
        house_rules: HouseRules = HouseRules(),
    ) -> None:
        self.setup = stored.setup
        self.match = restore(stored, snapshot)
        self.players: dict[Seat, str] = {}
        self.first_players: dict[Seat, str] = {}
        """Who each seat was opened for, and to whom it goes back."""
        self.paused = False
        self.house_rules = house_rules
        self._heard: Counter[Seat] = Counter()
        self._bot_turns = 0
        self._reminded: set[Due] = set()
        self.entries = len(stored.entries)
        self._causes = {entry.cause for entry in stored.entries}
        self.touched_at = datetime.now(UTC)
        """When it was loaded, or its last entry written if that is later."""
        self.watchers: list[Callable[[Entry], None]] = []
        """Called with each entry once it is committed; they must not block."""
        self._store = store
        self._seating = seating
        self._seated: dict[tuple[Seat, str], Player] = {}
        self._post = post
        self._lock = asyncio.Lock()
        self._changed = asyncio.Event()
        self._writes: set[asyncio.Task[Any]] = set()
        for entry in stored.entries:
            self._fold(entry)

    @property
    def over(self) -> bool:
        """Whether the match has ended."""
        return self.match.over

    @property
    def waits_for_people(self) -> bool:
        """Whether nobody but people can move it on; true for a match that is over."""
        return self.paused or all(is_person(self.players[seat]) for seat in self.match.asks)

    async def run(self) -> Outcome | None:
        """Ask everyone who may answer until nobody is asked; return None when it was paused."""
        attending: dict[_Attention, asyncio.Task[None]] = {}
        try:
            while not self.over and not self.paused:
                if self._unattended:
                    await self.pause(Text("{n} turns without a person.", n=self._bot_turns))
                    break
                self._changed.clear()
                wanted = self._wanted()
                for gone in attending.keys() - set(wanted):
                    attending.pop(gone).cancel()
                for new in [one for one in wanted if one not in attending]:
                    attending[new] = asyncio.create_task(self._attend(new.seat, new.ask_id))
                    attending[new].add_done_callback(lambda _: self._changed.set())
                await self._changed.wait()
                for done in [key for key, task in attending.items() if task.done()]:
                    attending.pop(done).result()
            return self.match.outcome
        finally:
            for task in attending.values():
                task.cancel()
            await asyncio.gather(*attending.values(), *self._writes, return_exceptions=True)

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
    ) -> Entry:
        """Take an answer: decide, store, commit, tell.

        `ask_id` is the question it answers, when known; `instead` says why the table answers
        in the seat's place.

        Raises:
            Refused: it is no legal answer now; nothing has changed.
            AlreadyDone: this cause has had its effect.

        """
        return await self._finished(self._submit(seat, text, ask_id, cause, instead))

    async def hand_over(
        self, seat: Seat, player: str, reason: Text, *, for_good: bool = False
    ) -> None:
        """Let somebody else fill a seat from now on.  Raises ShownToUser for a bad spec."""
        if seat not in self.players:
            raise ShownToUser(f"There is no seat {clean(seat, 40)} at this table.")
        self._player(seat, player)
        events: list[Event] = [HandedOver(seat, player, reason, for_good)]
        if for_good:  # whoever comes back knows it
            events += called_by({seat: player}, self._asked_of(seat), known=())
        await self._finished(self._write(seat, events, players={seat: player}))

    async def remind(self, due: Due) -> None:
        """Tell a person, once for each question, that the time is nearly up."""
        standing = self._stands(due.seat, due.ask_id) and is_elsewhere(self.players[due.seat])
        if self.paused or not standing or due in self._reminded:
            return
        self._reminded.add(due)
        cause = f"remind:{due.match_id}:{due.ask_id}:{due.seat}"
        with suppress(AlreadyDone):
            await self._finished(self._write(TABLE, (Reminded(due.seat),), cause=cause))

    async def leave(self, seat: Seat) -> None:
        """Let a house bot play on for a person who goes."""
        await self.hand_over(seat, STAND_IN, Text("{seat} has left.", seat=seat))

    async def resign(self, seat: Seat) -> None:
        """Let a house bot play on for a person who gives up for good."""
        reason = Text("{seat} has resigned.", seat=seat)
        await self.hand_over(seat, STAND_IN, reason, for_good=True)

    async def reseat(self, seat: Seat, player: str) -> None:
        """Put somebody else in a seat for good.  Raises ShownToUser for a bad spec."""
        reason = Text("{seat} has a new player.", seat=seat)
        await self.hand_over(seat, player, reason, for_good=True)

    async def come_back(self, seat: Seat) -> None:
        """Give a seat back to whom it was opened for."""
        back = self.first_players[seat]
        if self.players[seat] != back:
            await self.hand_over(seat, back, Text("{seat} is back.", seat=seat))

    async def remark(self, seat: Seat, words: str) -> None:
        """Say something that is no move.  Raises ShownToUser for an empty remark."""
        said = clean(words, 500)
        if not said:
            raise ShownToUser("Say something after /say.")
        await self._finished(self._write(seat, (Remarked(seat, Words(said)),)))

    async def pause(self, reason: Text) -> None:
        """Ask nobody anything until the match is resumed."""
        event = Paused(reason)
        await self._finished(self._write(TABLE, (event,), unless=lambda: self.paused or self.over))

    async def resume(self) -> None:
        """Let a paused match go on; `run` must be called again."""
        await self._finished(self._write(TABLE, (Resumed(),), unless=lambda: not self.paused))

    async def abort(self, reason: Text) -> None:
        """End the match without a contest."""
        outcome = Outcome({}, reason, aborted=True)
        await self._finished(
            self._write(TABLE, (Aborted(reason),), unless=lambda: self.over, outcome=outcome)
        )

    async def expire(self, due: Due) -> None:
        """Answer for a seat whose time is up, if that question still stands.

        The Ask's default is played; without one a person's seat goes to a house bot.
        """
        seat = due.seat
        if self.paused or not self._stands(seat, due.ask_id):
            return
        late = Text("{seat} has run out of time.", seat=seat)
        ask = self.match.asks[seat]
        if ask.default is None and not ask.optional and is_person(self.players[seat]):
            await self.hand_over(seat, STAND_IN, late)
            return
        try:
            await self._answer_for(
                seat, due.ask_id, late, cause=f"due:{due.match_id}:{due.ask_id}:{seat}"
            )
        except (Refused, AlreadyDone):
            log.debug("deadline was overtaken", match=due.match_id, seat=seat)

    def _wanted(self) -> list["_Attention"]:
        """Return who must be attended to now, in the order in which the game asks."""
        return [
            _Attention(
                seat,
                self.match.ask_id(seat),
                self.players[seat],
                self._heard[seat] if ask.optional and not is_person(self.players[seat]) else 0,
            )
            for seat, ask in self.match.asks.items()
        ]

    def _player(self, seat: Seat, player: str) -> Player:
        """Return who plays a seat; the same one each time, as a player may remember."""
        if (seat, player) not in self._seated:
            self._seated[seat, player] = self._seating(player, self.setup, seat)
        return self._seated[seat, player]

    def _asked_of(self, seat: Seat) -> Mapping[Seat, Ask]:
        return {seat: self.match.asks[seat]} if seat in self.match.asks else {}

    def _stands(self, seat: Seat, ask_id: str) -> bool:
        return seat in self.match.asks and self.match.ask_id(seat) == ask_id

    async def _finished(self, write: Coroutine[Any, Any, T]) -> T:
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
        self, seat: Seat, text: str, ask_id: str | None, cause: str | None, instead: Text | None
    ) -> Entry:
        async def answer() -> Entry:
            if cause is not None and cause in self._causes:  # else it would seem out of turn
                raise AlreadyDone(f"{cause!r} has had its effect already.")
            if self.paused:
                raise NotYourTurn("The match is paused.")
            if ask_id is not None and not self._stands(seat, ask_id):
                raise NotYourTurn("That question is no longer open.")
            turn = self.match.propose(seat, text)
            before: tuple[Event, ...] = (Substituted(seat, instead),) if instead else ()
            return await self._append(seat, (*before, *turn.events), cause=cause, turn=turn)

        return await self._alone(answer)

    async def _write(
        self,
        seat: Seat,
        events: Sequence[Event],
        *,
        unless: Callable[[], bool] = lambda: False,
        **effects: Any,
    ) -> None:
        """Append what the table itself does, unless there is no need of it any more."""

        async def write() -> None:
            if not unless():
                await self._append(seat, events, **effects)

        await self._alone(write)

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

    async def _attend(self, seat: Seat, ask_id: str) -> None:
        """Ask one player until it has given a legal answer, or answer in its place."""
        refusals: list[str] = []
        why = Text("{seat} gave no legal answer.", seat=seat)
        while self._stands(seat, ask_id):
            if len(refusals) > REFUSALS and not is_person(self.players[seat]):
                break
            ask = self.match.asks[seat]
            try:
                player = self._player(seat, self.players[seat])
                text = await player.answer(self.match.view_of(seat), ask, tuple(refusals))
            except BudgetSpent as error:
                await self.pause(Text("{error}", error=str(error)))
                return
            except OperatorError as error:  # a model that fails, or is named in no file any more
                why = self._told_of(seat, error)
                break
            try:
                await self.submit(seat, text, ask_id=ask_id)
            except Refused as refusal:
                refusals.append(str(refusal))
        if self._stands(seat, ask_id):
            await self._answer_for(seat, ask_id, why)

    def _told_of(self, seat: Seat, error: OperatorError) -> Text:
        """Return what everybody reads of a model's failure; where that is little, it is logged."""
        if self.house_rules.tells_faults:
            return Text("{error}", error=str(error))
        log.warning("a model gave no answer", match=self.setup.match_id, seat=seat, why=str(error))
        return Text("The model of {seat} gave no answer.", seat=seat)

    async def _answer_for(
        self, seat: Seat, ask_id: str, why: Text, cause: str | None = None
    ) -> None:
        """Give the default, or a legal answer drawn at random, in the seat's place."""
        ask = self.match.asks[seat]
        rng = Random(f"{self.setup.seed}/{seat}/{self.entries}")
        view = self.match.view_of(seat)
        candidates = [ask.default, PASS if ask.optional else None]
        for attempt in range(_SAMPLES):
            text = candidates[attempt] if attempt < len(candidates) else None
            if text is None:
                text = view.game.house_answer(view, ask, Level.EASY, rng)
            try:
                await self.submit(seat, text, ask_id=ask_id, cause=cause, instead=why)
            except NotYourTurn:
                return
            except Refused as refusal:
                log.warning("no legal answer yet", seat=seat, refusal=str(refusal))
            else:
                return
        await self.abort(Text("no legal answer could be found for {seat}.", seat=seat))

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
        called = called_by(self.players, ahead.asks, {*self.match.asks, seat}) if ahead else ()
        entry = Entry(self.entries + 1, seat, (*events, *called), datetime.now(UTC), cause)
        effects = Effects(
            outgoing=outgoing(self.setup.match_id, entry, {**self.players, **(players or {})}),
            due=self._time_limits(ahead, entry.at) if ahead else self._new_limit(events, entry.at),
            players=players or {},
            outcome=outcome or (ahead.outcome if ahead else None),
        )
        await self._store.append(self.setup.match_id, entry, effects)
        self._take_up(entry, turn)
        for message in effects.outgoing:
            self._post(message, entry)
        return entry

    def _take_up(self, entry: Entry, turn: Turn[Any] | None) -> None:
        """Fold an entry that is in the store, and let everybody here know of it."""
        self.entries = entry.number
        self._causes.add(entry.cause)
        self.touched_at = entry.at
        if turn:
            self.match.commit(turn)
        self._fold(entry)
        self._changed.set()
        for watcher in self.watchers:
            watcher(entry)

    def _time_limits(self, ahead: Foresight, now: datetime) -> Sequence[Due]:
        """Return the time limits of the questions that would be new."""
        standing = {(seat, self.match.ask_id(seat)) for seat in self.match.asks}
        return [
            Due(self.setup.match_id, seat, ask_id, now + timedelta(seconds=seconds))
            for seat, ask in ahead.asks.items()
            if (seconds := time_limit(ask, self.players[seat], self.house_rules)) is not None
            and (seat, ask_id := ahead.ask_ids[seat]) not in standing
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
            and (limit := time_limit(ask, players[seat], self.house_rules)) is not None
        ]

    @property
    def _unattended(self) -> bool:
        most = self.house_rules.bot_turns
        return most is not None and self._bot_turns >= most

    def _fold(self, entry: Entry) -> None:
        if entry.seat in self.players:
            by_person = is_person(self.players[entry.seat])
            self._bot_turns = 0 if by_person else self._bot_turns + 1
        for event in entry.events:
            if words_in(event) and not isinstance(event, TABLE_EVENTS):
                self._heard.update(seat for seat in self.players if event.seen_by(seat))
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
                    self._bot_turns = 0
                case Aborted(reason):
                    self.match.abort(reason)


def time_limit(ask: Ask, player: str, house: HouseRules) -> float | None:
    """Return how many seconds a question leaves; None for as long as it takes."""
    if ask.seconds is None and is_person(player) and not ask.optional:
        return house.seconds
    return ask.seconds


def called_by(
    players: Mapping[Seat, str], asks: Mapping[Seat, Ask], known: Collection[Seat]
) -> Sequence[Event]:
    """Return the call for people who are newly asked, and not at the table; none for nobody."""
    seats = tuple(
        seat
        for seat, ask in asks.items()
        if seat not in known and not ask.optional and is_elsewhere(players[seat])
    )
    return (Called(seats),) if seats else ()
