"""Which records come to mind: by recency, importance and relevance, of equal weight.

Source: Park et al., Generative Agents (2023).
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import fsum, log
from typing import Final

from towns.clock import Clock
from towns.memory import Memory, Record

FADING: Final = 0.995
"""What is left of recency after each game hour since a record last came to mind."""
MOST_RECALLED: Final = 12
MOST_CHARACTERS: Final = 700
"""Of all that is recalled at once, as a prompt shows it."""
PER_RECORD: Final = 27
"""Characters that a prompt adds to each: its number and time, the marks and the line end."""

_UNSPACED: Final = r"\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"  # scripts without spaces
_TERM: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")


def recall(
    memory: Memory,
    about: str,
    tick: int,
    clock: Clock,
    most: int = MOST_RECALLED,
    characters: int = MOST_CHARACTERS,
) -> Sequence[Record]:
    """Return the records that come to mind, best first, within a number and a length.

    One that is too long gives way to shorter ones; one whose text was forgotten never comes.
    """
    kept: list[Record] = []
    for record in ranked([one for one in memory.stream if one.text], about, tick, clock):
        cost = len(record.text) + PER_RECORD
        if len(kept) < most and cost <= characters:
            kept.append(record)
            characters -= cost
    return kept


def ranked(records: Sequence[Record], about: str, tick: int, clock: Clock) -> Sequence[Record]:
    """Return records, best first; of those that score the same, the later one."""
    hours = clock.seconds_per_tick / 3600
    ages = [max(0, tick - one.accessed) * hours for one in records]
    parts = zip(
        scaled([FADING**age for age in ages]),
        scaled([float(one.importance) for one in records]),
        scaled(relevances([one.text for one in records], about)),
        strict=True,
    )
    scores = {one.number: sum(part) for one, part in zip(records, parts, strict=True)}
    return sorted(records, key=lambda one: (-scores[one.number], -one.number))


def relevances(texts: Sequence[str], about: str) -> Sequence[float]:
    """Return how much each text shares with what it is about; rare terms tell more than others."""
    found = [terms(text) for text in texts]
    holding = Counter(term for those in found for term in those)
    wanted = {term: log(1 + len(texts) / holding[term]) for term in terms(about) if holding[term]}
    return [fsum(wanted.get(term, 0.0) for term in those) for those in found]


def scaled(values: Sequence[float]) -> Sequence[float]:
    """Return values stretched over 0 to 1; values that are all equal tell nothing: 0 each."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if high <= low:
        return [0.0] * len(values)
    return [(value - low) / (high - low) for value in values]


@lru_cache(maxsize=4096)
def terms(text: str) -> frozenset[str]:
    """Return the words of a text as they are compared; of unspaced scripts, the characters."""
    return frozenset(_TERM.findall(text.casefold()))
