"""Conversations that had to leave the context, kept on disk until they go on.

Only states of the model are written, never words, and into files without a name: they go when the
process does, however it ends, and nobody else can open them.
"""

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

import numpy as np
from numpy.typing import NDArray

from bot.errors import OperatorError

Tokens = NDArray[np.int32]
State = NDArray[np.uint8]
MOST: Final = 128
"""Conversations on disk; each of them takes an open file."""


@dataclass(frozen=True, eq=False)
class Kept:
    """One conversation on disk."""

    adapter: str | None
    tokens: Tokens
    file: IO[bytes]
    size: int
    """Bytes."""


class Spill:
    """A folder that holds conversations up to a number of bytes; the oldest go first."""

    def __init__(self, folder: Path, limit: int) -> None:
        """Take a folder, which is made where it is missing.  Raises OperatorError."""
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as why:
            raise OperatorError(
                f"The folder {folder} cannot be made ({why.strerror}); make room for it, or set "
                "spill = 0 in models.toml."
            ) from None
        self._folder, self._limit = folder, limit
        self._kept: list[Kept] = []

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(kept.size for kept in self._kept)

    def keep(self, adapter: str | None, tokens: Tokens, state: State) -> bool:
        """Write a conversation; False where it is too big or the disk does not take it."""
        if len(state) > self._limit:
            return False
        self._forget_beginnings(adapter, tokens)
        while self.size + len(state) > self._limit or len(self._kept) == MOST:
            self._drop(self._kept[0])
        try:
            file = TemporaryFile(dir=self._folder)  # noqa: SIM115  # closed when it is dropped
        except OSError:  # it would only have saved time
            return False
        kept = Kept(adapter, tokens.copy(), file, len(state))
        self._kept.append(kept)
        try:
            state.tofile(file)
        except OSError:
            self._drop(kept)
            return False
        return True

    def nearest(
        self, adapter: str | None, tokens: Tokens, *, whole: bool = False
    ) -> tuple[Kept | None, int]:
        """Return the conversation with the longest common beginning, and how long that is.

        Where `whole`, only those count of which every token is in common.
        """
        best: Kept | None = None
        longest = 0
        for kept in self._kept:
            length = common_beginning(kept.tokens, tokens)
            fits = kept.adapter == adapter and (not whole or length == len(kept.tokens))
            if fits and length > longest:
                best, longest = kept, length
        return best, longest

    def take(self, kept: Kept) -> State | None:
        """Return a conversation's state and forget it; None where it cannot be read."""
        try:
            kept.file.seek(0)
            state = np.frombuffer(kept.file.read(), np.uint8).copy()
        except OSError:
            return None
        finally:
            self._drop(kept)
        return state if len(state) == kept.size else None

    def close(self) -> None:
        """Delete everything."""
        for kept in list(self._kept):
            self._drop(kept)

    def _forget_beginnings(self, adapter: str | None, tokens: Tokens) -> None:
        """Drop what the new conversation holds as well: it is an earlier state of the same one."""
        for kept in list(self._kept):
            held = kept.adapter == adapter and len(kept.tokens) <= len(tokens)
            if held and common_beginning(kept.tokens, tokens) == len(kept.tokens):
                self._drop(kept)

    def _drop(self, kept: Kept) -> None:
        self._kept.remove(kept)
        kept.file.close()


def common_beginning(one: Tokens, other: Tokens) -> int:
    """Return how many tokens at the beginning are the same."""
    length = min(len(one), len(other))
    differing = np.flatnonzero(one[:length] != other[:length])
    return int(differing[0]) if len(differing) else length
