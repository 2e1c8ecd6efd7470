"""The rules of chameleon, one test each."""

import pytest

from games.chameleon import Chameleon
from games.chameleon_events import (
    Accused,
    ChameleonChosen,
    ClueGiven,
    Guessed,
    Passed,
    Revealed,
    Spoken,
    Tallied,
    Tied,
    TopicDrawn,
    Voted,
    WordLearnt,
)
from games.core import (
    PASS,
    BadSetup,
    IllegalMove,
    Match,
    NotYourTurn,
    Seat,
    UnclearMove,
)
from games.core.options import game_with
from games.word_lists import word_list

ANN, BOB, CY, DEE = SEATS = tuple(map(Seat, ("ann", "bob", "cy", "dee")))
CLUES = ("red", "cider", "round", "grows on a tree")


def opened(*, seats=SEATS, seed=7, **options):
    """A match about the apple in which bob is the chameleon, unless told otherwise."""
    fixed = {"word": "Apple", "topic": "Fruits", "chameleon": BOB}
    return Match(Chameleon(**{**fixed, **options}), seats=seats, seed=seed)


def after_clues(**options):
    match = opened(**options)
    say(match, *CLUES[: len(match.seats)])
    return match


def say(match, *answers):
    """Let whoever's turn it is say each of these in turn."""
    for answer in answers:
        (seat,) = match.asked
        match.say(seat, answer)


def refused(match, seat, text, error):
    """Return the sentence with which an answer is refused, having seen that nothing changed."""
    before = (list(match.log), match.state, match.ask_id(*match.asked))
    with pytest.raises(error) as caught:
        match.say(seat, text)
    assert (match.log, match.state, match.ask_id(*match.asked)) == before
    return str(caught.value)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def told(events):
    return [str(event.told()) for event in events]


# The opening


def test_everyone_sees_the_topic_and_its_sixteen_words():
    match = opened()
    assert match.public_view() == [TopicDrawn("Fruits", word_list().topics["Fruits"].words)]
    assert len(match.log[0].words) == 16


def test_nobody_but_the_chameleon_learns_who_it_is():
    match = opened()
    assert of(ChameleonChosen, match.view(BOB)) == [ChameleonChosen(BOB)]
    for seat in (ANN, CY, DEE, ""):
        assert of(ChameleonChosen, match.view(seat)) == []


def test_everyone_but_the_chameleon_learns_the_word():
    match = opened()
    for seat in (ANN, CY, DEE):
        assert of(WordLearnt, match.view(seat)) == [WordLearnt(seat, "Apple")]
    for seat in (BOB, ""):
        assert of(WordLearnt, match.view(seat)) == []


def test_names_that_contain_each_other_share_no_secrets():
    seats = [Seat(f"Player {n}") for n in (1, 10, 11, 2)]
    match = Match(Chameleon(chameleon=seats[1]), seats)
    for seat in seats:
        secrets = [event for event in match.view(seat) if not event.seen_by(Seat(""))]
        assert [event.seat for event in secrets] == [seat]


def test_every_draw_varies_with_the_seed():
    states = [Match(Chameleon(), SEATS, seed=seed).state.deal for seed in range(60)]
    assert {deal.topic for deal in states} > {"Fruits", "Animals", "Sports"}
    assert {deal.chameleon for deal in states} == set(SEATS)
    assert len({deal.word for deal in states}) > 30


def test_every_draw_can_be_fixed_as_text():
    game = game_with(Chameleon, {"topic": "fruits", "word": "apple", "chameleon": "BOB"})
    deal = Match(game, SEATS, seed=3).state.deal
    assert (deal.topic, deal.word, deal.chameleon) == ("Fruits", "Apple", BOB)


def test_a_word_alone_brings_its_topic():
    assert Match(Chameleon(word="Volcano"), SEATS).state.deal.topic == "Nature"


