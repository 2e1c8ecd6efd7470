"""The players of a match, and the loop that asks them: it turns answers into history."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from random import Random
from typing import Final, NamedTuple

import structlog

from bot.arena.consulting import consulted
from bot.arena.events import Counted, HandedOver, Reminded, is_elsewhere, is_person
from bot.arena.house_rules import NONE, HouseRules, called_by
from bot.arena.record import Post, Record
from bot.errors import AlreadyDone, BudgetSpent, MatchStopped, OperatorError, ShownToUser
from bot.ports import (
    Counting,
    Due,
    Entry,
    Player,
    Resting,
    Setup,
    Snapshot,
    Store,
    Stored,
    Usage,
)
from games.core import (
    PASS,
    TABLE,
    Answer,
    Ask,
    Event,
    Level,
    NotYourTurn,
    Outcome,
    Refused,
    Seat,
    Text,
    clean,
)

log = structlog.get_logger(__name__)

REFUSALS: Final = 3
"""How often a refused answer goes back to a model before the table answers for it."""
STAND_IN: Final = "house:medium"
"""Who takes over a seat that a person has left."""
_SAMPLES: Final = 20

Seating = Callable[[str, Setup, Seat], Player]
"""Returns the player for a spec such as "house:hard".  Raises ShownToUser."""


class _Attention(NamedTuple):
    """One question to one player; any difference means that it must be put anew."""

    seat: Seat
    ask_id: str
    player: str
    news: int
    """For a question that may be left open: how often the seat has heard somebody."""


class Table(Record):
    """A match, the players in its seats, and the journal they write."""

    def __init__(
        self,
        stored: Stored,
        store: Store,
        seating: Seating,
        post: Post,
        snapshot: Snapshot | None = None,
        house_rules: HouseRules = NONE,
    ) -> None:
        super().__init__(stored, store, post, snapshot, house_rules)
        self._seating = seating
        self._seated: dict[tuple[Seat, str], Player] = {}
        self._reminded: set[Due] = set()

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
                    await self.pause(Text("{n} turns without a person.", n=self.bot_turns))
                    break
                self.changed.clear()
                wanted = self._wanted()
                for gone in attending.keys() - set(wanted):
                    attending.pop(gone).cancel()
                for new in [one for one in wanted if one not in attending]:
                    attending[new] = asyncio.create_task(self._attend(new.seat, new.ask_id))
                    attending[new].add_done_callback(lambda _: self.changed.set())
                await self.changed.wait()
                for done in [key for key, task in attending.items() if task.done()]:
                    attending.pop(done).result()
            return self.match.outcome
        finally:
            for task in attending.values():
                task.cancel()
            await asyncio.gather(*attending.values(), *self._writes, return_exceptions=True)
            for player in self._seated.values():
                if isinstance(player, Resting):
                    await player.rest(over=self.over)

    async def hand_over(
        self,
        seat: Seat,
        player: str,
        reason: Text,
        *,
        for_good: bool = False,
        unless: Callable[[], bool] = lambda: False,
    ) -> None:
        """Let somebody else fill a seat from now on.  Raises ShownToUser for a bad spec."""
        if seat not in self.players:
            raise ShownToUser(Text("There is no seat {seat} at this table.", seat=clean(seat, 40)))
        self._player(seat, player)
        events: list[Event] = [HandedOver(seat, player, reason, for_good)]
        if for_good:  # whoever comes back knows it
            events += called_by({seat: player}, self._asked_of(seat), known=())
        await self.finished(self.write(seat, events, unless=unless, players={seat: player}))

    async def admit(
        self, seat: Seat, player: str, *, by: Seat, answer: str, cause: str | None = None
    ) -> Entry:
        """Take an answer that brings somebody to the table; see `Record.admit`.

        Raises ShownToUser also for a bad spec.
        """
        self._player(seat, player)
        return await super().admit(seat, player, by=by, answer=answer, cause=cause)

    async def consult(self, seat: Seat, ask: Ask) -> Answer:
        """Return what the player of a seat answers to a question from outside; nothing changes.

        Raises OperatorError, BudgetSpent.
        """
        player = self._player(seat, self.players[seat])
        return await consulted(player, self.match.view_of(seat), ask)

    def used_by(self, seat: Seat) -> Sequence[Event]:
        """Return what the model of a seat has used since this was asked last."""
        player = self._seated.get((seat, self.players[seat]))
        used = player.used() if isinstance(player, Counting) else Usage()
        return [Counted(seat, used.calls, used.tokens_in, used.tokens_out)] if used.calls else ()

    async def remind(self, due: Due) -> None:
        """Tell a person, once for each question, that the time is nearly up."""
        answered = partial(self._settled, due.seat, due.ask_id)
        if answered() or not is_elsewhere(self.players[due.seat]) or due in self._reminded:
            return
        self._reminded.add(due)
        cause = f"remind:{due.match_id}:{due.ask_id}:{due.seat}"
        with suppress(AlreadyDone):
            event = Reminded(due.seat)
            await self.finished(self.write(TABLE, (event,), unless=answered, cause=cause))

    async def leave(self, seat: Seat) -> None:
        """Let a house bot play on for a person who goes."""
        await self.hand_over(seat, STAND_IN, Text("{seat} has left.", seat=seat))

    async def resign(self, seat: Seat) -> None:
        """Let a house bot play on for a person who gives up for good."""
        reason = Text("{seat} has resigned.", seat=seat)
        await self.hand_over(seat, STAND_IN, reason, for_good=True)

    async def reseat(
        self, seat: Seat, player: str, *, unless: Callable[[], bool] = lambda: False
    ) -> None:
        """Put somebody else in a seat for good.  Raises ShownToUser for a bad spec."""
        reason = Text("{seat} has a new player.", seat=seat)
        await self.hand_over(seat, player, reason, for_good=True, unless=unless)

    async def come_back(self, seat: Seat) -> None:
        """Give a seat back to whom it was opened for."""
        back = self.first_players[seat]
        if self.players[seat] != back:
            await self.hand_over(seat, back, Text("{seat} is back.", seat=seat))

    async def expire(self, due: Due) -> None:
        """Answer for a seat whose time is up, if that question still stands.

        The Ask's default is played; without one a person's seat goes to a house bot, as it does
        where the room has a stand-in for it. A seat that stands for time goes on at its pace.
        """
        seat = due.seat
        if self._settled(seat, due.ask_id):
            return
        if seat in self.house_rules.paces:
            await self._go_on(due)
            return
        late = Text("{seat} has run out of time.", seat=seat)
        ask = self.match.asks[seat]
        needed = None if ask.default is not None or ask.optional else STAND_IN
        stand_in = self.house_rules.stand_ins.get(seat, needed)
        if stand_in and is_person(self.players[seat]):
            answered = partial(self._settled, seat, due.ask_id)
            await self.hand_over(seat, stand_in, late, unless=answered)
            return
        try:
            await self._answer_for(
                seat, due.ask_id, late, cause=f"due:{due.match_id}:{due.ask_id}:{seat}"
            )
        except (Refused, AlreadyDone):
            log.debug("deadline was overtaken", match=due.match_id, seat=seat)

    async def _go_on(self, due: Due) -> None:
        """Let time pass: nobody was late, and nobody needs to hear of it."""
        pace, ask = self.house_rules.paces[due.seat], self.match.asks[due.seat]
        answer = pace.answer(ask, datetime.now(UTC) - due.at)
        cause = f"due:{due.match_id}:{due.ask_id}:{due.seat}"
        with suppress(Refused, AlreadyDone):
            await self.submit(due.seat, answer, ask_id=due.ask_id, cause=cause)

    def _settled(self, seat: Seat, ask_id: str) -> bool:
        return self.paused or not self.stands(seat, ask_id)

    def _wanted(self) -> list["_Attention"]:
        """Return who must be attended to now, in the order in which the game asks."""
        return [
            _Attention(
                seat,
                self.match.ask_id(seat),
                self.players[seat],
                self.heard[seat] if ask.optional and not is_person(self.players[seat]) else 0,
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

    async def _attend(self, seat: Seat, ask_id: str) -> None:
        """Ask one player until it has given a legal answer, or answer in its place."""
        refusals: list[Text | str] = []
        why = Text("{seat} gave no legal answer.", seat=seat)
        while self.stands(seat, ask_id):
            if len(refusals) > REFUSALS and not is_person(self.players[seat]):
                break
            ask = self.match.asks[seat]
            try:
                player = self._player(seat, self.players[seat])
                text = await player.answer(self.match.view_of(seat), ask, tuple(refusals))
            except (BudgetSpent, MatchStopped) as error:
                await self.pause(Text("{error}", error=str(error)))
                return
            except OperatorError as error:  # a model that fails, or is named in no file any more
                why = self._told_of(seat, error)
                break
            try:
                await self.submit(seat, text, ask_id=ask_id)
            except Refused as refusal:
                refusals.append(refusal.args[0])
        if self.stands(seat, ask_id):
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

    @property
    def _unattended(self) -> bool:
        most = self.house_rules.bot_turns
        return most is not None and self.bot_turns >= most
