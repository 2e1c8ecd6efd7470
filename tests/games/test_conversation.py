"""The rules of free talk, one test each."""

import time
from random import Random

import pytest

from games.conversation import LONGEST, Conversation, Floor, Passed, Said, Silence
from games.core import BadSetup, Level, Match, NotYourTurn, Seat, Turn, UnclearMove, Words
from games.core.codec import codec_of, state_from_json, state_to_json

ANN, BOB, CY = Seat("ann"), Seat("bob"), Seat("cy")


def started(seats=(ANN, BOB, CY), **options):
    return Match(Conversation(**options), seats, seed=7)


def on_open_floor(seats=(ANN, BOB, CY), **options):
    return started(seats, floor=Floor.OPEN, **options)


def by_house_bots(game, seats, seed, level=Level.MEDIUM, most=2000):
    match = Match(game, seats, seed)
    rng = Random(seed)
    while not match.over:
        seat = rng.choice(sorted(match.asked))
        match.say(seat, game.house_answer(match.view_of(seat), match.asks[seat], level, rng))
        assert match.version < most
    return match


def test_everybody_speaks_in_turn_and_everybody_hears_it():
    match = started()
    assert match.asked == {ANN}
    match.say(ANN, "Good evening.")
    assert match.asked == {BOB}
    assert match.view(CY) == match.public_view() == [Said(ANN, Words("Good evening."))]
    assert str(match.log[0].told()) == "ann: Good evening."


def test_nobody_speaks_out_of_turn():
    match = started()
    with pytest.raises(NotYourTurn, match="it is the turn of ann"):
        match.say(BOB, "Me first!")
    assert match.log == []


def test_an_answer_that_is_too_long_is_refused_with_its_length():
    match = started()
    with pytest.raises(UnclearMove, match=f"That has {LONGEST + 1} characters"):
        match.say(ANN, "x" * (LONGEST + 1))
    assert match.log == []


def test_the_talk_ends_after_its_rounds():
    match = started(rounds=2)
    for seat in (ANN, BOB, CY, ANN, BOB):
        match.say(seat, "Well.")
    assert not match.over
    match.say(CY, "pass")
    assert match.over
    assert str(match.outcome.reason) == "The talk is over after 2 rounds."
    assert set(match.outcome.scores.values()) == {0}


def test_the_talk_ends_when_everybody_has_passed_in_a_row():
    match = started(rounds=0)
    for seat, text in ((ANN, "pass"), (BOB, "Wait."), (CY, "pass"), (ANN, "pass")):
        match.say(seat, text)
    assert not match.over
    match.say(BOB, "pass")
    assert match.over
    assert str(match.outcome.reason) == "Nobody has anything to add."


def test_a_silence_can_leave_the_talk_going():
    match = started(rounds=2, silence=Silence.NEXT_ROUND)
    for seat in (ANN, BOB, CY, ANN, BOB):
        match.say(seat, "pass")
    assert match.asked == {CY}
    match.say(CY, "Still here.")
    assert match.over


def test_on_an_open_floor_anyone_may_speak_at_any_time():
    match = on_open_floor()
    assert match.asked == {ANN, BOB, CY}
    assert all(ask.optional for ask in match.asks.values())
    for seat in (CY, CY, ANN):
        match.say(seat, "And another thing.")
    assert [event.seat for event in match.log] == [CY, CY, ANN]


def test_who_passes_on_an_open_floor_is_asked_again_once_somebody_has_spoken():
    match = on_open_floor()
    match.say(BOB, "pass")
    assert match.asked == {ANN, CY}
    match.say(ANN, "Are you sure?")
    assert match.asked == {ANN, BOB, CY}


def test_an_open_floor_is_quiet_when_everybody_has_passed_since_the_last_words():
    match = on_open_floor(rounds=0)
    for seat, text in ((ANN, "pass"), (BOB, "Hm."), (BOB, "pass"), (CY, "pass")):
        match.say(seat, text)
    assert match.asked == {ANN}
    match.say(ANN, "pass")
    assert match.over


def test_a_silence_on_an_open_floor_can_begin_the_next_round():
    match = on_open_floor(rounds=2, silence=Silence.NEXT_ROUND)
    for seat in (ANN, BOB, CY):
        match.say(seat, "pass")
    assert match.asked == {ANN, BOB, CY}
    for seat in (CY, BOB, ANN):
        match.say(seat, "pass")
    assert match.over


def test_a_round_of_an_open_floor_is_as_many_contributions_as_seats():
    match = on_open_floor(rounds=1)
    for _ in range(3):
        assert not match.over
        match.say(ANN, "I alone talk.")
    assert match.over


def test_the_question_of_the_others_stands_while_somebody_speaks():
    match = on_open_floor()
    before = match.ask_id(BOB)
    match.say(ANN, "I think so.")
    assert match.ask_id(BOB) == before
    match.say(CY, "pass")
    assert match.ask_id(BOB) == before