def test_players_do_not_see_what_was_fixed():
    game = opened().view_of(ANN).game
    assert (game.topic, game.word, game.chameleon) == (None, None, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"topic": "Cheese"}, "There is no topic 'Cheese'; choose one of Fruits, Animals"),
        ({"topic": "Fruits", "word": "Lion"}, "The topic Fruits does not have the word 'Lion'."),
        ({"word": "Xyzzy"}, "No topic has the word 'Xyzzy'."),
        ({"discussion": 6}, "The option discussion needs a number from 0 to 5."),
        ({"discussion": -1}, "The option discussion needs a number from 0 to 5."),
    ],
)
def test_options_that_fit_no_list_are_refused(options, message):
    with pytest.raises(BadSetup) as caught:
        Chameleon(**options)
    assert str(caught.value).startswith(message)


def test_the_chameleon_must_have_a_seat():
    with pytest.raises(BadSetup, match="needs one of the seats ann, bob, cy or dee, not 'eve'"):
        Match(Chameleon(chameleon=Seat("eve")), SEATS)


@pytest.mark.parametrize("count", [2, 13])
def test_three_to_twelve_play(count):
    with pytest.raises(BadSetup, match="chameleon needs 3 to 12 seats"):
        Match(Chameleon(), [f"p{n}" for n in range(count)])


# Clues


def test_clues_are_given_in_seat_order_and_everyone_hears_them():
    match = opened()
    for seat, clue in zip(SEATS, CLUES, strict=True):
        assert match.asked == {seat}
        match.say(seat, clue)
    assert of(ClueGiven, match.public_view()) == [
        ClueGiven(seat, clue) for seat, clue in zip(SEATS, CLUES, strict=True)
    ]


def test_nobody_gives_a_clue_out_of_turn():
    match = opened()
    assert "the turn of ann" in refused(match, BOB, "red", NotYourTurn)


@pytest.mark.parametrize(
    "clue", ["Apple", "an APPLE", "apples", "pineapple", "ap-ple pie", "a p p l e"]
)
def test_a_clue_may_not_name_the_word_in_any_simple_form(clue):
    match = opened()
    assert refused(match, ANN, clue, IllegalMove) == (
        "A clue may not name a word of the list, and yours has “Apple” in it. Give another clue."
    )


def test_a_refusal_does_not_tell_the_chameleon_the_word():
    """Every word of the list is refused to every seat alike, whatever the secret word is."""
    words = word_list().topics["Fruits"].words
    for secret in ("Apple", "Plum"):
        match = opened(word=secret, chameleon=ANN)
        other = opened(word=secret, chameleon=BOB)
        for word in words:
            sentence = refused(match, ANN, f"like a {word}", IllegalMove)
            assert f"“{word}”" in sentence
            assert refused(other, ANN, f"like a {word}", IllegalMove) == sentence


def test_the_chameleon_is_asked_the_same_as_everyone_else():
    for options in ({"chameleon": ANN}, {"chameleon": BOB, "word": "Plum"}):
        match, usual = opened(**options), opened()
        while usual.asked and usual.asks[min(usual.asked)].choices == ():
            assert match.asks == usual.asks
            assert [match.ask_id(seat) for seat in match.asks] == [
                usual.ask_id(seat) for seat in usual.asks
            ]
            for each in (match, usual):
                say(each, CLUES[len(each.state.clues)])


@pytest.mark.parametrize("clue", ["red", "RED!", " r-e-d "])
def test_a_clue_may_not_repeat_an_earlier_one(clue):
    match = opened()
    match.say(ANN, "Red")
    assert refused(match, BOB, clue, IllegalMove) == (
        "This clue has been given already. Give another one."
    )


@pytest.mark.parametrize("clue", ["", "   ", "x" * 101])
def test_a_clue_has_1_to_100_characters(clue):
    assert "at most 100 characters" in refused(opened(), ANN, clue, UnclearMove)


def test_a_clue_is_one_line():
    match = opened()
    match.say(ANN, "red\n\nand   round")
    assert match.log[-1] == ClueGiven(ANN, "red and round")


def test_whoever_is_silent_gives_a_vague_clue_that_is_always_accepted():
    seats = [f"p{n}" for n in range(12)]
    match = Match(Chameleon(), seats)
    match.say("p0", match.game.asks(Match(Chameleon(), seats[:3]).state)[Seat("p0")].default)
    match.say("p1", word_list().vague[5])  # what a silent p5 will be made to say
    for seat in seats[2:]:
        match.say(seat, match.asks[Seat(seat)].default)
    assert len(match.state.clues) == 12


# The vote


