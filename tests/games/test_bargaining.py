"""The rules of bargaining, one test each."""

from random import Random

import pytest

from games.bargaining import Bargaining
from games.bargaining_events import Item, Laid, Offered, Valued
from games.core import BadSetup, Level, Match, NotYourTurn, Seat, UnclearMove

ANN, BOB = Seat("ann"), Seat("bob")
BOOKS_TO_ANN = "books: 2\nhats: 0\nballs: 0\nmessage: I love books."


def started(**options):
    given = {"goods": (2, 2, 1), "first_values": (4, 1, 0), "second_values": (0, 2, 6), **options}
    return Match(Bargaining(**given), (ANN, BOB), seed=7)


def test_what_the_goods_are_worth_is_secret_until_the_end():
    match = started()
    (values,) = [event for event in match.view(BOB) if isinstance(event, Valued)]
    assert values.values == {Item.BOOKS: 0, Item.HATS: 2, Item.BALLS: 6}
    assert [type(event) for event in match.public_view()] == [Laid]
    assert match.view_of(ANN).game.second_values is None
    assert "Worth" not in str(match.board())
    match.say(ANN, BOOKS_TO_ANN)
    match.say(BOB, "accept")
    told = str(match.public_view()[-1].told())
    assert "to bob: books 0, hats 2, balls 6" in told


def test_an_accepted_offer_gives_each_what_its_share_is_worth_to_it():
    match = started()
    match.say(ANN, BOOKS_TO_ANN)
    told = str(match.public_view()[-1].told())
    assert told == "ann offers: ann keeps books 2; bob gets hats 2, balls 1. “I love books.”"
    match.say(BOB, "accept")
    assert match.outcome.scores == {ANN: 8, BOB: 10}
    assert match.outcome.winners == [BOB]


def test_who_declines_makes_the_next_offer():
    match = started()
    match.say(ANN, BOOKS_TO_ANN)
    match.say(BOB, "decline")
    assert match.asked == {BOB}
    match.say(BOB, "books: 1\nhats: 2\nballs: 1")
    assert match.asked == {ANN}
    assert "bob keeps books 1, hats 2, balls 1, you get books 1." in str(match.asks[ANN].prompt)


def test_who_walks_away_leaves_both_with_nothing():
    match = started()
    match.say(ANN, BOOKS_TO_ANN)
    match.say(BOB, "walk away")
    assert match.outcome.scores == {ANN: 0, BOB: 0}
    assert str(match.outcome.reason) == "bob walks away: there is no deal."


def test_without_a_deal_in_the_offers_allowed_both_get_nothing():
    match = started(offers=1)
    match.say(ANN, BOOKS_TO_ANN)
    match.say(BOB, "decline")
    assert match.over
    assert match.outcome.scores == {ANN: 0, BOB: 0}
    assert "declines the last offer" in str(match.outcome.reason)


def test_an_offer_of_more_than_there_is_is_refused_and_changes_nothing():
    match = started()
    before = list(match.log)
    with pytest.raises(UnclearMove, match="books: Say one whole number from 0 to 2"):
        match.say(ANN, "books: 3\nhats: 0\nballs: 0")
    with pytest.raises(NotYourTurn, match="it is the turn of ann"):
        match.say(BOB, "accept")
    assert match.log == before
    assert match.asked == {ANN}


def test_an_offer_stands_when_its_words_are_forgotten():
    offered = Offered(ANN, BOB, {Item.BOOKS: 1}, {Item.BOOKS: 0}, "")
    assert str(offered.told()) == "ann offers: ann keeps books 1; bob gets nothing."


def test_all_goods_together_are_worth_ten_to_each():
    for seed in range(100):
        match = Match(Bargaining(), (ANN, BOB), seed)
        goods = match.state.goods
        assert 5 <= sum(goods.values()) <= 7
        for values in match.state.values.values():
            assert sum(values[item] * goods[item] for item in Item) == 10


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"offers": 0}, "offers needs a number from 1 to 40"),
        ({"goods": (1, 2)}, "goods needs three numbers from 1 to 6"),
        ({"goods": (6, 6, 6)}, "cannot be worth 10"),
        ({"first_values": (1, 1, 1)}, "must be worth 10"),
        ({"first_values": (1, 1)}, "three numbers from 0 up"),
        ({"goods": ()}, "and the option goods"),
    ],
)
def test_options_that_do_not_fit_are_refused(options, sentence):
    with pytest.raises(BadSetup, match=sentence):
        started(**options)


def mean_points(one, other, games=100):
    """Return the points per game of bots of these levels."""
    total = [0.0, 0.0]
    for seed in range(games):
        match, rng = Match(Bargaining(), (ANN, BOB), seed), Random(seed)
        first = (ANN, BOB)[seed % 2]
        while not match.over:
            (seat,) = match.asked
            level = one if seat == first else other
            view, ask = match.view_of(seat), match.asks[seat]
            match.say(seat, match.game.house_answer(view, ask, level, rng))
        for seat, points in match.outcome.scores.items():
            total[seat != first] += points / games
    return total


def test_the_hard_bot_gets_twice_as_much_as_the_easy_one():
    hard, easy = mean_points(Level.HARD, Level.EASY)
    assert hard > 2 * easy


def test_two_hard_bots_find_better_deals_than_two_medium_ones():
    assert sum(mean_points(Level.HARD, Level.HARD)) > sum(mean_points(Level.MEDIUM, Level.MEDIUM))
