"""What is drawn for a game of chameleon, and what options leave of that to chance."""

from collections.abc import Sequence
from functools import lru_cache
from random import Random
from typing import TypeVar

from games.core import BadSetup, listed, quoted
from games.word_lists import Topic, word_list

_Name = TypeVar("_Name", bound=str)
_Drawn = TypeVar("_Drawn")


@lru_cache(maxsize=1024)
def possible_draws(
    topic: str | None, word: str | None
) -> tuple[tuple[Topic, tuple[str, ...]], ...]:
    """Return the topics that may be drawn, each with its possible words.  Raises BadSetup."""
    topics = word_list().topics
    names = wanted_among(topic, tuple(topics))
    if not names:
        raise BadSetup(
            f"There is no topic {quoted(topic or '')}; choose one of {listed(topics, 'or')}."
        )
    draws = [(topics[name], wanted_among(word, topics[name].words)) for name in names]
    possible = tuple((found, words) for found, words in draws if words)
    if not possible:
        where = "No topic has" if topic is None else f"The topic {names[0]} does not have"
        raise BadSetup(f"{where} the word {quoted(word or '')}.")
    return possible


def wanted_among(wanted: str | None, names: Sequence[_Name]) -> tuple[_Name, ...]:
    """Return the one name that was wanted, in any case; all where none was."""
    if wanted is None:
        return tuple(names)
    return tuple(name for name in names if name.casefold() == wanted.strip().casefold())


def drawn_from(options: Sequence[_Drawn], rng: Random) -> _Drawn:
    """Return one of these; without a draw where there is but one."""
    return options[0] if len(options) == 1 else rng.choice(options)
