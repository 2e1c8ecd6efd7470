"""The adapters to libraries of games: one line each."""

from importlib import import_module
from typing import Final

from bot.environments.environment import Environment

ADAPTERS: Final = {
    "pettingzoo": "bot.environments.pettingzoo:PettingZoo",
    "textarena": "bot.environments.textarena:TextArena",
}
"""Where the adapter of a library is, by the `name` of its games: module and class."""


def adapter(where: str, env: str) -> Environment:
    """Return the adapter at a place in ADAPTERS, for one environment.  Raises OperatorError."""
    module, _, name = where.partition(":")
    made: Environment = getattr(import_module(module), name)(env)
    return made
