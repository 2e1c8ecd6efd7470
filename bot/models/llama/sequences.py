"""Which conversation lies where in the context, and which beginning it shares with another one.

Nothing here knows llama.cpp: it decides, and a Memory does.
"""

import time
from collections.abc import Sequence as Several
from dataclasses import dataclass, field
from typing import Final, Protocol

import numpy as np

from bot.models.llama.metrics import Counts
from bot.models.llama.spill import Kept, Spill, State, Tokens, common_beginning

WORTH_WAITING: Final = 16
"""Tokens somebody else must be about to compute for it to be better to wait for them."""
WORTH_RESTORING: Final = 64
"""Tokens that reading a conversation from disk must save."""


class Memory(Protocol):
    """What a context can do with the tokens it holds."""

    def copy(self, source: int, target: int, count: int) -> None:
        """Let a sequence share the first tokens of another one."""

    def cut(self, sequence: int, count: int) -> None:
        """Forget a sequence but for its first tokens."""

    def save(self, sequence: int) -> State:
        """Return the state of a sequence."""

    def restore(self, sequence: int, state: State) -> bool:
        """Put a saved state into an empty sequence; False where there is no room for it."""


@dataclass
class Sequence:
    """One conversation's place in the context."""

    number: int
    adapter: str | None = None
    """What its tokens were computed with; no other adapter can use them."""
    tokens: Tokens = field(default_factory=lambda: np.zeros(0, np.int32))
    """Computed ones first, then those still to be computed."""
    computed: int = 0
    busy: bool = False
    used: float = 0.0
    """When it was last computed with."""

    def say(self, token: int) -> None:
        """Add a token that is still to be computed."""
        self.tokens = np.append(self.tokens, np.int32(token))


class Sequences:
    """All places of a context; the least recently used one is given away."""

    def __init__(
        self, memory: Memory, count: int, counts: Counts, *, shared: bool, spill: Spill | None
    ) -> None:
        self.all: Several[Sequence] = [Sequence(number) for number in range(count)]
        self._memory, self._counts, self._spill = memory, counts, spill
        self._shared = shared
        """Whether a part of a conversation is of use to another one."""

    def place(self, tokens: Tokens, adapter: str | None) -> Sequence | None:
        """Return a place with as much of a prompt as there is already; None to try again later.

        The last token always remains to be computed, as what follows it is wanted.
        """
        needed = tokens[:-1]
        source, length = self._nearest(needed, adapter)
        if self._promised(needed, adapter) > length + WORTH_WAITING:
            return None
        if source is not None and not source.busy and length >= source.computed - self._shared:
            target = source
        elif (found := self._least_used()) is not None:
            target = found
            length = self._fill(target, source, length, needed, adapter)
        else:
            return None
        self._cut(target, length)
        target.tokens, target.adapter = tokens, adapter
        target.busy, target.used = True, time.monotonic()
        return target

    def release(self, sequence: Sequence) -> None:
        """Let a conversation rest; it stays warm for as long as there is room."""
        sequence.busy = False
        sequence.tokens = sequence.tokens[: sequence.computed]

    def clear(self, sequence: Sequence) -> None:
        """Empty a place."""
        self._cut(sequence, 0)
        sequence.tokens, sequence.busy = sequence.tokens[:0], False

    def evict(self) -> bool:
        """Empty the resting place that was used least recently; False where there is none."""
        resting = [one for one in self.all if one.computed and not one.busy]
        if not resting:
            return False
        longest_ago = min(resting, key=lambda one: one.used)
        self._leave(longest_ago)
        self.clear(longest_ago)
        return True

    def cells_used(self) -> int:
        """Return how many tokens are held, where a shared beginning counts once."""
        held = sorted(
            (one.adapter or "", one.tokens[: one.computed].tolist())
            for one in self.all
            if one.computed
        )
        total, before = 0, ("", list[int]())
        for adapter, tokens in held:
            same = adapter == before[0]
            shared = common_beginning(np.array(before[1]), np.array(tokens)) if same else 0
            total, before = total + len(tokens) - shared, (adapter, tokens)
        return total

    def _nearest(self, needed: Tokens, adapter: str | None) -> tuple[Sequence | None, int]:
        """Return the place with the longest computed beginning, a resting one if equal."""
        best: Sequence | None = None
        longest = 0
        for one in self.all:
            if one.adapter != adapter or not one.computed:
                continue
            length = common_beginning(one.tokens[: one.computed], needed)
            if not self._shared and (one.busy or length < one.computed):
                continue
            if (length, not one.busy) > (longest, best is None or not best.busy):
                best, longest = one, length
        return best, longest

    def _promised(self, needed: Tokens, adapter: str | None) -> int:
        """Return the longest beginning that is being computed right now."""
        if not self._shared:
            return 0
        busy = [one for one in self.all if one.busy and one.adapter == adapter]
        return max((common_beginning(one.tokens, needed) for one in busy), default=0)

    def _least_used(self) -> Sequence | None:
        """Return an empty place, or else the one that has rested longest."""
        resting = [one for one in self.all if not one.busy]
        return min(resting, key=lambda one: (one.computed > 0, one.used), default=None)

    def _fill(
        self,
        target: Sequence,
        source: Sequence | None,
        length: int,
        needed: Tokens,
        adapter: str | None,
    ) -> int:
        """Bring into a place the longest beginning there is; return its length."""
        self._leave(target)
        whole = not self._shared
        kept, found = (
            self._spill.nearest(adapter, needed, whole=whole) if self._spill else (None, 0)
        )
        if kept is not None and found >= length + WORTH_RESTORING:
            self._cut(target, 0)
            if self._restore(kept, target):
                return found
        if target is source or source is None or not source.computed:
            return min(length, target.computed)
        self._cut(target, 0)
        self._memory.copy(source.number, target.number, length)
        target.computed = length
        return length

    def _restore(self, kept: Kept, target: Sequence) -> bool:
        """Read a conversation from disk into an empty place, making room where need be."""
        assert self._spill is not None
        state = self._spill.take(kept)
        while state is not None and not self._memory.restore(target.number, state):
            if not self.evict():
                return False
        if state is None:
            return False
        self._counts.restored += 1
        target.computed, target.tokens = len(kept.tokens), kept.tokens
        return True

    def _leave(self, sequence: Sequence) -> None:
        """Keep on disk, if there is one for it, what is about to be overwritten."""
        if not sequence.computed:
            return
        self._counts.evicted += 1
        if self._spill is not None and sequence.computed >= WORTH_RESTORING:
            state = self._memory.save(sequence.number)
            held = sequence.tokens[: sequence.computed]
            self._counts.spilled += self._spill.keep(sequence.adapter, held, state)

    def _cut(self, sequence: Sequence, length: int) -> None:
        if length < sequence.computed:
            self._memory.cut(sequence.number, length)
            sequence.computed = length
