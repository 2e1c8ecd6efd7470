"""Bids of liar's dice, what they are worth, and how house bots bid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import comb
from random import Random
from typing import Final

from games.core import Level
from games.liars_dice_events import FACES, Claim, Hand

TRUST: Final = 0.55
"""How much of a rival's dice, beyond chance, a hard bot takes to show the face it bids."""
BLUFF: Final = 0.12
"""How often a hard bot bids what it does not hold."""


@dataclass(frozen=True)
class Knowledge:
    """What a house bot knows when it is asked; it is all in its seat's view."""

    hand: Hand
    total: int
    """Dice of all seats."""
    bid: Claim | None
    theirs: Sequence[tuple[int, Claim]]
    """The last bid of each rival in this round, with the rival's number of dice."""
    wild: bool


@cache
def above(bid: Claim | None, total: int) -> Sequence[Claim]:
    """Return the bids that are higher than this one, the lowest first."""
    least = bid or (0, FACES[-1])
    claims = ((count, face) for count in range(least[0] or 1, total + 1) for face in FACES)
    return tuple(claim for claim in claims if claim > least)


def matching(hands: Iterable[Hand], face: int, *, wild: bool) -> int:
    """Return how many dice count for a face; with wild ones, a one counts for each."""
    counted = {face, 1} if wild else {face}
    return sum(die in counted for hand in hands for die in hand)


def call(known: Knowledge, level: Level, rng: Random) -> Claim | None:
    """Return a bid; None for a doubt.

    Easy bids at random and doubts by feeling; medium reckons with its own dice; hard reads the
    bids of the others as well, and now and then bluffs.
    """
    claims = above(known.bid, known.total)
    if not claims:
        return None
    if level is Level.EASY:
        doubts = known.bid and rng.random() < known.bid[0] / known.total
        return None if doubts else rng.choice(claims[: len(FACES)])
    reading = level is Level.HARD
    worth = {claim: chance(known, claim, reading=reading) for claim in claims[: 3 * len(FACES)]}
    doubt = 1 - chance(known, known.bid, reading=reading) if known.bid else 0.0
    best = max(worth.values())
    if doubt > max(best, 0.5):
        return None
    if reading and rng.random() < BLUFF:
        near = [claim for claim, value in worth.items() if value > 0.6 * best]
        return rng.choice(near)
    return max(worth, key=lambda claim: (worth[claim], rng.random()))


def chance(known: Knowledge, claim: Claim, *, reading: bool) -> float:
    """Return how likely a bid is true for one who knows only its own dice, and perhaps the bids."""
    count, face = claim
    need = count - matching([known.hand], face, wild=known.wild)
    single = (2 if known.wild and face != 1 else 1) / len(FACES)
    unknown = known.total - len(known.hand)
    if reading:
        for dice, (_, bid) in known.theirs:
            hinted = round(TRUST * dice * (1 - single) * 0.5) if bid == face else 0
            need, unknown = need - hinted, unknown - hinted
    return at_least(need, unknown, single)


@cache
def at_least(need: int, dice: int, single: float) -> float:
    """Return how likely so many of some dice show a face that one shows with chance `single`."""
    if need <= 0:
        return 1.0
    return sum(
        comb(dice, hits) * single**hits * (1 - single) ** (dice - hits)
        for hits in range(need, dice + 1)
    )
