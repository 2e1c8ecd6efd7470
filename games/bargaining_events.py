"""What happens in a bargaining match."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from games.core import Public, Seat, Secret, Text, Words


class Item(StrEnum):
    """What lies on the table to be divided."""

    BOOKS = "books"
    HATS = "hats"
    BALLS = "balls"


class Reply(StrEnum):
    """What can be said to an offer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LEAVE = "walk away"


Goods = Mapping[Item, int]
"""How many of each item, or what one of each is worth."""


@dataclass(frozen=True)
class Laid(Public):
    """The items to be divided are on the table."""

    telling: ClassVar[str] = "On the table are: {goods}."
    goods: Goods


@dataclass(frozen=True)
class Valued(Secret):
    """A seat has learnt what one of each item is worth to it; no other seat may know."""

    telling: ClassVar[str] = "What one of each is worth to you: {values}."
    values: Goods


@dataclass(frozen=True)
class Offered(Public):
    """A seat has said what it would keep, and what the other would get."""

    seat: Seat
    rival: Seat
    keeps: Goods
    gives: Goods
    words: Words

    def told(self) -> Text:
        offer = Text(
            "{seat} offers: {seat} keeps {keeps}; {rival} gets {gives}.",
            seat=self.seat,
            rival=self.rival,
            keeps=some(self.keeps),
            gives=some(self.gives),
        )
        return Text("{offer} “{words}”", offer=offer, words=self.words) if self.words else offer


@dataclass(frozen=True)
class Declined(Public):
    """A seat has turned an offer down."""

    telling: ClassVar[str] = "{seat} declines."
    seat: Seat


@dataclass(frozen=True)
class Ended(Public):
    """The talks are over: with a deal, or without one and without points."""

    seat: Seat
    """Who accepted, or ended them."""
    reply: Reply
    points: Mapping[Seat, int]
    values: Mapping[Seat, Goods]
    """What each item was worth to each seat, which all may know now."""

    def told(self) -> Text:
        worth = tuple(
            Text("to {seat}: {values}", seat=seat, values=values)
            for seat, values in self.values.items()
        )
        told = "{end} One of each was worth {worth}. Points: {points}."
        return Text(told, end=self.end(), worth=worth, points=self.points)

    def end(self) -> Text:
        """Return how the talks ended, in one sentence."""
        match self.reply:
            case Reply.ACCEPT:
                return Text("{seat} accepts: it is a deal.", seat=self.seat)
            case Reply.LEAVE:
                return Text("{seat} walks away: there is no deal.", seat=self.seat)
        return Text("{seat} declines the last offer: there is no deal.", seat=self.seat)


BargainingEvent = Laid | Valued | Offered | Declined | Ended


def some(goods: Goods) -> Text | Goods:
    """Return goods as they are told, without the items of which there are none."""
    return {item: count for item, count in goods.items() if count} or Text("nothing")
