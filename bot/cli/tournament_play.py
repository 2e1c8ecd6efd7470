"""Playing a tournament: several matches at the same time, and after a kill where it was."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from bot.administration import MICRO
from bot.arena.arena import Arena, read_players
from bot.arena.events import Substituted, as_filler, who_plays
from bot.arena.lobbies import HOUSE_NAMES
from bot.arena.table import Seating
from bot.arena.transcript import export
from bot.cli.tournament_files import TRANSCRIPTS, Folder, GamePlayed, SeatPlayed, replaced
from bot.errors import BudgetSpent, OperatorError, StaleMatch
from bot.models.purse import Purse
from bot.ports import Player, Resting, Setup, Store, Stored
from games.core import Ask, Game, Seat, Text, View
from tournaments import Fixture, Format, Plan, Results, Schedule, scheduled
from tournaments.plan import FILLER

ROOM: Final = "tournament"
SEATS: Final = (
    *HOUSE_NAMES,
    *("Iris", "Joule", "Kepler", "Lovelace", "Mendel", "Noether", "Ohm", "Pascal", "Quine"),
    *("Rumi", "Sappho", "Turing", "Ursula", "Vives", "Wright", "Xenia", "Yalow", "Zeno"),
)
"""What seats are called, from the first one on: so nobody knows whom it plays against."""
FAILED: Final = "{player} gave no answer: {why}"
"""Why a game is aborted that is played again when the command is given again."""
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
    shown: Callable[[Schedule, dict[str, GamePlayed], int], None]
    """Called after each game, with all matches and the number of games that count as played."""
    failures: dict[str, str] = field(default_factory=dict)
    """What was said of the last failure of a player, by player."""
    stopped: str = ""
    """Why no more games are begun; "" while they are."""
    _in_a_row: Counter[str] = field(default_factory=Counter)
    _again: set[str] = field(default_factory=set)
    """The games that are played again, until they are."""

    def __post_init__(self) -> None:
        self._again = {*self.failed}

    @property
    def results(self) -> Results:
        """What is known of the games so far."""
        last = self.folder.last
        return {name: one.ranks for name, one in last.items() if name not in self._again}

    @property
    def failed(self) -> Sequence[str]:
        """The games that a model has failed in, and that can be played again.

        Whoever meets in a round of a Swiss tournament or a knockout does so by the games of the
        rounds before, so these stay as they are.
        """
        games = self.folder.last.values()
        last = max((one.round for one in games), default=0)
        stay = self.plan.format in (Format.SWISS, Format.KNOCKOUT)
        return [one.name for one in games if one.failed and not (stay and one.round < last)]

    @property
    def left_out(self) -> Sequence[str]:
        """The players that have failed too often."""
        return [player for player, count in self._in_a_row.items() if count >= MOST_FAILURES]

    async def play(self, arena: Arena) -> Schedule:
        """Play until it is over, or as far as budget and models go.  Raises OperatorError."""
        while True:
            now = scheduled(self.plan, self.results)
            self._show(now)
            if not [one for one in now.open if self._can_be_played(one)]:
                return now
            await self._play_all(arena, now)

    def seating(self, arena: Callable[[], Arena], seating: Seating) -> Seating:
        """Return how players are seated, so that the failure of one ends its match."""

        def seat(spec: str, setup: Setup, seat: Seat) -> Player:
            async def failed(why: OperatorError) -> None:
                player = who_plays(spec)
                self.failures[player] = str(why)
                self._in_a_row[player] += 1
                table = await arena().wake(setup.match_id)
                await table.abort(Text(FAILED, player=player, why=str(why)))

            return Watched(seating(spec, setup, seat), failed, self._stop)

        return seat

    def players_of(self, fixture: Fixture) -> Mapping[Seat, str]:
        """Return who sits where, the game's own seats included."""
        names = [Seat(name) for name in SEATS[: len(fixture.seats)]]
        filler = as_filler(self.folder.planned.fill)
        sitting = [entrant or filler for entrant in fixture.seats]
        given = dict(zip(names, sitting, strict=True)) | dict(self.folder.planned.environment)
        return read_players(self.game, given)

    def _stop(self, why: BudgetSpent) -> None:
        self.stopped = str(why)

    def _can_be_played(self, fixture: Fixture) -> bool:
        needed = {*map(who_plays, self.players_of(fixture).values())}
        return not self.stopped and not needed & set(self.left_out)

    def _show(self, now: Schedule) -> None:
        self.shown(now, self.folder.played, len(self.folder.last) - len(self._again))

    async def _play_all(self, arena: Arena, now: Schedule) -> None:
        waiting = iter(now.open)

        async def worker() -> None:
            for fixture in waiting:
                if self._can_be_played(fixture):
                    await self._play(arena, fixture)
                    self._show(now)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(self.jobs):
                    group.create_task(worker())
        except* OperatorError as why:
            raise why.exceptions[0] from None

    async def _play(self, arena: Arena, fixture: Fixture) -> None:
        """Play a match, or the rest of one that was begun, and note what came of it."""
        players = self.players_of(fixture)
        tries = self._tries(fixture)
        match_id = fixture.name if tries == 1 else f"{fixture.name}-{tries}"
        try:
            table = await arena.open(
                self.game, players, room=ROOM, seed=fixture.seed, match_id=match_id
            )
        except StaleMatch:
            table = await arena.wake(match_id)
        if table.paused:
            await table.resume()
        outcome = await arena.play(table)
        if outcome is None:  # a budget is spent, and the match waits
            return
        if not outcome.aborted:
            for player in map(who_plays, players.values()):
                self._in_a_row.pop(player, None)
        await arena.outbox.settle()
        await arena.rest(match_id)
        await self._note(fixture, match_id, tries)
        self._again.discard(fixture.name)

    def _tries(self, fixture: Fixture) -> int:
        """Return how often a game will have been played after this time."""
        before = self.folder.last.get(fixture.name)
        return before.tries + 1 if before else 1

    async def _note(self, fixture: Fixture, match_id: str, tries: int) -> None:
        """Write down what came of a match that has ended, with its transcript."""
        stored = await self.store.load(match_id)
        transcript = f"{TRANSCRIPTS}/{match_id}.html"

        def write() -> None:
            replaced(self.folder.path / transcript, export(stored, "full", "html"))

        await asyncio.to_thread(write)
        cost = await self.purse.cost_of_match(match_id)
        outcome = stored.outcome
        assert outcome is not None, "it has ended"
        self.folder.add(
            GamePlayed(
                match=match_id,
                round=fixture.meeting.round,
                table=fixture.meeting.table,
                game=fixture.game,
                seed=fixture.seed,
                seats=self._seats(fixture, stored),
                aborted=outcome.aborted,
                failed=outcome.aborted and outcome.reason.template == FAILED,
                tries=tries,
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
