"""The rules of tic-tac-toe, one test each."""

from collections import Counter
from functools import cache

import pytest

from games.core import Level, Match, Seat, UnclearMove
from games.tic_tac_toe import Marked, TicTacToe
from tests.games.contract import house_answer

ANN, BOB = Seat("ann"), Seat("bob")


@pytest.fixture
def match():
    return Match(TicTacToe(), seats=(ANN, BOB), seed=7)


def play(match, cells):
    for cell in cells.split():
        match.say(*match.asked, cell)
    return match


@cache
def endings(position):
    """Return how many ways of playing on end with each winner; None is a draw."""
    game = TicTacToe()
    asks = game.asks(position)
    if not asks:
        return Counter([position.winner])
    ways = Counter()
    for seat, ask in asks.items():
        for cell in ask.choices:
            ways += endings(game.evolve(position, Marked(seat, cell)))
    return ways


def test_the_games_and_positions_are_as_many_as_are_known():
    """Source: Schaefer, How many games of tic-tac-toe are there? (2002)."""
    endings.cache_clear()
    ways = endings(TicTacToe().initial((ANN, BOB)))
    assert ways == {ANN: 131_184, BOB: 77_904, None: 46_080}
    assert ways.total() == 255_168
    assert endings.cache_info().currsize == 5_478


@pytest.mark.parametrize("cells", ["a1 b1 a2 b2 a3", "a1 a2 b1 b2 c1", "a1 b1 b2 c1 c3"])
def test_three_in_a_line_win(match, cells):
    play(match, cells)
    assert match.outcome.winners == [ANN]
    assert str(match.outcome.reason) == "ann has three in a line."


def test_a_full_board_without_a_line_is_a_draw(match):
    play(match, "b2 a1 c1 a3 a2 c2 b1 b3 c3")
    assert match.outcome.scores == {ANN: 0.5, BOB: 0.5}
    assert str(match.outcome.reason) == "The board is full: a draw."


def test_a_marked_cell_is_refused_and_nothing_changes(match):
    before = list(play(match, "b2").log)
    with pytest.raises(UnclearMove) as why:
        match.say(BOB, "b2")
    assert str(why.value).startswith("The cell b2 is already marked. Say exactly one of a1, b1, ")
    assert match.log == before
    assert match.asked == {BOB}


@pytest.mark.parametrize("text", ["c2", "C2", "X: (2, 3)", "I mark c2."])
def test_a_cell_goes_by_its_name_or_by_row_and_column(match, text):
    assert match.say(ANN, text).events == (Marked(ANN, "c2"),)


def test_a_hard_house_bot_never_loses():
    for seed in range(40):
        match = Match(TicTacToe(), seats=(ANN, BOB), seed=seed)
        us = match.seats[seed % 2]
        while not match.over:
            (seat,) = match.asked
            match.say(seat, house_answer(match, seat, Level.HARD if seat == us else Level.EASY))
        assert match.outcome.scores[us] >= 0.5
