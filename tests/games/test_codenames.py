"""The rules of codenames, one test each, and how well its house bots play."""

from random import Random

import pytest

from games import codenames_house as house
from games.codenames import DECK, Codenames
from games.codenames_events import (
    Card,
    ClueGiven,
    CluePassed,
    KeySeen,
    KeyShown,
    Stopped,
    Touched,
    TurnBegun,
)
from games.core import PASS, BadSetup, IllegalMove, Level, Match, NotYourTurn, Seat, UnclearMove
from games.core.options import game_with
from games.puzzle_words import Language
from games.word_lists import squeezed, word_named

ANN, BOB, CY, DEE = SEATS = tuple(map(Seat, ("ann", "bob", "cy", "dee")))
BLUE, ORANGE, BYSTANDER, ASSASSIN = Card
WORDS = (
    *("Whale", "Ship", "Wave", "Shark", "Island", "Anchor", "Pirate", "Coral", "Waterfall"),
    *("Moon", "Star", "Dream", "Pillow", "Candle", "Vampire", "Rocket", "Comet"),
    *("Piano", "Drum", "Note", "Trumpet", "Bread", "Cheese", "Honey", "Dragon"),
)
RANDOM = None


def opened(seats=SEATS, **options):
    """A match in which the first nine words are blue, then eight orange, and Dragon kills."""
    return Match(Codenames(**{"words": WORDS, "key": DECK, **options}), seats)


def clued(number=2, **options):
    match = opened(**options)
    match.say(ANN, f"clue: sea\nnumber: {number}")
    return match


def refused(match, seat, text, error):
    """Return the sentence with which an answer is refused, having seen that nothing changed."""
    before = (list(match.log), match.state, dict(match.asks))
    with pytest.raises(error) as caught:
        match.say(seat, text)
    assert (match.log, match.state, match.asks) == before
    return str(caught.value)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


# Teams, words and the key


def test_every_second_seat_is_in_a_team_and_the_first_is_its_spymaster():
    match = opened([f"p{n}" for n in range(5)])
    assert str(match.log[0].told()) == (
        "Team blue: p0, p2 and p4, with p0 as spymaster. Team orange: p1 and p3, with p1 as "
        "spymaster."
    )


def test_only_the_spymasters_see_the_key():
    match = opened()
    for seat in (ANN, BOB):
        assert of(KeySeen, match.view(seat)) == [KeySeen(seat, DECK, WORDS)]
    for seat in (CY, DEE, ""):
        assert of(KeySeen, match.view(seat)) == []
        assert "Whale B" not in str(match.board(seat))
    assert "Whale B" in str(match.board(ANN))


def test_words_and_key_vary_with_the_seed():
    states = [Match(Codenames(), SEATS, seed).state for seed in range(20)]
    assert len({state.words for state in states}) == len({state.key for state in states}) == 20
    assert all(len(set(state.words)) == 25 for state in states)


def test_words_and_key_can_be_fixed_as_text_and_players_do_not_see_it():
    given = {"words": ", ".join(WORDS), "key": ", ".join(DECK), "language": "german"}
    match = Match(game_with(Codenames, given), SEATS)
    assert (match.state.words, match.state.key) == (WORDS, DECK)
    assert match.view_of(ANN).game == Codenames(language=Language.GERMAN)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"words": WORDS[1:]}, "The option words needs 25 different words."),
        ({"words": ("whale", *WORDS[:-1])}, "The option words needs 25 different words."),
        ({"words": ("whale", *WORDS)}, "The option words needs 25 different words."),
        ({"words": ("x" * 31, *WORDS[1:])}, "Each of the words needs 1 to 30 characters."),
        ({"rounds": 0}, "The option rounds needs a number from 1 to 100."),
        ({"key": DECK[1:]}, "The option key needs 25 cards: 9 times blue, 8 times orange"),
    ],
)
def test_options_that_make_no_game_are_refused(options, message):
    with pytest.raises(BadSetup) as caught:
        Codenames(**options)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize("seats", [3, 11])
def test_four_to_ten_play(seats):
    with pytest.raises(BadSetup, match="codenames needs 4 to 10 seats"):
        Match(Codenames(), [f"p{n}" for n in range(seats)])


# Clues


@pytest.mark.parametrize(
    "text", ["clue: sea\nnumber: 2", '{"clue": "sea", "number": 2}', "sea 2", "sea, 2"]
)
def test_a_clue_is_a_word_and_a_number(text):
    match = opened()
    assert match.asked == {ANN}
    match.say(ANN, text)
    assert match.log[-1] == ClueGiven(ANN, "sea", 2)
    assert match.asked == {CY}


