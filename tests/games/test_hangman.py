"""The rules of hangman, one test each; those it shares with wordle are in test_word_puzzles."""

import pytest

from games.core import Ask, IllegalMove, Match, Seat
from games.hangman import Hangman

ANN = Seat("ann")


@pytest.fixture
def match():
    return Match(Hangman(word="Banana", misses=2), [ANN])


def test_a_letter_is_shown_wherever_it_stands_in_the_word(match):
    assert str(match.say(ANN, "A!").events[0].told()) == "ann guesses “a”: _ a _ a _ a (2 left)"
    assert str(match.asks[ANN].prompt) == "_ a _ a _ a Which letter, or which word?"


def test_a_wrong_letter_and_a_wrong_word_count_alike(match):
    match.say(ANN, "e")
    assert "Wrong so far: e." in str(match.asks[ANN].prompt)
    match.say(ANN, "cabana")
    assert match.over
    assert match.outcome.scores == {ANN: 0}
    assert str(match.outcome.reason) == "Nobody has found “banana”."


def test_the_last_letter_finds_the_word(match):
    for letter in "ban":
        match.say(ANN, letter)
    assert match.over
    assert match.outcome.scores == {ANN: 3}


def test_the_whole_word_may_be_guessed_at_once(match):
    match.say(ANN, '{"answer": "BANANA"}')
    assert str(match.outcome.reason) == "“banana” has been found, with 2 left."


@pytest.mark.parametrize("text", ["ba", "a or b", "3", "?", "é", "papaya fruit"])
def test_what_is_neither_a_letter_nor_as_long_as_the_word_changes_nothing(match, text):
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, text)
    assert str(why.value) == "Say one letter, or the whole word of 6 letters."
    assert len(match.log) == 2


def test_what_was_guessed_before_is_refused_and_costs_nothing(match):
    match.say(ANN, "e")
    before = list(match.log)
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, "E")
    assert str(why.value) == "“e” has been guessed already. Guess something else."
    assert match.log == before


def test_who_is_silent_guesses_the_most_frequent_letter_not_yet_tried(match):
    defaults = []
    for _ in range(2):
        ask: Ask = match.asks[ANN]
        defaults.append(ask.default)
        match.say(ANN, ask.default)
    assert defaults == ["e", "t"]


def test_the_topic_is_told_where_the_word_has_one():
    told = [str(event.told()) for event in Match(Hangman(word="beaver"), [ANN]).view(ANN)]
    assert told == ["The topic is Animals, and the word has 6 letters."]


def test_the_board_shows_the_word_and_what_was_guessed(match):
    match.say(ANN, "n")
    match.say(ANN, "e")
    assert str(match.board()).splitlines() == [
        " . . n . n .",
        "Wrong guesses left: 1",
        "Guessed: n, e",
    ]