def test_the_votes_stay_secret_until_all_are_in():
    match = after_clues()
    say(match, "bob", "ann", "bob")
    assert of(Voted, match.view(ANN)) == [Voted(ANN, BOB)]
    assert of(Voted, match.view(BOB)) == [Voted(BOB, ANN)]
    assert of(Voted, match.public_view()) == of(Voted, match.view(DEE)) == []
    assert not of(Tallied, match.log)
    say(match, "bob")
    assert of(Tallied, match.public_view()) == [Tallied({ANN: BOB, BOB: ANN, CY: BOB, DEE: BOB})]
    assert told(of(Tallied, match.log)) == [
        "The votes are in: 3 for bob (from ann, cy and dee) and 1 for ann (from bob)."
    ]


def test_votes_are_given_in_seat_order_for_any_other_seat():
    match = after_clues()
    for seat in SEATS:
        assert match.asked == {seat}
        assert match.asks[seat].choices == tuple(other for other in SEATS if other != seat)
        say(match, match.asks[seat].choices[0])


@pytest.mark.parametrize("text", ["ann", "Ann!", "I vote for ann", '{"answer": "ann"}'])
def test_nobody_votes_for_themselves(text):
    assert refused(after_clues(), ANN, text, UnclearMove) == (
        "You cannot vote for yourself. Say exactly one of bob, cy and dee."
    )


@pytest.mark.parametrize("text", ["", "eve", "bob or cy", "not bob", "pass", "nobody", "7"])
def test_an_unreadable_vote_is_refused_and_asked_again(text):
    match = after_clues()
    assert refused(match, ANN, text, UnclearMove) == "Say exactly one of bob, cy and dee."
    assert match.asked == {ANN}


def test_a_vote_names_a_seat_and_no_part_of_a_name():
    seats = [Seat(f"Player {n}") for n in (1, 10, 2)]
    match = Match(Chameleon(chameleon=seats[0]), seats)
    say(match, "one", "two", "three", "I vote for Player 10")
    assert match.log[-1] == Voted(seats[0], seats[1])


def test_a_tie_means_the_chameleon_wins():
    match = after_clues()
    say(match, "bob", "ann", "bob", "ann")
    assert match.log[-2:] == [Tied((ANN, BOB), again=False), Revealed(BOB, "Apple")]
    assert match.over
    assert match.outcome.scores == {ANN: 0, BOB: 1, CY: 0, DEE: 0}
    assert str(match.outcome.reason) == "The vote was tied, so the chameleon bob wins."


def test_a_wrong_accusation_means_the_chameleon_wins():
    match = after_clues()
    say(match, "cy", "cy", "bob", "cy")
    assert match.log[-2:] == [Accused(CY, is_chameleon=False), Revealed(BOB, "Apple")]
    assert match.outcome.winners == [BOB]
    assert str(match.outcome.reason) == "cy was wrongly accused, so the chameleon bob wins."


# The guess


def found_out():
    match = after_clues()
    say(match, "bob", "ann", "bob", "bob")
    return match


def test_a_chameleon_who_is_found_out_has_one_guess():
    match = found_out()
    assert match.log[-1] == Accused(BOB, is_chameleon=True)
    assert match.asked == {BOB}
    assert match.asks[BOB].choices == match.log[0].words


def test_a_right_guess_wins_for_the_chameleon():
    match = found_out()
    match.say(BOB, "I think it is the Apple!")
    assert match.over
    assert match.outcome.scores == {ANN: 0, BOB: 1, CY: 0, DEE: 0}
    assert str(match.outcome.reason) == "bob was found out, but guessed “Apple” and wins."


def test_a_wrong_guess_wins_for_the_others():
    match = found_out()
    match.say(BOB, "pear")
    assert match.over
    assert match.outcome.scores == {ANN: 1, BOB: 0, CY: 1, DEE: 1}
    assert str(match.outcome.reason) == (
        "bob was found out and did not guess “Apple”: the others win."
    )


@pytest.mark.parametrize("text", ["apple or pear", "not the apple", "tomato"])
def test_an_unclear_guess_is_asked_again(text):
    match = found_out()
    assert refused(match, BOB, text, UnclearMove).startswith("Say exactly one of Apple, Banana")


