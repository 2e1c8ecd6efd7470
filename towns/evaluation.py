"""Questions put to residents from outside, and what their answers are worth.

Source: AgentSims, evaluation by questions: a question, whom it is for, how its answer is measured,
and how often it is put.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from games.core import Ask, Seat, Turn
from games.core.tables import Table
from towns.catalogue import read_time
from towns.clock import Clock
from towns.errors import BadTown
from towns.events import MovedAway, MovedIn, TownEvent
from towns.files import DATA
from towns.measuring import LONGEST, BadMeasurement, checked
from towns.perception import situation_of
from towns.questions import interview_ask
from towns.state import TownState
from towns.tables import read_tables
from towns.town import Town

EVERYBODY: Final = "everybody"
MOST_HOURS: Final = 24 * 365
MOST_QUESTIONS: Final = 20
SHIPPED: Final = DATA / "questions.toml"
"""The questions that come with Parlour."""


@dataclass(frozen=True)
class Probe:
    """A question that residents are asked."""

    id: str
    resident: str
    """A name, or EVERYBODY."""
    query: str
    measurement: str
    hours: int = 0
    """Of game time between two askings; 0 for none."""
    at: int | None = None
    """When it is put each day, in minutes since midnight; without this and hours, at the end."""

    @property
    def once(self) -> bool:
        """Whether it is put once, at the end of the town."""
        return not self.hours and self.at is None

    def next_moment(self, clock: Clock, since: int, end: int) -> int | None:
        """Return the first tick from one on at which it is put; None where there is none left."""
        moment = end
        if self.hours:
            every = self.hours * clock.ticks(60)
            moment = -(-since // every) * every
        elif self.at is not None:
            moment = clock.next(since, *divmod(self.at, 60))
        return moment if since <= moment <= end else None


_Waiting: TypeAlias = dict[Probe, dict[Seat, int | None]]
"""The next moment of each probe for each resident; None where there is none left."""


@dataclass(frozen=True)
class Asking:
    """A probe as it is put to one resident at one moment."""

    probe: Probe
    resident: Seat
    tick: int
    ask: Ask


def read_probes(file: str, text: str, residents: Sequence[str]) -> Sequence[Probe]:
    """Return the questions in a TOML text.  Raises BadTown with every fault."""
    (table,) = read_tables([file], {file: text})
    probes = [_probe(name, row, residents) for name, row in table.named()]
    if not probes:
        table.fault("there are no questions: add one as [NAME].")
    if len(probes) > MOST_QUESTIONS:
        table.fault(f"there are {len(probes)} questions, and {MOST_QUESTIONS} are the most.")
    if table.faults:
        raise BadTown(table.faults)
    return probes


def askings(
    town: Town, seats: Sequence[Seat], turns: Iterable[Turn[TownEvent]], probes: Sequence[Probe]
) -> Iterator[Asking]:
    """Yield each probe at each of its moments, as the resident stood there, oldest first.

    A town remembers all that happened, so that it can be asked afterwards about any moment.
    """
    state, clock = town.initial(seats), town.start.clock
    waiting: _Waiting = {probe: {} for probe in probes if not probe.once}
    for turn in turns:
        for event in turn.events:
            if isinstance(event, MovedAway):
                yield from _due(town, state, waiting)
            state = town.evolve(state, event)
            if isinstance(event, MovedIn):  # those who founded the town, and whoever came later
                for probe, moments in waiting.items():
                    moment = probe.next_moment(clock, event.tick, town.end)
                    moments.update(dict.fromkeys(_whom(probe, [event.seat]), moment))
        yield from _due(town, state, waiting)
    yield from askings_now(state, [probe for probe in probes if probe.once])


def _due(town: Town, state: TownState, waiting: _Waiting) -> Iterator[Asking]:
    """Yield probes at the moments to which their residents have come, and note the next ones."""
    for probe, moments in waiting.items():
        for seat, tick in moments.items():
            while tick is not None and _has_come(state, seat, tick):
                yield _asking(state, probe, seat, tick)
                tick = probe.next_moment(town.start.clock, tick + 1, town.end)
            moments[seat] = tick


def askings_now(state: TownState, probes: Sequence[Probe]) -> Iterator[Asking]:
    """Yield probes as they can be put now, to each resident where it stands."""
    for probe in probes:
        for seat in _whom(probe, state.residents):
            yield _asking(state, probe, seat, min(state.residents[seat].tick, state.horizon))


def _probe(name: str, row: Table, residents: Sequence[str]) -> Probe:
    resident = row.text("resident", default=EVERYBODY)
    if resident != EVERYBODY:
        row.known(resident, dict.fromkeys(residents), "resident")
    if "hours" in row.values and "at" in row.values:
        row.fault("“hours” and “at” cannot both be: take one of them out.")
    measurement = row.text("measurement", longest=LONGEST)
    try:
        checked(measurement or "response")
    except BadMeasurement as why:
        row.fault(f"“measurement”: {why}")
    return Probe(
        id=name,
        resident=resident,
        query=row.text("query", longest=500),
        measurement=measurement,
        hours=row.whole("hours", 0, MOST_HOURS, default=0),
        at=read_time(row, "at") if "at" in row.values else None,
    )


def _whom(probe: Probe, residents: Iterable[Seat]) -> Iterator[Seat]:
    yield from (seat for seat in residents if probe.resident in (EVERYBODY, seat))


def _has_come(state: TownState, seat: Seat, tick: int) -> bool:
    """Return whether a resident's next decision is not before a tick, and it still lives here."""
    resident = state.residents.get(seat)
    return resident is not None and resident.tick >= tick and state.limit >= tick


def _asking(state: TownState, probe: Probe, seat: Seat, tick: int) -> Asking:
    return Asking(probe, seat, tick, interview_ask(situation_of(state, seat, tick), probe.query))
