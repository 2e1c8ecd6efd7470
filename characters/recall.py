"""Which memories come to mind: rankings are fused, weighed by age and importance, and fitted in.

Source: reciprocal rank fusion after Cormack, Clarke and Büttcher (2009); recency, importance and
relevance after Park et al., Generative Agents (2023).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

from characters.memory import Memory, alike

FUSION: Final = 60
"""The constant of reciprocal rank fusion."""
FADING: Final = 0.995
"""What is left of recency after each hour since a memory was last recalled."""
CHARACTERS_PER_TOKEN: Final = 3


def fused(rankings: Iterable[Sequence[int]]) -> Mapping[int, float]:
    """Return how relevant each id is that stands in some ranking, the best first in each."""
    found: dict[int, float] = {}
    for ranking in rankings:
        for place, one in enumerate(ranking, start=1):
            found[one] = found.get(one, 0.0) + 1 / (FUSION + place)
    return found


def scaled(values: Mapping[int, float]) -> Mapping[int, float]:
    """Return values stretched over 0 to 1; values that are all equal tell nothing: 0.5 each."""
    low, high = min(values.values(), default=0.0), max(values.values(), default=0.0)
    if high <= low:
        return dict.fromkeys(values, 0.5)
    return {one: (value - low) / (high - low) for one, value in values.items()}


def recency(accessed_at: datetime, now: datetime) -> float:
    """Return 1 for what was recalled just now, and less for each hour since."""
    hours = max(0.0, (now - accessed_at).total_seconds() / 3600)  # clocks are put back at times
    return float(FADING**hours)


def ranked(
    candidates: Iterable[Memory], relevance: Mapping[int, float], now: datetime
) -> Sequence[Memory]:
    """Return memories, best first, by recency, importance and relevance of equal weight.

    What is missing in `relevance` has none. Equal scores go by id.
    """
    known = {memory.id: memory for memory in candidates}
    parts = (
        scaled({one: recency(memory.accessed_at, now) for one, memory in known.items()}),
        scaled({one: float(memory.importance) for one, memory in known.items()}),
        scaled({one: relevance.get(one, 0.0) for one in known}),
    )
    score = {one: sum(part[one] for part in parts) for one in known}
    return [known[one] for one in sorted(known, key=lambda one: (-score[one], one))]


def distinct(memories: Iterable[Memory]) -> Sequence[Memory]:
    """Return memories without those that say nearly the same as one before them."""
    kept: list[Memory] = []
    for memory in memories:
        if not any(memory.id == one.id or alike(memory.text, one.text) for one in kept):
            kept.append(memory)
    return kept


def told(memory: Memory, called: str, now: datetime) -> str:
    """Return a memory as a prompt shows it: "ann, 3 days ago: has a dog called Bo"."""
    return f"{called}, {ago(memory.created_at, now)}: {memory.text}"


def ago(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in words; what seems to come is "just now"."""
    seconds = int((now - then).total_seconds())
    for unit, length in _UNITS:
        if (count := seconds // length) >= 1:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


_UNITS: Final = (
    ("year", 365 * 86_400),
    ("month", 30 * 86_400),
    ("week", 7 * 86_400),
    ("day", 86_400),
    ("hour", 3600),
    ("minute", 60),
)


def within(texts: Iterable[str], tokens: int) -> Sequence[str]:
    """Return the first texts that fit together; one that is too long gives way to shorter ones."""
    kept: list[str] = []
    for text in texts:
        if (cost := tokens_of(text)) <= tokens:
            kept.append(text)
            tokens -= cost
    return kept


def tokens_of(text: str) -> int:
    """Return about how many tokens a text and its line end take, rather too many than too few."""
    wide = sum(ord(letter) > 0x2E7F for letter in text)  # such a script takes one for a letter
    return wide + -(-(len(text) - wide) // CHARACTERS_PER_TOKEN) + 1
