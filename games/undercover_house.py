"""The pairs of words of undercover, and how house bots give clues and suspect others."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from games.core import PASS, Level, Seat
from games.word_lists import DATA, runs, squeezed

DOUBT: Final = {Level.EASY: 100.0, Level.MEDIUM: 1.5, Level.HARD: 0.3}
"""How much chance is mixed into a suspicion; a clue that fits the other word counts 1."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Two words that are alike, with clues that fit both, or only one."""

    words: tuple[str, str]
    both: tuple[str, ...]
    only: Mapping[str, tuple[str, ...]]
    """By word."""

    def other(self, word: str) -> str:
        """Return the word beside this one."""
        first, second = self.words
        return second if word == first else first


@dataclass(frozen=True)
class Knowledge:
    """What a house bot knows when it is asked; it is all in its seat's view."""

    seat: Seat
    level: Level
    word: str
    pair: Pair
    clues: Sequence[tuple[Seat, str]]
    """All clues so far, the seat's own among them."""
    undercover: int
    """How many were undercover at the start."""


@cache
def pairs(language: str) -> tuple[Pair, ...]:
    """Return the pairs of a language, such as "english", read on first use."""
    raw = json.loads((DATA / f"undercover_{language}.json").read_text("utf-8"))
    return tuple(_pair(entry) for entry in raw["pairs"])


def _pair(entry: Mapping[str, Sequence[str]]) -> Pair:
    first, second = entry["words"]
    only = {first: tuple(entry["first"]), second: tuple(entry["second"])}
    return Pair((first, second), tuple(entry["both"]), only)


def clue(known: Knowledge, rng: Random) -> str:
    """Return a clue that nobody has given yet, or a pass.

    Easy says what comes to mind. Who is better first looks which word the others seem to have:
    with them it says what only this word fits, and against them what the other word fits too.
    """
    given = {squeezed(said) for _, said in known.clues}
    vague, mine = known.pair.both, known.pair.only[known.word]
    theirs = known.pair.only[known.pair.other(known.word)]
    options: Sequence[Sequence[str]] = ((*vague, *mine),)
    if known.level is not Level.EASY:
        told: dict[int, Sequence[Sequence[str]]] = {
            1: (mine, vague),
            0: (vague, mine),
            -1: (vague,),
        }
        if known.level is Level.HARD:
            told[-1] = (theirs, vague)
        options = told[side(known)]
    for clues in options:
        if fresh := [said for said in clues if squeezed(said) not in given]:
            return rng.choice(fresh)
    return PASS


def vote(known: Knowledge, choices: Sequence[Seat], rng: Random) -> str:
    """Return the seat whose clues fit the word of most least."""
    doubts = dict.fromkeys(choices, 0.0)
    sign = -1 if known.level is Level.HARD and side(known) < 0 else 1
    for seat, said in known.clues:
        if seat in doubts:
            doubts[seat] -= sign * fit(known.pair, known.word, said)
    blur = DOUBT[known.level]
    return max(choices, key=lambda seat: doubts[seat] + blur * rng.random())


def side(known: Knowledge) -> int:
    """Return 1 for a seat that can tell that it is one of most, -1 for undercover, else 0.

    Had it the word of most, no more others than are undercover would speak against it; were it
    undercover, fewer others than are undercover would speak for it.
    """
    sums: dict[Seat, float] = {}
    for seat, said in known.clues:
        if seat != known.seat:
            sums[seat] = sums.get(seat, 0.0) + fit(known.pair, known.word, said)
    if sum(total < 0 for total in sums.values()) > known.undercover:
        return -1
    return int(sum(total > 0 for total in sums.values()) >= known.undercover)


def fit(pair: Pair, word: str, said: str) -> float:
    """Return whether a clue fits only this word (1), only the other one (-1), or neither or both.

    A clue of one's own fits by the words that it shares with the clues of the list.
    """
    mine, theirs = pair.only[word], pair.only[pair.other(word)]
    plain = squeezed(said)
    listed = [plain in {squeezed(one) for one in clues} for clues in (mine, theirs)]
    if any(listed) or said in pair.both:
        return float(listed[0]) - float(listed[1])
    parts = set(runs(said))
    shared = [len(parts & set(runs(" ".join(clues)))) for clues in (mine, theirs)]
    return 0.5 * ((shared[0] > shared[1]) - (shared[1] > shared[0]))
