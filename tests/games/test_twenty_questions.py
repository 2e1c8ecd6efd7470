"""The rules of twenty questions, one test each."""

import pytest

from games.core import SPECTATOR, BadSetup, Level, Match, NotYourTurn, Seat, UnclearMove, Words
from games.puzzle_words import Language
from games.things import same_thing, things
from games.twenty_questions import GUESSING, Judge, TwentyQuestions
from games.twenty_questions_events import MODERATOR, Asked
from tests.games.contract import house_answer

ANN, BOB = Seat("ann"), Seat("bob")
ALIVE = "Is it alive?"


def match_of(**options):
    return Match(TwentyQuestions(**{"thing": "dog", **options}), [ANN, BOB], seed=1)


def told(match, seat, text):
    return [str(event.told()) for event in match.say(seat, text).events]


def test_a_question_of_the_list_is_answered_by_code():
    match = match_of()
    assert told(match, ANN, ALIVE) == ["ann asks: Is it alive? The answer is: yes. (19 left)"]
    assert match.asked == {BOB}
    assert told(match, BOB, "is it made by people") == [
        "bob asks: Is it made by people? The answer is: no. (18 left)"
    ]


def test_a_question_is_not_put_twice():
    match = match_of()
    match.say(ANN, ALIVE)
    before = list(match.log)
    with pytest.raises(UnclearMove, match="Say exactly one of"):
        match.say(BOB, ALIVE)
    assert match.log == before
    assert match.asked == {BOB}


def test_the_questions_fit_into_one_select():
    assert len(match_of().asks[ANN].choices) <= 25
    assert all(len(choice) <= 100 for choice in match_of().asks[ANN].choices)


def test_who_announces_a_guess_makes_it_and_a_wrong_one_costs_a_question():
    match = match_of()
    match.say(ANN, GUESSING)
    assert match.asked == {ANN}
    assert told(match, ANN, "cat") == ["ann guesses “cat”: no. (19 left)"]
    assert match.asked == {BOB}


def test_a_right_guess_ends_the_game_for_all():
    match = match_of()
    match.say(ANN, GUESSING)
    assert told(match, ANN, "It is a dog") == ["ann guesses “dog”: that is it!", "It was: dog."]
    assert match.outcome.scores == {ANN: 1, BOB: 1}
    assert str(match.outcome.reason) == "“dog” has been found after 1 of 20 questions."


def test_without_questions_left_the_thing_is_told():
    match = match_of(questions=1)
    assert told(match, ANN, ALIVE)[1:] == ["It was: dog."]
    assert match.outcome.scores == {ANN: 0, BOB: 0}
    assert str(match.outcome.reason) == "Nobody has found out what it was: dog."


def test_only_the_moderator_knows_the_thing():
    match = match_of(judge=Judge.MODERATOR, thing="a purple giraffe")
    for viewer in (ANN, BOB, SPECTATOR):
        assert match.view(viewer) == []
        assert "giraffe" not in str(match.view_of(viewer))
    assert "giraffe" in str(match.view(MODERATOR))


def test_the_moderator_answers_what_players_ask_in_their_own_words():
    match = match_of(judge=Judge.MODERATOR, thing="a purple giraffe")
    assert told(match, ANN, "Does it have\na long neck?") == ["ann asks: Does it have a long neck?"]
    assert match.asked == {MODERATOR}
    assert str(match.asks[MODERATOR].prompt) == (
        "The thing is: a purple giraffe. What is the answer to “Does it have a long neck?”?"
    )
    assert told(match, MODERATOR, "yes") == ["The answer is: yes. (19 left)"]
    match.say(BOB, "Is it a giraffe?")
    match.say(MODERATOR, "that is it")
    assert match.outcome.scores == {ANN: 1, BOB: 1}


def test_a_silent_moderator_finds_the_question_unclear():
    match = match_of(judge=Judge.MODERATOR)
    match.say(ANN, "Hm?")
    assert told(match, MODERATOR, match.asks[MODERATOR].default) == [
        "The answer is: unclear. (19 left)"
    ]


def test_an_unclear_verdict_of_the_moderator_changes_nothing():
    match = match_of(judge=Judge.MODERATOR)
    match.say(ANN, "Is it big?")
    before = list(match.log)
    with pytest.raises(UnclearMove) as why:
        match.say(MODERATOR, "sort of")
    assert str(why.value) == "Say exactly one of yes, no, unclear and that is it."
    with pytest.raises(NotYourTurn):
        match.say(BOB, "Is it small?")
    assert match.log == before


def test_a_question_is_kept_apart_as_words():
    match = match_of(judge=Judge.MODERATOR)
    match.say(ANN, "Is it big?")
    asked = match.log[-1]
    assert isinstance(asked, Asked)
    assert isinstance(asked.words, Words)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({"questions": 0}, "The option questions needs a number from 1 to 40."),
        ({"thing": " ", "judge": Judge.MODERATOR}, "The option thing needs 1 to 60 characters."),
        (
            {"thing": "giraffe"},
            "The option thing is not in the list; choose another, or set judge to moderator.",
        ),
    ],
)
def test_options_that_make_no_game_are_refused(options, why):
    with pytest.raises(BadSetup) as refusal:
        TwentyQuestions(**options)
    assert str(refusal.value) == why


def test_the_board_shows_what_is_known():
    match = match_of()
    match.say(ANN, ALIVE)
    match.say(BOB, GUESSING)
    match.say(BOB, "cat")
    assert str(match.board()).splitlines() == ["Is it alive?: yes", "cat: no"]


def found(level, seed, **options):
    match = Match(TwentyQuestions(questions=10, **options), [ANN], seed)
    while not match.over:
        (seat,) = match.asked
        match.say(seat, house_answer(match, seat, level))
    return match.outcome.scores[ANN]


@pytest.mark.parametrize("judge", Judge)
def test_house_bots_find_the_more_things_the_higher_their_level(judge):
    easy, medium, hard = (
        sum(found(level, seed, judge=judge) for seed in range(150)) for level in Level
    )
    assert hard > medium > easy
    assert hard > 120
    assert easy < 50


@pytest.mark.parametrize("language", Language)
def test_the_list_tells_all_its_things_apart(language):
    known = things(language)
    assert known.source
    assert len(known.questions) == 24
    assert len(known.yes) > 100
    assert len(set(known.yes.values())) == len(known.yes)
    for question in known.questions:
        assert 0 < sum(question in yes for yes in known.yes.values()) < len(known.yes)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Is it a dog", "dog", True),
        ("the Ice-Cream", "ice cream", True),
        ("ein Hund", "Hund", True),
        ("ant", "a", False),
        ("hot dog", "dog", False),
    ],
)
def test_a_thing_is_the_same_whatever_article_it_has(one, other, same):
    assert same_thing(one, other) is same
