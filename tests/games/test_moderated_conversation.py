"""The rules of a game that a moderator judges, one test each."""

from random import Random

import pytest

from games.core import SPECTATOR, BadSetup, Level, Match, NotYourTurn, Seat, Turn, UnclearMove
from games.core.codec import codec_of, state_from_json, state_to_json
from games.core.options import game_with
from games.moderated_conversation import (
    MODERATOR,
    Answered,
    Audience,
    Ended,
    Judged,
    ModeratedConversation,
    Passed,
    Period,
    RoleGiven,
    Said,
)

ANN, BOB = Seat("ann"), Seat("bob")


def started(seats=(ANN, BOB), **options):
    return Match(ModeratedConversation(**options), seats, seed=7)


def round_of(match, ann="One.", bob="Two."):
    match.say(ANN, ann)
    match.say(BOB, bob)
    return match


def test_the_players_speak_in_turn_and_then_the_moderator_judges():
    match = started()
    assert match.asked == {ANN}
    match.say(ANN, "I bid three.")
    assert match.view(BOB) == [Said(ANN, "I bid three.")]
    match.say(BOB, "I bid four.")
    assert match.asked == {MODERATOR}
    match.say(MODERATOR, "over: no\nnote: Bob leads.")
    assert match.asked == {ANN}
    assert str(match.log[-1].told()) == "moderator: Bob leads."


def test_the_moderator_can_judge_each_turn():
    match = started(period=Period.TURN)
    for seat in (ANN, BOB, ANN):
        assert match.asked == {seat}
        match.say(seat, "A move.")
        assert match.asked == {MODERATOR}
        match.say(MODERATOR, "over: no")


def test_a_verdict_ends_the_game_and_puts_the_winner_on_record():
    match = round_of(started())
    match.say(MODERATOR, "note: Well done!\nover: yes\nwinner: bob")
    assert match.log[-1] == Ended(BOB, 1)
    assert match.over
    assert match.outcome.scores == {ANN: 0, BOB: 1}
    assert match.outcome.winners == [BOB]
    assert str(match.outcome.reason) == "The game is over in round 1: bob wins."


@pytest.mark.parametrize("winner", ["", "\nwinner: nobody"])
def test_a_game_may_end_without_a_winner(winner):
    match = round_of(started())
    match.say(MODERATOR, f"over: yes{winner}")
    assert match.log[-1] == Ended(None, 1)
    assert match.outcome.scores == {ANN: 0, BOB: 0}


@pytest.mark.parametrize(
    "text",
    [
        "You have not finished yet",
        "Yesterday's answer was better",
        "over: you have not finished yet",
        '{"note": "okay", "over": "yet to come", "winner": null}',
        "y",
        "",
    ],
)
def test_no_prose_ends_the_game_by_its_first_letter(text):
    match = round_of(started())
    before = list(match.log)
    with pytest.raises(UnclearMove, match="over: Say exactly one of yes and no"):
        match.say(MODERATOR, text)
    assert match.log == before
    assert match.asked == {MODERATOR}


def test_a_model_fills_in_the_form_as_json():
    match = round_of(started())
    match.say(MODERATOR, '{"note": null, "over": "yes", "winner": "ann"}')
    assert match.outcome.winners == [ANN]


def test_the_winner_is_named_by_a_whole_name():
    seats = (Seat("Player 1"), Seat("Player 10"), Seat("Skip"))
    match = started(seats)
    for seat in seats:
        match.say(seat, "Hm.")
    with pytest.raises(UnclearMove, match="winner: Say exactly one of"):
        match.propose(MODERATOR, "over: yes\nwinner: Player")
    assert match.propose(MODERATOR, "over: yes\nwinner: Skip").events[-1].winner == "Skip"
    assert match.propose(MODERATOR, "over: yes\nwinner: player 10").events[-1].winner == "Player 10"


def test_a_winner_named_while_the_game_goes_on_does_not_count():
    match = round_of(started())
    match.say(MODERATOR, "over: no\nwinner: ann")
    assert not match.over
    assert match.log[-1].winner is None


def test_a_silent_moderator_lets_the_game_go_on():
    match = round_of(started())
    match.say(MODERATOR, match.asks[MODERATOR].default)
    assert match.asked == {ANN}
    assert str(match.log[-1].told()) == ""


def test_the_game_is_over_after_its_last_round_whatever_the_moderator_says():
    match = started(max_rounds=2)
    round_of(match).say(MODERATOR, "over: no")
    round_of(match)
    assert "the last one" in str(match.asks[MODERATOR].prompt)
    match.say(MODERATOR, "over: no")
    assert match.over
    assert match.log[-1] == Ended(None, 2)


def test_a_moderator_of_turns_is_told_of_the_last_one_only():
    match = started(max_rounds=1, period=Period.TURN)
    match.say(ANN, "One.")
    match.say(MODERATOR, "over: no")
    match.say(BOB, "Two.")
    match.say(MODERATOR, "over: no\nwinner: bob")
    assert match.outcome.winners == [BOB]


def test_simultaneous_answers_stay_secret_until_all_have_answered():
    match = started(simultaneous=True)
    assert match.asked == {ANN, BOB}
    match.say(BOB, "paper")
    assert match.asked == {ANN}
    for viewer in (ANN, MODERATOR, SPECTATOR):
        assert match.view(viewer) == []
    assert match.view(BOB) == [Answered(BOB, "paper")]
    match.say(ANN, "rock")
    assert match.public_view() == [Said(ANN, "rock"), Said(BOB, "paper")]
    assert match.asked == {MODERATOR}


