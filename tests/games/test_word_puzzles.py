"""The rules that hangman and wordle share: modes, the puzzle of the day, what others may see."""

import pytest

from games.core import SPECTATOR, BadSetup, Level, Match, NotYourTurn, Seat
from games.hangman import Hangman
from games.puzzle_words import Language, day_number, one_word, puzzle_words, word_of_the_day
from games.word_puzzle import Advanced, Guessed, Mode
from games.wordle import Wordle
from tests.games.contract import house_answer

ANN, BOB = Seat("ann"), Seat("bob")
PUZZLES = [Hangman, Wordle]
RACES = [Hangman(word="crane", mode=Mode.RACE), Wordle(word="crane", mode=Mode.RACE)]
GAMES = {Hangman: 300, Wordle: 30}
DAY = "2026-03-01"


def named(game):
    return game.name if isinstance(game, type) else type(game).name


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_together_the_seats_guess_in_turn_and_win_as_one(puzzle):
    match = Match(puzzle(word="crane"), [ANN, BOB])
    assert match.asked == {ANN}
    match.say(ANN, "slate" if puzzle is Wordle else "e")
    assert match.asked == {BOB}
    with pytest.raises(NotYourTurn):
        match.say(ANN, "crane")
    match.say(BOB, "crane")
    assert match.outcome.winners == [ANN, BOB]
    assert str(match.log[-1].told()) == "The word was “crane”."


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_one_can_play_alone(puzzle):
    match = Match(puzzle(word="crane"), [ANN])
    match.say(ANN, "crane")
    assert str(match.outcome.reason).startswith("“crane” has been found, with ")


@pytest.mark.parametrize("game", RACES, ids=named)
def test_in_a_race_nobody_sees_the_letters_of_others(game):
    match = Match(game, [ANN, BOB])
    match.say(ANN, "crave" if game.name == "wordle" else "e")
    for viewer in (BOB, SPECTATOR):
        assert [type(event) for event in match.view(viewer)[1:]] == [Advanced]
        assert not any(isinstance(event, Guessed) for event in match.view(viewer))
    told = str(match.view(BOB)[1].told())
    assert told == (
        "ann: 🟩🟩🟩⬜🟩 (5 left)" if game.name == "wordle" else "ann: 🟩⬜⬜⬜⬜ (6 left)"
    )
    assert match.asked == {ANN, BOB}


@pytest.mark.parametrize("game", RACES, ids=named)
def test_a_race_goes_on_until_all_are_done_and_the_fewest_guesses_win(game):
    match = Match(game, [ANN, BOB])
    match.say(ANN, "slate")
    match.say(ANN, "crane")
    assert match.asked == {BOB}
    assert "crane" not in str(match.view(BOB))
    match.say(BOB, "crane")
    assert match.outcome.ranks == {BOB: 1, ANN: 2}
    assert str(match.outcome.reason).startswith("bob is first: “crane”, with ")


@pytest.mark.parametrize("game", RACES, ids=named)
def test_equal_racers_share_the_first_place(game):
    match = Match(game, [ANN, BOB])
    match.say(ANN, "crane")
    match.say(BOB, "crane")
    assert match.outcome.winners == [ANN, BOB]
    assert str(match.outcome.reason).startswith("ann and bob are first: ")


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_nobody_sees_the_word_before_the_end(puzzle):
    for seed in range(50):
        match = Match(puzzle(), [ANN, BOB], seed)
        word = match.state.word
        for viewer in (*match.seats, SPECTATOR):
            seen = [str(match.view_of(viewer)), str(match.board(viewer)), str(match.asks)]
            assert word not in " ".join(seen).replace(match.asks[ANN].default, "")


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_the_puzzle_of_a_day_is_the_same_at_every_table(puzzle):
    words = {Match(puzzle(day=DAY), [ANN], seed).state.word for seed in range(5)}
    assert len(words) == 1
    assert words != {Match(puzzle(day="2026-03-02"), [ANN], 0).state.word}
    assert word_of_the_day(puzzle_words(Language.ENGLISH).answers, "wordle", DAY) == "pulse"


