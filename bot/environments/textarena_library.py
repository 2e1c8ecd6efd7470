"""TextArena as a worker needs it: offline, and without its loss after two moves that do not count.

Imported by nothing but its adapter, in a worker process, where what is changed here changes nobody
else. Source: TextArena 0.7.4, textarena/core.py and textarena/state.py.
"""

import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final, NamedTuple

from bot.environments.words import easy_words, known_words
from bot.errors import OperatorError

LOST: Final = "You hit a mine"
"""How a reason begins where a move was one, and a bad one; else the mines could be looked for."""
NOT_INSTALLED: Final = "Games of TextArena need the extra “textarena”: make more-games."


class NotCounted(BaseException):
    """The environment refuses a move; no `except Exception` of a game may swallow it."""


class Told(NamedTuple):
    """A message of an environment; it tells itself to whom it goes nowhere else."""

    kind: str
    author: int
    """The number of a player; -1 for the game."""
    reader: int
    """The number of a player; -1 for all."""
    text: str


class _Words:
    """Stands in for the word lists of nltk, which would have to be downloaded."""

    def words(self, kind: str = "en") -> list[str]:
        return easy_words() if kind == "en-basic" else known_words()


def library() -> ModuleType:
    """Return TextArena, changed.  Raises OperatorError where it is not installed."""
    if "textarena" in sys.modules:
        return sys.modules["textarena"]
    if find_spec("textarena") is None:
        raise OperatorError(NOT_INSTALLED)
    nltk: Any = import_module("nltk")
    nltk.download = lambda *_args, **_options: True
    nltk.pos_tag = lambda words, **_options: [(word, "NN") for word in words]
    nltk.corpus.words = _Words()
    textarena = import_module("textarena")
    _hear(textarena.State)
    _share(import_module("textarena.envs.utils.word_lists"))
    for name in ("Single", "Two", "FFAMulti", "TeamMulti", "MinimalMulti"):
        state = getattr(textarena, f"{name}PlayerState")
        state.set_invalid_move = _refusing(state.set_invalid_move)
    return textarena


def _hear(state: Any) -> None:
    """Have a state note to whom each message goes: its own queues do not tell."""
    add = state.add_observation

    def hearing(
        self: Any, message: str, observation_type: Any, from_id: int = -1, to_id: int = -1
    ) -> None:
        add(self, message, observation_type, from_id, to_id)
        if isinstance(message, str):  # some games give the arguments in another order
            heard = self.__dict__.setdefault("heard", [])
            heard.append(Told(observation_type.name, from_id, to_id, message))

    state.add_observation = hearing


def _share(module: Any) -> None:
    """Have one dictionary in the process, and in no copy of a game: nothing changes it."""
    kind = module.EnglishDictionary
    kind.__deepcopy__ = lambda self, _memo: self
    kind.__reduce__ = lambda _self: (_dictionary, ())
    module.OneDictionary = cache(lambda: kind(keep_proper_nouns=False, include_nltk=True))
    module.EnglishDictionary = lambda **_options: module.OneDictionary()


def _dictionary() -> Any:
    return library().envs.utils.word_lists.OneDictionary()


def _refusing(lose: Callable[..., Any]) -> Callable[..., Any]:
    """Return what refuses a move, in place of what lets whoever makes a second one lose."""

    def refuse(state: Any, reason: str = "", *more: Any, **others: Any) -> Any:
        if str(reason).startswith(LOST):
            state.error_allowance = 0
            return lose(state, reason, *more, **others)
        raise NotCounted(reason or "It is not among the moves of this game.")

    return refuse
