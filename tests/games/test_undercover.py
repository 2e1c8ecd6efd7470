"""The rules of undercover, one test each, and how well its house bots play."""

from random import Random

import pytest

from games import undercover_house as house
from games.core import PASS, BadSetup, IllegalMove, Level, Match, NotYourTurn, Seat, UnclearMove
from games.core.options import game_with
from games.puzzle_words import Language
from games.undercover import LAST_ROUND, Undercover
from games.undercover_events import (
    ClueGiven,
    NobodyVotedOut,
    Passed,
    Revealed,
    RoundBegun,
    Tallied,
    Voted,
    VotedOut,
    WordGiven,
)
from games.word_lists import squeezed, word_named

ANN, BOB, CY, DEE, EVE = SEATS = tuple(map(Seat, ("ann", "bob", "cy", "dee", "eve")))
RANDOM = None


def opened(*, seats=SEATS, **options):
    """A match about coffee in which bob alone has tea, unless told otherwise."""
    return Match(Undercover(**{"word": "Coffee", "odd": (BOB,), **options}), seats)


def at_the_vote(**options):
    match = opened(**options)
    for seat in match.seats:
        match.say(seat, f"clue of {seat}")
    return match


def vote(match, **votes):
    """Let all who are asked vote so; who is not named passes."""
    for seat in match.asks:
        match.say(seat, votes.get(seat, PASS))


def refused(match, seat, text, error):
    """Return the sentence with which an answer is refused, having seen that nothing changed."""
    before = (list(match.log), match.state, dict(match.asks))
    with pytest.raises(error) as caught:
        match.say(seat, text)
    assert (match.log, match.state, match.asks) == before
    return str(caught.value)


def of(kind, events):
    return [event for event in events if isinstance(event, kind)]


# The words


def test_everybody_learns_only_their_own_word():
    match = opened()
    for seat in SEATS:
        word = "Tea" if seat == BOB else "Coffee"
        assert of(WordGiven, match.view(seat)) == [WordGiven(seat, word)]
    assert of(WordGiven, match.public_view()) == []


def test_nobody_is_told_on_which_side_they_are():
    match = opened()
    assert [str(event.told()) for event in match.view(BOB)] == [
        "ann, bob, cy, dee and eve have a word each. One of them has another word than all others.",
        "Your word is “Tea”.",
        "Round 1 begins.",
    ]


@pytest.mark.parametrize(("seats", "odd"), [(3, 1), (6, 1), (7, 2), (9, 2), (10, 3), (12, 3)])
def test_the_number_of_seats_decides_how_many_are_undercover(seats, odd):
    assert len(Match(Undercover(), [f"p{n}" for n in range(seats)]).state.odd) == odd


@pytest.mark.parametrize("seats", [2, 13])
def test_three_to_twelve_play(seats):
    with pytest.raises(BadSetup, match="undercover needs 3 to 12 seats"):
        Match(Undercover(), [f"p{n}" for n in range(seats)])


def test_draws_vary_with_the_seed_and_can_be_fixed_as_text():
    states = [Match(Undercover(), SEATS, seed).state for seed in range(60)]
    assert {state.odd for state in states} == {(seat,) for seat in SEATS}
    assert len({frozenset(state.words.values()) for state in states}) > 20
    game = game_with(Undercover, {"word": "katze", "odd": "cy", "language": "german"})
    assert Match(game, SEATS).state.words == {**dict.fromkeys(SEATS, "Katze"), CY: "Hund"}
    assert Match(game, SEATS).view_of(ANN).game == Undercover(language=Language.GERMAN)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"word": "Xyzzy"}, "There is no pair with the word 'Xyzzy'."),
        ({"undercover": 6}, "The option undercover needs a number from 0 to 5."),
        ({"undercover": 3}, "The option undercover is too large: of 5 players fewer than half"),
        ({"odd": (Seat("zoe"),)}, "The option odd needs 1 of the seats ann, bob, cy, dee and eve."),
        ({"odd": (ANN, BOB)}, "The option odd needs 1 of the seats"),
    ],
)
def test_options_that_make_no_game_are_refused(options, message):
    with pytest.raises(BadSetup) as caught:
        Match(Undercover(**options), SEATS)
    assert str(caught.value).startswith(message)


# Clues


def test_clues_are_given_in_seat_order_and_everybody_hears_them():
    match = opened()
    assert "the turn of ann" in refused(match, BOB, "hot", NotYourTurn)
    match.say(ANN, " hot\nand black ")
    match.say(BOB, PASS)
    assert match.public_view()[-2:] == [ClueGiven(ANN, "hot and black"), Passed(BOB)]
    assert match.asked == {CY}


@pytest.mark.parametrize("clue", ["coffee", "COFFEES", "cof-fee"])
def test_a_clue_may_not_name_ones_own_word(clue):
    assert refused(opened(), ANN, clue, IllegalMove) == (
        "Your clue names your word. Give another clue, or say “pass”."
    )


def test_a_clue_may_name_the_other_word_as_a_refusal_would_tell_it():
    match = opened()
    match.say(ANN, "like tea")
    assert match.log[-1] == ClueGiven(ANN, "like tea")


def test_a_clue_may_not_repeat_an_earlier_one():
    match = opened()
    match.say(ANN, "hot")
    assert refused(match, BOB, "HOT!", IllegalMove) == (
        "This clue has been given already. Give another one."
    )


def test_a_clue_has_at_most_100_characters():
    assert "at most 100 characters" in refused(opened(), ANN, "x" * 101, UnclearMove)


# Votes


