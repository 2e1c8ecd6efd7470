"""What the newspaper has from the town hall: decisions, taxes, and when places are open."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from games.core import Text
from towns.catalogue import Catalogue
from towns.clock import Hours
from towns.decrees import HoursSet, MayorAppointed, PriceSet, TaxSet, TermEnded
from towns.events import Built, TownEvent
from towns.ledger import TOWN, Outside, Transfer
from towns.situation import Guide

Decided: TypeAlias = Built | PriceSet | TaxSet | HoursSet | MayorAppointed | TermEnded
"""What the town itself has done."""
_MOST: Final = 6
"""Decisions that are told one by one."""


def town_hall(decided: Sequence[Decided], transfers: Sequence[Transfer]) -> Iterator[Text]:
    """Yield what the town has decided on a day, and what its taxes have brought."""
    yield from (one.told() for one in decided[:_MOST])
    if more := len(decided[_MOST:]):
        yield Text("And {n} more decisions.", n=more)
    outside = tuple(Outside)
    taxes = [one.amount for one in transfers if one.credit == TOWN and one.debit not in outside]
    if taxes:
        yield Text("Taxes brought {coins} coins today.", coins=f"{sum(taxes):,}")


def hours_known(
    guide: Guide, catalogue: Catalogue, past: Sequence[TownEvent], later: Sequence[TownEvent]
) -> Mapping[str, Hours]:
    """Return when each building is open; what is built or set later is not known yet."""
    coming = {one.site.name for one in later if isinstance(one, Built)}
    hours = {
        name: catalogue.buildings[place.type].hours
        for name, place in guide.places.items()
        if name not in coming
    }
    return hours | {one.place: one.hours for one in past if isinstance(one, HoursSet)}
