"""What stories begin with, the words that must stand in them, and how house bots go on."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from random import Random
from typing import Final

from games.core import PASS, Level, Seat
from games.puzzle_words import Language
from games.word_lists import DATA, runs

LINKED: Final = {Level.EASY: 0.1, Level.MEDIUM: 0.5, Level.HARD: 1.0}
"""How often a bot takes up something of the part before."""
LONG_WORD: Final = 5
"""Letters from which on a word counts as taken up."""
LONGEST_ECHO: Final = 60
"""Characters of a word that a bot takes up."""
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, eq=False)
class Stories:
    """What one language has for stories."""

    source: str
    """Where the sentences come from, and under what terms."""
    beginnings: tuple[str, ...]
    words: tuple[str, ...]
    """Words that a part may have to use."""
    plain: tuple[str, ...]
    """Sentences that fit anywhere."""
    linked: tuple[str, ...]
    """Sentences with an {echo} of the part before."""
    words_used: tuple[str, ...]
    """Sentences with a given {word}."""


@cache
def stories(language: Language) -> Stories:
    """Return the stories of a language, read on first use."""
    raw = json.loads((DATA / f"stories_{language}.json").read_text("utf-8"))
    lists = ("beginnings", "words", "plain", "linked", "words_used")
    return Stories(raw["source"], *(tuple(raw[name]) for name in lists))


def part(known: Stories, told: Sequence[str], word: str, level: Level, rng: Random) -> str:
    """Return how a bot goes on: hard takes up a word of the part before, easy seldom does."""
    said = rng.choice(_fresh(known.plain, told))
    own = {run for line in known.linked for run in _WORD.findall(line)}
    echoes = [run for run in _WORD.findall(told[-1]) if len(run) >= LONG_WORD and run not in own]
    if echoes and rng.random() < LINKED[level]:
        said = rng.choice(_fresh(known.linked, told)).replace("{echo}", _longest(echoes))
    if word:
        said = f"{said} {rng.choice(known.words_used).replace('{word}', word)}"
    return said


def _longest(words: Sequence[str]) -> str:
    return max(words, key=len)[:LONGEST_ECHO]


def _fresh(lines: Sequence[str], told: Sequence[str]) -> Sequence[str]:
    """Return the sentences that nobody has said yet; all where each has been."""
    whole = " ".join(told)
    ends = {line: max(line.split("{echo}"), key=len) for line in lines}
    return [line for line, end in ends.items() if end not in whole] or lines


def vote(
    parts: Sequence[tuple[Seat, str]], choices: Sequence[str], level: Level, rng: Random
) -> str:
    """Return whose parts take up most of what stood before them; easy votes at random."""
    if not choices:
        return PASS
    if level is Level.EASY:
        return rng.choice(choices)
    worth = links(parts)
    return max(choices, key=lambda seat: (worth.get(Seat(seat), 0), rng.random()))


def links(parts: Sequence[tuple[Seat, str]]) -> Mapping[Seat, int]:
    """Return how many words each seat has taken up from the part before its own."""
    found: dict[Seat, int] = {}
    for (_, before), (seat, said) in pairwise(parts):
        found[seat] = found.get(seat, 0) + len(_long_words(before) & _long_words(said))
    return found


def _long_words(text: str) -> set[str]:
    return {run for run in runs(text) if len(run) >= LONG_WORD}
