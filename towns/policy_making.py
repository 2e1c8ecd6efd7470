"""Setting policies: prices and taxes within the bounds of the town's tables, and opening hours."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from games.core import IllegalMove, listed
from towns.clock import Hours, clock_minutes
from towns.decrees import HoursSet, PriceSet, TaxSet
from towns.policies import Tax
from towns.situation import Place
from towns.state import TownState
from towns.unfolding import Unfolding

WRONG_HOURS: Final = "An opening and a closing time are needed, such as 08:00 and 20:00."


class Price(NamedTuple):
    """What something costs at a place, and what it may cost, in coins."""

    coins: int
    least: int
    most: int


def prices_at(place: Place) -> Mapping[str, Price]:
    """Return what one pays for at a place: goods, and what else has a price."""
    found = {}
    for offer in place.offers:
        if good := offer.good:
            found[good.name] = Price(good.price, good.least, good.most)
        if (operation := offer.operation).most:
            found[operation.name] = Price(operation.costs, operation.least, operation.most)
    return found


def policy_lines(state: TownState) -> Iterator[str]:
    """Yield what is in force: taxes, and hours and prices by building, with their bounds."""
    taxes, most = state.policies.taxes, state.ground.start.most_taxes
    shares = [f"{taxes.rate(tax)} % of {tax} (at most {most.rate(tax)} %)" for tax in Tax]
    yield f"The town takes {listed(shares)}."
    for place in state.ground.guide.places.values():
        if not place.private:
            prices = [
                f"{item} {one.coins:,} ({one.least:,} to {one.most:,})"
                for item, one in prices_at(place).items()
            ]
            yield f"{place.name}, {place.hours}: {', '.join(prices) or 'nothing is sold'}"


def set_price(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let something have another price, at one place or everywhere.  Raises IllegalMove."""
    state, wanted = unfolding.state, fields.get("place", "")
    places = [_known(state, wanted)] if wanted else list(state.ground.guide.places.values())
    priced = {place.name: prices_at(place) for place in places}
    items = dict.fromkeys(item for prices in priced.values() for item in prices)
    item = _same(fields.get("item", ""), items)
    if item is None:
        known = listed(items) or "nothing"
        raise IllegalMove(f"That is not sold {'there' if wanted else 'here'}; there is: {known}.")
    sold = {name: prices[item] for name, prices in priced.items() if item in prices}
    _, least, most = next(iter(sold.values()))  # the bounds are the same everywhere
    if least == most:
        raise IllegalMove(f"The price of {item} is fixed: {least:,} coins.")
    coins = _whole(fields.get("coins", ""))
    if coins is None or not least <= coins <= most:
        raise IllegalMove(f"{item} can cost {least:,} to {most:,} coins; choose from these.")
    unfolding.tell(PriceSet(state.limit, item, coins, tuple(sold)))


def set_tax(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let the town take another share.  Raises IllegalMove."""
    state = unfolding.state
    tax = _same(fields.get("tax", ""), {one.value: None for one in Tax})
    if tax is None:
        raise IllegalMove(f"There is no such tax; choose {listed(list(Tax), 'or')}.")
    most = state.ground.start.most_taxes.rate(Tax(tax))
    percent = _whole(fields.get("percent", "").removesuffix("%"))
    if percent is None or not 0 <= percent <= most:
        raise IllegalMove(f"The tax on {tax} can be 0 to {most} %; choose from these.")
    unfolding.tell(TaxSet(state.limit, Tax(tax), percent))


def set_hours(unfolding: Unfolding, fields: Mapping[str, str]) -> None:
    """Let a building be open at other times.  Raises IllegalMove."""
    state = unfolding.state
    place = _known(state, fields.get("place", ""))
    if place.private:
        raise IllegalMove(f"People live at {place.name}, which is always open; choose another.")
    try:
        hours = Hours(*(clock_minutes(fields.get(name, "")) for name in ("opens", "closes")))
    except ValueError:
        raise IllegalMove(WRONG_HOURS) from None
    unfolding.tell(HoursSet(state.limit, place.name, hours))


def _known(state: TownState, wanted: str) -> Place:
    places = state.ground.guide.places
    name = _same(wanted, places)
    if name is None:
        raise IllegalMove(f"There is no such building; choose from {listed(places)}.")
    return places[name]


def _same(wanted: str, among: Mapping[str, object]) -> str | None:
    """Return a name whatever its case."""
    folded = wanted.strip().casefold()
    return next((name for name in among if name.casefold() == folded), None)


def _whole(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None
