"""Town: residents plan, walk, work, trade and talk, each at its own pace.

The clock is a seat: in its name the shell says how far the town may go. Residents who cannot meet
are asked at the same time, whatever the time is for each, and the order of their answers changes
nothing. It is no game of the catalogue: nobody wins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import ClassVar, Final, TypeAlias

from games.core import (
    PASS,
    Answer,
    Ask,
    BadSetup,
    Game,
    Level,
    Outcome,
    Seat,
    Text,
    View,
)
from towns.after import after
from towns.clock import SECONDS_A_DAY
from towns.decrees import gains
from towns.errors import BadTown
from towns.events import CLOCK, HOST, MAYOR, Founded, Gathered, MovedIn, TownEvent
from towns.files import default_data
from towns.ground import start_of
from towns.house_mayor import mayor_answer
from towns.house_resident import house_answer
from towns.ledger import TOWN, Outside, resident_account
from towns.office import govern, mayor_ask
from towns.perception import ask_of
from towns.questions import PlanSystem
from towns.reflection import THRESHOLD
from towns.start import StartTown
from towns.state import TownState
from towns.steps import give_time, settle
from towns.thoughts import think
from towns.unfolding import Rules, Unfolding
from towns.wishes import HOST_ASK, appoint, grant_wishes, wish

MOST_DAYS: Final = 3_650
_Action: TypeAlias = Answer


@dataclass(frozen=True)
class Town(Game[TownState, _Action, TownEvent]):
    """A small town: its residents plan their days, walk, work, trade and talk."""

    name: ClassVar[str] = "town"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 5_000
    environment: ClassVar[Sequence[Seat]] = (CLOCK, MAYOR, HOST)
    # The journal is read whole in any case, and to live it again takes no longer than that: for
    # 25 residents and 3 days half a second each.
    snapshots: ClassVar[bool] = False

    data: str = ""
    """The town's tables, packed into one text; left out for the town that comes with Parlour."""
    days: int = 3
    """How many days the town lives, 1 to 3650."""
    seed: int = 0
    """What all chance in the town comes from."""
    plans: PlanSystem = PlanSystem.MERGED
    """How residents come to a plan: at once, or by questions to themselves."""
    lines: int = 10
    """The most lines of a talk, 2 to 50."""
    governed: bool = False
    """Whether a host lets people come and go, builds, invites and sets policies at any time."""
    mayor: bool = False
    """Whether there is a mayor from the first day on, who decides once in an hour."""
    mayor_days: int = 3
    """How many days a mayor decides, 1 to 3650."""
    threshold: int = THRESHOLD
    """The importance of what has happened after which a resident reflects, 10 to 10000."""

    def check(self) -> None:
        bounds = (
            ("days", 1, MOST_DAYS),
            ("mayor_days", 1, MOST_DAYS),
            ("lines", 2, 50),
            ("threshold", 10, 10_000),
        )
        for name, least, most in bounds:
            if not least <= getattr(self, name) <= most:
                raise BadSetup(f"The option {name} needs a number from {least} to {most}.")
        try:
            start_of(self.data or default_data())
        except BadTown as why:
            raise BadSetup(str(why)) from None

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        for seat in seats:
            if seat not in self.start.residents:
                known = ", ".join(self.start.residents)
                raise BadSetup(f"Nobody called {seat} lives in this town; choose from {known}.")

    @cached_property
    def start(self) -> StartTown:
        """How the town begins; kept here, as it is looked at each time somebody is asked."""
        return start_of(self.data or default_data())

    @property
    def end(self) -> int:
        """The tick at which the town's last day is over."""
        clock = self.start.clock
        return self.days * SECONDS_A_DAY // clock.seconds_per_tick

    def initial(self, seats: Sequence[Seat], /) -> TownState:
        return TownState(tuple(seats))

    def opening(self, state: TownState, rng: Random, /) -> Sequence[TownEvent]:
        start = self.start
        unfolding = Unfolding(self._rules, state)
        unfolding.tell(Founded(self.data or default_data(), start.sites))
        unfolding.pay(0, Outside.CASH, TOWN, start.town_cash, "cash at the start")
        for seat in state.seats:
            profile = start.residents[seat]
            unfolding.tell(MovedIn(seat, 0, profile))
            unfolding.pay(0, Outside.CASH, resident_account(seat), profile.cash, "own cash")
        unfolding.tell(Gathered())
        if self.mayor:
            appoint(unfolding)
        return unfolding.events

    def asks(self, state: TownState, /) -> Mapping[Seat, Ask]:
        asked, clock = state.asked.items(), self._clock(state)
        mayor = {MAYOR: mayor_ask(state)} if state.sits else {}
        host = {HOST: HOST_ASK} if self.governed and clock else {}
        return {
            **clock,
            **mayor,
            **host,
            **{seat: question.ask or ask_of(state, seat) for seat, question in asked},
        }

    def decide(
        self, state: TownState, seat: Seat, action: _Action, rng: Random, /
    ) -> Sequence[TownEvent]:
        unfolding = Unfolding(self._rules, state)
        if seat == CLOCK:
            assert isinstance(action, int), "the clock is asked for a whole number"
            give_time(unfolding, action)
        elif seat == MAYOR:
            govern(unfolding, action)
        elif seat == HOST:
            wish(unfolding, seat, action)
        else:
            think(unfolding, seat, action)
            settle(unfolding, seat)
        grant_wishes(unfolding)
        return unfolding.events

    def evolve(self, state: TownState, event: TownEvent, /) -> TownState:
        return after(state, event)

    def outcome(self, state: TownState, /) -> Outcome:
        told = "The town has lived its {days} days." if self.days > 1 else "The town's day is over."
        over = Text(told, days=self.days)
        if state.term is None:
            return Outcome({}, over)
        return Outcome({}, Text("{over} {gained}", over=over, gained=gains(state.gained)))

    def rules(self) -> Text:
        told = (
            "A town. Its residents plan where to go and what for, walk there, use what stands "
            "there, talk, work and buy. What things cost, pay and take is fixed by the town's "
            "tables. It lives for {days} days."
        )
        return Text(told, days=self.days)

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Live and govern by rules of thumb; the clock lets the town live to its end."""
        if view.seat == CLOCK:
            return str(ask.high)
        if view.seat == MAYOR:
            return mayor_answer(ask, level)
        if view.seat == HOST:
            return PASS
        return house_answer(ask, self.seed)

    @property
    def _rules(self) -> Rules:
        return Rules(self.plans is PlanSystem.MERGED, self.lines, self.threshold, self.mayor_days)

    def _clock(self, state: TownState) -> Mapping[Seat, Ask]:
        if state.horizon >= self.end:
            return {}
        prompt = Text("Up to which tick may the town go?")
        return {CLOCK: Ask(prompt, low=state.horizon + 1, high=self.end)}
