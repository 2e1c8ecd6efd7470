"""How the house bots of chameleon give clues, weigh those of the others, and guess."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache
from math import prod
from random import Random
from typing import Final

from games.core import PASS, Level, Seat
from games.word_lists import Topic, WordList, runs, squeezed

DOUBT: Final = {Level.EASY: 1.0, Level.MEDIUM: 0.4, Level.HARD: 0.15}
"""How much chance is mixed into what a bot makes of a clue, which itself goes from 0 to 1."""
SURPRISE: Final = 0.05
"""How likely a clue is for a word that it does not fit, where 1 is a perfect fit."""
BROAD: Final = 7
"""A clue that fits so many words of its topic tells little."""
SMALL_WORDS: Final = frozenset(
    {"a", "an", "and", "are", "as", "at", "be", "by", "can", "for", "from", "has", "have", "i"}
    | {"in", "is", "it", "its", "of", "on", "or", "that", "the", "they", "this", "to", "with"}
)
"""Words of a clue that say nothing about what it fits."""


@dataclass(frozen=True)
class Knowledge:
    """What a house bot knows when it is asked; it is all in its seat's view."""

    seat: Seat
    level: Level
    words: WordList
    topic: Topic
    word: str | None
    """The secret word; None for the chameleon."""
    clues: Mapping[Seat, str]
    """The clues so far, in the order given."""
    remarks: Sequence[str] = ()
    """What the seat itself has said in the discussion."""

    @property
    def theirs(self) -> Mapping[Seat, str]:
        """The clues of the other seats."""
        return {seat: clue for seat, clue in self.clues.items() if seat != self.seat}


def clue(known: Knowledge, rng: Random) -> str:
    """Return a clue that nobody has given yet.

    Easy is vague or says the first thing that comes to mind; hard says what leaves a chameleon
    in the dark, or as the chameleon what would fit most of the words that are still likely.
    """
    given = {squeezed(said) for said in known.clues.values()}
    vague = _without(known.words.vague, given)
    if known.level is Level.EASY and vague and rng.random() < 0.4:
        return rng.choice(vague)
    if known.level is Level.HARD and known.word is None:
        return _blending(known, given, rng)
    fitting = _without(known.topic.clues[known.word or guess(known, rng)], given)
    if known.level is Level.HARD and fitting:
        return min(fitting, key=lambda said: _given_away(known, said) + 0.05 * rng.random())
    return rng.choice(fitting or vague)


def vote(known: Knowledge, choices: Sequence[Seat], rng: Random) -> Seat:
    """Return the seat whose clue fits the word least, or for a chameleon its guess at the word."""
    doubts = suspicions(known, rng)
    return max(choices, key=lambda seat: (doubts.get(seat, 0.0), seat))


def remark(known: Knowledge, rng: Random) -> str:
    """Return a sentence about somebody's clue, or a pass when there is nothing new to say."""
    doubts = suspicions(known, rng)
    if not doubts or (known.level is Level.EASY and rng.random() < 0.5):
        return PASS
    worst = max(doubts, key=lambda seat: doubts[seat])
    kind = verdict(known, known.clues[worst])
    seat = worst if kind != "trusted" else min(doubts, key=lambda seat: doubts[seat])
    lines = [line.format(seat=seat, clue=known.clues[seat]) for line in known.words.remarks[kind]]
    fresh = [line for line in lines if line not in known.remarks]
    return rng.choice(fresh) if fresh else PASS


def guess(known: Knowledge, rng: Random) -> str:
    """Return the word that the others' clues point to; the lower the level, the more by chance."""
    chances = likely_words(known.topic, tuple(known.theirs.values()))
    if known.level is Level.HARD:
        return max(known.topic.words, key=lambda word: (chances[word], rng.random()))
    blur = 1 / len(chances) if known.level is Level.EASY else 0.0
    return rng.choices(list(chances), [chance + blur for chance in chances.values()])[0]


