"""What can happen in liar's dice, who may know of it, and how it and a bid are told."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, Final

from games.core import Public, Seat, Secret, Text

FACES: Final = (1, 2, 3, 4, 5, 6)
Hand = tuple[int, ...]
"""What the dice of one seat show."""
Claim = tuple[int, int]
"""That so many dice of all show this face: (count, face)."""
_LONGEST_BID: Final = 100
_NUMBERS: Final = ("one", "two", "three", "four", "five", "six")
_WORD: Final = re.compile(rf"\b({'|'.join(_NUMBERS)})(?:e?s)?\b")
_BID: Final = re.compile(
    r"(?:i bid |bid )?(\d{1,3})(?: ?[x×*,] ?| )(?:dice (?:show |of )?)?(\d)'?s?[.!]?"
)


@dataclass(frozen=True)
class RoundBegan(Public):
    """All have rolled, each as many dice as it has left."""

    telling: ClassVar[str] = "All roll. Dice left: {dice}. {seat} begins."
    seat: Seat
    dice: Mapping[Seat, int]


@dataclass(frozen=True)
class Rolled(Secret):
    """A seat has seen its own dice; no other seat may know them."""

    telling: ClassVar[str] = "Your dice: {hand}."
    hand: Hand


@dataclass(frozen=True)
class Bid(Public):
    """A seat has claimed that so many dice of all show a face."""

    telling: ClassVar[str] = "{seat} bids {count} x {face}."
    seat: Seat
    count: int
    face: int


@dataclass(frozen=True)
class Doubted(Public):
    """A seat has called the last bidder a liar, and all dice are shown."""

    telling: ClassVar[str] = (
        "{seat} says that {bidder} lies. The dice: {hands}. Dice that count as a {face}: {found}."
    )
    seat: Seat
    bidder: Seat
    face: int
    found: int
    hands: Mapping[Seat, Hand]

    def told(self) -> Text:
        shown = tuple(
            Text("{seat} has {hand}", seat=seat, hand=" ".join(map(str, hand)))
            for seat, hand in self.hands.items()
        )
        values = {"seat": self.seat, "bidder": self.bidder, "face": self.face}
        return Text(self.telling, **values, found=self.found, hands=shown)


@dataclass(frozen=True)
class DieLost(Public):
    """A seat was wrong, and has so many dice left."""

    seat: Seat
    left: int

    def told(self) -> Text:
        if not self.left:
            return Text("{seat} loses the last die and is out.", seat=self.seat)
        return Text("{seat} loses a die.", seat=self.seat)


LiarsDiceEvent = RoundBegan | Rolled | Bid | Doubted | DieLost


def written(claim: Claim) -> str:
    """Return a bid as it stands among the options: "3 x 5"."""
    return f"{claim[0]} x {claim[1]}"


@lru_cache(maxsize=1024)
def spoken(text: str) -> Claim | None:
    """Return the bid in "3 x 5", "three fives" or "3, 5"; None where it is something else."""
    folded = " ".join(text[:_LONGEST_BID].casefold().split())
    found = _BID.fullmatch(_WORD.sub(lambda word: str(_NUMBERS.index(word[1]) + 1), folded))
    return (int(found[1]), int(found[2])) if found and len(text) < _LONGEST_BID else None
