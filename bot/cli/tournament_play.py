"""Playing a tournament: several matches at the same time, and after a kill where it was."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.administration import MICRO
from bot.arena.arena import Arena, read_players
from bot.arena.events import Substituted
from bot.arena.lobbies import HOUSE_NAMES
from bot.arena.table import Seating
from bot.arena.transcript import export
from bot.cli.tournament_files import TRANSCRIPTS, Folder, GamePlayed, SeatPlayed, replaced
from bot.errors import BudgetSpent, OperatorError, StaleMatch
from bot.models.purse import Purse
from bot.ports import Player, Resting, Setup, Store, Stored
from games.core import Ask, Game, Seat, Text, View
from tournaments import Fixture, Plan, Results, Schedule, scheduled
from tournaments.plan import FILLER

ROOM: Final = "tournament"
SEATS: Final = (
    *HOUSE_NAMES,
    *("Iris", "Joule", "Kepler", "Lovelace", "Mendel", "Noether", "Ohm", "Pascal", "Quine"),
    *("Rumi", "Sappho", "Turing", "Ursula", "Vives", "Wright", "Xenia", "Yalow", "Zeno"),
)
"""What seats are called, from the first one on: so nobody knows whom it plays against."""
MOST_FAILURES: Final = 3
"""Games in a row that a player's model has failed in, after which it is left out."""


@dataclass
class Watched:
    """A player whose failure ends the match, so that nobody is rated for it."""

    player: Player
    failed: Callable[[OperatorError], Awaitable[None]]
    spent: Callable[[BudgetSpent], None]

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the player's answer.  Raises ModelError after the match was ended."""
        try:
            return await self.player.answer(view, ask, refusals)
        except OperatorError as why:
            await self.failed(why)
            raise
        except BudgetSpent as why:
            self.spent(why)
            raise

    async def rest(self, *, over: bool) -> None:
        """Let the player go of what it holds."""
        if isinstance(self.player, Resting):
            await self.player.rest(over=over)


@dataclass
class Playing:
    """A tournament under way."""

    game: Game[Any, Any, Any]
    plan: Plan
    folder: Folder
    store: Store
    purse: Purse
    jobs: int
    shown: Callable[[Schedule, dict[str, GamePlayed]], None]
    """Called after each game."""
    failures: dict[str, str] = field(default_factory=dict)
    """What was said of the last failure of a player, by player."""
    stopped: str = ""
    """Why no more games are begun; "" while they are."""
    _in_a_row: Counter[str] = field(default_factory=Counter)

    @property
    def results(self) -> Results:
        """What is known of the games so far."""
        return {name: one.ranks for name, one in self.folder.played.items()}

    @property
    def left_out(self) -> Sequence[str]:
        """The players that have failed too often."""
        return [player for player, count in self._in_a_row.items() if count >= MOST_FAILURES]

    async def play(self, arena: Arena) -> Schedule:
        """Play until it is over, or as far as budget and models go.  Raises OperatorError."""
        while True:
            now = scheduled(self.plan, self.results)
            self.shown(now, self.folder.played)
            if not [one for one in now.open if self._can_be_played(one)]:
                return now
            await self._play_all(arena, now)

    def seating(self, arena: Callable[[], Arena], seating: Seating) -> Seating:
        """Return how players are seated, so that the failure of one ends its match."""

        def seat(spec: str, setup: Setup, seat: Seat) -> Player:
            async def failed(why: OperatorError) -> None:
                self.failures[spec] = str(why)
                self._in_a_row[spec] += 1
                table = await arena().wake(setup.match_id)
                await table.abort(Text("{player} gave no answer: {why}", player=spec, why=str(why)))

            return Watched(seating(spec, setup, seat), failed, self._stop)

        return seat

    def players_of(self, fixture: Fixture) -> Mapping[Seat, str]:
        """Return who sits where, the game's own seats included."""
        names = [Seat(name) for name in SEATS[: len(fixture.seats)]]
        sitting = [entrant or self.folder.planned.fill for entrant in fixture.seats]
        given = dict(zip(names, sitting, strict=True)) | dict(self.folder.planned.environment)
        return read_players(self.game, given)

    def _stop(self, why: BudgetSpent) -> None:
        self.stopped = str(why)

    def _can_be_played(self, fixture: Fixture) -> bool:
        needed = {*fixture.meeting.entrants, *self.folder.planned.environment.values()}
        return not self.stopped and not needed & set(self.left_out)

    async def _play_all(self, arena: Arena, now: Schedule) -> None:
        waiting = iter(now.open)

        async def worker() -> None:
            for fixture in waiting:
                if self._can_be_played(fixture):
                    await self._play(arena, fixture)
                    self.shown(now, self.folder.played)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.jobs):
                    group.create_task(worker())
        except* OperatorError as why:
            raise why.exceptions[0] from None

    async def _play(self, arena: Arena, fixture: Fixture) -> None:
        """Play a match, or the rest of one that was begun, and note what came of it."""
        players = self.players_of(fixture)
        try:
            table = await arena.open(
                self.game, players, room=ROOM, seed=fixture.seed, match_id=fixture.name
            )
        except StaleMatch:
            table = await arena.wake(fixture.name)
        if table.paused:
            await table.resume()
        outcome = await arena.play(table)
        if outcome is None:  # a budget is spent, and the match waits
            return
        if not outcome.aborted:
            for player in players.values():
                self._in_a_row.pop(player, None)
        await arena.outbox.settle()
        await arena.rest(fixture.name)
        await self._note(fixture)

    async def _note(self, fixture: Fixture) -> None:
        """Write down what came of a match that has ended, with its transcript."""
        stored = await self.store.load(fixture.name)
        transcript = f"{TRANSCRIPTS}/{fixture.name}.html"

        def write() -> None:
            replaced(self.folder.path / transcript, export(stored, "full", "html"))

        await asyncio.to_thread(write)
        cost = await self.purse.cost_of_match(fixture.name)
        outcome = stored.outcome
        assert outcome is not None, "it has ended"
        self.folder.add(
            GamePlayed(
                match=fixture.name,
                round=fixture.meeting.round,
                table=fixture.meeting.table,
                game=fixture.game,
                seed=fixture.seed,
                seats=self._seats(fixture, stored),
                aborted=outcome.aborted,
                reason=str(outcome.reason),
                entries=len(stored.entries),
                seconds=(stored.entries[-1].at - stored.setup.opened_at).total_seconds(),
                calls=cost.requests,
                tokens=cost.tokens,
                money=cost.money / MICRO,
                transcript=transcript,
            )
        )

    def _seats(self, fixture: Fixture, stored: Stored) -> Sequence[SeatPlayed]:
        outcome, seats = stored.outcome, stored.setup.seats
        assert outcome is not None, "it has ended"
        counting = [seat for seat, who in zip(seats, fixture.seats, strict=True) if who != FILLER]
        ranks = {seat: outcome.ranks[seat] for seat in counting if seat in outcome.ranks}
        ordered = sorted(ranks.values())
        substituted = Counter(
            event.seat
            for entry in stored.entries
            for event in entry.events
            if isinstance(event, Substituted)
        )
        return [
            SeatPlayed(
                seat=seat,
                player=who or self.folder.planned.fill,
                counts=who != FILLER,
                rank=ordered.index(ranks[seat]) + 1 if seat in ranks else None,
                score=outcome.scores.get(seat),
                substituted=substituted[seat],
            )
            for seat, who in zip(seats, fixture.seats, strict=True)
        ]
