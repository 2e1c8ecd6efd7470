"""Conversations that had to leave the context, kept on disk until they go on.

Only states of the model are written, never words; the files go when the engine closes, and what a
killed one left goes at the next start.
"""

from collections import OrderedDict
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

Tokens = NDArray[np.int32]
State = NDArray[np.uint8]
ENDING: Final = ".conversation"


@dataclass(frozen=True)
class Kept:
    """One conversation on disk."""

    adapter: str | None
    tokens: Tokens
    path: Path
    size: int
    """Bytes."""


class Spill:
    """A folder that holds conversations up to a number of bytes; the oldest go first."""

    def __init__(self, folder: Path, limit: int) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for left in folder.glob(f"*{ENDING}"):
            left.unlink(missing_ok=True)
        self._folder, self._limit = folder, limit
        self._kept: OrderedDict[Path, Kept] = OrderedDict()
        self._numbers = count(1)

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(kept.size for kept in self._kept.values())

    def keep(self, adapter: str | None, tokens: Tokens, state: State) -> bool:
        """Write a conversation; False where it is too big or the disk does not take it."""
        if len(state) > self._limit:
            return False
        self._forget_beginnings(adapter, tokens)
        while self.size + len(state) > self._limit:
            self._drop(next(iter(self._kept.values())))
        path = self._folder / f"{next(self._numbers)}{ENDING}"
        try:
            path.touch(mode=0o600)
            state.tofile(path)
        except OSError:  # it would only have saved time
            path.unlink(missing_ok=True)
            return False
        self._kept[path] = Kept(adapter, tokens.copy(), path, len(state))
        return True

    def nearest(self, adapter: str | None, tokens: Tokens) -> tuple[Kept | None, int]:
        """Return the conversation with the longest common beginning, and how long that is."""
        best: Kept | None = None
        longest = 0
        for kept in self._kept.values():
            if kept.adapter == adapter:
                length = common_beginning(kept.tokens, tokens)
                if length > longest:
                    best, longest = kept, length
        return best, longest

    def take(self, kept: Kept) -> State | None:
        """Return a conversation's state and forget it; None where the file is gone."""
        try:
            return np.frombuffer(kept.path.read_bytes(), np.uint8).copy()
        except OSError:
            return None
        finally:
            self._drop(kept)

    def close(self) -> None:
        """Delete everything."""
        for kept in list(self._kept.values()):
            self._drop(kept)

    def _forget_beginnings(self, adapter: str | None, tokens: Tokens) -> None:
        """Drop what the new conversation holds as well: it is an earlier state of the same one."""
        for kept in list(self._kept.values()):
            held = kept.adapter == adapter and len(kept.tokens) <= len(tokens)
            if held and common_beginning(kept.tokens, tokens) == len(kept.tokens):
                self._drop(kept)

    def _drop(self, kept: Kept) -> None:
        self._kept.pop(kept.path, None)
        kept.path.unlink(missing_ok=True)


def common_beginning(one: Tokens, other: Tokens) -> int:
    """Return how many tokens at the beginning are the same."""
    length = min(len(one), len(other))
    differing = np.flatnonzero(one[:length] != other[:length])
    return int(differing[0]) if len(differing) else length
