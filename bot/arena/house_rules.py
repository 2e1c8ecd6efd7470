"""What a room asks of its tables whatever is played, and what follows for the people at them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.arena.events import Called, is_elsewhere, is_person
from games.core import Ask, Event, Seat


@dataclass(frozen=True)
class HouseRules:
    """What a room asks of its tables, whatever is played."""

    seconds: float | None = None
    """How long a person may think where the game itself sets no limit."""
    bot_turns: int | None = None
    """Turns in a row without a person after which a match pauses, so that no loop runs for ever."""
    tells_faults: bool = True
    """Whether everybody may read what is wrong with a model: servers' addresses stand in it."""


NONE: Final = HouseRules()


def time_limit(
    asks: Mapping[Seat, Ask], seat: Seat, player: str, house: HouseRules
) -> float | None:
    """Return how many seconds a question leaves; None for as long as it takes.

    Where one may pass, a person has a limit only if nobody else is asked: then all wait for it.
    Where even a pass brings nothing about, nobody waits.
    """
    ask = asks[seat]
    waited_for = not ask.optional or (ask.default is not None and len(asks) == 1)
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
