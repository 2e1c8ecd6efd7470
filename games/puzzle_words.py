"""The words of hangman and wordle: topics, words to be found, and words that may be guessed."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from hashlib import sha256

from games.core import BadSetup, quoted
from games.word_lists import DATA

_LETTERS = re.compile(r"[^\W\d_]+")


class Language(StrEnum):
    """The language of the words."""

    ENGLISH = "english"
    GERMAN = "german"


@dataclass(frozen=True, eq=False)
class PuzzleWords:
    """The words of one language."""

    source: str
    """Where the words come from, and under what terms."""
    letters: str
    """All letters, roughly the most frequent one first."""
    topics: Mapping[str, tuple[str, ...]]
    """Words of hangman, by what they have in common."""
    answers: tuple[str, ...]
    """Well-known words of five letters, of which one is to be found."""
    guessable: frozenset[str]
    """All words of five letters that may be guessed; none where any letters may."""


@cache
def puzzle_words(language: Language) -> PuzzleWords:
    """Return the words of a language, read on first use."""
    code = {Language.ENGLISH: "en", Language.GERMAN: "de"}[language]
    raw = json.loads((DATA / f"puzzles_{code}.json").read_text("utf-8"))
    topics = {topic: _words(lines) for topic, lines in raw["topics"].items()}
    answers, guesses = _words(raw["answers"]), _words(raw["guesses"])
    guessable = frozenset((*answers, *guesses) if guesses else ())
    return PuzzleWords(raw["source"], raw["letters"], topics, answers, guessable)


def _words(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


def day_number(day: str) -> int:
    """Return the number of a day that is written as 2026-03-01.  Raises BadSetup."""
    try:
        read = date.fromisoformat(day)
    except ValueError:
        read = date.min
    if read == date.min or read.isoformat() != day:
        raise BadSetup(f"The option day needs a day such as 2026-03-01, not {quoted(day)}.")
    return read.toordinal()


@cache
def word_of_the_day(words: tuple[str, ...], game: str, day: str) -> str:
    """Return the word of a day; it comes again only when all others have had their day."""
    shuffled = sorted(words, key=lambda word: sha256(f"{game} {word}".encode()).digest())
    return shuffled[day_number(day) % len(shuffled)]


def one_word(text: str) -> str:
    """Return the one run of letters in a text, in small letters; "" where there is none or more."""
    found = _LETTERS.findall(text)
    return found[0].lower() if len(found) == 1 else ""
