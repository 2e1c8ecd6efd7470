"""The games that can be played here: those that come with Parlour, and the operator's own files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.errors import OperatorError
from games import FOREIGN, GAMES, NOT_INSTALLED
from games.core import Game
from games.recipes import RecipeGame, recipe_game
from games.recipes.reading import LONGEST_DOCUMENT, read_recipe
from games.recipes.recipe import BadRecipe

MOST_BYTES: Final = 4 * LONGEST_DOCUMENT
TAKEN: Final = frozenset({*FOREIGN, *NOT_INSTALLED, "town"})
"""Names, besides those in GAMES, that mean another game."""


@dataclass(frozen=True)
class GameShelf:
    """The operator's own games, and what is wrong with files that hold none."""

    own: Mapping[str, type[RecipeGame]] = field(default_factory=dict)
    faults: Sequence[str] = ()
    """For each such file, its faults, a line each."""

    @property
    def games(self) -> Mapping[str, type[Game[Any, Any, Any]]]:
        """Every game that can be played here, by name."""
        return {**GAMES, **self.own, **FOREIGN}


def read_shelf(folder: Path) -> GameShelf:
    """Return the games in the TOML files of a folder, which need not exist."""
    own: dict[str, type[RecipeGame]] = {}
    faults: list[str] = []
    for file in sorted(folder.glob("*.toml")):
        try:
            game = read_game(file)
        except OperatorError as why:
            faults.append(str(why))
            continue
        if game.name in own:
            faults.append(f"{file.name}: there are two games “{game.name}”: change one title.")
        own.setdefault(game.name, game)
    return GameShelf(own, tuple(faults))


def read_game(file: Path) -> type[RecipeGame]:
    """Return the game in a file.  Raises OperatorError with every fault, a line each."""
    document = _document(file)
    try:
        name = read_recipe(document, file.name).name
    except BadRecipe as why:
        raise OperatorError(str(why)) from None
    house = GAMES.get(name)
    if name in TAKEN or (house and house.document != document):
        raise OperatorError(f"{file.name}: there is a game “{name}” already: change the title.")
    return recipe_game(document)


def _document(file: Path) -> str:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise OperatorError(f"{file.name}: it is too large for a game: shorten it.")
        return file.read_text("utf-8-sig")  # some editors put a mark at the beginning
    except (OSError, UnicodeDecodeError) as why:
        reason = getattr(why, "strerror", None) or "it is not UTF-8 text"
        raise OperatorError(f"{file.name}: it cannot be read: {reason}.") from None