def test_a_seat_learns_that_it_was_spoken_to_until_it_has_answered():
    match = on_open_floor()
    match.say(ANN, "What do you say, Bob?")
    assert match.log[-1].addressed == (BOB,)
    assert str(match.asks[BOB].prompt) == "ann has spoken to you. What do you say?"
    assert str(match.asks[CY].prompt) == "What do you say?"
    match.say(CY, "Nobody asks me.")
    assert str(match.asks[BOB].prompt).startswith("ann has spoken")
    match.say(BOB, "pass")
    match.say(CY, "Too bad.")
    assert str(match.asks[BOB].prompt) == "What do you say?"


def test_only_a_whole_name_speaks_to_a_seat():
    one, ten, bo = Seat("Player 1"), Seat("Player 10"), Seat("bo")
    match = on_open_floor((one, ten, bo, CY))
    match.say(CY, "player 10, the robot bobs; so do I, cy.")
    assert match.log[-1].addressed == (ten,)


def test_the_rules_name_the_topic():
    assert "The topic: bees" in str(Conversation(topic="bees").rules())


def test_one_seat_may_talk_alone_and_twenty_together():
    assert started((ANN,)).asked == {ANN}
    many = tuple(Seat(f"p{number}") for number in range(21))
    assert len(on_open_floor(many[:20]).asked) == 20
    with pytest.raises(BadSetup, match="needs 1 to 20 seats; 21 were given"):
        started(many)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rounds": -1}, "rounds needs a number from 0"),
        ({"rounds": 0, "silence": Silence.NEXT_ROUND}, "A talk needs an end"),
    ],
)
def test_a_talk_that_cannot_end_is_refused(options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        Conversation(**options)


@pytest.mark.parametrize("floor", Floor)
def test_the_talk_replays_when_its_words_are_forgotten(floor):
    match = by_house_bots(Conversation(floor=floor, rounds=3), (ANN, BOB), seed=2)
    codec = codec_of(Conversation)

    def forgotten(event):
        kind, body = codec.encode(event, keep=lambda words: 0)
        return codec.decode(kind, body, fetch=lambda reference: "")

    turns = [Turn(turn.seat, tuple(map(forgotten, turn.events))) for turn in match.turns]
    again = Match(match.game, match.seats, match.seed, turns)
    assert again.state == match.state
    assert not any(event.words for event in again.log if isinstance(event, Said))


def test_the_state_keeps_counters_and_no_words():
    match = on_open_floor()
    match.say(ANN, "A secret recipe, bob.")
    match.say(CY, "pass")
    stored = state_to_json(Conversation, match.state)
    assert "recipe" not in str(stored)
    assert state_from_json(Conversation, stored) == match.state


def test_a_hundred_thousand_events_replay_in_under_two_seconds():
    game = Conversation(floor=Floor.OPEN, rounds=0)
    events = [
        Passed(ANN) if number % 3 else Said(BOB, Words("Cy?"), (CY,)) for number in range(100_000)
    ]
    begun = time.process_time()
    match = Match(game, (ANN, BOB, CY, Seat("di")), turns=[Turn(ANN, events)])
    assert time.process_time() - begun < 2
    assert match.version == 100_000


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("count", [1, 2, 5, 20])
def test_house_bots_let_an_open_floor_fall_quiet(count, level):
    seats = tuple(Seat(f"p{number}") for number in range(count))
    for seed in range(5):
        match = by_house_bots(Conversation(floor=Floor.OPEN, rounds=0), seats, seed, level)
        assert match.over


def test_a_house_bot_nearly_always_answers_when_it_is_spoken_to():
    match = on_open_floor()
    match.say(ANN, "I like long walks, Bob")
    view, ask = match.view_of(BOB), match.asks[BOB]
    answers = [match.game.house_answer(view, ask, Level.HARD, Random(seed)) for seed in range(100)]
    assert answers.count("pass") < 25
    assert any("you like long walks" in answer for answer in answers)


def test_a_house_bot_reacts_to_words_that_have_been_forgotten():
    turns = [Turn(ANN, (Said(ANN, Words(""), (BOB,)),))]
    match = Match(Conversation(), (ANN, BOB), turns=turns)
    assert match.game.house_answer(match.view_of(BOB), match.asks[BOB], Level.HARD, Random(1))


def test_a_house_bot_takes_up_nothing_of_words_without_an_end():
    match = on_open_floor()
    match.say(ANN, f"I {'x' * 1490}")
    view, ask = match.view_of(BOB), match.asks[BOB]
    answers = [match.game.house_answer(view, ask, Level.HARD, Random(seed)) for seed in range(20)]
    assert all(ask.parse(answer) is None or len(answer) < 100 for answer in answers)
