"""Questions put to residents from outside, and what their answers are worth.

Source: AgentSims, evaluation by questions: a question, whom it is for, how its answer is measured,
and how often it is put.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from games.core import Ask, Seat, Turn
from games.core.tables import Table
from towns.errors import BadTown
from towns.events import TownEvent
from towns.measuring import LONGEST, BadMeasurement, checked
from towns.perception import situation_of
from towns.questions import interview_ask
from towns.state import TownState
from towns.tables import read_tables
from towns.town import Town

EVERYBODY: Final = "everybody"
MOST_HOURS: Final = 24 * 365


@dataclass(frozen=True)
class Probe:
    """A question that residents are asked."""

    id: str
    resident: str
    """A name, or EVERYBODY."""
    query: str
    measurement: str
    hours: int
    """Of game time between two askings; 0 for asking once, at the end."""


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
    if table.faults:
        raise BadTown(table.faults)
    return probes


def askings(
    town: Town, seats: Sequence[Seat], turns: Iterable[Turn[TownEvent]], probes: Sequence[Probe]
) -> Iterator[Asking]:
    """Yield each probe at each of its moments, as the resident stood there, oldest first.

    A town remembers all that happened, so that it can be asked afterwards about any moment.
    """
    state = town.initial(seats)
    waiting = [(probe, seat, 0) for probe in probes if probe.hours for seat in _whom(probe, seats)]
    ticks = town.start.clock.ticks(60)
    for turn in turns:
        for event in turn.events:
            state = town.evolve(state, event)
        still = []
        for probe, seat, tick in waiting:
            while _has_come(state, seat, tick):
                yield _asking(state, probe, seat, tick)
                tick += probe.hours * ticks
            still.append((probe, seat, tick))
        waiting = still
    for probe in probes:
        for seat in _whom(probe, state.residents) if not probe.hours else ():
            yield _asking(state, probe, seat, min(state.residents[seat].tick, state.horizon))


def _probe(name: str, row: Table, residents: Sequence[str]) -> Probe:
    resident = row.text("resident", default=EVERYBODY)
    if resident != EVERYBODY:
        row.known(resident, dict.fromkeys(residents), "resident")
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
    )


def _whom(probe: Probe, residents: Iterable[Seat]) -> Iterator[Seat]:
    yield from (seat for seat in residents if probe.resident in (EVERYBODY, seat))


def _has_come(state: TownState, seat: Seat, tick: int) -> bool:
    """Return whether a resident's next decision is not before a tick."""
    resident = state.residents.get(seat)
    return resident is not None and resident.tick >= tick and state.horizon >= tick


def _asking(state: TownState, probe: Probe, seat: Seat, tick: int) -> Asking:
    return Asking(probe, seat, tick, interview_ask(situation_of(state, seat, tick), probe.query))
