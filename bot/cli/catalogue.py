"""`games`: what can be played."""

import sys
from typing import Any, Final

from bot.errors import ShownToUser
from bot.terminal.folding import folded
from games import GAMES, NOT_INSTALLED
from games.core import Game, quoted
from games.core.options import options_of

INSTALL: Final = "make more-games"
"""What installs the games of others and what they need."""


def find_game(name: str) -> type[Game[Any, Any, Any]]:
    """Return the game with a name; its beginning is enough where only one game begins so.

    Raises ShownToUser.
    """
    wanted = name.strip().casefold().replace(" ", "-").replace("_", "-")
    found = [game for game in GAMES if game == wanted] or [
        game for game in GAMES if wanted and game.startswith(wanted)
    ]
    if wanted in NOT_INSTALLED:
        raise ShownToUser(f"The game {wanted} needs its extra: {INSTALL}.")
    if len(found) != 1:
        raise ShownToUser(f"There is no game {quoted(name)}; see them all: python bot.py games.")
    return GAMES[found[0]]


def seats_of(game: type[Game[Any, Any, Any]]) -> str:
    """Return how many can play, such as "3 to 12"."""
    few, many = game.min_seats, game.max_seats
    return str(few) if few == many else f"{few} to {many}"


def summary(game: type[Game[Any, Any, Any]]) -> str:
    """Return the first sentence of a game's description."""
    return " ".join((game.__doc__ or "").split("\n\n")[0].split())


def show_games() -> None:
    """Print a line for each game."""
    width = max(map(len, GAMES)) + 2
    for name, game in GAMES.items():
        line = f"{name:<{width}}{seats_of(game):>8} seats   {summary(game)}"
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
    for name in NOT_INSTALLED:
        sys.stdout.write(f"{name:<{width}}        not installed; to have it: {INSTALL}\n")
    sys.stdout.write(
        "\nPlay one: python bot.py play NAME. Rules and options: python bot.py games NAME.\n"
    )


def show_game(name: str) -> None:
    """Print a game's rules and options."""
    game = find_game(name)
    rules = folded(str(game().rules()), sys.stdout)
    sys.stdout.write(f"{game.name}, {seats_of(game)} seats\n\n{rules}\n")
    options = options_of(game)
    if options:
        sys.stdout.write("\nOptions, each given as --option NAME=VALUE:\n")
    for option in options:
        default = "" if option.default in (None, "") else f" (default {option.default})"
        line = f"  {option.name:<14} {option.help}{default}"
        sys.stdout.write(f"{folded(line, sys.stdout, 17)}\n")
