"""Liar's dice: everybody rolls in secret and bids on the dice of all, until somebody doubts a bid.

A bid is higher by more dice, of any face, or by as many of a higher face. When a bid is doubted
all dice are shown: who was wrong loses a die, and begins the next round. The last with dice wins.
Source: the common-hand game known as dudo; TextArena, LiarsDice-v0 (which forbids a lower face
even where a bid is of more dice).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from itertools import islice
from random import Random
from typing import ClassVar, Final

from games import liars_dice_house as house
from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    IllegalMove,
    Level,
    Look,
    Outcome,
    Seat,
    Text,
    View,
)
from games.core.changing import changed
from games.liars_dice_events import (
    FACES,
    Bid,
    Claim,
    DieLost,
    Doubted,
    Hand,
    LiarsDiceEvent,
    Rolled,
    RoundBegan,
    spoken,
    written,
)

MOST_DICE: Final = 6
OFFERED: Final = 24
"""Bids among the options of an Ask; a higher one may be typed."""


class Call(StrEnum):
    """What can be said in the place of a bid."""

    LIAR = "liar"


@dataclass(frozen=True)
class Cup:
    """The dice that each seat has left, what they show, and the bid that stands."""

    dice: Mapping[Seat, int]
    """By seat; 0 for one who is out."""
    turn: Seat
    hands: Mapping[Seat, Hand] = field(default_factory=dict)
    bid: Claim | None = None
    bidder: Seat | None = None
    out: tuple[Seat, ...] = ()
    """Who has lost all dice, in this order."""


@cache
def question(bid: Claim | None, total: int) -> Ask:
    """Return the Ask for a bid above this one, or a doubt of it, with so many dice on the table."""
    bids = tuple([written(claim) for claim in house.above(bid, total)[:OFFERED]])
    if bid is None:
        told = "What do you bid? “{example}” claims that at least 2 of all {total} dice show a 3."
        prompt = Text(told, example=written((2, 3)), total=total)
        return Ask(prompt, choices=bids, default=bids[0], public=True)
    told = "The bid is {bid}, of {total} dice in all. Bid higher, or say “liar”."
    prompt = Text(told, bid=written(bid), total=total)
    return Ask(prompt, choices=(Call.LIAR, *bids), default=Call.LIAR, public=True)


@dataclass(frozen=True)
class LiarsDice(Game[Cup, str, LiarsDiceEvent]):
    """Secret dice, ever higher bids on all of them, and a doubt that costs somebody a die."""

    name: ClassVar[str] = "liars-dice"
    max_seats: ClassVar[int] = 6

    dice: int = 3
    """Dice of each player at the start, from 1 to 6; 5 make the long game that is usual."""
    wild_ones: bool = False
    """Whether a one counts as any face that is bid."""

    def check(self) -> None:
        if not 1 <= self.dice <= MOST_DICE:
            raise BadSetup(f"The option dice needs a number from 1 to {MOST_DICE}.")

    def initial(self, seats: Sequence[Seat], /) -> Cup:
        return Cup(dict.fromkeys(seats, self.dice), seats[0])

    def opening(self, cup: Cup, rng: Random, /) -> Sequence[LiarsDiceEvent]:
        return rolled(cup.dice, cup.turn, rng)

    def asks(self, cup: Cup, /) -> Mapping[Seat, Ask]:
        if len(cup.out) == len(cup.dice) - 1:
            return {}
        return {cup.turn: question(cup.bid, sum(cup.dice.values()))}

    def parse(self, cup: Cup, seat: Seat, text: str, /) -> str:
        total = sum(cup.dice.values())
        ask = question(cup.bid, total)
        if text in ask.choices:  # the usual case first
            return text
        claim = spoken(text)
        if claim is None:
            return str(ask.parse(text))
        if claim not in house.above(cup.bid, total):
            raise IllegalMove(refusal(claim, cup.bid, total))
        return written(claim)

    def decide(self, cup: Cup, seat: Seat, said: str, rng: Random, /) -> Sequence[LiarsDiceEvent]:
        if claim := spoken(said):
            return (Bid(seat, *claim),)
        assert cup.bid
        assert cup.bidder
        count, face = cup.bid
        found = house.matching(cup.hands.values(), face, wild=self.wild_ones)
        loser = cup.bidder if found < count else seat
        dice = {**cup.dice, loser: cup.dice[loser] - 1}
        shown = {one: hand for one, hand in cup.hands.items() if hand}
        lost = Doubted(seat, cup.bidder, face, found, shown), DieLost(loser, dice[loser])
        if sum(left > 0 for left in dice.values()) == 1:
            return lost
        return *lost, *rolled(dice, loser if dice[loser] else after(dice, loser), rng)

    def evolve(self, cup: Cup, event: LiarsDiceEvent, /) -> Cup:
        match event:
            case Bid(seat, count, face):
                turn = after(cup.dice, seat)
                return changed(cup, bid=(count, face), bidder=seat, turn=turn)
            case RoundBegan(seat, dice):
                return Cup(dice, seat, out=cup.out)
            case Rolled(seat, hand):
                return changed(cup, hands={**cup.hands, seat: hand})
            case Doubted():
                return cup
            case DieLost(seat, left):
                out = cup.out if left else (*cup.out, seat)
                return changed(cup, dice={**cup.dice, seat: left}, out=out)

    def outcome(self, cup: Cup, /) -> Outcome:
        winner = next(seat for seat in cup.dice if seat not in cup.out)
        scores = {seat: float(place) for place, seat in enumerate((*cup.out, winner))}
        told = Text("{seat} is the last with dice and wins.", seat=winner)
        return Outcome({seat: scores[seat] for seat in cup.dice}, told)

    def rules(self) -> Text:
        wild = Text("A one counts only as a one. ")
        if self.wild_ones:
            wild = Text("A one counts as any face that is bid. ")
        return Text(
            "Liar's dice. Each player rolls {dice} dice in secret. In turn, bid how many dice of "
            "all players together show a face at least: “{example}” means that 4 or more show a "
            "2. {wild}A bid must be higher than the one before: more dice of any face, or as many "
            "of a higher face. Instead of bidding you may say “liar”. Then all dice are shown: "
            "if there are fewer than bid, the bidder loses a die, otherwise the doubter does. "
            "The loser begins the next round. Who has no dice is out; the last with dice wins.",
            dice=self.dice,
            example=written((4, 2)),
            wild=wild,
        )

    def board(self, events: Sequence[LiarsDiceEvent], /) -> Board | None:
        dice: Mapping[Seat, int] = {}
        hands: Mapping[Seat, Hand] = {}
        bids: dict[Seat, str] = {}
        for event in events:
            match event:
                case RoundBegan():
                    dice, hands, bids = event.dice, {}, {}
                case Rolled(seat, hand):
                    hands = {seat: hand}
                case Bid(seat, count, face):
                    bids.pop(seat, None)
                    bids[seat] = written((count, face))
                case Doubted():
                    hands = event.hands
                case DieLost(seat, left):
                    dice = {**dice, seat: left}
        if not dice:
            return None
        rows = [
            (Cell(str(left)), Cell(_seen(hands.get(seat, ()), left)), Cell(bids.get(seat, "")))
            for seat, left in dice.items()
        ]
        heads = (Text("Dice"), Text("They show"), Text("Bid"))
        grid = Grid(rows, Look.TABLE, heads, tuple(dice))
        return Board(Text("Liar's dice, the table"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy bids at random; medium reckons with its own dice, hard with the others' bids too."""
        claim = house.call(_knowledge(self, view), level, rng)
        return written(claim) if claim else Call.LIAR