@pytest.mark.parametrize(
    ("clue", "word"),
    [("whale", "Whale"), ("WHALES", "Whale"), ("flagship", "Ship"), ("Water", "Waterfall")],
)
def test_a_clue_may_not_name_a_word_on_the_table_or_a_part_of_it(clue, word):
    assert refused(opened(), ANN, f"{clue} 1", IllegalMove) == (
        f"A clue may not name a word on the table or a part of it, as of “{word}”. Give another."
    )


@pytest.mark.parametrize(
    "clue", ["big fish", "R2D2", "!?", "big/grey", "sun.and.ice", "x,y", "a_b"]
)
def test_a_clue_is_one_word_of_letters(clue):
    assert refused(opened(), ANN, f"clue: {clue}\nnumber: 1", IllegalMove) == (
        "A clue is one word of letters. Give another clue."
    )


@pytest.mark.parametrize("clue", ["sea-horse", "o'clock", "Ärger", "पानी"])
def test_a_word_may_have_hyphens_apostrophes_and_accents(clue):
    match = opened()
    match.say(ANN, f"clue: {clue}\nnumber: 1")
    assert match.log[-1].clue == clue


@pytest.mark.parametrize("clue", ["sea.", "“sea”!", "'sea'"])
def test_signs_around_a_clue_do_not_count(clue):
    match = opened()
    match.say(ANN, f"clue: {clue}\nnumber: 1")
    assert match.log[-1] == ClueGiven(ANN, "sea", 1)


@pytest.mark.parametrize("text", ["sea", "sea 10", "clue: sea", "sea -1", "clue: \nnumber: 1"])
def test_a_clue_without_a_number_from_0_to_9_is_unclear(text):
    refused(opened(), ANN, text, UnclearMove)


def test_a_word_that_has_been_touched_may_be_named():
    match = clued()
    match.say(CY, "Whale")
    match.say(CY, PASS)
    match.say(BOB, "whale 1")
    assert match.log[-1] == ClueGiven(BOB, "whale", 1)


def test_a_refusal_is_the_same_for_both_spymasters_so_it_tells_no_key():
    match, other = opened(), opened(key=tuple(reversed(DECK)))
    for clue in ("whale 1", "dragon 2", "moon 0"):
        assert refused(match, ANN, clue, IllegalMove) == refused(other, ANN, clue, IllegalMove)


def test_who_gives_no_clue_passes_the_turn():
    match = opened()
    match.say(ANN, PASS)
    assert match.log[-2:] == [CluePassed(ANN), TurnBegun(ORANGE)]
    assert match.asked == {BOB}


# Guesses


def test_after_an_own_word_the_guesser_may_go_on_up_to_one_more_than_the_number():
    match = clued(number=2)
    for word in WORDS[:2]:
        match.say(CY, word)
        assert match.log[-1] == Touched(CY, word, BLUE)
        assert match.asked == {CY}
    match.say(CY, "Wave")
    assert match.log[-1] == TurnBegun(ORANGE)


def test_a_clue_of_0_leaves_any_number_of_guesses():
    match = clued(number=0)
    for word in WORDS[:8]:
        match.say(CY, word)
    assert match.asked == {CY}


@pytest.mark.parametrize(("word", "card"), [("Moon", ORANGE), ("Piano", BYSTANDER)])
def test_a_word_that_is_not_ones_own_ends_the_turn(word, card):
    match = clued()
    match.say(CY, word)
    assert match.log[-2:] == [Touched(CY, word, card), TurnBegun(ORANGE)]


def test_a_guesser_may_stop():
    match = clued()
    match.say(CY, "Whale")
    match.say(CY, PASS)
    assert match.log[-2:] == [Stopped(CY), TurnBegun(ORANGE)]


def test_only_untouched_words_can_be_touched():
    match = clued()
    match.say(CY, "Whale")
    assert "Whale" not in match.asks[CY].choices
    assert refused(match, CY, "whale", UnclearMove).startswith("Say exactly one of Ship, Wave")
    assert "the turn of cy" in refused(match, DEE, "Ship", NotYourTurn)


def test_the_guessers_of_a_team_take_turns():
    match = opened([f"p{n}" for n in range(6)])
    asked = []
    for _ in range(4):
        match.say(next(iter(match.asks)), "zebra 1")
        asked += match.asked
        match.say(next(iter(match.asks)), PASS)
    assert asked == ["p2", "p3", "p4", "p5"]


