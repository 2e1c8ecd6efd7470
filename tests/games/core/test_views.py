"""What a seat has seen: the events that say so themselves, however they are looked up."""

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from games import GAMES
from games.conversation import Conversation
from games.core import (
    SPECTATOR,
    TABLE,
    Event,
    Level,
    Limited,
    Match,
    Public,
    Seat,
    Secret,
    Turn,
    Words,
)
from games.core.game import seeing

SEATS = tuple(map(Seat, ("ann", "bob", "cy")))
VIEWERS = (*SEATS, SPECTATOR, Seat("moderator"), Seat("stranger"))


@dataclass(frozen=True)
class Shouted(Public):
    words: Words


@dataclass(frozen=True)
class Thought(Secret):
    words: Words


@dataclass(frozen=True)
class Whispered(Limited):
    to: tuple[Seat, ...]
    words: Words

    @property
    def audience(self) -> Collection[Seat]:
        return self.to


@dataclass(frozen=True)
class Hinted(Event):
    length: int

    def seen_by(self, viewer: Seat) -> bool:
        return len(viewer) == self.length


@dataclass(frozen=True)
class Betrayed(Thought):
    """Its seat is not the one who sees it."""

    def seen_by(self, viewer: Seat) -> bool:
        return viewer != self.seat


who = some.sampled_from(VIEWERS)
said = some.builds(Words, some.text("abc", max_size=3))
events = some.one_of(
    some.builds(Shouted, said),
    some.builds(Thought, who, said),
    some.builds(Whispered, some.lists(who, max_size=4).map(tuple), said),
    some.builds(Hinted, some.integers(0, 5)),
    some.builds(Betrayed, who, said),
)
turns = some.lists(some.lists(events, max_size=4).map(lambda told: Turn(TABLE, tuple(told))))


def asked_one_by_one(match, viewer):
    return [event for event in match.log if event.seen_by(viewer)]


class Told(Conversation):
    """Only tells: nothing changes."""

    name = "told"

    def evolve(self, state, event):
        return state


@given(turns, some.lists(some.sets(who)), some.integers(0, 3))
@settings(max_examples=200)
def test_a_view_is_every_event_that_its_seat_may_see_and_no_other(turns, lookers, forgotten):
    match = Match(Told(), SEATS, turns=())
    for number, turn in enumerate(turns):
        match.commit(turn)
        for viewer in lookers[number] if number < len(lookers) else ():
            assert match.view(viewer) == asked_one_by_one(match, viewer)
    if forgotten < len(turns):
        match.forget(forgotten)
    for viewer in VIEWERS:
        assert match.view(viewer) == asked_one_by_one(match, viewer)


@given(events)
def test_who_sees_an_event_is_who_says_so_when_asked(event):
    found = [*seeing(event, VIEWERS)]
    assert {*found} == {seat for seat in VIEWERS if event.seen_by(seat)}


@pytest.mark.parametrize("name", GAMES)
def test_the_views_of_every_game_are_complete(name):
    game = GAMES[name]()
    seats = tuple(f"P{number}" for number in range(1, max(2, game.min_seats) + 1))
    match, rng = Match(game, seats[: game.max_seats], seed=3), Random(3)
    for _ in range(30):
        if match.over:
            break
        seat = rng.choice(list(match.asks))
        view = match.view_of(seat)
        match.say(seat, view.game.house_answer(view, match.asks[seat], Level.EASY, rng))
    for viewer in (*match.seats, *game.environment, SPECTATOR):
        assert match.view(viewer) == asked_one_by_one(match, viewer)


def test_an_event_for_some_must_say_for_whom():
    with pytest.raises(TypeError, match="Murmured must say who its audience is"):

        @dataclass(frozen=True)
        class Murmured(Limited):
            words: Words
