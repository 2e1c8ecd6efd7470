"""Events, options and states become JSON and come back as they were."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

import pytest

from games.core import BrokenLog, Public, Seat, Text, Words
from games.core.codec import (
    codec_for,
    codec_of,
    encoder,
    game_from_json,
    game_to_json,
    state_from_json,
    state_to_json,
)
from games.prisoners_dilemma import Horizon, PrisonersDilemma
from games.rock_paper_scissors import Duel, RockPaperScissors, Throw
from tests.games.contract import shapes

ANN, BOB = Seat("ann"), Seat("bob")


class Colour(StrEnum):
    RED = "red"


class Size(Enum):
    BIG = 3


@dataclass(frozen=True)
class Place:
    name: str
    near: tuple[Seat, ...]


@dataclass(frozen=True)
class Everything(Public):
    seat: Seat
    words: Words
    number: int
    share: float
    sure: bool
    nothing: Seat | None
    either: int | str | None
    colour: Colour
    size: Size | None
    place: Place
    seats: Sequence[Seat]
    pair: tuple[Seat, int]
    held: frozenset[str]
    scores: Mapping[Seat, tuple[int, ...]]
    text: Text


EVENT = Everything(
    seat=ANN,
    words=Words("hello"),
    number=7,
    share=0.5,
    sure=True,
    nothing=None,
    either="x",
    colour=Colour.RED,
    size=Size.BIG,
    place=Place("inn", (BOB,)),
    seats=(ANN, BOB),
    pair=(BOB, 2),
    held=frozenset({"b", "a"}),
    scores={ANN: (1, 2), BOB: ()},
    text=Text("{seat} {all} {inner}", seat=ANN, all=(BOB, 1), inner=Text("{n}", n={BOB: 2})),
)


def through_json(codec, event, **ways):
    kind, body = codec.encode(event, **ways)
    return codec.decode(kind, json.loads(json.dumps(body)))


def test_a_field_of_every_kind_comes_back_with_its_types():
    again = through_json(codec_for(Everything), EVENT)
    assert again == EVENT
    assert shapes(again) == shapes(EVENT)
    assert str(again.text) == str(EVENT.text)


def test_the_same_event_is_always_written_alike():
    kind, body = codec_for(Everything).encode(EVENT)
    assert kind == "everything"
    assert body["held"] == ["a", "b"]
    assert json.dumps(body) == json.dumps(codec_for(Everything).encode(EVENT)[1])


def test_words_can_be_put_aside_and_fetched_and_forgotten():
    texts = []

    def keep(words):
        texts.append(words)
        return len(texts) - 1

    codec = codec_for(Everything)
    kind, body = codec.encode(EVENT, keep)
    assert body["words"] == 0
    assert "hello" not in json.dumps(body)
    assert codec.decode(kind, body, texts.__getitem__) == EVENT
    assert codec.decode(kind, body, lambda _: "").words == Words("")


@pytest.mark.parametrize("body", [None, [], "x", 7, {}, {"seat": "ann"}, {"hat": 1}])
def test_a_body_that_does_not_fit_is_a_broken_log(body):
    with pytest.raises(BrokenLog, match="'everything' cannot be read"):
        codec_for(Everything).decode("everything", body)


def test_an_unknown_event_is_a_broken_log():
    with pytest.raises(BrokenLog, match="'danced' that these rules do not know"):
        codec_of(RockPaperScissors).decode("danced", {})


def test_two_events_may_not_share_a_name():
    @dataclass(frozen=True)
    class Other(Public):
        kind = "everything"

    with pytest.raises(AssertionError, match="share a name"):
        codec_for(Everything, Other)


def test_a_type_that_cannot_be_stored_is_noticed_when_the_codec_is_made():
    with pytest.raises(AssertionError, match="no way to store"):
        encoder(complex)
    with pytest.raises(AssertionError, match="cannot tell the members"):
        encoder(Seat | Colour)


def test_only_options_that_differ_from_their_defaults_are_written():
    assert game_to_json(RockPaperScissors()) == {"name": "rock-paper-scissors", "options": {}}
    game = PrisonersDilemma(horizon=Horizon.CHANCE, stops_after=3)
    written = json.loads(json.dumps(game_to_json(game)))
    assert written["options"] == {"horizon": "chance", "stops_after": 3}
    assert game_from_json(written) == game


def test_a_state_comes_back_from_its_snapshot():
    duel = Duel({ANN: 1, BOB: 0}, {BOB: Throw.ROCK})
    stored = json.loads(json.dumps(state_to_json(RockPaperScissors, duel)))
    again = state_from_json(RockPaperScissors, stored)
    assert again == duel
    assert shapes(again) == shapes(duel)
