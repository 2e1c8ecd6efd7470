"""English words for games that look for them in lists that are not shipped with them."""

import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from games.word_lists import DATA

Parts = Mapping[str, tuple[str, ...]]

EASY: Final[Parts] = {"puzzles_en": ("topics", "answers"), "chameleon_en": ("topics",)}
"""The parts of our own files in which common nouns stand."""
KNOWN: Final[Parts] = {"puzzles_en": ("guesses",), "taboo_english": ("cards",)}
"""The parts in which there are more words."""
_WORD: Final = re.compile(r"[a-z]{2,15}")


@cache
def easy_words() -> list[str]:
    """Return common words, sorted."""
    return sorted(_words(EASY))


@cache
def known_words() -> list[str]:
    """Return all words there are, sorted."""
    return sorted(_words(EASY) | _words(KNOWN))


def _words(parts: Parts) -> set[str]:
    found: set[str] = set()
    for file, names in parts.items():
        raw = json.loads((DATA / f"{file}.json").read_text("utf-8"))
        for name in names:
            found.update(text for text in _texts(raw[name]) if _WORD.fullmatch(text))
    return found


def _texts(value: Any) -> Iterator[str]:
    """Give every text in a JSON value, single words of longer ones."""
    if isinstance(value, str):
        yield from value.lower().split()
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(key)
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
