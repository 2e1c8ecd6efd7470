"""The rules of wordle, one test each; those it shares with hangman are in test_word_puzzles."""

import pytest

from games.core import IllegalMove, Match, Seat
from games.puzzle_words import Language
from games.wordle import Wordle, framed, places, read_places

ANN = Seat("ann")


@pytest.fixture
def match():
    return Match(Wordle(word="Crane"), [ANN])


@pytest.mark.parametrize(
    ("word", "guess", "shown"),
    [
        ("crane", "crane", "[c] [r] [a] [n] [e]"),
        ("crane", "nacre", "(n) (a) (c) (r) [e]"),
        ("crane", "build", "b u i l d"),
        ("abbey", "babes", "(b) (a) [b] [e] s"),
        ("crane", "eerie", "e e (r) i [e]"),
        ("those", "geese", "g e e [s] [e]"),
        ("speed", "erase", "(e) r a (s) (e)"),
    ],
)
def test_a_letter_counts_only_as_often_as_the_word_has_it(word, guess, shown):
    assert framed(word, guess) == shown
    assert read_places(shown) == places(word, guess)


def test_all_guesses_used_up_lose_the_word():
    match = Match(Wordle(word="crane", tries=2), [ANN])
    match.say(ANN, "slate")
    assert str(match.asks[ANN].prompt) == "Which word of 5 letters? (1 left)"
    match.say(ANN, "trace")
    assert match.over
    assert match.outcome.scores == {ANN: 0}


def test_the_last_guess_may_be_the_right_one():
    match = Match(Wordle(word="crane", tries=1), [ANN])
    match.say(ANN, "crane")
    assert match.outcome.scores == {ANN: 1}


@pytest.mark.parametrize("text", ["cranes", "car", "a crane", "12345", "…", "cränk"])
def test_what_is_no_word_of_five_letters_changes_nothing(match, text):
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, text)
    assert str(why.value) == "Say one word of 5 letters."
    assert len(match.log) == 2


def test_a_word_that_is_not_in_the_list_costs_no_guess(match):
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, "qwert")
    assert str(why.value) == "“qwert” is not in the list of words. Guess another one."
    assert len(match.log) == 2


def test_without_a_list_any_letters_may_be_guessed():
    match = Match(Wordle(word="Blume", language=Language.GERMAN), [ANN])
    assert "word of the list" not in str(match.game.rules())
    match.say(ANN, "qwert")
    assert match.state.guesses == ((ANN, "qwert"),)


def test_a_word_cannot_be_guessed_twice(match):
    match.say(ANN, "slate")
    before = list(match.log)
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, "Slate")
    assert str(why.value) == "“slate” has been guessed already. Guess another word."
    assert match.log == before


def test_what_is_said_for_a_silent_seat_tells_nothing_of_the_word():
    defaults = {Match(Wordle(), [ANN], seed).asks[ANN].default for seed in range(20)}
    assert len(defaults) == 1


def test_the_board_shows_each_guess(match):
    match.say(ANN, "nacre")
    match.say(ANN, "crane")
    assert str(match.board()).splitlines() == [
        "1  (n)  (a)  (c)  (r) [e]",
        "2 [c]  [r]  [a]  [n]  [e]",
        "The word: crane",
    ]
