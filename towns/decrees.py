"""What a town decides: its policies, and what its mayor does; everybody may know of it."""

from dataclasses import dataclass
from typing import ClassVar

from games.core import Public, Text, listed
from towns.clock import Hours, clock_text
from towns.policies import Tax


@dataclass(frozen=True)
class PriceSet(Public):
    """Something costs as much as the town says, in place of what its tables say."""

    telling: ClassVar[str] = "{item} costs {coins} coins from now on: {places}."
    tick: int
    item: str
    coins: int
    places: tuple[str, ...]

    def told(self) -> Text:
        return Text(
            self.telling, item=self.item, coins=f"{self.coins:,}", places=listed(self.places)
        )


@dataclass(frozen=True)
class TaxSet(Public):
    """The town takes another share."""

    telling: ClassVar[str] = "The town takes {percent} % of {tax} from now on."
    tick: int
    tax: Tax
    percent: int

    def told(self) -> Text:
        return Text(self.telling, percent=self.percent, tax=Text(self.tax))


@dataclass(frozen=True)
class HoursSet(Public):
    """A building is open at other times."""

    telling: ClassVar[str] = "{place} is open from {opens} to {closes} from now on."
    tick: int
    place: str
    hours: Hours

    def told(self) -> Text:
        if self.hours.always:
            return Text("{place} is always open from now on.", place=self.place)
        opens, closes = clock_text(self.hours.opens), clock_text(self.hours.closes)
        return Text(self.telling, place=self.place, opens=opens, closes=closes)


@dataclass(frozen=True)
class MayorAppointed(Public):
    """The town has a mayor who decides from a tick on, so many times."""

    telling: ClassVar[str] = "The town has a mayor, who decides {decisions} times."
    tick: int
    first: int
    decisions: int


@dataclass(frozen=True)
class Governed(Public):
    """The mayor has decided; `why` says why it could not be carried out, or is ""."""

    tick: int
    decision: str
    why: str
    next: int
    """The tick of the next decision."""

    def told(self) -> Text:
        if not self.why:
            return Text("The mayor decides: {decision}.", decision=self.decision)
        return Text(
            "The mayor decides: {decision}. It cannot be: {why}",
            decision=self.decision,
            why=self.why,
        )


@dataclass(frozen=True)
class TermEnded(Public):
    """The mayor decides no more; the score is what the town and its buildings have gained."""

    tick: int
    gained: int
    """Coins; below 0 where they have less than before."""

    def told(self) -> Text:
        return gains(self.gained)


def gains(coins: int) -> Text:
    """Return the score of a mayor in words."""
    told = (
        "The mayor's term is over: the town and its buildings own {coins} coins more than before."
        if coins >= 0
        else "The mayor's term is over: the town and its buildings own {coins} coins less than "
        "before."
    )
    return Text(told, coins=f"{abs(coins):,}")