def test_a_word_of_the_day_comes_again_only_when_all_others_had_their_day():
    words = tuple("abcdefg")
    days = [word_of_the_day(words, "wordle", f"2026-03-0{day}") for day in range(1, 8)]
    assert sorted(days) == list(words)


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
@pytest.mark.parametrize("day", ["today", "2026-02-30", "20260301", "1 March", "0001-01-01"])
def test_a_day_that_is_none_is_refused(puzzle, day):
    with pytest.raises(BadSetup) as why:
        puzzle(day=day)
    assert str(why.value) == f"The option day needs a day such as 2026-03-01, not '{day}'."


@pytest.mark.parametrize(
    ("game", "options", "why"),
    [
        (Hangman, {"word": "owl"}, "The option word needs a word of 4 to 16 letters."),
        (Wordle, {"word": "owl"}, "The option word needs a word of 5 letters."),
        (Wordle, {"word": "cafés"}, "The option word needs a word of the letters "),
        (Hangman, {"misses": 0}, "The option misses needs a number from 1 to 12."),
        (Wordle, {"tries": 13}, "The option tries needs a number from 1 to 12."),
    ],
)
def test_options_that_make_no_puzzle_are_refused(game, options, why):
    with pytest.raises(BadSetup) as refusal:
        game(**options)
    assert str(refusal.value).startswith(why)


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_a_german_word_may_have_its_own_letters(puzzle):
    match = Match(puzzle(language=Language.GERMAN, word="Größe"), [ANN])
    match.say(ANN, "größe")
    assert match.outcome.winners == [ANN]


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_house_bots_score_the_more_the_higher_their_level(puzzle):
    easy, medium, hard = (
        sum(score(puzzle, level, seed) for seed in range(GAMES[puzzle])) for level in Level
    )
    assert hard > 1.2 * easy
    assert hard >= medium >= easy


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
def test_hard_house_bots_find_nearly_every_word(puzzle):
    assert sum(score(puzzle, Level.HARD, seed) > 0 for seed in range(30)) >= 28


def score(puzzle, level, seed):
    match = Match(puzzle(), [ANN], seed)
    while not match.over:
        match.say(ANN, house_answer(match, ANN, level))
    return match.outcome.scores[ANN]


@pytest.mark.parametrize("puzzle", PUZZLES, ids=named)
@pytest.mark.parametrize("level", Level)
def test_house_bots_play_on_with_a_word_of_no_list(puzzle, level):
    match = Match(puzzle(word="zzyzx"), [ANN], 1)
    while not match.over:
        match.say(ANN, house_answer(match, ANN, level))
    assert match.outcome.scores == {ANN: 0}
    assert str(match.outcome.reason) == "Nobody has found “zzyzx”."


@pytest.mark.parametrize("language", Language)
def test_the_shipped_words_have_no_faults(language):
    words = puzzle_words(language)
    assert words.source
    assert len(words.answers) > 500
    assert all(len(word) == 5 for word in (*words.answers, *words.guessable))
    assert len(words.topics) == 12
    topics = [word for topic in words.topics.values() for word in topic]
    assert all(4 <= len(word) <= 16 for word in topics)
    assert len(set(topics)) > 400
    letters = set("".join((*topics, *words.answers, *words.guessable)))
    assert letters <= set(words.letters)
    assert len(words.letters) == len(set(words.letters))
    for listed in (*words.topics.values(), words.answers):
        assert len(listed) == len(set(listed))


def test_english_guesses_are_checked_against_a_large_list():
    words = puzzle_words(Language.ENGLISH)
    assert len(words.guessable) > 6000
    assert set(words.answers) <= words.guessable


@pytest.mark.parametrize(
    ("text", "word"), [("Crane!", "crane"), ("[crane]", "crane"), ("two words", ""), ("", "")]
)
def test_a_guess_is_the_one_word_in_a_text(text, word):
    assert one_word(text) == word


def test_days_follow_each_other():
    assert day_number("2026-03-01") == day_number("2026-02-28") + 1


def test_a_list_is_read_once():
    assert puzzle_words(Language.GERMAN) is puzzle_words(Language.GERMAN)
