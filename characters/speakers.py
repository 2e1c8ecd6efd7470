"""Who speaks next in a chat.  Chance is given in, and nothing else is asked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from random import Random

from games.core import Seat


class Mode(StrEnum):
    """How the next speakers are chosen."""

    NATURAL = "natural"
    POOLED = "pooled"
    LIST = "list"
    MANUAL = "manual"


@dataclass(frozen=True)
class Floor:
    """What the choice depends on."""

    mode: Mode
    characters: Mapping[Seat, float]
    """How talkative each character is that is present, 0 to 1, in the order in which they came."""
    speakers: Sequence[Seat]
    """Who spoke the last lines, newest last."""
    cooldown: int
    """Lines after its own for which a character does not speak unasked."""
    quiet: bool
    """Whether only those answer whom a person calls."""


def after_person(floor: Floor, called: Sequence[Seat], rng: Random) -> Sequence[Seat]:
    """Return who answers a person; `called` are the characters it has named, in order."""
    if floor.mode is Mode.MANUAL:
        return ()
    if floor.quiet:
        return called
    if floor.mode is Mode.LIST:
        return tuple(floor.characters)
    if floor.mode is Mode.POOLED:
        return called or _one_of(floor, tuple(floor.characters), rng)
    return (*called, *_eager(floor, called, rng)) or _fallback(floor, rng)


def after_character(
    floor: Floor, speaker: Seat, called: Sequence[Seat], spoken: Collection[Seat], rng: Random
) -> Sequence[Seat]:
    """Return who takes up a character's words, never itself.

    `spoken` are those who have spoken since the last person did, the speaker included.
    """
    if floor.quiet or floor.mode in (Mode.MANUAL, Mode.LIST):
        return ()
    called = tuple(seat for seat in called if seat != speaker)
    if floor.mode is Mode.POOLED:
        fresh = [seat for seat in floor.characters if seat not in spoken]
        return called or _one_of(floor, fresh, rng)
    return (*called, *_eager(floor, (*called, speaker), rng))


def _eager(floor: Floor, besides: Collection[Seat], rng: Random) -> Sequence[Seat]:
    """Return who speaks unasked, in an order of chance; nobody who has spoken just now."""
    cooling = floor.speakers[-floor.cooldown :] if floor.cooldown else ()
    others = [seat for seat in floor.characters if seat not in besides]
    rng.shuffle(others)
    willing = [seat for seat in others if rng.random() < floor.characters[seat]]
    return tuple(seat for seat in willing if seat not in cooling)


def _fallback(floor: Floor, rng: Random) -> Sequence[Seat]:
    """Return the one who answers where nobody wants to: the last speaker, or one by chance."""
    if len(floor.characters) == 1:
        return tuple(floor.characters)
    for seat in reversed(floor.speakers):
        if floor.characters.get(seat):
            return (seat,)
    return _one_of(floor, tuple(floor.characters), rng)


def _one_of(floor: Floor, seats: Sequence[Seat], rng: Random) -> Sequence[Seat]:
    talkative = [seat for seat in seats if floor.characters[seat] > 0]
    return (rng.choice(talkative),) if talkative else ()
