"""Somebody from outside talks to a resident, who remembers it."""

import json

import pytest

from games.core import SPECTATOR, IllegalMove, Match, Seat
from tests.towns.living import answer
from towns.events import CLOCK, HOST, VISITOR, Visited
from towns.memory import RecordKind
from towns.state import final_hash
from towns.town import Town

GAME = Town(days=1, seed=7, governed=True)
NGOZI = Seat("Ngozi")
VISIT = {"do": "visit", "name": "ngozi", "visitor": "Bob", "player": "person:5"}
SAID = {"words": "I like watches.", "answer": "Come at noon."}


@pytest.fixture
def match():
    return Match(GAME, list(GAME.start.residents)[:3], 7)


def visit(match, **fields):
    match.say(HOST, json.dumps({**VISIT, **SAID, **fields}))


def memory(match):
    return match.state.residents[NGOZI].memory


def test_a_visit_stands_in_the_stream_of_memory_and_the_visitor_is_known(match):
    visit(match)
    (record,) = memory(match).stream
    assert record.kind is RecordKind.TALKED
    assert record.text.startswith("Talked with Bob (a visitor). Said «I like watches.».")
    known = memory(match).people["Bob (a visitor)"]
    assert known.relationship == "visitor"
    assert known.episodes[0].text == "Said «I like watches.». I answered «Come at noon.»"


def test_a_visitor_is_nobody_in_town_however_they_are_called(match):
    before = memory(match).people.get("Joaquim")
    visit(match, visitor="Joaquim")
    assert memory(match).people.get("Joaquim") == before
    assert "Joaquim (a visitor)" in memory(match).people


def test_what_a_resident_is_asked_stays_as_it_was_put(match):
    match.say(CLOCK, str(GAME.end // 2))
    asked, ask_id = match.asks[NGOZI], match.ask_id(NGOZI)
    visit(match)
    assert match.asks[NGOZI] == asked
    assert match.ask_id(NGOZI) == ask_id
    again = Match(GAME, match.seats, 7, match.turns)
    assert again.ask_id(NGOZI) == ask_id
    match.say(NGOZI, answer(match, NGOZI))
    assert memory(match).stream


def test_a_town_with_visits_replays_also_when_the_words_are_forgotten(match):
    match.say(CLOCK, str(GAME.end - 1))
    for number in range(40):
        seat = next(seat for seat in match.asks if seat in match.state.residents)
        match.say(seat, answer(match, seat))
        if number % 10 == 5:
            visit(match)
    again = Match(GAME, match.seats, 7, match.turns)
    assert final_hash(again.state) == final_hash(match.state)
    for number, turn in enumerate(match.turns):
        if any(isinstance(event, Visited) for event in turn.events):
            match.forget(number)
    forgotten = Match(GAME, match.seats, 7, match.turns)
    told = [record.text for record in memory(forgotten).stream]
    assert "Talked with somebody (a visitor). " in told
    assert not any("watches." in text or "Bob" in text for text in told)
    assert not any("visitor" in name for name in memory(forgotten).people)


def test_who_hears_of_a_visit(match):
    visit(match)
    (event,) = match.turns[-1].events
    assert event.seat == VISITOR
    seen = [one for one in (NGOZI, SPECTATOR, CLOCK, Seat("Joaquim")) if event.seen_by(one)]
    assert seen == [NGOZI, SPECTATOR, CLOCK]


def test_nobody_who_is_not_there_can_be_visited(match):
    before = final_hash(match.state)
    with pytest.raises(IllegalMove, match="Nobody called Zed lives here; choose from Ngozi"):
        visit(match, name="Zed")
    assert final_hash(match.state) == before
