"""What a town has been through: who was where, felt how and owned what, at any tick so far.

Residents are not all at the same tick, so that no single state tells how a past moment was; their
courses, put one after another, do.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from games.core import Seat, Turn
from towns.causality import Course
from towns.clock import GameTime
from towns.drawing import TownDrawing, drawn
from towns.events import MovedAway, MovedIn, Paid, TownEvent
from towns.floor_plan import Tile
from towns.grid import Site
from towns.ledger import Outside, Transfer, is_gift, resident_account
from towns.needs import Needs
from towns.start import StartTown
from towns.state import Resident, TownState, town_tick
from towns.town import Town


@dataclass
class _Life:
    """Of one resident, oldest first."""

    courses: list[Course] = field(default_factory=list)
    felt: list[tuple[int, Needs]] = field(default_factory=list)
    """Since which tick, and what."""
    moves: list[int] = field(default_factory=list)
    """The ticks of moving in and of moving away, by turns: who has left can come back."""

    def goes_on(self, resident: Resident) -> None:
        if not self.courses or self.courses[-1] is not resident.course:
            self.courses.append(resident.course)
        if not self.felt or self.felt[-1][1] is not resident.needs:
            self.felt.append((resident.felt, resident.needs))

    def there(self, tick: int) -> bool:
        """Return whether it lives in the town at a tick."""
        return bisect_right(self.moves, tick) % 2 == 1

    def at(self, tick: int) -> Tile:
        number = bisect_right(self.courses, tick, key=lambda course: course.since)
        course = self.courses[max(0, number - 1)]
        return course.path[min(max(0, tick - course.since), len(course.path) - 1)]

    def mood(self, tick: int, seconds_per_tick: int) -> float:
        """Return how well its needs are met; what a use is good for comes with its time."""
        number = bisect_right(self.felt, tick, key=lambda one: one[0])
        since, needs = self.felt[max(0, number - 1)]
        if number < len(self.felt) and tick > since:
            until, later = self.felt[number]
            return needs.mean + (later.mean - needs.mean) * (tick - since) / (until - since)
        return needs.after(max(0, tick - since) * seconds_per_tick / 60).mean


class History:
    """Made from the turns of a match; what lies behind the last of them is not told."""

    def __init__(self, town: Town, seats: Sequence[Seat], turns: Iterable[Turn[TownEvent]]) -> None:
        self.start: StartTown = town.start
        self.state: TownState = town.initial(seats)
        """As it stands after the last turn."""
        self.transfers: list[Transfer] = []
        self.calls: list[tuple[int, Seat]] = []
        """The ticks of all questions that were answered, and by whom."""
        self.ticks: list[int] = []
        """How far whoever acted had come, turn by turn; for all others how far everybody has."""
        self._lives: dict[Seat, _Life] = {}
        self._built: list[tuple[int, tuple[Site, ...]]] = []
        for turn in turns:
            self._count(turn.seat)
            for event in turn.events:
                self._note(event, town.evolve(self.state, event))

    @property
    def tick(self) -> int:
        """How far everybody has come."""
        return min(town_tick(self.state), self.state.horizon)

    def drawing(self, tick: int) -> TownDrawing:
        """Return the town as it was at a tick."""
        positions = {seat: life.at(tick) for seat, life in self._lives.items() if life.there(tick)}
        number = bisect_right(self._built, tick, key=lambda one: one[0])
        return drawn(self.start, self._built[max(0, number - 1)][1], positions, tick)

    def cash(self, tick: int) -> Mapping[Seat, int]:
        """Return what everybody who ever lived here had at a tick, in coins."""
        held: Counter[str] = Counter()
        for one in self.transfers:
            if one.tick <= tick:
                held[one.debit] -= one.amount
                held[one.credit] += one.amount
        return {seat: held[resident_account(seat)] for seat in self._lives}

    def mood(self, tick: int) -> Mapping[Seat, float]:
        """Return how well everybody's needs were met at a tick, from 0 to 100 on average."""
        pace = self.start.clock.seconds_per_tick
        return {seat: life.mood(tick, pace) for seat, life in self._lives.items()}

    def calls_between(self, since: int, until: int) -> Mapping[Seat, int]:
        """Return how many questions each resident has answered in a time, its end left out."""
        counted = Counter(seat for tick, seat in self.calls if since <= tick < until)
        return {seat: counted[seat] for seat in self._lives}

    def flows(self) -> Mapping[Seat, tuple[int, int]]:
        """Return what everybody has earned and spent so far, in coins."""
        earned: Counter[str] = Counter()
        spent: Counter[str] = Counter()
        for one in self.transfers:
            if not is_gift(one) and one.credit != Outside.CASH:
                earned[one.credit] += one.amount
                spent[one.debit] += one.amount
        accounts = ((seat, resident_account(seat)) for seat in self._lives)
        return {seat: (earned[account], spent[account]) for seat, account in accounts}

    def days(self) -> Sequence[int]:
        """Return the days that have begun."""
        return range(1, self.start.clock.at(max(0, self.tick - 1)).day + 1)

    def moments(self, hours: float) -> Sequence[int]:
        """Return the ticks at which so many hours are over, from the first on to the last."""
        every = max(1, round(self.start.clock.ticks(60) * hours))
        return range(0, self.tick + 1, every)

    def day_ticks(self, day: int) -> tuple[int, int]:
        """Return the first tick of a day, and that of the next."""
        clock = self.start.clock
        return max(0, clock.tick(GameTime(day, 0, 0))), clock.tick(GameTime(day + 1, 0, 0))

    def _count(self, seat: Seat) -> None:
        resident = self.state.residents.get(seat)
        self.ticks.append(self.tick if resident is None else resident.tick)
        if resident is not None:
            self.calls.append((resident.tick, seat))

    def _note(self, event: TownEvent, state: TownState) -> None:
        before, self.state = self.state, state
        if isinstance(event, Paid):
            self.transfers.append(event.transfer)
        if isinstance(event, MovedIn | MovedAway):
            self._lives.setdefault(event.seat, _Life()).moves.append(event.tick)
        if state.sites is not before.sites:
            self._built.append((getattr(event, "tick", 0), state.sites))
        if state.residents is not before.residents:
            for seat, resident in state.residents.items():
                if resident is not before.residents.get(seat):
                    self._lives.setdefault(seat, _Life()).goes_on(resident)
