"""What a resident knows at one moment: all that its questions and its house rules stand on."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

from games.core import Words
from towns.catalogue import Catalogue, Good, Need, Operation, Who
from towns.clock import Clock, GameTime, Hours
from towns.grid import Building
from towns.memory import NOTHING_SAID, Act, Memory, Note, Plan
from towns.needs import Needs
from towns.policies import NO_POLICIES, NO_TAXES, Policies, Taxes
from towns.start import Profile

MOST_ACTS: Final = 5
"""For one plan; with the last of them it has succeeded or failed."""


@dataclass(frozen=True)
class Offer:
    """Something that can be done with a kind of equipment, and with one good of its menu."""

    equipment: str
    operation: Operation
    good: Good | None = None
    """What is bought."""

    @property
    def costs(self) -> int:
        """Coins, for one piece where something is bought."""
        return self.operation.costs + (self.good.price if self.good else 0)

    @property
    def good_for(self) -> Need:
        """The need that is better met afterwards; to buy a meal does not yet feed anybody."""
        made = self.good or self.operation.gives
        return Need.NOTHING if made else self.operation.need

    @property
    def doing(self) -> tuple[str, str, str]:
        """What it has in common with every act that does the same."""
        return self.equipment, self.operation.name, self.good.name if self.good else ""

    @property
    def label(self) -> str:
        """Such as "restaurant counter: order a meal, soup (30 min, 25 coins)"."""
        good = f", {self.good.name}" if self.good else ""
        return f"{self.equipment}: {self.operation.name}{good} ({', '.join(self._details())})"

    def _details(self) -> Iterator[str]:
        yield duration(self.operation.minutes)
        if self.costs:
            yield f"{self.costs:,} coins" + (" each" if self.operation.buys > 1 else "")
        if self.operation.pays:
            yield f"pays {self.operation.pays:,}"


@dataclass(frozen=True, eq=False)
class Place:
    """A building as those who live in the town know it; made once, compared by identity."""

    name: str
    type: str
    hours: Hours
    offers: tuple[Offer, ...]
    """All that can ever be done there, by the order of its equipment."""
    private: bool = False
    """Whether somebody can live there."""


@dataclass(frozen=True, eq=False)
class Guide:
    """What everybody in a town knows of it; made once for each set of buildings and prices."""

    name: str
    places: Mapping[str, Place]
    taxes: Taxes = NO_TAXES

    @cached_property
    def useful(self) -> Mapping[str, Need]:
        """The need that each kind of good serves, at once or by what can be made of it."""
        operations = [offer.operation for one in self.places.values() for offer in one.offers]
        found: dict[str, Need] = {}
        for maker in (False, True):  # what feeds at once, then what something can be made of
            for one in operations:
                if one.takes and bool(one.gives) == maker:
                    need = found.get(one.gives.kind, Need.NOTHING) if one.gives else one.need
                    for kind in one.takes:
                        found.setdefault(kind, need)
        return found


@dataclass(frozen=True)
class Line:
    """Something said in a talk."""

    speaker: str
    words: Words


@dataclass(frozen=True)
class Talk:
    """A talk as one who takes part in it has heard it."""

    others: tuple[str, ...]
    topic: Words = NOTHING_SAID
    lines: tuple[Line, ...] = ()
    """Oldest first."""


@dataclass(frozen=True)
class Situation:
    """A resident at one moment."""

    guide: Guide
    profile: Profile
    clock: Clock
    tick: int
    cash: int
    """Coins."""
    goods: tuple[Good, ...] = ()
    """Every piece that the resident carries."""
    needs: Needs = field(default_factory=Needs)
    memory: Memory = field(default_factory=Memory)
    here: str = ""
    """The place the resident is in; "" on the street."""
    minutes_to: Mapping[str, int] = field(default_factory=dict)
    """How long the walk takes to each place that can be reached."""
    full: frozenset[str] = frozenset()
    """Kinds of equipment in this place that are all in use."""
    in_sight: tuple[str, ...] = ()
    """Who can be seen, and is free to talk."""
    plan: Plan | None = None
    acts: tuple[Act, ...] = ()
    """What was done for this plan so far."""

    @property
    def time(self) -> GameTime:
        return self.clock.at(self.tick)

    def offers_here(self) -> Sequence[Offer]:
        """Return what can be done here and now."""
        place = self.guide.places.get(self.here)
        if place is None or not place.hours.has(self.time):
            return ()
        return [one for one in self.offers_at(place) if one.equipment not in self.full]

    def offers_at(self, place: Place) -> Sequence[Offer]:
        """Return what this resident may do at a place, can pay, and has the goods for."""
        kinds = {good.kind for good in self.goods}
        return [
            one
            for one in place.offers
            if one.costs <= self.cash
            and self._may(one.operation.who, place)
            and (not one.operation.takes or kinds.intersection(one.operation.takes))
        ]

    def goals(self) -> Sequence[Place]:
        """Return the places that are open on arrival and where there is something to do."""
        found = []
        for name, minutes in self.minutes_to.items():
            place = self.guide.places[name]
            arrival = self.clock.at(self.tick + self.clock.ticks(minutes))
            if place.hours.has(arrival) and self.offers_at(place):
                found.append(place)
        return found

    def _may(self, who: Who, place: Place) -> bool:
        match who:
            case Who.RESIDENTS:
                return self.profile.home == place.name
            case Who.WORKERS:
                return self.profile.work == place.name
        return True


def first_memory(profile: Profile) -> Memory:
    """Return what a resident knows of others on the first day."""
    notes = [Note(name, impression=Words(told)) for name, told in profile.knows.items()]
    return Memory().noted(0, notes)


def place_of(building: Building, catalogue: Catalogue, policies: Policies = NO_POLICIES) -> Place:
    """Return a building as those who live in the town know it."""
    kinds = dict.fromkeys(piece.kind for piece in building.equipment.values())
    offers: list[Offer] = []
    for kind in map(catalogue.equipment.__getitem__, kinds):
        for operation in kind.operations.values():
            goods = kind.menu.values() if operation.buys else [None]
            offers += [Offer(kind.name, operation, good) for good in goods]
    return Place(
        building.name,
        building.type.name,
        policies.open_at(building.name) or building.type.hours,
        tuple(_priced(one, building.name, policies) for one in offers),
        building.type.beds > 0,
    )


def _priced(offer: Offer, place: str, policies: Policies) -> Offer:
    """Return an offer at the price that was set for it."""
    operation, good = offer.operation, offer.good
    if (costs := policies.price(place, operation.name)) is not None:
        operation = replace(operation, costs=costs)
    if good and (price := policies.price(place, good.name)) is not None:
        good = replace(good, price=price)
    return replace(offer, operation=operation, good=good)


def duration(minutes: int) -> str:
    """Return such as "7 h", "90 min"."""
    return f"{minutes // 60} h" if minutes % 60 == 0 else f"{minutes} min"
