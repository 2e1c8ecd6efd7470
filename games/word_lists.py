"""Word lists for games about words: topics, their words, and what people say of each word."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import accumulate
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data"
_RUN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False)
class Topic:
    """Words that have something in common, with the clues that fit each of them."""

    name: str
    clues: Mapping[str, tuple[str, ...]]
    """By word; a clue may stand with several words."""
    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class WordList:
    """The topics of one language, and the phrases that house bots need in it."""

    language: str
    """An ISO 639-1 code such as "en"."""
    source: str
    """Where the words come from, and under what terms."""
    topics: Mapping[str, Topic]
    vague: tuple[str, ...]
    """Clues that fit any word of any topic."""
    remarks: Mapping[str, tuple[str, ...]]
    """Sentences about {seat} and its {clue}, by what they say of it."""


@cache
def word_list(name: str = "chameleon_en") -> WordList:
    """Return a word list that is shipped with the games, read on first use."""
    raw = json.loads((DATA / f"{name}.json").read_text("utf-8"))
    topics = {
        topic: Topic(topic, {word: tuple(said) for word, said in words.items()}, tuple(words))
        for topic, words in raw["topics"].items()
    }
    remarks = {kind: tuple(lines) for kind, lines in raw["remarks"].items()}
    return WordList(raw["language"], raw["source"], topics, tuple(raw["vague"]), remarks)


def runs(text: str) -> list[str]:
    """Return the unbroken runs of letters and digits, without case and accents."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in parts if unicodedata.category(char) != "Mn")
    return _RUN.findall(text.casefold())


def squeezed(text: str) -> str:
    """Return a text without case, accents, spaces and signs; one of signs only stays as it is."""
    return "".join(runs(text)) or text.strip()


def word_named(text: str, words: tuple[str, ...]) -> str | None:
    """Return the first of these words that a text names, or None.

    A word is named in any case, in the plural, inside a longer word, and where spaces, hyphens
    or other signs are put into it or left out.
    """
    parts = runs(text)
    joined = "".join(parts)
    edges = {0, *accumulate(map(len, parts))}
    for form, word in _forms(words):
        for start in _places(form, joined):
            end = start + len(form)
            whole_runs = start in edges and end in edges
            if whole_runs or not any(start < edge < end for edge in edges):
                return word
    return None


@lru_cache(maxsize=256)
def _forms(words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return each squeezed singular and plural with the word it is a form of."""
    return tuple((form, word) for word in words for form in sorted(_simple_forms(squeezed(word))))


def _simple_forms(word: str) -> set[str]:
    forms = {word, f"{word}s", f"{word}es"}
    if word.endswith("s") and not word.endswith("ss"):
        forms.add(word[:-1])
    if word.endswith("y"):
        forms.add(f"{word[:-1]}ies")
    if word.endswith(("f", "fe")):
        forms.add(f"{word.removesuffix('e')[:-1]}ves")
    return forms


def _places(part: str, whole: str) -> Iterator[int]:
    start = whole.find(part)
    while start >= 0:
        yield start
        start = whole.find(part, start + 1)
