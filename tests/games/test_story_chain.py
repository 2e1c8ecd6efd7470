"""The rules of a story chain, one test each."""

from random import Random

import pytest

from games import story_chain_house as house
from games.core import BadSetup, IllegalMove, Level, Match, Seat, UnclearMove
from games.puzzle_words import Language
from games.story_chain import Sight, StoryChain
from games.story_chain_events import (
    Begun,
    Continued,
    HandedOn,
    ReadOut,
    Skipped,
    Unfolded,
    Voted,
    WordGiven,
)
from games.word_lists import word_named
from tests.games.contract import house_answer, shown

ANN, BOB, CY = Seat("ann"), Seat("bob"), Seat("cy")
ONCE = "Once upon a time."


def story(seats=(ANN, BOB, CY), **options):
    return Match(StoryChain(**{"beginning": ONCE, "rounds": 1} | options), seats, seed=7)


def tell(match, *parts):
    for part in parts:
        match.say(*match.asked, part)
    return match


def test_each_seat_adds_a_part_in_turn():
    match = story(rounds=2)
    assert match.log == [Begun(ONCE)]
    tell(match, "A king sat there.", "He was sad.", "It rained.")
    assert match.asked == {ANN}
    assert str(match.asks[ANN].prompt) == "Part 4 of 6: go on with the story."
    assert match.view(CY) == match.public_view() == match.log


def test_a_seat_may_add_nothing():
    match = tell(story(), "pass")
    assert match.log[-1] == Skipped(ANN)
    assert match.asked == {BOB}


def test_a_part_must_use_the_word_that_is_drawn_for_it():
    match = story(given_words=True)
    given = match.log[-1]
    assert isinstance(given, WordGiven)
    assert given.seat == ANN
    before = list(match.log)
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, "Nothing of that kind.")
    assert str(why.value) == f"Your part must use the word “{given.word}”. Put it in, or pass."
    assert match.log == before
    assert match.asked == {ANN}
    match.say(ANN, f"Two {given.word.upper()}S lay there.")
    assert match.log[-1].seat == BOB
    assert match.log[-1].word != given.word


def test_no_word_comes_twice_until_all_have_come():
    seats = [Seat(f"seat {number}") for number in range(10)]
    match = story(seats, rounds=10, given_words=True, vote=False)
    while not match.over:
        tell(match, "pass")
    words = [event.word for event in match.log if isinstance(event, WordGiven)]
    assert len(words) == 100
    known = len(house.stories(Language.ENGLISH).words)
    assert all(
        len(set(words[start : start + known - 1])) == known - 1 for start in range(100 - known)
    )


def test_with_sight_of_the_last_part_only_the_next_seat_reads_it():
    match = tell(story(sight=Sight.LAST, vote=False), "A king sat there.")
    assert match.log[-1] == Continued(ANN, "A king sat there.", BOB, shown=False)
    assert "king" in shown(match, BOB)
    assert "king" not in shown(match, CY)
    assert match.public_view() == [Begun(ONCE)]
    tell(match, "He was sad.")
    assert "sad" in shown(match, CY)
    assert "sad" not in shown(match, ANN)


def test_after_a_pass_the_next_seat_reads_the_part_before_it():
    match = tell(story(sight=Sight.LAST, rounds=2), "A king sat there.", "pass")
    assert match.log[-2:] == [Skipped(BOB), HandedOn(ANN, "A king sat there.", CY)]
    assert "ann: A king sat there." in shown(match, CY)
    assert "king" not in str([event.told() for event in match.public_view()])
    tell(match, "pass", "He was sad.")  # ann knows her own part
    assert match.log[-2:] == [Skipped(CY), Continued(ANN, "He was sad.", BOB, shown=False)]


def test_after_a_pass_nothing_is_handed_on_that_all_have_read():
    match = tell(story(), "A king sat there.", "pass")
    assert match.log[-1] == Skipped(BOB)
    match = tell(story(sight=Sight.LAST), "pass")
    assert match.log[-1] == Skipped(ANN)


def test_a_hidden_story_is_read_out_in_the_end():
    match = tell(story(sight=Sight.LAST), "A king sat there.", "pass", "It rained.")
    assert match.public_view()[-3:] == [
        Unfolded(),
        ReadOut(ANN, "A king sat there."),
        ReadOut(CY, "It rained."),
    ]
    assert match.state.unread == ()