def test_the_guess_the_verdict_and_the_word_are_told_to_everyone():
    match = found_out()
    match.say(BOB, "Pear")
    assert match.public_view()[-3:] == [
        Accused(BOB, is_chameleon=True),
        Guessed(BOB, "Pear"),
        Revealed(BOB, "Apple"),
    ]


# Options


def test_in_a_discussion_each_seat_may_speak_once_a_round_in_seat_order():
    match = after_clues(discussion=2, seats=SEATS[:3])
    speakers = []
    for words in ("bob was slow", PASS, "it is ann", "no", "hm", PASS):
        speakers += match.asked
        say(match, words)
    assert speakers == [ANN, BOB, CY, ANN, BOB, CY]
    assert match.public_view()[4:] == [
        Spoken(ANN, "bob was slow"),
        Passed(BOB),
        Spoken(CY, "it is ann"),
        Spoken(ANN, "no"),
        Spoken(BOB, "hm"),
        Passed(CY),
    ]
    assert match.asks[ANN].choices == (BOB, CY)


def test_a_tie_can_be_voted_on_once_more_among_the_tied():
    match = after_clues(revote=True)
    say(match, "bob", "ann", "bob", "ann")
    assert match.log[-1] == Tied((ANN, BOB), again=True)
    assert [seat for seat, ask in match.asks.items() if ask.choices == (BOB,)] == [ANN]
    say(match, "bob", "ann")
    assert refused(match, CY, "dee", UnclearMove) == "Say exactly one of ann and bob."
    say(match, "bob", "bob")
    assert match.log[-1] == Accused(BOB, is_chameleon=True)


def test_a_second_tie_means_the_chameleon_wins():
    match = after_clues(revote=True)
    say(match, *["bob", "ann", "bob", "ann"] * 2)
    assert match.log[-2:] == [Tied((ANN, BOB), again=False), Revealed(BOB, "Apple")]
    assert match.outcome.winners == [BOB]


def test_the_rules_tell_of_the_options_that_are_on():
    plain, full = str(Chameleon().rules()), str(Chameleon(discussion=2, revote=True).rules())
    assert "talk" not in plain
    assert "once more" not in plain
    assert "Then come 2 rounds of talk" in full
    assert "After a tie all vote once more" in full
    assert "Then comes one round of talk" in str(Chameleon(discussion=1).rules())


# What is kept and shown


def test_a_stored_match_comes_back_the_same():
    match = after_clues(discussion=1, revote=True)
    say(match, "hm", PASS, PASS, PASS, "bob", "ann", "bob", "ann", "bob")
    back = Match.from_json(match.to_json())
    assert (back.log, back.state, back.asks) == (match.log, match.state, match.asks)


def test_a_game_goes_on_when_its_words_have_been_forgotten():
    match = after_clues(discussion=1)
    say(match, "it is bob", PASS, PASS, PASS, "bob")
    text = match.to_json()
    for said in (*CLUES, "it is bob"):
        text = text.replace(f'"{said}"', '""')
    back = Match.from_json(text)
    assert back.state.clues == ("",) * 4
    assert back.asks == match.asks
    say(back, "ann", "bob", "bob", "Apple")
    assert back.outcome.winners == [BOB]


def test_the_board_shows_the_words_and_the_clues():
    match = opened()
    match.say(ANN, "red")
    lines = str(match.board()).splitlines()
    assert lines[0] == "Fruits"
    assert lines[1].split() == ["Apple", "Banana", "Orange", "Grape"]
    assert lines[5:] == ["ann: red"]


def test_a_whole_game_reads_like_a_story():
    match = found_out()
    match.say(BOB, "Pear")
    assert told(match.public_view()[1:]) == [
        "ann's clue: red",
        "bob's clue: cider",
        "cy's clue: round",
        "dee's clue: grows on a tree",
        "The votes are in: 3 for bob (from ann, cy and dee) and 1 for ann (from bob).",
        "bob is the chameleon, and now has one guess at the word.",
        "bob guesses “Pear”.",
        "The chameleon was bob, and the secret word was “Apple”.",
    ]
    secret = [event for event in match.view(BOB) if not event.seen_by(Seat(""))]
    assert told(secret) == [
        "You are the chameleon. You do not know the secret word: give a clue that could fit it.",
        "You vote for ann.",
    ]