def refusal(claim: Claim, bid: Claim | None, total: int) -> Text:
    """Return why a bid cannot be made, and which could."""
    if claim[1] not in FACES:
        return Text("A die shows 1 to 6, not {face}. Bid another face.", face=claim[1])
    if not 1 <= claim[0] <= total:
        told = "There are {total} dice in all. Bid 1 to {total}, or say “liar”."
        if bid is None:
            told = "There are {total} dice in all. Bid 1 to {total}."
        return Text(told, total=total)
    told = "{claim} is not higher than {bid}. Bid more dice, or as many of a higher face."
    return Text(told, claim=written(claim), bid=written(bid or claim))


def rolled(dice: Mapping[Seat, int], first: Seat, rng: Random) -> Sequence[LiarsDiceEvent]:
    """Return a new round, in which each seat rolls what it has left."""
    shown = iter(rng.choices(FACES, k=sum(dice.values())))
    hands = {seat: tuple(sorted(islice(shown, left))) for seat, left in dice.items() if left}
    return RoundBegan(first, dice), *(Rolled(seat, hand) for seat, hand in hands.items())


def after(dice: Mapping[Seat, int], seat: Seat) -> Seat:
    """Return the next seat that has dice left."""
    seats = list(dice)
    start = seats.index(seat) + 1
    return next(one for one in (*seats[start:], *seats[:start]) if dice[one])


def _seen(hand: Hand, left: int) -> str:
    return " ".join(map(str, hand)) if hand else " ".join("?" * left)


def _knowledge(game: LiarsDice, view: View) -> house.Knowledge:
    """Return what a view tells a house bot of the present round."""
    hand: Hand = ()
    dice: Mapping[Seat, int] = {}
    bids: dict[Seat, Claim] = {}
    bid: Claim | None = None
    for event in view.events:
        match event:
            case RoundBegan():
                dice, bids, bid = event.dice, {}, None
            case Rolled():
                hand = event.hand
            case Bid(seat, count, face):
                bids[seat] = bid = (count, face)
    theirs = [(dice[seat], claim) for seat, claim in bids.items() if seat != view.seat]
    return house.Knowledge(hand, sum(dice.values()), bid, theirs, game.wild_ones)
