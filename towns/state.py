"""How a town stands: immutable, and made from events alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar

from games.core import Ask, Seat, Words
from games.core.changing import changed
from towns.catalogue import Good
from towns.causality import Course
from towns.events import Chose, Used, Wished
from towns.floor_plan import Tile
from towns.frontier import Frontier
from towns.grid import Site
from towns.ground import Ground, ground_of
from towns.ledger import TOWN, Ledger, building_account
from towns.memory import NOTHING_SAID, Act, Memory, Plan
from towns.needs import Needs
from towns.policies import NO_POLICIES, Policies
from towns.questions import Question
from towns.situation import Line
from towns.start import Profile
from towns.terms import Term

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Resident:
    """One who lives in the town."""

    profile: Profile
    course: Course
    """Where it is until its next decision."""
    asks: Question
    """What it is asked first at its next decision."""
    use: Used | None = None
    """What it is doing, or has done since its last decision."""
    chosen: Chose | None = None
    """What it wants to do as soon as those who step together with it have chosen too."""
    again: tuple[Act, ...] = ()
    """What is left of an experience that it does again."""
    plan: Plan | None = None
    acts: tuple[Act, ...] = ()
    """What was done for the plan so far."""
    met: tuple[str, ...] = ()
    """Whom it has talked with since it last took something along."""
    talk: str = ""
    """The talk it takes part in; "" for none."""
    memory: Memory = field(default_factory=Memory)
    needs: Needs = field(default_factory=Needs)
    felt: int = 0
    """The tick of the needs."""
    goods: tuple[Good, ...] = ()
    """Every piece that it carries."""
    sought: int = -1
    """The tick at which it was last offered a job; -1 for never."""
    wondered: Words = NOTHING_SAID
    considered: Words = NOTHING_SAID
    pondered: tuple[Words, ...] = ()

    @property
    def place(self) -> Tile:
        """Where it is at its next decision."""
        return self.course.path[-1]

    @property
    def tick(self) -> int:
        """The tick of its next decision."""
        return self.course.until

    def stays(self, tick: int) -> bool:
        """Return whether it has arrived, and stays where it is until its next decision."""
        return self.course.since + len(self.course.path) - 1 <= tick <= self.course.until

    def at(self, tick: int) -> Tile:
        """Return where it is, or was when it was last known to be anywhere."""
        return self.course.at(min(max(tick, self.course.since), self.course.until)) or self.place


@dataclass(frozen=True)
class TalkUnderWay:
    """A talk; its members speak in turn."""

    name: str
    members: tuple[Seat, ...]
    speaker: Seat
    tick: int
    """Of the next line."""
    topic: Words
    lines: tuple[Line, ...] = ()
    done: frozenset[Seat] = frozenset()
    """Who has nothing more to say."""
    said: bool = False
    """Whether the line of this tick has been said."""

    def others(self, seat: str) -> tuple[str, ...]:
        """Return who takes part beside one."""
        return tuple(member for member in self.members if member != seat)

    def next_speaker(self) -> Seat:
        """Return who speaks after the speaker, of those who have more to say."""
        at = self.members.index(self.speaker) + 1
        turns = (*self.members[at:], *self.members[:at])
        return next(seat for seat in turns if seat not in self.done)


@dataclass(frozen=True)
class TownState:
    """The whole town."""

    seats: tuple[Seat, ...]
    data: str = ""
    """The town's tables."""
    sites: tuple[Site, ...] = ()
    policies: Policies = NO_POLICIES
    ground: Ground = field(default=None, compare=False, repr=False)  # type: ignore[assignment]
    """Made of the tables, sites and policies, and set as soon as the town is founded."""
    residents: Mapping[Seat, Resident] = field(default_factory=dict)
    users: Mapping[str, tuple[Seat, ...]] = field(default_factory=dict)
    """Who uses equipment, by building."""
    talks: Mapping[str, TalkUnderWay] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    horizon: int = 0
    """The first tick that may not be stepped yet."""
    wishes: tuple[Wished, ...] = ()
    """What the mayor and the host want, in the order in which it will come true."""
    term: Term | None = None
    """The mayor's last one; None where there never was a mayor."""
    asked: Mapping[Seat, "Open"] = field(default_factory=dict)
    """Which residents are asked something."""
    frontier: Frontier = field(default=None, compare=False, repr=False)  # type: ignore[assignment]

    @property
    def limit(self) -> int:
        """The first tick that nobody may step now: of the mayor, a wish, or the horizon."""
        limit = self.wishes[0].tick if self.wishes else self.horizon
        return min(limit, self.term.next) if self.term and self.term.left else limit

    @property
    def sits(self) -> bool:
        """Whether the mayor is asked: everybody has come to its hour, and waits for it."""
        term = self.term
        return bool(term and term.left and not self.asked and term.next == self.limit)

    @property
    def owned(self) -> int:
        """Coins of the town and its buildings."""
        accounts = [TOWN, *(building_account(site.name) for site in self.sites)]
        return sum(self.ledger.balances[account] for account in accounts)

    @property
    def gained(self) -> int:
        """Coins that the town and its buildings own more than when the last term began.

        A mayor is judged by them; 0 where there never was one.
        """
        if self.term is None:
            return 0
        return self.owned - self.term.owned if self.term.left else self.term.gained

    def with_resident(self, seat: Seat, resident: Resident) -> "TownState":
        """Return the town with one resident changed."""
        return changed(self, residents={**self.residents, seat: resident})

    def with_policies(self, policies: Policies) -> "TownState":
        """Return the town with other prices, hours or taxes."""
        ground = ground_of(self.data, self.sites, policies)
        return changed(self, policies=policies, ground=ground)


@dataclass
class Open:
    """A question that is put to a resident."""

    what: Question
    ask: Ask | None = field(default=None, compare=False, repr=False)
    """Made of the state when somebody first looks at it, and the same whenever that is."""


def positions_at(state: TownState, tick: int) -> Mapping[Seat, Tile]:
    """Return where everybody is at a tick; who has not come so far is where it is known to be."""
    return {seat: resident.at(tick) for seat, resident in state.residents.items()}


def town_tick(state: TownState) -> int:
    """Return the tick up to which everything has happened, what the mayor decides included."""
    return min([state.limit, *(resident.tick for resident in state.residents.values())])


def final_hash(state: TownState) -> str:
    """Return a text that two towns share only when everything in them is the same.

    In which order they came there makes no difference.
    """
    return sha256("\n".join(_lines(state)).encode()).hexdigest()


def _lines(state: TownState) -> Iterator[str]:
    yield repr((state.sites, state.horizon, state.policies, state.term))
    yield from (f"{seat}: {state.residents[seat]!r}" for seat in sorted(state.residents))
    yield from (repr(state.talks[name]) for name in sorted(state.talks))
    yield from (f"{name}: {coins}" for name, coins in sorted(state.ledger.balances.items()))
    yield str(state.ledger.transfers)


def left_out(entries: Mapping[K, V], key: K) -> Mapping[K, V]:
    """Return the same without one entry."""
    left = dict(entries)
    left.pop(key, None)
    return left


def without(names: Iterable[Seat], seat: Seat) -> tuple[Seat, ...]:
    """Return the same without one name."""
    return tuple(name for name in names if name != seat)
