"""A match takes up turns, refuses what it must, and comes back from what was stored."""

import json
from dataclasses import dataclass
from random import Random

import pytest

from games.conversation import Conversation
from games.core import (
    SPECTATOR,
    TABLE,
    BadSetup,
    BrokenLog,
    Event,
    Match,
    NotYourTurn,
    Public,
    Seat,
    Text,
    Turn,
    UnclearMove,
)
from games.rock_paper_scissors import RockPaperScissors, Thrown
from games.tic_tac_toe import Marked, TicTacToe
from tests.games.contract import facts

ANN, BOB = Seat("ann"), Seat("bob")


@pytest.fixture
def match():
    return Match(RockPaperScissors(), seats=("ann", "bob"), seed=7)


def test_to_propose_changes_nothing_and_to_commit_takes_it_up(match):
    before = facts(match)
    turn = match.propose("ann", "rock")
    assert facts(match) == before
    assert match.propose("ann", "rock") == turn
    match.commit(turn)
    assert match.turns == [turn]
    assert match.version == 1


def test_to_foresee_changes_nothing_and_tells_what_comes(match):
    match.say("ann", "rock")
    before = facts(match)
    turn = match.propose("bob", "paper")
    foresight = match.foresee(turn)
    assert facts(match) == before
    match.commit(turn)
    assert foresight.asks == match.asks
    assert all(foresight.ask_id(seat) == match.ask_id(seat) for seat in match.asks)
    assert foresight.outcome is match.outcome is None


def test_what_was_foreseen_of_one_turn_is_not_taken_for_another(match):
    foreseen, taken = match.propose("ann", "rock"), match.propose("ann", "paper")
    match.foresee(foreseen)
    match.commit(taken)
    assert match.state.hidden == {ANN: "paper"}


def test_the_outcome_is_foreseen_with_the_last_turn():
    match = Match(RockPaperScissors(target=1), seats=("ann", "bob"))
    match.say("ann", "rock")
    foresight = match.foresee(match.propose("bob", "paper"))
    assert not foresight.asks
    assert foresight.outcome.winners == [BOB]


def test_who_is_not_asked_is_told_whose_turn_it_is(match):
    match.say("ann", "rock")
    before = facts(match)
    for seat in ("ann", "stranger", ""):
        with pytest.raises(NotYourTurn, match=f"Nothing is asked of {seat} now; .* turn of bob"):
            match.say(seat, "rock")
    assert facts(match) == before


def test_nothing_is_asked_when_the_match_is_over():
    match = Match(RockPaperScissors(target=1), seats=("ann", "bob"))
    match.say("ann", "rock")
    match.say("bob", "paper")
    before = facts(match)
    with pytest.raises(NotYourTurn, match="The match is over"):
        match.say("ann", "rock")
    assert facts(match) == before


def test_an_aborted_match_is_no_contest(match):
    match.say("ann", "rock")
    match.abort(Text("The host has closed the table."))
    assert match.over
    assert match.outcome.aborted
    assert not match.outcome.scores
    assert not match.outcome.ranks
    assert not match.outcome.winners
    again = Match.from_json(match.to_json())
    assert facts(again) == facts(match)


def test_equal_scores_share_a_rank():
    match = Match(TicTacToe(), seats=("ann", "bob"))
    for number, cell in enumerate(("a1", "b1", "c1", "b2", "a2", "c2", "b3", "a3", "c3")):
        match.say(("ann", "bob")[number % 2], cell)
    assert match.outcome.ranks == {ANN: 1, BOB: 1}
    assert match.outcome.winners == [ANN, BOB]


def test_a_refused_answer_does_not_change_the_next_draw():
    calm, noisy = (Match(RockPaperScissors(), seats=("ann", "bob"), seed=3) for _ in range(2))
    for _ in range(5):
        with pytest.raises(UnclearMove):
            noisy.say("ann", "lizard")
    assert calm.say("ann", "rock") == noisy.say("ann", "rock")


@pytest.mark.parametrize(
    ("seats", "why"),
    [
        (("ann",), "needs 2 seats; 1 were given"),
        (("ann", "bob", "cy"), "needs 2 seats; 3 were given"),
        (("ann", "Ann"), "'Ann' is taken twice"),
        (("ann", ""), "1 to 40 visible characters"),
        (("ann", " bob"), "1 to 40 visible characters"),
        (("ann", "x" * 41), "1 to 40 visible characters"),
        (("ann", "bob\n"), "1 to 40 visible characters"),
        (("ann", "\u202ebob"), "1 to 40 visible characters"),
        (("ann", "b\u0301\u0301\u0301\u0301\u0301ob"), "1 to 40 visible characters"),
        (("ann", "Table"), "is the arena's own"),
        (("ann", "Pass!"), "The name 'Pass!' is what one says to pass; choose another."),
    ],
)
def test_seats_that_cannot_play_are_refused(seats, why):
    with pytest.raises(BadSetup, match=why):
        Match(RockPaperScissors(), seats=seats)


