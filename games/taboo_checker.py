"""The clue checker of taboo: whether a text names a word, its stem, a part or a form of it.

A word counts as named when a word of the text is the same, shares its stem, is a part of it of at
least PART letters, or is a compound that begins or ends with it. Letters may be written apart,
accented, backwards, or as digits. What sounds alike or is another language's word is not found.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from games.puzzle_words import Language
from games.word_lists import DATA, runs

PART: Final = 4
"""Letters from which on a part counts: "rain" in "rainbow", but not "bow"."""
REST: Final = 3
"""Letters that a compound has at least beside its part, so that "train" is no kind of rain."""
STEM: Final = 3
"""Letters that an ending leaves at least."""
LATE_STEM: Final = 5
"""The same for endings that many short words have by chance, as "station" has of "state"."""
_LOOK_ALIKES: Final = str.maketrans("013457@$", "oieastas")


@dataclass(frozen=True, eq=False)
class _Grammar:
    """How words of a language are derived from others, all as `runs` writes them."""

    endings: tuple[tuple[str, int], ...]
    """Each with the letters that it must leave."""
    inflections: tuple[tuple[str, int], ...]
    """Those that leave a word the same word, as in a plural."""
    beginnings: tuple[str, ...]
    forms: tuple[frozenset[str], ...]
    """Words with their irregular forms."""
    small: frozenset[str]
    """Words that are named only when they stand on the card themselves."""


@cache
def _grammar(language: Language) -> _Grammar:
    raw = json.loads((DATA / f"word_forms_{language}.json").read_text("utf-8"))
    endings = [(ending, STEM) for ending in runs(" ".join(raw["endings"]))]
    late = [(ending, LATE_STEM) for ending in runs(" ".join(raw["late_endings"]))]
    inflections = tuple((ending, STEM) for ending in runs(raw["inflections"]))
    forms = tuple(frozenset(runs(group)) for group in raw["forms"])
    small = frozenset(runs(" ".join(raw["small"])))
    beginnings = tuple(runs(raw["beginnings"]))
    return _Grammar((*endings, *late), inflections, beginnings, forms, small)


def word_broken(text: str, words: Sequence[str], language: Language) -> str | None:
    """Return the first of a card's words that a text names in any form, or None."""
    small = _grammar(language).small
    said = tuple(dict.fromkeys((*runs(text), *runs(text.translate(_LOOK_ALIKES)))))
    for word in words:
        parts = runs(word)
        forms = {"".join(parts), *(part for part in parts if part not in small)}
        if any(_names(one, form, language) for one in said for form in forms):
            return word
        if any(_spelled_apart(text, form) for form in forms):
            return word
    return None


def same_word(guess: str, word: str, language: Language) -> bool:
    """Return whether a guess is this word; an article and the ending of a plural do not matter."""
    grammar = _grammar(language)
    one = "".join([run for run in runs(guess) if run not in grammar.small])
    other = "".join(runs(word))
    endings = grammar.inflections
    return one == other or bool({one, *_cut(one, endings)} & {other, *_cut(other, endings)})


def _names(said: str, word: str, language: Language) -> bool:
    if said == word or (len(word) >= PART and said[::-1] == word):
        return True
    if said in _grammar(language).small:
        return False
    longer = (
        said,
        *_cut(said, _grammar(language).endings),
    )  # "snowballs" ends with no ball, but "snowball" does
    if _is_part(said, word) or any(_is_part(word, one) for one in longer):
        return True
    return bool(_stems(said, language) & _stems(word, language))


def _is_part(part: str, whole: str) -> bool:
    """Return whether a longer word begins or ends with this one."""
    if len(part) < PART or len(whole) < len(part) + REST:
        return False
    # "walking" has nothing to do with a king
    return whole.startswith(part) or (whole.endswith(part) and not part.endswith("ing"))


def _spelled_apart(text: str, word: str) -> bool:
    """Return whether words of a text, put together, are this one."""
    parts = runs(text.translate(_LOOK_ALIKES))
    for start in range(len(parts)):
        joined = ""
        for part in parts[start:]:
            joined += part
            if joined == word:
                return True
            if len(joined) >= len(word):
                break
    return False


@lru_cache(maxsize=4096)
def _stems(word: str, language: Language) -> frozenset[str]:
    """Return what may be the stem of a word, its irregular forms, and the word itself."""
    found, grammar = {word}, _grammar(language)
    for _ in range(2):  # an ending may stand behind another, as in "painters"
        found |= {stem for one in found for stem in _cut(one, grammar.endings)}
    found |= {
        one[len(start) :]
        for start in grammar.beginnings
        for one in tuple(found)
        if one.startswith(start) and len(one) >= len(start) + PART
    }
    for group in grammar.forms:
        if group & found:
            found |= group
    return frozenset(found)


def _cut(word: str, endings: Iterable[tuple[str, int]]) -> Iterator[str]:
    """Yield a word without each ending that it may have; "runn" is also read as "run"."""
    for ending, least in endings:
        stem = word.removesuffix(ending)
        if len(word) > len(stem) >= least:
            yield stem
            if stem[-1] == stem[-2] and len(stem) > STEM:
                yield stem[:-1]
            if stem.endswith("i"):
                yield f"{stem[:-1]}y"