def test_all_vote_in_secret_and_the_most_votes_win():
    match = tell(story(), "A king sat there.", "He was sad.", "It rained.")
    assert match.asked == {ANN, BOB, CY}
    assert match.asks[ANN].choices == (BOB, CY)
    match.say(ANN, "bob")
    assert not any(isinstance(event, Voted) for event in match.view(BOB))
    match.say(CY, "bob")
    assert not match.over
    match.say(BOB, "pass")
    assert match.over
    assert str(match.log[-1].told()) == "The votes: bob 2."
    assert match.outcome.scores == {ANN: 0, BOB: 2, CY: 0}
    assert str(match.outcome.reason) == "Most votes: 2, for bob."


@pytest.mark.parametrize("vote", ["ann", "", "dee", "bob and cy", "not bob"])
def test_a_vote_for_oneself_or_nobody_at_the_table_is_refused(vote):
    match = tell(story(), "A king sat there.", "He was sad.", "It rained.")
    before = list(match.log)
    if vote:
        with pytest.raises(UnclearMove, match=r"Say exactly one of bob and cy\. Or say “pass”\."):
            match.say(ANN, vote)
        assert match.log == before
    else:
        assert match.say(ANN, vote).events == (Voted(ANN, None),)


def test_who_has_added_nothing_cannot_be_voted_for():
    match = tell(story(), "A king sat there.", "pass", "It rained.")
    assert match.asks[BOB].choices == (ANN, CY)
    assert match.asks[ANN].choices == (CY,)


@pytest.mark.parametrize(
    ("options", "parts"),
    [
        ({"seats": (ANN, BOB)}, ["A king.", "A queen."]),
        ({"vote": False}, ["A king.", "A queen.", "A frog."]),
        ({}, ["pass", "A queen.", "pass"]),
    ],
)
def test_without_a_choice_there_is_no_vote_and_nobody_wins(options, parts):
    match = tell(story(**options), *parts)
    assert match.over
    assert str(match.outcome.reason) == "The story is told, and nobody has won or lost."
    assert set(match.outcome.scores.values()) == {0}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rounds": 11}, "The option rounds needs a number from 1 to 10."),
        ({"beginning": "x" * 301}, "The option beginning takes at most 300 characters."),
    ],
)
def test_options_that_do_not_fit_are_refused(options, sentence):
    with pytest.raises(BadSetup) as why:
        StoryChain(**options)
    assert str(why.value) == sentence


@pytest.mark.parametrize("language", Language)
def test_what_is_drawn_has_no_faults(language):
    known = house.stories(language)
    assert known.source
    assert len(set(known.beginnings)) >= 10
    assert len(set(known.words)) >= 40
    assert all(len(beginning) <= 300 for beginning in known.beginnings)
    for word in known.words:
        for line in known.words_used:
            assert word_named(line.replace("{word}", word), (word,)) == word
    assert all("{echo}" in line for line in known.linked)


@pytest.mark.parametrize("sight", Sight)
@pytest.mark.parametrize("language", Language)
def test_house_bots_use_the_words_they_are_given(sight, language):
    for seed in range(20):
        options = StoryChain(given_words=True, sight=sight, language=language)
        match, rng = Match(options, (ANN, BOB, CY), seed), Random(seed)
        while not match.over:
            seat = rng.choice(list(match.asks))
            match.say(seat, house_answer(match, seat, rng.choice(list(Level))))
        assert sum(isinstance(event, Continued) for event in match.log) == 9


def test_a_house_bot_takes_up_little_of_a_part_without_spaces():
    match = tell(story(), "x" * 500)
    match.say(BOB, house_answer(match, BOB, Level.HARD))
    assert isinstance(match.log[-1], Continued)


def votes(ours, theirs, games=100):
    """Return the share of votes for the first level, one seat among two; places change."""
    won = cast = 0
    for seed in range(games):
        match = Match(StoryChain(), (ANN, BOB, CY), seed)
        us = match.seats[seed % 3]
        while not match.over:
            seat = next(iter(match.asks))
            level = Level.MEDIUM if match.asks[seat].choices else ours if seat == us else theirs
            match.say(seat, house_answer(match, seat, level))
        won += match.outcome.scores[us]
        cast += sum(match.outcome.scores.values())
    return won / cast


def test_house_bots_get_more_votes_the_higher_their_level():
    """A third of the votes is fair, and two thirds are all that one seat can get."""
    assert votes(Level.HARD, Level.EASY) > 0.5
    assert votes(Level.MEDIUM, Level.EASY) > 0.4
    assert votes(Level.HARD, Level.MEDIUM) > 0.4
    assert votes(Level.EASY, Level.HARD) < 0.15