def test_a_stored_match_is_read_with_a_name_that_nobody_may_have_any_more():
    whole = json.loads(Match(RockPaperScissors(), seats=("ann", "bob")).to_json())
    again = Match.from_json(json.dumps(whole | {"seats": ["ann", "pass"]}))
    assert again.asked == {"ann", "pass"}


def test_a_match_brings_back_its_options_and_seed(match):
    again = Match.from_json(Match(RockPaperScissors(target=5), ("ann", "bob"), seed=9).to_json())
    assert again.game == RockPaperScissors(target=5)
    assert again.seed == 9
    assert again.seats == (ANN, BOB)


def test_a_stored_state_saves_the_folding_of_its_turns(match):
    for throws in ("rock paper", "rock rock"):
        for seat, throw in zip(("ann", "bob"), throws.split(), strict=True):
            match.say(seat, throw)
    again = Match(match.game, match.seats, 7, match.turns, folded=(len(match.turns), match.state))
    assert facts(again) == facts(match)


NAME = RockPaperScissors.name
JUNK = {
    "nothing": "",
    "no JSON": "{",
    "a list": "[]",
    "a number": "7",
    "null": "null",
    "an empty object": "{}",
    "a bomb": "[" * 100_000,
    "another format": {"format": 2},
    "no such game": {"game": {"name": "poker", "options": {}}},
    "a game that is a list": {"game": []},
    "options that are a list": {"game": {"name": NAME, "options": [1]}},
    "an unknown option": {"game": {"name": NAME, "options": {"x": 1}}},
    "a forbidden option": {"game": {"name": NAME, "options": {"target": 0}}},
    "an option of another type": {"game": {"name": NAME, "options": {"target": "x"}}},
    "too few seats": {"seats": ["ann"]},
    "seats that are a number": {"seats": 5},
    "turns that are a text": {"turns": "abc"},
    "an unknown event": {"turns": [["ann", [["danced", {}]]]]},
    "an event without its fields": {"turns": [["ann", [["thrown", {}]]]]},
    "an event with other fields": {"turns": [["ann", [["thrown", {"seat": "ann", "hat": 1}]]]]},
    "an event with a wrong value": {"turns": [["ann", [["thrown", {"seat": "a", "throw": 1}]]]]},
    "an event that is null": {"turns": [["ann", [["thrown", None]]]]},
    "an event nobody can follow": {"turns": [["ann", [["scored", {"seat": "zoe"}]]]]},
}


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_what_is_no_match_is_a_broken_log(match, junk):
    match.say("ann", "rock")
    text = junk if isinstance(junk, str) else json.dumps({**json.loads(match.to_json()), **junk})
    with pytest.raises(BrokenLog) as why:
        Match.from_json(text)
    assert str(why.value)


def test_any_change_to_a_stored_match_is_read_or_refused(match):
    match.say("ann", "rock")
    match.say("bob", "paper")
    whole, rng = match.to_json(), Random(1)
    for _ in range(2_000):
        at = rng.randrange(len(whole))
        changed = whole[:at] + rng.choice('{}[]",:0a') + whole[at + rng.randrange(3) :]
        try:
            Match.from_json(changed)
        except BrokenLog as why:
            assert str(why)  # noqa: PT017


def test_a_view_is_of_its_viewer_alone(match):
    match.say("ann", "rock")
    assert match.view(ANN) == [Thrown(ANN, "rock")]
    assert match.view(BOB) == match.view(SPECTATOR) == match.public_view() == []
    assert match.view_of(BOB).events == []
    assert match.view_of(BOB).seats == (ANN, BOB)


def test_a_view_grows_with_the_match_and_forgets_with_it():
    talk = Match(Conversation(rounds=2), ["ann", "bob"])
    talk.say("ann", "hello")
    assert [event.words for event in talk.view("bob")] == ["hello"]
    talk.say("bob", "good day")
    assert [event.words for event in talk.view("bob")] == ["hello", "good day"]
    talk.forget(0)
    assert [event.words for event in talk.view("bob")] == ["", "good day"]


def test_the_table_acts_first_where_a_game_has_an_opening():
    assert Match(TicTacToe(), ("ann", "bob")).turns == []
    turns = [Turn(ANN, (Marked(ANN, "a1"),))]
    assert Match(TicTacToe(), ("ann", "bob"), turns=turns).asked == {BOB}
    assert Seat("table") == TABLE


def test_an_event_must_say_who_sees_it():
    with pytest.raises(TypeError, match=r"Whispered must be Public or Secret, or have .* seen_by"):

        @dataclass(frozen=True)
        class Whispered(Event):
            words: str


def test_an_event_is_stored_under_its_name_in_small_letters():
    @dataclass(frozen=True)
    class CardDrawn(Public):
        pass

    @dataclass(frozen=True)
    class Renamed(Public):
        kind = "card-laid"

    assert [CardDrawn.kind, Renamed.kind] == ["card-drawn", "card-laid"]