def test_a_pass_in_a_simultaneous_round_is_no_answer_but_counts_as_one():
    match = round_of(started(simultaneous=True), "pass", "rock")
    assert match.public_view() == [Passed(ANN), Said(BOB, "rock")]
    assert match.asked == {MODERATOR}


def test_the_next_simultaneous_round_begins_empty():
    match = started(simultaneous=True)
    round_of(match).say(MODERATOR, "over: no")
    assert match.asked == {ANN, BOB}
    assert match.state.hidden == {}


def test_a_role_is_the_secret_of_its_seat_and_of_the_moderator():
    match = started(roles="ann: You are the spy.\nbob: You are the cook.\nbob: You hate onions.")
    assert match.view(ANN) == [RoleGiven(ANN, "You are the spy.", shown=False)]
    assert match.view(BOB) == [RoleGiven(BOB, "You are the cook.\nYou hate onions.", shown=False)]
    assert len(match.view(MODERATOR)) == 2
    assert match.public_view() == []
    assert match.view_of(ANN).game.roles is None


def test_roles_can_be_shown_to_all():
    match = started(roles="ann: the judge", shown_roles=True)
    assert match.view(BOB) == match.public_view() == [RoleGiven(ANN, "the judge", shown=True)]


def test_a_role_goes_to_the_whole_name():
    seats = (Seat("Player 1"), Seat("Player 10"))
    match = started(seats, roles="Player 10: spy")
    assert match.view(seats[0]) == []
    assert [event.seat for event in match.view(seats[1])] == [seats[1]]


def test_a_role_without_a_seat_is_refused():
    with pytest.raises(BadSetup, match="begins with a seat and a colon, not like 'cy: spy'"):
        started(roles="ann: cook\ncy: spy")


def test_only_the_moderator_reads_how_it_is_to_judge():
    match = started(briefing="Bob cheats.", ending="Somebody says stop.")
    assert match.view(ANN) == match.public_view() == []
    assert "Bob cheats." in str(match.view(MODERATOR)[0].told())
    assert match.view_of(ANN).game.briefing is None
    over = round_of(match).asks[MODERATOR].fields["over"]
    assert "Somebody says stop." in str(over.prompt)


def test_verdicts_can_be_kept_to_the_moderator_but_the_end_cannot():
    match = round_of(started(verdicts=Audience.MODERATOR))
    match.say(MODERATOR, "note: Ann lied.\nover: yes\nwinner: bob")
    assert any(isinstance(event, Judged) for event in match.view(MODERATOR))
    assert not any(isinstance(event, Judged) for event in match.view(ANN))
    assert match.public_view()[-1] == Ended(BOB, 1)


@pytest.mark.parametrize("name", ["moderator", "Moderator"])
def test_no_player_is_named_like_the_moderator(name):
    with pytest.raises(BadSetup, match="is the arena's own"):
        started((ANN, Seat(name)))


def test_no_player_is_named_nobody():
    with pytest.raises(BadSetup, match="'Nobody' stands for no winner"):
        started((ANN, Seat("Nobody")))


def test_nobody_judges_out_of_turn():
    match = started()
    with pytest.raises(NotYourTurn, match="it is the turn of ann"):
        match.say(MODERATOR, "over: yes")
    assert match.log == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"max_rounds": "0"}, "max_rounds needs a number from 1 to 1000"),
        ({"simultaneous": "yes", "period": "turn"}, "has no turns to judge"),
        ({"period": "month"}, "period needs one of turn or round"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        game_with(ModeratedConversation, options)


@pytest.mark.parametrize("options", [{}, {"simultaneous": True}, {"period": Period.TURN}])
def test_house_bots_bring_every_game_to_its_last_round_and_name_nobody(options):
    game = ModeratedConversation(max_rounds=3, **options)
    match = Match(game, (ANN, BOB), seed=1)
    rng = Random(1)
    while not match.over:
        seat = min(match.asked)
        view = match.view_of(seat)
        match.say(seat, game.house_answer(view, match.asks[seat], Level.HARD, rng))
    assert match.log[-1] == Ended(None, 3)
    assert Match.from_json(match.to_json()).state == match.state


def test_the_game_replays_when_its_words_are_forgotten_in_the_middle_of_a_round():
    match = started(simultaneous=True)
    round_of(match).say(MODERATOR, "note: Fine.\nover: no")
    match.say(ANN, "A third.")
    codec = codec_of(ModeratedConversation)

    def forgotten(event):
        kind, body = codec.encode(event, keep=lambda words: 0)
        return codec.decode(kind, body, fetch=lambda reference: "")

    turns = [Turn(turn.seat, tuple(map(forgotten, turn.events))) for turn in match.turns]
    again = Match(match.game, match.seats, match.seed, turns)
    assert again.asked == match.asked == {BOB}
    again.say(BOB, "A fourth.")
    assert again.public_view()[-2:] == [Said(ANN, ""), Said(BOB, "A fourth.")]


def test_the_state_survives_a_snapshot_within_a_round():
    match = started(simultaneous=True)
    match.say(ANN, "pass")
    stored = state_to_json(ModeratedConversation, match.state)
    assert state_from_json(ModeratedConversation, stored) == match.state


def test_only_the_moderator_reads_how_the_game_is_to_end():
    match = Match(ModeratedConversation(ending="Bob names a fruit."), ["Ann", "Bob"], seed=1)
    assert match.view_of(Seat("Bob")).game.ending is None
    assert "fruit" not in str(match.view_of(Seat("Bob")).game.rules())
    match.say("Ann", "hello")
    match.say("Bob", "pear")
    assert "Bob names a fruit." in str(match.asks[MODERATOR].fields["over"].prompt)
