"""Games without code: a TOML file, a recipe, describes one, and one game plays every recipe."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from games.recipes.recipe_game import RecipeGame, recipe_game

__all__ = ["SHIPPED", "RecipeGame", "recipe_game"]

SHIPPED: Final[Sequence[type[RecipeGame]]] = tuple(
    recipe_game(file.read_text("utf-8"))
    for file in sorted((Path(__file__).parent / "shipped").glob("*.toml"))
)
"""The games without code that come with Parlour."""
