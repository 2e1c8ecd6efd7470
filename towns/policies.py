"""Policies: prices, opening hours and taxes that a town has set in place of those in its tables."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from towns.clock import Hours


class Tax(StrEnum):
    """What the town gets its share of."""

    WAGES = "wages"
    PURCHASES = "purchases"


@dataclass(frozen=True)
class Taxes:
    """The town's share, in percent."""

    wages: int = 0
    """Paid by whoever has earned."""
    purchases: int = 0
    """Contained in what is paid."""

    def rate(self, tax: Tax) -> int:
        """Return the percentage of a tax."""
        return self.wages if tax is Tax.WAGES else self.purchases

    def of(self, tax: Tax, coins: int) -> int:
        """Return the tax on an amount in whole coins, rounded down."""
        return coins * self.rate(tax) // 100

    def changed(self, tax: Tax, percent: int) -> "Taxes":
        """Return them with another percentage."""
        return replace(self, **{tax.value: percent})


NO_TAXES: Final = Taxes()


@dataclass(frozen=True)
class Policies:
    """All that was set; it can be compared and hashed, so that a ground is made once for each."""

    prices: tuple[tuple[str, str, int], ...] = ()
    """Building, good or operation, and coins."""
    hours: tuple[tuple[str, Hours], ...] = ()
    """Building, and when it is open."""
    taxes: Taxes = NO_TAXES

    def price(self, place: str, item: str) -> int | None:
        """Return what something costs at a place; None where its tables say so."""
        return next((coins for *key, coins in self.prices if key == [place, item]), None)

    def open_at(self, place: str) -> Hours | None:
        """Return when a place is open; None where its tables say so."""
        return dict(self.hours).get(place)

    def with_price(self, places: Iterable[str], item: str, coins: int) -> "Policies":
        """Return the same with something at another price."""
        kept = {(place, name): before for place, name, before in self.prices}
        kept |= {(place, item): coins for place in places}
        return replace(self, prices=tuple(sorted((*key, coins) for key, coins in kept.items())))

    def with_hours(self, place: str, hours: Hours) -> "Policies":
        """Return the same with a place open at other times."""
        kept = {**dict(self.hours), place: hours}
        return replace(self, hours=tuple((name, kept[name]) for name in sorted(kept)))


NO_POLICIES: Final = Policies()
