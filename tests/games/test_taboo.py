"""The rules of taboo, one test each."""

import pytest

from games import taboo_house as house
from games.core import BadSetup, IllegalMove, Level, Match, Seat
from games.puzzle_words import Language
from games.taboo import Taboo
from games.taboo_checker import same_word, word_broken
from games.taboo_events import CardClosed, CardDrawn, CardSeen, ClueGiven, GaveUp, Guessed
from tests.games.contract import house_answer, shown

ANN, BOB, CY, DEE = map(Seat, ("ann", "bob", "cy", "dee"))


@pytest.fixture
def match():
    return Match(Taboo(target="piano"), seats=(ANN, BOB, CY), seed=7)


def test_the_first_seat_gets_a_card_that_nobody_else_sees(match):
    forbidden = ("keys", "music", "play", "instrument", "black")
    assert match.view(ANN) == [
        CardDrawn(ANN, (BOB, CY), 1, 3),
        CardSeen(ANN, "piano", forbidden),
    ]
    assert match.view(BOB) == match.public_view() == [CardDrawn(ANN, (BOB, CY), 1, 3)]
    assert all("piano" not in shown(match, seat) for seat in (BOB, CY))
    assert str(match.asks[ANN].prompt) == (
        "Clue 1 of 3 for “piano”. Do not say keys, music, play, instrument or black."
    )


@pytest.mark.parametrize(
    ("clue", "word"),
    [("a PIANO", "piano"), ("many pianos", "piano"), ("musical", "music"), ("p l a y", "play")],
)
def test_a_clue_with_a_form_of_a_word_of_the_card_is_refused_and_changes_nothing(match, clue, word):
    before = list(match.log)
    with pytest.raises(IllegalMove) as why:
        match.say(ANN, clue)
    assert str(why.value) == (
        f"Your clue has “{word}” or a part or form of it. Say it in other words."
    )
    assert match.log == before
    assert match.asked == {ANN}


def test_all_others_guess_at_the_same_time_and_in_secret(match):
    match.say(ANN, "Chopin wrote\nfor it")
    assert match.log[-1] == ClueGiven(ANN, "Chopin wrote for it")
    assert match.asked == {BOB, CY}
    match.say(BOB, "the piano")
    assert match.log[-1] == Guessed(BOB, "the piano")
    assert match.view(CY) == match.public_view() == match.log[:1] + match.log[2:3]
    assert match.asked == {CY}


def test_who_is_right_gets_a_point_and_so_does_who_described(match):
    match.say(ANN, "Chopin wrote for it")
    match.say(BOB, "the piano")
    match.say(CY, "violin")
    assert CardClosed("piano", (ANN, BOB)) in match.log
    assert match.state.points == {ANN: 1, BOB: 1, CY: 0}
    assert match.asked == {BOB}
    assert isinstance(match.view(BOB)[-1], CardSeen)


def test_after_wrong_guesses_there_is_another_clue_up_to_three(match):
    for number in (1, 2, 3):
        assert match.asked == {ANN}
        match.say(ANN, f"number {number} of it")
        match.say(BOB, "pass")
        match.say(CY, "violin")
    assert CardClosed("piano", ()) in match.log
    assert "Nobody has found “piano”." in shown(match, CY)
    assert match.asked == {BOB}


def test_a_card_can_be_given_up(match):
    match.say(ANN, "pass")
    assert CardClosed("piano", ()) in match.log
    assert match.asked == {BOB}


def test_each_seat_describes_as_many_cards_as_rounds_and_no_card_twice():
    match = Match(Taboo(rounds=3), seats=(ANN, BOB, CY, DEE), seed=1)
    while not match.over:
        match.say(*match.asked, "pass")
    assert [event.seat for event in match.log if isinstance(event, CardDrawn)] == [
        ANN, BOB, CY, DEE,
    ] * 3  # fmt: skip
    cards = [event.target for event in match.log if isinstance(event, CardSeen)]
    assert len(set(cards)) == 12
    assert str(match.outcome.reason) == "Most points: 0, for ann, bob, cy and dee."


def test_in_teams_only_ones_own_team_guesses_and_all_of_it_score():
    match = Match(Taboo(teams=True, target="piano"), seats=(ANN, BOB, CY, DEE), seed=1)
    match.say(ANN, "Chopin wrote for it")
    assert match.asked == {CY}
    match.say(CY, "piano")
    assert match.state.points == {ANN: 1, BOB: 0, CY: 1, DEE: 0}
    assert match.asked == {BOB}


@pytest.mark.parametrize("seats", [(ANN, BOB), (ANN, BOB, CY)])
def test_teams_of_different_size_are_refused(seats):
    with pytest.raises(BadSetup, match=f"Two teams need 4, 6 or 8 seats; {len(seats)} were given"):
        Match(Taboo(teams=True), seats)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"rounds": 0}, "The option rounds needs a number from 1 to 3."),
        ({"clues": 11}, "The option clues needs a number from 1 to 10."),
        ({"target": "a b"}, "No card has the word 'a b'."),
        ({"target": "piano", "language": Language.GERMAN}, "No card has the word 'piano'."),
    ],
)
def test_options_that_do_not_fit_are_refused(options, sentence):
    with pytest.raises(BadSetup) as why:
        Taboo(**options)
    assert str(why.value) == sentence


@pytest.mark.parametrize("language", Language)
def test_a_deck_has_no_faults(language):
    deck = house.deck(language)
    assert deck.source
    assert len(deck.cards) >= 24, "eight seats describe three cards each"
    for card in deck.cards.values():
        assert len(card.forbidden) == 5
        assert len(card.clues) >= 3
        assert len({*card.words}) == 6
        for clue in (*card.clues, *deck.vague):
            assert word_broken(clue, card.words, language) is None, f"{card.target}: {clue}"
            assert len(clue) <= 200
        others = [other for other in deck.cards if other != card.target]
        assert not [other for other in others if same_word(other, card.target, language)]


def points(describing, guessing, games=150):
    """Return how many of `games` cards a bot finds that another describes."""
    found = 0
    for seed in range(games):
        match = Match(Taboo(clues=1), (ANN, BOB), seed)
        match.say(ANN, house_answer(match, ANN, describing))
        match.say(BOB, house_answer(match, BOB, guessing))
        found += match.state.points[BOB]
    return found


def test_house_bots_describe_and_guess_the_better_the_higher_their_level():
    assert points(Level.HARD, Level.HARD) > 140
    assert 80 > points(Level.HARD, Level.EASY) > 10
    assert 80 > points(Level.EASY, Level.HARD) > 10
    assert 120 > points(Level.MEDIUM, Level.HARD) > 80


@pytest.mark.parametrize("level", Level)
def test_a_house_bot_gives_up_a_card_when_it_has_no_other_clue(level):
    match = Match(Taboo(rounds=1, clues=10), (ANN, BOB), 1)
    while match.state.turn.giver == ANN:
        said = house_answer(match, ANN, level) if ANN in match.asks else "no idea"
        match.say(ANN if ANN in match.asks else BOB, said)
    assert GaveUp(ANN) in match.log


def test_a_house_bot_understands_what_a_person_says(match):
    match.say(ANN, "it has 88 of them and Chopin wrote much for it")
    assert house_answer(match, BOB, Level.HARD) == "piano"
