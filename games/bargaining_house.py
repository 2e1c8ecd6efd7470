"""What is drawn and reckoned in bargaining, and how house bots bargain."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Final

from games.bargaining_events import Goods, Item
from games.core import Level

WORTH: Final = 10
"""What all goods together are worth to each seat."""
FEWEST: Final = 5
MOST: Final = 7
"""Items on the table."""
FLOOR: Final = {Level.MEDIUM: 5, Level.HARD: 6}
"""Points below which a bot does not go before its last chance."""


@dataclass(frozen=True)
class Position:
    """What a house bot knows when it is asked; it is all in its seat's view."""

    goods: Goods
    values: Goods
    demands: Sequence[Goods]
    """What the rival wanted to keep, oldest first."""
    made: int
    """Offers made so far, by both."""
    offers: int
    """Offers that may be made."""


def worth(values: Goods, share: Goods) -> int:
    """Return how many points a share is worth."""
    return sum(values[item] * count for item, count in share.items())


def divisions(goods: Goods) -> Sequence[Goods]:
    """Return every share that a seat can have of the goods."""
    counts = [range(goods[item] + 1) for item in Item]
    return [dict(zip(Item, share, strict=True)) for share in product(*counts)]


def rest(goods: Goods, share: Goods) -> Goods:
    """Return what is left of the goods without a share."""
    return {item: count - share[item] for item, count in goods.items()}


def drawn_goods(rng: Random) -> Goods:
    """Return at least one of each item, FEWEST to MOST in all."""
    choices = [
        counts
        for counts in product(range(1, MOST), repeat=len(Item))
        if FEWEST <= sum(counts) <= MOST
    ]
    return dict(zip(Item, rng.choice(choices), strict=True))


def drawn_values(goods: Goods, rng: Random) -> Sequence[Goods]:
    """Return values for two seats, different ones where the goods allow it."""
    every = all_values(goods)
    return rng.sample(every, 2) if len(every) > 1 else [every[0], every[0]]


def all_values(goods: Goods) -> Sequence[Goods]:
    """Return every set of values that makes the goods worth WORTH."""
    sets = product(range(WORTH + 1), repeat=len(Item))
    found = [dict(zip(Item, values, strict=True)) for values in sets]
    return [values for values in found if worth(values, goods) == WORTH]


def wanted(at: Position, level: Level) -> int:
    """Return the points that a bot wants now: all at first, less as the offers run out."""
    left = 1 - at.made / at.offers
    return round(FLOOR[level] + (WORTH - FLOOR[level]) * left)


def accepts(at: Position, share: Goods, level: Level, rng: Random) -> bool:
    """Return whether a bot takes what it is offered.

    Easy decides by chance; medium wants what it would ask for; hard does too, but takes anything
    where nothing can follow.
    """
    if level is Level.EASY:
        return rng.random() < worth(at.values, share) / WORTH
    if level is Level.HARD and at.made >= at.offers:
        return worth(at.values, share) > 0
    return worth(at.values, share) >= min(wanted(at, level), WORTH - 1)


def demand(at: Position, level: Level, rng: Random) -> Goods:
    """Return what a bot would keep.

    Easy draws any share; medium one that is worth enough to itself; hard the one among these that
    is worth most to a rival who seems to value what it has asked for.
    """
    shares = divisions(at.goods)
    if level is Level.EASY:
        return rng.choice(shares)
    enough = [share for share in shares if worth(at.values, share) >= wanted(at, level)]
    if level is Level.MEDIUM:
        return rng.choice(enough)
    theirs = guessed(at)
    return max(
        enough,
        key=lambda share: (
            sum(theirs[item] * left for item, left in rest(at.goods, share).items()),
            worth(at.values, share),
            rng.random(),
        ),
    )


def guessed(at: Position) -> dict[Item, float]:
    """Return how much a rival seems to value one of each item, by how much of it it has wanted."""
    return {
        item: (1 + sum(kept[item] / at.goods[item] for kept in at.demands)) / at.goods[item]
        for item in Item
    }
