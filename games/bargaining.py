"""Bargaining: two seats divide a few things whose worth to the other neither knows.

They offer in turn until one accepts or walks away, or the offers run out; without a deal both get
nothing.
Source: Mike Lewis, Denis Yarats, Yann Dauphin, Devi Parikh and Dhruv Batra, Deal or No Deal?
End-to-End Learning for Negotiation Dialogues (2017), for the goods and the hidden values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, ClassVar, Final

from games import bargaining_house as house
from games.bargaining_events import (
    BargainingEvent,
    Declined,
    Ended,
    Goods,
    Item,
    Laid,
    Offered,
    Reply,
    Valued,
    some,
)
from games.core import (
    Ask,
    BadSetup,
    Board,
    Cell,
    Game,
    Grid,
    Hidden,
    Level,
    Look,
    Outcome,
    Seat,
    Text,
    View,
    Words,
)

MOST_OFFERS: Final = 40
MOST_OF_AN_ITEM: Final = 6
LONGEST: Final = 300
"""Characters that may be said with an offer."""
SAY: Final = "message"
Answer = Reply | Mapping[str, Any]


@dataclass(frozen=True)
class Talks:
    """The goods, what they are worth to each seat, and how far the talks have come."""

    seats: Sequence[Seat]
    turn: Seat
    goods: Goods | None = None
    values: Mapping[Seat, Goods] | None = None
    offers: int = 0
    keeps: Goods | None = None
    """What the rival would keep by the offer that stands."""
    end: Ended | None = None

    @property
    def rival(self) -> Seat:
        """The seat whose turn it is not."""
        return self.seats[0] if self.turn == self.seats[1] else self.seats[1]


@dataclass(frozen=True)
class Bargaining(Game[Talks, Answer, BargainingEvent]):
    """Two players divide goods that are worth something else to each, or get nothing."""

    name: ClassVar[str] = "bargaining"

    offers: int = 8
    """Offers of both together, from 1 to 40; without a deal by then nobody gets anything."""
    goods: tuple[int, ...] = ()
    """How many books, hats and balls there are, from 1 to 6 each; drawn where none are given."""
    first_values: Hidden[tuple[int, ...]] = None
    """What a book, a hat and a ball are worth to the first player; drawn where not given."""
    second_values: Hidden[tuple[int, ...]] = None
    """What a book, a hat and a ball are worth to the second player; drawn where not given."""

    def check(self) -> None:
        if not 1 <= self.offers <= MOST_OFFERS:
            raise BadSetup(f"The option offers needs a number from 1 to {MOST_OFFERS}.")
        if self.goods and not (
            len(self.goods) == len(Item) and all(1 <= n <= MOST_OF_AN_ITEM for n in self.goods)
        ):
            raise BadSetup(
                f"The option goods needs three numbers from 1 to {MOST_OF_AN_ITEM}, like 1, 2, 3."
            )
        if self.goods and not house.all_values(self._given(self.goods)):
            raise BadSetup("These goods cannot be worth 10 in all; choose other numbers of goods.")
        for values in (self.first_values, self.second_values):
            if values is None:
                continue
            if not self.goods or len(values) != len(Item) or min(values) < 0:
                raise BadSetup("Values need three numbers from 0 up, and the option goods.")
            if house.worth(self._given(values), self._given(self.goods)) != house.WORTH:
                raise BadSetup("With these values all goods together must be worth 10.")

    def initial(self, seats: Sequence[Seat], /) -> Talks:
        return Talks(tuple(seats), seats[0])

    def opening(self, talks: Talks, rng: Random, /) -> Sequence[BargainingEvent]:
        goods = self._given(self.goods) if self.goods else house.drawn_goods(rng)
        drawn = house.drawn_values(goods, rng)
        fixed = (self.first_values, self.second_values)
        values = [self._given(f) if f else d for f, d in zip(fixed, drawn, strict=True)]
        return Laid(goods), *map(Valued, talks.seats, values)

    def asks(self, talks: Talks, /) -> Mapping[Seat, Ask]:
        if talks.end or talks.goods is None:
            return {}
        left = self.offers - talks.offers
        if talks.keeps is not None:
            told = "{rival} keeps {keeps}, you get {gets}. Do you accept? ({left} more offers)"
            gets = house.rest(talks.goods, talks.keeps)
            values = {"keeps": some(talks.keeps), "gets": some(gets), "left": left}
            prompt = Text(told, rival=talks.rival, **values)
            return {talks.turn: Ask(prompt, choices=tuple(Reply), public=True)}
        fields = {str(item): _kept(item, count) for item, count in talks.goods.items()}
        fields[SAY] = Ask("What do you say with it?", max_length=LONGEST, optional=True)
        prompt = Text("What do you offer? ({left} offers left)", left=left)
        return {talks.turn: Ask(prompt, fields=fields, public=True)}

    def decide(
        self, talks: Talks, seat: Seat, said: Answer, rng: Random, /
    ) -> Sequence[BargainingEvent]:
        assert talks.goods is not None
        if not isinstance(said, Reply):
            keeps = {item: int(said[item]) for item in Item}
            words = Words(said[SAY] or "")
            return (Offered(seat, talks.rival, keeps, house.rest(talks.goods, keeps), words),)
        if said is Reply.DECLINE and talks.offers < self.offers:
            return (Declined(seat),)
        assert talks.keeps is not None
        assert talks.values is not None
        points = dict.fromkeys(talks.seats, 0)
        if said is Reply.ACCEPT:
            shares = {talks.rival: talks.keeps, seat: house.rest(talks.goods, talks.keeps)}
            points = {one: house.worth(talks.values[one], shares[one]) for one in talks.seats}
        return (Ended(seat, said, points, talks.values),)

    def evolve(self, talks: Talks, event: BargainingEvent, /) -> Talks:
        match event:
            case Laid(goods):
                return replace(talks, goods=goods)
            case Valued(seat, values):
                return replace(talks, values={**(talks.values or {}), seat: values})
            case Offered():
                return replace(talks, keeps=event.keeps, offers=talks.offers + 1, turn=event.rival)
            case Declined():
                return replace(talks, keeps=None)
            case Ended():
                return replace(talks, end=event)

    def outcome(self, talks: Talks, /) -> Outcome:
        assert talks.end
        return Outcome(
            {seat: float(won) for seat, won in talks.end.points.items()}, talks.end.end()
        )

    def rules(self) -> Text:
        return Text(
            "Bargaining. Two players divide books, hats and balls. All of them together are worth "
            "{worth} points to each player, but one of each may be worth more to one than to the "
            "other, and nobody knows the values of the other. In turn, a player offers a "
            "division and may say something with it, true or not; the other accepts, declines "
            "and offers something else, or walks away. After {offers} offers without a deal, or "
            "if somebody walks away, both get nothing. Otherwise what you get is what it is "
            "worth to you; the most points win.",
            worth=house.WORTH,
            offers=self.offers,
        )

    def board(self, events: Sequence[BargainingEvent], /) -> Board | None:
        goods: Goods | None = None
        worth: list[tuple[Text, Goods]] = []
        offer: list[tuple[Text, Goods]] = []
        for event in events:
            match event:
                case Laid():
                    goods = event.goods
                case Valued():
                    worth = [(Text("Worth to you"), event.values)]
                case Offered(seat, rival, keeps, gives):
                    offer = [
                        (Text("{seat} keeps", seat=seat), keeps),
                        (Text("{seat} gets", seat=rival), gives),
                    ]
                case Declined():
                    offer = []
        if goods is None:
            return None
        columns = [(Text("There are"), goods), *worth, *offer]
        rows = [[Cell(str(of[item])) for _, of in columns] for item in Item]
        grid = Grid(rows, Look.TABLE, [head for head, _ in columns], tuple(Item))
        return Board(Text("Bargaining, the table"), (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy bargains at random, medium for itself, hard with an eye to what the rival wants."""
        at = _position(self, view)
        if not ask.choices:
            keeps = house.demand(at, level, rng)
            return "\n".join(f"{item}: {count}" for item, count in keeps.items())
        share = house.rest(at.goods, at.demands[-1])
        return Reply.ACCEPT if house.accepts(at, share, level, rng) else Reply.DECLINE

    def _given(self, numbers: Sequence[int]) -> Goods:
        return dict(zip(Item, numbers, strict=True))


def _kept(item: Item, count: int) -> Ask:
    told = Text("How many {item} do you keep, of {count}?", count=count, item=item)
    return Ask(told, low=0, high=count)


def _position(game: Bargaining, view: View) -> house.Position:
    """Return what a view tells a house bot."""
    goods: Goods = {}
    values: Goods = {}
    demands: list[Goods] = []
    made = 0
    for event in view.events:
        match event:
            case Laid():
                goods = event.goods
            case Valued():
                values = event.values
            case Offered():
                made += 1
                if event.seat != view.seat:
                    demands.append(event.keeps)
    return house.Position(goods, values, demands, made, game.offers)
