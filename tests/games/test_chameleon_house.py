"""The house bots of chameleon keep the rules and play the better the higher their level."""

from random import Random

import pytest

from games import chameleon_house as house
from games.chameleon import Chameleon
from games.chameleon_events import ChameleonChosen, ClueGiven, TopicDrawn
from games.core import PASS, Level, Match, Seat, View, Words
from games.word_lists import word_list

SEATS = tuple(map(Seat, ("ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal")))
FRUITS = word_list().topics["Fruits"]
RANDOM = None


def played(game, seats, seed, levels):
    """Play a match; a seat without a level gives any legal answer."""
    match, rng = Match(game, seats, seed=seed), Random(seed)
    while not match.over:
        ((seat, ask),) = match.asks.items()
        level = levels[seat]
        if level is RANDOM:
            match.say(seat, ask.sample(rng))
        else:
            match.say(seat, game.house_answer(match.view_of(seat), ask, level, rng))
    return match


def rates(others, chameleon, games=200):
    """Return how often the chameleon is caught, and how often it then guesses right."""
    caught = right = 0
    for seed in range(games):
        seat = SEATS[seed % 5]
        levels = {**dict.fromkeys(SEATS[:5], others), seat: chameleon}
        hunt = played(Chameleon(chameleon=seat), SEATS[:5], seed, levels).state
        caught += hunt.accused == seat
        right += hunt.accused == seat and hunt.guess == hunt.deal.word
    return caught / games, right / max(1, caught)


def knowledge(word="Apple", level=Level.HARD, **clues):
    said = {Seat(seat): clue.replace("_", " ") for seat, clue in clues.items()}
    return house.Knowledge(Seat("ann"), level, word_list(), FRUITS, word, said)


def test_three_hundred_games_at_all_levels_end_without_a_refusal():
    rng = Random(1)
    for seed in range(300):
        seats = SEATS[: 3 + seed % 6]
        game = Chameleon(discussion=seed % 3, revote=seed % 2 == 0)
        match = played(game, seats, seed, {seat: rng.choice(list(Level)) for seat in seats})
        assert sum(match.outcome.scores.values()) in (1, len(seats) - 1)


def test_twelve_easy_bots_find_twelve_clues():
    seats = [Seat(f"p{n}") for n in range(12)]
    for seed in range(20):
        match = played(Chameleon(), seats, seed, dict.fromkeys(seats, Level.EASY))
        assert len(set(match.state.clues)) == 12


def test_one_seed_gives_one_game():
    games = [played(Chameleon(), SEATS, 4, dict.fromkeys(SEATS, Level.HARD)) for _ in range(2)]
    assert games[0].log == games[1].log


def test_hard_bots_catch_a_clueless_chameleon_far_more_often_than_random_votes_do():
    by_chance, _ = rates(RANDOM, Level.EASY)
    by_evidence, _ = rates(Level.HARD, Level.EASY)
    assert by_chance < 0.3
    assert by_evidence > 0.6


def test_a_hard_chameleon_hides_better_than_an_easy_one():
    assert rates(Level.HARD, Level.HARD)[0] < rates(Level.HARD, Level.EASY)[0] - 0.15


def test_a_hard_chameleon_guesses_the_word_far_more_often_than_chance():
    _, right = rates(Level.HARD, Level.HARD)
    assert right > 0.5  # chance is 1 in 16


def test_a_hard_bot_gives_less_away_than_a_medium_one():
    def sure(level):
        total = 0.0
        for seed in range(40):
            clue = house.clue(knowledge("Strawberry", level), Random(seed))
            total += house.likely_words(FRUITS, (clue,))["Strawberry"]
        return total / 40

    assert sure(Level.HARD) < 0.6 * sure(Level.MEDIUM)


def test_a_clue_that_fits_other_words_only_is_more_suspicious_than_an_original_one():
    known = knowledge("Apple", bob="cider", cy="Isaac_Newton", dee="tropical")
    doubts = house.suspicions(known, Random(1))
    assert doubts["bob"] < doubts["cy"] < doubts["dee"]
    assert house.vote(known, (Seat("bob"), Seat("cy"), Seat("dee")), Random(1)) == "dee"


def test_clues_are_understood_in_other_words():
    fitting = house.fits(FRUITS, "You find palm trees on its island")
    assert max(fitting, key=lambda word: fitting[word]) == "Coconut"
    assert set(house.fits(FRUITS, "ten past four").values()) == {0.0}


def test_a_chameleon_infers_the_word_from_the_clues():
    known = knowledge(None, bob="yellow", cy="curved", dee="tropical")
    assert house.guess(known, Random(1)) == "Banana"
    assert house.clue(known, Random(1)) in FRUITS.clues["Banana"]


@pytest.mark.parametrize(
    ("clue", "kind"),
    [
        ("cider", "trusted"),
        ("tropical", "odd"),
        ("green", "trusted"),
        ("round", "vague"),
        (word_list().vague[0], "vague"),
        ("Isaac Newton", "unclear"),
    ],
)
def test_a_remark_is_about_what_the_clue_looks_like(clue, kind):
    assert house.verdict(knowledge("Apple", bob=clue), clue) == kind


def test_nobody_says_the_same_thing_twice_in_a_discussion():
    match = played(Chameleon(discussion=5), SEATS[:4], 2, dict.fromkeys(SEATS, Level.HARD))
    for seat in SEATS[:4]:
        said = [
            event.words
            for event in match.log
            if getattr(event, "words", None) and seat == getattr(event, "seat", None)
        ]
        assert len(set(said)) == len(said)


def test_a_bot_copes_when_the_clues_have_been_forgotten():
    game = Chameleon(discussion=1)
    words = FRUITS.words
    events = [TopicDrawn("Fruits", words), ChameleonChosen(SEATS[0])]
    events += [ClueGiven(seat, Words("")) for seat in SEATS[:3]]
    view = View(game, SEATS[0], SEATS[:3], events)
    asks = played_up_to_talk(game)
    assert game.house_answer(view, asks, Level.HARD, Random(1)) == PASS


def test_a_bot_copes_with_a_topic_that_has_left_the_list():
    game = Chameleon()
    match = Match(game, SEATS[:3])
    (ask,) = match.asks.values()
    view = View(game, SEATS[0], SEATS[:3], [TopicDrawn("Cheese", ("Gouda", "Brie"))])
    assert game.house_answer(view, ask, Level.HARD, Random(1)) == ask.default


def played_up_to_talk(game):
    match = Match(game, SEATS[:3])
    while not (ask := next(iter(match.asks.values()))).optional:
        match.say(*match.asked, ask.default)
    return ask
