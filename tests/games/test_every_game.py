"""The contract of all games: each rule of `contract`, for each game of the catalogue.

Every game is played with its default options by few, several and many seats, and once with each
other value of an option that is a yes or no or one of a list.
"""

from enum import Enum

import pytest

from games import GAMES
from games.core import BadSetup, Game, Seat
from games.core.options import options_of
from tests.games.contract import RULES, check_game

SEEDS = range(10)
SEEDS_OF_A_LONG_GAME = range(4)
SEEDS_OF_A_VARIANT = range(3)
LONG = {"chess"}
"""Games of hundreds of moves, in each of which a rule is checked often enough."""
NAMES = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
ODD_NAMES = ("Player 1", "Player 10", "Skip", "O'Neil", "李雷", "José María", "not Ann", "3")


def tables(game: Game):
    """Return the fewest, several, and the most seats, of up to eight."""
    most = min(game.max_seats, len(NAMES))
    sizes = sorted({game.min_seats, min(max(game.min_seats, 4), most), most})
    return [size for size in sizes if fits(game, size)]


def fits(game: Game, size: int):
    """Return whether a game can be played by so many seats with its options."""
    try:
        game.check_seats(tuple(map(Seat, NAMES[:size])))
    except BadSetup:
        return False
    return True


def variants(kind: type[Game]):
    """Return the game with each option changed in turn that has a few values."""
    for option in options_of(kind):
        for value in few_values(option.type):
            try:
                game = kind(**{option.name: value})
            except BadSetup:
                continue  # it does not go with the other defaults
            yield pytest.param(game, id=f"{kind.name}, {option.name} {value}")


def few_values(kind):
    """Return all values of a yes or no, or of an enum; none where there are too many."""
    if kind is bool:
        return (True, False)
    return tuple(kind) if isinstance(kind, type) and issubclass(kind, Enum) else ()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", GAMES)
def test_in_every_game(name, rule):
    game = GAMES[name]()
    for seed in SEEDS_OF_A_LONG_GAME if name in LONG else SEEDS:
        names = ODD_NAMES if seed % 4 == 3 else NAMES
        seats = tables(game)
        rule(game, tuple(map(Seat, names[: seats[seed % len(seats)]])), seed)


@pytest.mark.parametrize("game", [game for kind in GAMES.values() for game in variants(kind)])
def test_the_contract_holds_with_other_options(game):
    for seed in SEEDS_OF_A_VARIANT:
        seats = tables(game)
        check_game(game, NAMES[: seats[seed % len(seats)]], seed)


@pytest.mark.parametrize("name", GAMES)
def test_a_game_is_listed_under_its_own_name(name):
    assert GAMES[name].name == name
