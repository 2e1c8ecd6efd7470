"""The words of codenames, and how house bots give clues to them and follow clues."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from random import Random
from typing import Final

from games.codenames_events import Card
from games.core import PASS, Level
from games.word_lists import DATA, runs, squeezed

PRICES: Final = {Card.BYSTANDER: 0.3, Card.ASSASSIN: 5.0}
"""What it costs when a clue also fits such a card; one of the other team costs 1."""


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """The words of one language, and the clues that fit them."""

    hints: Mapping[str, frozenset[str]]
    """The words that a clue fits, by clue."""
    words: tuple[str, ...]


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the words of a language, such as "english", read on first use."""
    raw = json.loads((DATA / f"codenames_{language}.json").read_text("utf-8"))
    hints = {clue: frozenset(words) for clue, words in raw["hints"].items()}
    return Vocabulary(hints, tuple(sorted(frozenset().union(*hints.values()))))


@lru_cache(maxsize=8192)
def fits(words: Vocabulary, clue: str, word: str) -> bool:
    """Return whether a clue fits a word: by the list, or as both stand in one line of it."""
    plain = squeezed(clue)
    listed = {squeezed(hint): fitting for hint, fitting in words.hints.items()}
    if plain in listed:
        return word in listed[plain]
    related = [fitting for hint, fitting in words.hints.items() if word in fitting]
    return any(plain == squeezed(other) for fitting in related for other in fitting)


def best_clue(
    words: Vocabulary,
    hidden: Mapping[str, Card],
    team: Card,
    legal: Sequence[str],
    level: Level,
    rng: Random,
) -> str:
    """Return a clue with its number, as a form, or a pass where no clue fits.

    Easy gives any clue for one word; medium one for the most words; hard weighs what else of the
    hidden cards the clue fits.
    """
    worth: dict[str, float] = {}
    numbers: dict[str, int] = {}
    for clue in legal:
        found = [card for word, card in hidden.items() if word in words.hints[clue]]
        own = found.count(team)
        if own:
            risk = sum(PRICES.get(card, 1.0) for card in found if card is not team)
            numbers[clue] = own if level is not Level.EASY else 1
            worth[clue] = own - risk * (level is Level.HARD) + 0.1 * rng.random()
    if not worth:
        return PASS
    clue = rng.choice(list(worth)) if level is Level.EASY else max(worth, key=lambda c: worth[c])
    return f"clue: {clue}\nnumber: {numbers[clue]}"


def best_guess(
    words: Vocabulary,
    hidden: Sequence[str],
    clues: Sequence[tuple[str, int]],
    left: int | None,
    level: Level,
    rng: Random,
) -> str:
    """Return a word that the last clue of the team fits, or a pass.

    `left` is how many words the clue still means; None where it did not tell.  All stop at that
    number. Where nothing fits, easy guesses any word; hard prefers what an earlier clue fits too.
    """
    latest = clues[-1][0] if clues else ""
    fitting = [word for word in hidden if fits(words, latest, word)]
    if left is not None and left <= 0:
        return PASS
    if not fitting:
        return PASS if level is not Level.EASY else rng.choice(hidden)
    if level is not Level.HARD:
        return rng.choice(fitting)
    earlier = [clue for clue, _ in clues[:-1]]
    weights = {word: sum(fits(words, clue, word) for clue in earlier) for word in fitting}
    return max(fitting, key=lambda word: (weights[word], rng.random()))


def shares_part(clue: str, word: str) -> bool:
    """Return whether a clue is a part of a word, such as "fall" of "waterfall"."""
    part, whole = squeezed(clue), squeezed(word)
    at_an_edge = whole.startswith(part) or whole.endswith(part)
    return part in runs(word) or (len(part) >= 4 and at_an_edge)