def test_all_vote_at_the_same_time_and_in_secret():
    match = at_the_vote()
    assert match.asked == set(SEATS)
    match.say(DEE, "bob")
    assert of(Voted, match.view(DEE)) == [Voted(DEE, BOB)]
    assert of(Voted, match.view(BOB)) == of(Voted, match.public_view()) == []


def test_a_vote_is_for_one_other_player():
    sentence = "Say exactly one of bob, cy, dee and eve. Or say “pass”."
    for text in ("ann", "zoe", "bob or cy"):
        assert refused(at_the_vote(), ANN, text, UnclearMove) == sentence


def test_whoever_has_the_most_votes_is_out_and_the_others_go_on():
    match = at_the_vote()
    vote(match, ann="cy", bob="cy", cy="bob")
    assert match.log[-3:] == [
        Tallied({ANN: CY, BOB: CY, CY: BOB, DEE: None, EVE: None}),
        VotedOut(CY, is_odd=False),
        RoundBegun(2),
    ]
    assert match.asked == {ANN}
    match.say(ANN, "black")
    match.say(BOB, "green")
    assert match.asked == {DEE}


def test_a_tie_or_no_vote_at_all_sends_nobody_out():
    match = at_the_vote()
    vote(match, ann="cy", cy="ann")
    assert match.log[-2:] == [NobodyVotedOut(), RoundBegun(2)]
    for seat in SEATS:
        match.say(seat, PASS)
    vote(match)
    assert match.log[-2:] == [NobodyVotedOut(), RoundBegun(3)]


# The end


def test_most_win_when_everybody_undercover_is_out():
    match = at_the_vote()
    vote(match, ann="bob", cy="bob")
    assert match.log[-2:] == [VotedOut(BOB, is_odd=True), Revealed((BOB,), "Tea", "Coffee")]
    assert match.outcome.winners == [ANN, CY, DEE, EVE]
    assert str(match.outcome.reason) == "Everybody undercover was found out (bob): the others win."


def test_undercover_wins_when_no_longer_fewer_than_the_others():
    match = at_the_vote(seats=SEATS[:3])
    vote(match, ann="cy", bob="cy")
    assert match.outcome.winners == [BOB]
    assert str(match.outcome.reason) == "bob stayed undercover and won."


def test_undercover_wins_after_the_last_round():
    match = opened()
    for _ in range(LAST_ROUND):
        assert not match.over
        for seat in SEATS:
            match.say(seat, PASS)
        vote(match)
    assert match.outcome.winners == [BOB]


# What is kept and shown


def test_the_board_shows_the_clues_and_who_is_out():
    match = at_the_vote()
    vote(match, ann="cy", bob="cy")
    rows = [line.split("  ") for line in str(match.board()).splitlines()]
    assert [cell.strip() for cell in rows[3] if cell] == ["cy", "had the common word", "clue of cy"]
    assert "Tea" not in str(match.board(BOB))


def test_a_game_goes_on_when_its_words_have_been_forgotten():
    match = at_the_vote()
    for number in range(1, len(match.turns)):
        match.forget(number)
    vote(match, ann="bob", cy="bob")
    assert match.outcome.winners == [ANN, CY, DEE, EVE]


# The words that are shipped


@pytest.mark.parametrize("language", Language)
def test_no_clue_of_a_pair_names_its_words_or_stands_in_it_twice(language):
    shipped = house.pairs(language.value)
    words = [squeezed(word) for pair in shipped for word in pair.words]
    assert len(shipped) >= 24
    assert len(set(words)) == len(words)
    for pair in shipped:
        clues = [*pair.both, *(clue for clues in pair.only.values() for clue in clues)]
        assert len({squeezed(clue) for clue in clues}) == len(clues) == 12, pair.words
        assert [clue for clue in clues if word_named(clue, pair.words)] == []


# House bots


def undercover_wins(odd, most, games=100):
    """Return in how many of all games of six undercover wins; None plays at random."""
    return sum(_played(odd, most, seed) for seed in range(games)) / games


def _played(odd, most, seed):
    match, rng = Match(Undercover(), [f"p{n}" for n in range(6)], seed), Random(seed)
    while not match.over:
        seat = rng.choice(list(match.asks))
        ask, level = match.asks[seat], odd if seat in match.state.odd else most
        if level is RANDOM:
            said = ask.sample(rng) if ask.choices else f"clue {match.version}"
        else:
            said = match.game.house_answer(match.view_of(seat), ask, level, rng)
        match.say(seat, said)
    return match.outcome.scores[match.state.odd[0]]


def test_a_hard_majority_beats_random_play_eight_times_in_ten():
    assert undercover_wins(RANDOM, Level.HARD) <= 0.2


def test_a_majority_is_better_above_easy():
    easy, medium, hard = (undercover_wins(Level.HARD, level) for level in Level)
    assert easy > medium + 0.1
    assert easy > hard + 0.1


def test_undercover_is_the_better_at_hard():
    easy, hard = (undercover_wins(level, Level.HARD, games=200) for level in (*Level,)[::2])
    assert hard > easy + 0.1


def test_a_hard_bot_that_finds_itself_undercover_talks_like_the_others():
    match = opened()
    for seat, clue in zip(SEATS, ("beans", PASS, "espresso", "roasted", PASS), strict=True):
        match.say(seat, clue)
    vote(match)
    match.say(ANN, PASS)
    coffee = next(pair for pair in house.pairs("english") if "Tea" in pair.words).only["Coffee"]
    said = match.game.house_answer(match.view_of(BOB), match.asks[BOB], Level.HARD, Random(1))
    assert said in coffee
