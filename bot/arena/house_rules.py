"""What a room asks of its tables whatever is played, and what follows for the people at them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from bot.arena.events import Called, is_elsewhere, is_person
from games.core import Ask, Event, Seat


@dataclass(frozen=True)
class Pace:
    """How fast a seat that stands for time goes on, whatever fills it: it is asked for a number."""

    seconds: float | None
    """Between two of its answers; None where somebody gives them by hand."""
    rate: float = 0.0
    """How much the number grows in a second."""
    catches_up: bool = False
    """Whether the time in which the bot was down counts as well."""

    def answer(self, ask: Ask, late: timedelta) -> str:
        """Return the number that is due; `late` is how long the answer has been due already."""
        assert ask.low is not None and ask.high is not None, "time is a number"
        waited = late.total_seconds()
        most = waited if self.catches_up else min(waited, MOST_LATE)
        grown = round(((self.seconds or 0.0) + max(0.0, most)) * self.rate)
        return str(int(min(ask.low + max(0, grown - 1), ask.high)))


MOST_LATE: Final = 2.0
"""Seconds by which a busy process keeps time late; more than that, it was down."""


@dataclass(frozen=True)
class HouseRules:
    """What a room asks of its tables, whatever is played."""

    seconds: float | None = None
    """How long a person may think where the game itself sets no limit."""
    bot_turns: int | None = None
    """Turns in a row without a person after which a match pauses, so that no loop runs for ever."""
    tells_faults: bool = True
    """Whether everybody may read what is wrong with a model: servers' addresses stand in it."""
    paces: Mapping[Seat, Pace] = field(default_factory=dict)
    """Of the seats that stand for time."""
    stand_ins: Mapping[Seat, str] = field(default_factory=dict)
    """Who plays these seats from now on when a person there has let the time run out."""
    comers: Callable[[Event], Mapping[Seat, str]] = lambda _: {}
    """Returns the seats that an event brings to the table, with their players."""


NONE: Final = HouseRules()


def time_limit(ask: Ask, seat: Seat, player: str, house: HouseRules) -> float | None:
    """Return how many seconds a question leaves; None for as long as it takes.

    On an open floor they begin anew with every word. Where one may pass and the game does not
    wait for it, or even a pass brings nothing about, nobody is hurried.
    """
    if seat in house.paces:
        return house.paces[seat].seconds
    waited_for = not ask.optional or (ask.awaited and ask.default is not None)
    return (
        house.seconds if ask.seconds is None and is_person(player) and waited_for else ask.seconds
    )


def called_by(
    players: Mapping[Seat, str], asks: Mapping[Seat, Ask], known: Collection[Seat]
) -> Sequence[Event]:
    """Return the call for people who are newly asked, and not at the table; none for nobody."""
    seats = tuple(
        seat
        for seat, ask in asks.items()
        if seat not in known and not ask.optional and is_elsewhere(players[seat])
    )
    return (Called(seats),) if seats else ()
