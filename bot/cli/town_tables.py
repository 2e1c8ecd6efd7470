"""Towns as lines: tables of residents, deeds and money, for people and for pipes."""

from collections.abc import Iterator, Sequence

from games.core import Event, Seat
from towns.clock import Clock
from towns.decrees import Governed, HoursSet, MayorAppointed, PriceSet, TaxSet, TermEnded
from towns.events import Built, Deed, MovedAway, MovedIn, Said
from towns.history import History
from towns.ledger import Transfer
from towns.state import Resident

_SHOWN = (
    Deed,
    Said,
    MovedIn,
    MovedAway,
    Built,
    PriceSet,
    TaxSet,
    HoursSet,
    MayorAppointed,
    Governed,
    TermEnded,
)
_ACCOUNTS = ("resident:", "building:")


def aligned(rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> Iterator[str]:
    """Yield rows as lines with columns below each other; `numbers` stand to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [
            cell.rjust(width) if number in numbers else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def residents_table(told: History) -> Iterator[str]:
    """Yield what everybody owns, has earned and spent, feels and does."""
    cash, mood, flows = told.cash(told.tick), told.mood(told.tick), told.flows()
    calls = told.calls_between(0, told.tick + 1)
    rows = [["resident", "coins", "earned", "spent", "mood", "answers", "now"]]
    for seat, resident in told.state.residents.items():
        earned, spent = flows[seat]
        money = [f"{amount:,}" for amount in (cash[seat], earned, spent)]
        now = doing(told, seat, resident)
        rows.append([seat, *money, f"{mood[seat]:.0f}", str(calls[seat]), now])
    yield from aligned(rows, numbers=(1, 2, 3, 4, 5))


def doing(told: History, seat: Seat, resident: Resident) -> str:
    """Return where a resident is and what it does."""
    place = next(one.place for one in told.drawing(told.tick).residents if one.name == seat)
    if resident.talk:
        others = told.state.talks[resident.talk].others(seat)
        return f"{place}: talks with {', '.join(others)}"
    if resident.use:
        until = told.start.clock.at(resident.use.until)
        return f"{place}: {resident.use.operation}, until {until.time}"
    return place


def deed_line(event: Event, clock: Clock) -> str:
    """Return what was done or said, with its time; "" for what nobody could watch."""
    if not isinstance(event, _SHOWN):
        return ""
    told = " ".join(str(event.told()).split())
    return f"{clock.at(event.tick)}  {told}" if told else ""


def transfer_row(transfer: Transfer, clock: Clock) -> Sequence[str]:
    """Return a transfer as the cells of a row."""
    debit, credit = (_account(one) for one in (transfer.debit, transfer.credit))
    when = str(clock.at(transfer.tick))
    return [str(transfer.number), when, debit, credit, f"{transfer.amount:,}", transfer.why]


def _account(name: str) -> str:
    for kind in _ACCOUNTS:
        name = name.removeprefix(kind)
    return name
