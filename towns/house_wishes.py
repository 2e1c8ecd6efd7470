"""How much a resident that follows rules of thumb wants to do something, by needs and the hour."""

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Final

from towns.catalogue import Good, Need
from towns.clock import GameTime
from towns.recall import terms
from towns.situation import Offer, Place, Situation

SHIFT: Final = 8 * 60
"""Minutes of work on a working day."""
_EARLIEST: Final = 9 * 60
_NIGHT: Final = 6 * 60
"""Minutes after bedtime in which it is still worth going to bed."""
_MEALS: Final = ((6 * 60, 9 * 60), (12 * 60, 14 * 60), (18 * 60, 21 * 60))
_HUNGRY: Final = 35
"""Missing points of food from which on a meal is taken at its hour."""
_STARVING: Final = 80
"""Missing points of food for which work is left."""
_SLEEP: Final = 240
"""Minutes from which on a rest is a night's sleep."""
_WORKDAYS: Final = 5

_WORTH_OF_SLEEP: Final = 100.0
_WORTH_OF_WORK: Final = 70.0
_WORTH_OF_MEAL: Final = 50.0
_WORTH_OF_LIKING: Final = 8.0
_WORTH_OF_MINUTE: Final = 0.5
"""What a minute of walking takes off."""
_WORTH_OF_MANNERS: Final = 60.0
"""What it takes off that somebody else lives there."""
_WORTH_OF_CHANGE: Final = 6.0
"""What it takes off, each time, that it was done lately; meals are not counted."""
_LATEST: Final = 10
"""Records."""
_TELLING: Final = 4
"""Letters from which on a word is hardly an article or a preposition."""
_NAP: Final = 0.3
"""Share of the wish for rest that is felt by day."""
_WORTH_OF_CASH: Final = 40.0
"""What it takes off to spend all one has."""


@dataclass(frozen=True)
class Habits:
    """What is the same every day for one resident."""

    bedtime: int
    """Minutes since midnight."""
    talkative: float
    """0 to 1."""


@lru_cache(maxsize=4096)
def habits_of(seed: int, name: str) -> Habits:
    """Return the habits of a resident."""
    rng = Random(f"{seed}/{name}/habits")
    return Habits(22 * 60 + 5 * rng.randint(0, 18), 0.3 + 0.5 * rng.random())


def on_shift(now: Situation) -> bool:
    """Return whether the resident has to be at work: 8 hours on the first 5 days of 7."""
    place = now.guide.places.get(now.profile.work)
    if place is None or (now.time.day - 1) % 7 >= _WORKDAYS:
        return False
    starts = max(place.hours.opens, _EARLIEST)
    return place.hours.has(now.time) and starts <= now.time.minutes < starts + SHIFT


def bedtime(now: Situation, habits: Habits) -> bool:
    """Return whether it is night for the resident."""
    return (now.time.minutes - habits.bedtime) % (24 * 60) < _NIGHT


def minutes_left(now: Situation, habits: Habits) -> int:
    """Return how long nothing else is fixed: until the end of the shift, or until bedtime."""
    minute = now.time.minutes
    if bedtime(now, habits):
        return _NIGHT + SHIFT
    if on_shift(now):
        return max(now.guide.places[now.profile.work].hours.opens, _EARLIEST) + SHIFT - minute
    return (habits.bedtime - minute) % (24 * 60)


def hungry(now: Situation) -> bool:
    """Return whether it is the hour of a meal that is missing."""
    short = now.needs.short(Need.FOOD)
    return short >= _STARVING or (short >= _HUNGRY and _mealtime(now.time))


def worth(now: Situation, offer: Offer, habits: Habits) -> float:
    """Return how much the resident wants to do this now, about 0 to 100."""
    operation = offer.operation
    if operation.need is Need.MONEY:
        return _WORTH_OF_WORK if on_shift(now) else 0.0
    if operation.need is Need.REST and operation.minutes >= _SLEEP:
        return _WORTH_OF_SLEEP if bedtime(now, habits) else 0.0
    made = offer.good or operation.gives
    need = now.guide.useful.get(made.kind, Need.NOTHING) if made else operation.need
    if made and any(_instead(now, good, offer, need) for good in now.goods):
        return 0.0  # what is carried is used first
    price = _WORTH_OF_CASH * offer.costs / max(1, now.cash)
    dull = 0.0 if need is Need.FOOD else _WORTH_OF_CHANGE * _lately(now, operation.name)
    wish = _urgency(now, need) * _share(need, operation.minutes) + _liking(now, offer)
    return max(0.0, wish - price - dull)


def reached(now: Situation, place: Place, offer: Offer, habits: Habits) -> float:
    """Return how much the resident wants to go to a place for this."""
    strange = _WORTH_OF_MANNERS if place.private and place.name != now.profile.home else 0.0
    way = _WORTH_OF_MINUTE * now.minutes_to.get(place.name, 0)
    return worth(now, offer, habits) - strange - way


def most_wanted(now: Situation, habits: Habits) -> tuple[float, float]:
    """Return how much the resident wants the best of what is here, and of what is elsewhere."""
    here = max((worth(now, offer, habits) for offer in now.offers_here()), default=0.0)
    elsewhere = (
        reached(now, place, offer, habits)
        for place in now.goals()
        if place.name != now.here
        for offer in now.offers_at(place)
    )
    return here, max(elsewhere, default=0.0)


def _instead(now: Situation, carried: Good, offer: Offer, need: Need) -> bool:
    """Return whether something carried makes it needless to buy or to make what is on offer."""
    if offer.good:
        return now.guide.useful.get(carried.kind) is need
    return offer.operation.gives is not None and carried.kind == offer.operation.gives.kind


def _urgency(now: Situation, need: Need) -> float:
    """Return 0 to 100, or more for a meal at its hour; little is missing, less is wanted."""
    meal = _WORTH_OF_MEAL if need is Need.FOOD and hungry(now) else 0.0
    return now.needs.short(need) ** 2 / 100 + meal


def _share(need: Need, minutes: int) -> float:
    """Return how much of a wish is met: an hour meets it, a meal always, and a nap hardly."""
    if need is Need.FOOD:
        return 1.0
    return min(1.0, minutes / 60) * (_NAP if need is Need.REST else 1.0)


def _lately(now: Situation, operation: str) -> int:
    """Return how often something stands among the latest records."""
    return sum(operation in record.text for record in now.memory.stream[-_LATEST:])


def _liking(now: Situation, offer: Offer) -> float:
    likes = terms(" ".join(now.profile.likes))
    good = offer.good.name if offer.good else ""
    shared = likes & terms(f"{offer.equipment} {offer.operation.name} {good}")
    return _WORTH_OF_LIKING if any(len(term) >= _TELLING for term in shared) else 0.0


def _mealtime(time: GameTime) -> bool:
    return any(starts <= time.minutes < ends for starts, ends in _MEALS)
