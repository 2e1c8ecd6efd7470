"""What an engine has done so far, in figures."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

RECENT = 1000
"""Answers whose time to the first token is remembered."""


@dataclass
class Counts:
    """Running totals since the engine was opened; only the engine's thread writes them."""

    tokens_in: int = 0
    """Tokens of prompts."""
    tokens_reused: int = 0
    """Of those, how many were not computed again."""
    tokens_out: int = 0
    jobs: int = 0
    steps: int = 0
    """Calls of llama.cpp that computed tokens."""
    adapter_switches: int = 0
    evicted: int = 0
    spilled: int = 0
    restored: int = 0
    preempted: int = 0
    """Answers that were put back into the queue because the context was full."""
    grammar_checks: int = 0
    grammar_refusals: int = 0
    """Tokens that were chosen freely, and that the grammar did not allow."""
    native_seconds: float = 0.0
    """Spent inside llama.cpp: computing and choosing tokens."""
    busy_seconds: float = 0.0
    """Spent with work at hand; what is not native is Python's share."""
    first_tokens: deque[float] = field(default_factory=lambda: deque(maxlen=RECENT))
    """Seconds from submission to the first token, of recent answers."""


@dataclass(frozen=True)
class Metrics:
    """A look at an engine."""

    counts: Counts
    """A copy."""
    queued: int
    active: int
    cells: int
    """Tokens that the context can hold."""
    cells_used: int
    """Tokens it holds, where a shared beginning counts once."""
    spilled_bytes: int

    @property
    def first_token_p50(self) -> float:
        """Seconds to the first token, of the middle one of recent answers; 0 for none."""
        return percentile(self.counts.first_tokens, 0.5)

    @property
    def first_token_p95(self) -> float:
        """Seconds to the first token that 95 of 100 recent answers have kept; 0 for none."""
        return percentile(self.counts.first_tokens, 0.95)


def percentile(values: Iterable[float], share: float) -> float:
    """Return the smallest value that this share of the values does not exceed; 0 for none."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)] if ordered else 0.0