def suspicions(known: Knowledge, rng: Random) -> dict[Seat, float]:
    """Return for each other seat how much its clue speaks against it, blurred by the level."""
    word = known.word or guess(known, rng)
    doubt = DOUBT[known.level]
    return {
        seat: _suspicion(known, word, said) + doubt * rng.random()
        for seat, said in known.theirs.items()
    }


def verdict(known: Knowledge, said: str) -> str:
    """Return what a clue looks like: "vague", "odd", "unclear" or "trusted"."""
    fitting = fits(known.topic, said)
    if said in known.words.vague or sum(fitting.values()) >= BROAD:
        return "vague"
    if not any(fitting.values()):
        return "unclear"
    chances = likely_words(known.topic, tuple(known.theirs.values()))
    word = known.word or max(chances, key=lambda word: chances[word])
    return "trusted" if fitting[word] >= 0.5 else "odd"


def likely_words(topic: Topic, clues: tuple[str, ...]) -> dict[str, float]:
    """Return how likely each word is for one who knows only the clues; the sum is 1."""
    fitting = [fits(topic, said) for said in clues]
    weights = {word: prod(SURPRISE + fit[word] for fit in fitting) for word in topic.words}
    total = sum(weights.values())
    return {word: weight / total for word, weight in weights.items()}


@lru_cache(maxsize=1024)
def fits(topic: Topic, said: str) -> Mapping[str, float]:
    """Return how well a clue fits each word of a topic, from 0 to 1.

    A clue of the topic's list fits its words fully; any other by the share of its words that
    stand in a word's clues, and not fully.
    """
    if listed := _listed_clues(topic).get(squeezed(said)):
        return {word: float(listed in clues) for word, clues in topic.clues.items()}
    parts = _stems(said)
    return {
        word: 0.8 * len(parts & stems) / len(parts) if parts else 0.0
        for word, stems in _stems_by_word(topic).items()
    }


def _without(clues: Iterable[str], given: Set[str]) -> list[str]:
    return [said for said in clues if squeezed(said) not in given]


def _blending(known: Knowledge, given: Set[str], rng: Random) -> str:
    """Return the clue that most probably fits the word, for one who does not know it."""
    chances = likely_words(known.topic, tuple(known.theirs.values()))
    worth = {
        said: sum(chances[word] for word in words) + 0.05 * rng.random()
        for said, words in _words_by_clue(known.topic).items()
        if squeezed(said) not in given
    }
    return max(worth, key=lambda said: worth[said])


def _given_away(known: Knowledge, said: str) -> float:
    """Return how sure of the word a chameleon would be after one more clue, from 0 to 1."""
    assert known.word is not None
    return likely_words(known.topic, (*known.clues.values(), said))[known.word]


def _suspicion(known: Knowledge, word: str, said: str) -> float:
    """Return how much a clue speaks against who gave it, from 0 to 1.

    A clue that fits other words but not this one is worst; one that fits nothing known may just
    be original.
    """
    fitting = fits(known.topic, said)
    if said in known.words.vague:
        return 0.8
    if not any(fitting.values()):
        return 0.5
    broad = sum(fitting.values()) / len(fitting)
    return 1 - fitting[word] * (1 - broad / 2)


@cache
def _words_by_clue(topic: Topic) -> Mapping[str, Sequence[str]]:
    """Return the words that each clue of the list fits."""
    found: dict[str, list[str]] = defaultdict(list)
    for word, clues in topic.clues.items():
        for said in clues:
            found[said].append(word)
    return found


@cache
def _listed_clues(topic: Topic) -> Mapping[str, str]:
    return {squeezed(said): said for said in _words_by_clue(topic)}


@cache
def _stems_by_word(topic: Topic) -> Mapping[str, set[str]]:
    return {word: _stems(" ".join(clues)) for word, clues in topic.clues.items()}


def _stems(text: str) -> set[str]:
    return {run.removesuffix("s") for run in runs(text) if run not in SMALL_WORDS}
