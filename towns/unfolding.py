"""What follows from one answer, event by event."""

from dataclasses import dataclass, field

from games.core import Seat
from towns.after import after
from towns.errors import TransferRefused
from towns.events import Paid, TownEvent
from towns.state import Resident, TownState


@dataclass(frozen=True)
class Rules:
    """What was agreed for a town."""

    merged: bool
    """Whether a resident plans in one call, and judges its plan with its next act."""
    lines: int
    """The most lines of a talk."""
    threshold: int
    """The importance after which a resident reflects."""
    mayor_days: int
    """How long a mayor's term is."""


@dataclass
class Unfolding:
    """The state so far, and the events that led to it."""

    rules: Rules
    state: TownState
    events: list[TownEvent] = field(default_factory=list)

    def tell(self, *events: TownEvent) -> None:
        """Let something happen."""
        for event in events:
            self.state = after(self.state, event)
            self.events.append(event)

    def pay(self, tick: int, debit: str, credit: str, amount: int, why: str) -> None:
        """Let one account pay another.  Raises TransferRefused."""
        if amount:
            self.tell(Paid(self.state.ledger.checked(tick, debit, credit, amount, why)))

    def can_pay(self, tick: int, debit: str, credit: str, amount: int) -> str:
        """Return "" or why one account cannot pay another."""
        try:
            if amount:
                self.state.ledger.checked(tick, debit, credit, amount, "")
        except TransferRefused as why:
            return str(why)
        return ""

    def resident(self, seat: Seat) -> Resident:
        """Return a resident as it stands now."""
        return self.state.residents[seat]
