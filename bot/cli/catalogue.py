"""`games`: what can be played."""

import shlex
import sys
from pathlib import Path
from typing import Any, Final

from bot.errors import ShownToUser
from bot.game_shelf import GameShelf, read_game, read_shelf
from bot.settings import Settings
from bot.terminal.folding import folded
from games import NOT_INSTALLED
from games.core import Game, clean, quoted
from games.core.options import options_of

INSTALL: Final = "make more-games"
"""What installs the games of others and what they need."""


def shelf() -> GameShelf:
    """Return the games of this machine."""
    return read_shelf(Settings().game_files)


def find_game(name: str) -> type[Game[Any, Any, Any]]:
    """Return the game with a name; its beginning is enough where only one game begins so.

    Raises ShownToUser.
    """
    wanted = name.strip().casefold().replace(" ", "-").replace("_", "-")
    games = shelf().games
    found = [game for game in games if game == wanted] or [
        game for game in games if wanted and game.startswith(wanted)
    ]
    if wanted in NOT_INSTALLED:
        raise ShownToUser(f"The game {wanted} needs its extra: {INSTALL}.")
    if len(found) != 1:
        raise ShownToUser(f"There is no game {quoted(name)}; see them all: python bot.py games.")
    return games[found[0]]


def seats_of(game: type[Game[Any, Any, Any]]) -> str:
    """Return how many can play, such as "3 to 12"."""
    few, many = game.min_seats, game.max_seats
    return str(few) if few == many else f"{few} to {many}"


def summary(game: type[Game[Any, Any, Any]]) -> str:
    """Return the first sentence of a game's description."""
    return " ".join((game.__doc__ or "").split("\n\n")[0].split())


def show_games() -> None:
    """Print a line for each game."""
    here = shelf()
    width = max(map(len, here.games)) + 2
    for name, game in here.games.items():
        line = f"{name:<{width}}{seats_of(game):>8} seats   {summary(game)}"
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
    for name in NOT_INSTALLED:
        sys.stdout.write(f"{name:<{width}}        not installed; to have it: {INSTALL}\n")
    for faults in here.faults:
        first, *more = faults.splitlines()
        line = f"Left out: {first}" + (f" (And {len(more)} more.)" if more else "")
        sys.stdout.write(f"{folded(line, sys.stdout, 4)}\n")
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


def check_game(file: Path | None) -> None:
    """Say whether a file holds a game; if not, everything that is wrong with it.

    Raises OperatorError.
    """
    if file is None:
        raise ShownToUser("Say which file: python bot.py games check FILE.")
    game = read_game(file)
    recipe = game.recipe
    phases = "1 phase" if len(recipe.phases) == 1 else f"{len(recipe.phases)} phases"
    told = f"“{recipe.title}” can be played: {seats_of(game)} seats, {phases}."
    name = shlex.quote(clean(str(file), 200))
    sys.stdout.write(f"{told}\nPlay it: python bot.py play --file {name}\n")