# The end


def test_the_assassin_loses_at_once():
    match = clued()
    match.say(CY, "Dragon")
    assert match.log[-2:] == [Touched(CY, "Dragon", ASSASSIN), KeyShown(DECK)]
    assert match.outcome.winners == [BOB, DEE]
    assert str(match.outcome.reason) == "cy has touched the assassin: team orange wins."


def test_the_team_whose_words_are_all_found_wins():
    match = clued(number=0)
    for word in WORDS[:9]:
        match.say(CY, word)
    assert match.outcome.winners == [ANN, CY]
    assert str(match.outcome.reason) == "All words of team blue are found: it wins."


def test_a_team_wins_also_when_the_other_one_finds_its_last_word():
    match = opened()
    for word in WORDS[9:16]:
        match.say(ANN, PASS)
        match.say(BOB, "zebra 1")
        match.say(DEE, word)
        match.say(DEE, PASS)
    match.say(ANN, "zebra 1")
    match.say(CY, "Comet")
    assert match.outcome.winners == [BOB, DEE]


def test_after_the_last_round_the_team_that_misses_fewer_words_wins():
    match = opened(rounds=3)
    for turn in range(6):
        assert not match.over
        match.say((ANN, BOB)[turn % 2], PASS)
    assert match.outcome.winners == [BOB, DEE]
    assert str(match.outcome.reason) == "Time is up: team orange misses fewer words."


# What is kept and shown


def test_the_board_shows_what_was_touched_and_the_last_clue():
    match = clued()
    match.say(CY, "Whale")
    board = str(match.board())
    assert "[Whale B]" in board
    assert board.splitlines()[-1] == "ann: sea, 2"
    assert len(match.board().parts[0].rows) == 5


def test_a_game_goes_on_when_its_words_have_been_forgotten():
    match = clued()
    match.forget(1)
    view = match.view_of(CY)
    said = match.game.house_answer(view, match.asks[CY], Level.HARD, Random(1))
    match.say(CY, said)
    match.say(next(iter(match.asks)), PASS)


# The words that are shipped


@pytest.mark.parametrize("language", Language)
def test_each_word_has_clues_and_is_in_no_other(language):
    known = house.vocabulary(language.value)
    assert len(known.words) >= 90
    assert len({squeezed(hint) for hint in known.hints}) == len(known.hints)
    for word in known.words:
        others = tuple(other for other in known.words if other != word)
        assert word_named(word, others) is None
        assert sum(word in fitting for fitting in known.hints.values()) >= 2, word


# House bots


def blue_wins(blue, orange, games=50):
    """Return in how many of all games blue wins; None guesses at random."""
    return sum(_played(blue, orange, seed) for seed in range(games)) / games


def _played(blue, orange, seed):
    match, rng = Match(Codenames(), SEATS, seed), Random(seed)
    while not match.over:
        ((seat, ask),) = match.asks.items()
        level = blue if seat in (ANN, CY) else orange
        if level is RANDOM:
            said = ask.sample(rng) if ask.choices else f"zebra {rng.randint(1, 3)}"
        else:
            said = match.game.house_answer(match.view_of(seat), ask, level, rng)
        match.say(seat, said)
    return match.outcome.scores[ANN]


def test_a_hard_team_beats_random_play_eight_times_in_ten():
    assert blue_wins(Level.HARD, RANDOM) >= 0.8
    assert blue_wins(RANDOM, Level.HARD) <= 0.2


def test_a_team_is_the_better_the_higher_its_level():
    easy, medium, hard = (blue_wins(level, Level.MEDIUM) for level in Level)
    assert easy + 0.1 < medium
    assert medium + 0.05 < hard


def test_a_hard_spymaster_keeps_away_from_the_assassin():
    known = house.Vocabulary(
        {
            "sea": frozenset({"Ship", "Wave", "Shark"}),
            "port": frozenset({"Ship", "Anchor"}),
        },
        (),
    )
    hidden = {"Ship": BLUE, "Wave": BLUE, "Anchor": BLUE, "Shark": ASSASSIN}
    said = house.best_clue(known, hidden, BLUE, ("sea", "port"), Level.HARD, Random(1))
    assert said == "clue: port\nnumber: 2"


def test_a_bot_follows_a_clue_that_stands_beside_a_word_in_the_list():
    known = house.vocabulary("english")
    assert house.fits(known, "OCEAN", "Whale")
    assert house.fits(known, "Shark", "Whale")
    assert not house.fits(known, "Piano", "Whale")
