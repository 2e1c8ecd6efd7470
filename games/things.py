"""The things of twenty questions, and the questions that tell them apart, in two languages."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from games.puzzle_words import Language
from games.word_lists import DATA, squeezed

_ARTICLES: Final = re.compile(
    r"^(?:is it|it is|it's|ist es|es ist)?\s*(?:(?:an?|the|eine?|der|die|das)\s+)?", re.IGNORECASE
)


@dataclass(frozen=True, eq=False)
class Things:
    """What can be looked for in one language."""

    source: str
    """Where the list comes from, and under what terms."""
    questions: tuple[str, ...]
    yes: Mapping[str, frozenset[str]]
    """By thing: the questions whose answer is yes; that of all others is no."""


@cache
def things(language: Language) -> Things:
    """Return the things of a language, read on first use."""
    raw = json.loads((DATA / "things.json").read_text("utf-8"))
    questions = {key: said[language.value] for key, said in raw["questions"].items()}
    yes = {
        thing[language.value]: frozenset(questions[key] for key in thing["is"])
        for thing in raw["things"]
    }
    return Things(raw["source"], tuple(questions.values()), yes)


def same_thing(one: str, other: str) -> bool:
    """Return whether two texts name the same thing, whatever article stands before it."""
    return squeezed(_ARTICLES.sub("", one.strip())) == squeezed(_ARTICLES.sub("", other.strip()))
