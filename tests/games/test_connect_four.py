"""The rules of connect four, one test each."""

from random import Random

import pytest

from games import connect_four_house as house
from games.connect_four import INDEX, ConnectFour, Dropped, lines_through
from games.core import Level, Mark, Match, Seat, UnclearMove
from tests.games.contract import house_answer, play_at_random

ANN, BOB = Seat("ann"), Seat("bob")
LINES = [
    pytest.param("abababa", ["a1", "a2", "a3", "a4"], id="up"),
    pytest.param("aabbccd", ["a1", "b1", "c1", "d1"], id="across"),
    pytest.param("abbccdcddgd", ["a1", "b2", "c3", "d4"], id="rising"),
    pytest.param("gffeededdad", ["d4", "e3", "f2", "g1"], id="falling"),
    pytest.param("aabbcceeffggd", ["a1", "b1", "c1", "d1", "e1", "f1", "g1"], id="seven"),
]


@pytest.fixture
def match():
    return Match(ConnectFour(), seats=(ANN, BOB), seed=7)


def play(match, columns):
    for column in columns:
        match.say(*match.asked, column)
    return match


def framed(board):
    grid = board.parts[0]
    cells = [(y, x) for y, row in enumerate(grid.rows) for x, _ in enumerate(row)]
    return sorted(grid.name_of(at) for at in cells if grid.rows[at[0]][at[1]].mark is Mark.KEY)


def test_the_first_seat_begins_and_the_seats_take_turns(match):
    assert match.asked == {ANN}
    match.say(ANN, "d")
    assert match.asked == {BOB}
    assert match.view(BOB) == [Dropped(ANN, "d")]


def test_a_disc_falls_to_the_lowest_free_cell(match):
    play(match, "dd")
    assert str(match.board()).splitlines()[5:] == [
        "2 . . . O . . .",
        "1 . . . X . . .",
        "X: ann",
        "O: bob",
    ]


@pytest.mark.parametrize(("columns", "line"), LINES)
def test_four_in_a_line_win(match, columns, line):
    play(match, columns[:-1])
    assert not match.over
    play(match, columns[-1])
    assert match.over
    assert framed(match.board()) == line
    assert str(match.outcome.reason) == "ann has four in a line."
    assert match.outcome.scores == {ANN: 1, BOB: 0}


def test_the_second_seat_can_win(match):
    play(match, "abcbdbfb")
    assert match.outcome.winners == [BOB]


def test_a_full_board_without_a_line_is_a_draw(match):
    drawn = next(
        game
        for seed in range(10_000)
        if (game := at_random(seed)).over and game.state.winner is None
    )
    assert drawn.state.discs == 42
    assert drawn.outcome.scores == {ANN: 0.5, BOB: 0.5}
    assert str(drawn.outcome.reason) == "The board is full: a draw."


def at_random(seed):
    game = Match(ConnectFour(), seats=(ANN, BOB), seed=seed)
    for _ in play_at_random(game, Random(seed)):
        pass
    return game


@pytest.mark.parametrize("text", ["a", "A ", "a disc into column a"])
def test_a_full_column_takes_no_disc_and_nothing_changes(match, text):
    before = list(play(match, "aaaaaa").log)
    with pytest.raises(UnclearMove) as why:
        match.say(ANN, text)
    assert str(why.value) == "Column a is full. Say exactly one of b, c, d, e, f and g."
    assert match.log == before
    assert match.asked == {ANN}


@pytest.mark.parametrize(
    "text", ["", "h", "8", "0", "a or b", "column h", "not a", "column c or column d"]
)
def test_an_unclear_answer_changes_nothing(match, text):
    with pytest.raises(UnclearMove) as why:
        match.say(ANN, text)
    assert str(why.value) == "Say exactly one of a, b, c, d, e, f and g."
    assert match.log == []


@pytest.mark.parametrize(
    "text", ["d", " D ", "4", '{"answer": "d"}', "I drop a disc into column d."]
)
def test_a_column_is_named_by_its_letter_or_its_number_in_the_list(match, text):
    assert match.say(ANN, text).events == (Dropped(ANN, "d"),)


def test_the_positions_after_each_disc_are_as_many_as_are_known():
    """Source: OEIS A212693, positions of connect four after n plies."""
    game = ConnectFour()
    positions = {game.initial((ANN, BOB))}
    for count in (7, 49, 238, 1120, 4263, 16422):
        positions = {
            game.evolve(position, Dropped(seat, column))
            for position in positions
            for seat, ask in game.asks(position).items()
            for column in ask.choices
        }
        assert len(positions) == count


def test_the_games_after_each_disc_are_as_many_as_are_known():
    """Seven to the power of the discs; seven of the ways lead to a column without room."""
    game = ConnectFour()

    def count(position, depth):
        asks = game.asks(position)
        if depth == 1:
            return sum(len(ask.choices) for ask in asks.values())
        return sum(
            count(game.evolve(position, Dropped(seat, column)), depth - 1)
            for seat, ask in asks.items()
            for column in ask.choices
        )

    start = game.initial((ANN, BOB))
    counts = [count(start, depth) for depth in range(1, 8)]
    assert counts == [7, 49, 343, 2_401, 16_807, 117_649, 823_536]


def test_the_bits_of_the_house_bots_agree_with_the_rules():
    for seed in range(100):
        game, drops = at_random(seed), []
        state = game.game.initial(game.seats)
        for event in game.log:
            drops.append(INDEX[event.column])
            state = game.game.evolve(state, event)
            own, discs = house.field_of(drops)
            place = drops[-1], len(state.stacks[drops[-1]]) - 1
            assert house.has_line(own ^ discs) == bool(lines_through(state.stacks, place))
            assert discs.bit_count() == state.discs


def test_the_cells_that_complete_a_line_are_those_that_do():
    for seed in range(100):
        rng = Random(seed)
        own, rival = (sum(1 << bit for bit in rng.sample(range(49), 12)) for _ in range(2))
        own, discs = own & house.CELLS, (own | rival) & house.CELLS
        if not house.has_line(own):
            free = [1 << bit for bit in range(49) if house.CELLS & ~discs & 1 << bit]
            wanted = sum(cell for cell in free if house.has_line(own | cell))
            assert house.completing(own, discs) == wanted


@pytest.mark.parametrize("level", [Level.MEDIUM, Level.HARD])
@pytest.mark.parametrize(("columns", "best"), [("aabbcc", "d"), ("ababab", "a"), ("aabbc", "d")])
def test_house_bots_complete_their_line_or_block_the_other(match, level, columns, best):
    play(match, columns)
    assert house_answer(match, *match.asked, level) == best


def wins(ours, theirs, games):
    """Return the share of points of the first level; the seats change after each game."""
    points = 0.0
    for seed in range(games):
        match = Match(ConnectFour(), seats=(ANN, BOB), seed=seed)
        us = match.seats[seed % 2]
        while not match.over:
            (seat,) = match.asked
            match.say(seat, house_answer(match, seat, ours if seat == us else theirs))
        points += match.outcome.scores[us]
    return points / games


def test_house_bots_play_the_better_the_higher_their_level():
    assert wins(Level.HARD, Level.EASY, 50) > 0.95
    assert wins(Level.HARD, Level.MEDIUM, 50) > 0.8
    assert wins(Level.MEDIUM, Level.EASY, 100) > 0.75
