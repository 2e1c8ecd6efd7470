"""A llama.cpp batch whose arrays are numpy arrays, with one sequence per token."""

import ctypes
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bot.models.llama.library import lib


class Batch:
    """Tokens that are computed together, each at a place of its own sequence."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.tokens = np.zeros(size, np.int32)
        self._positions = np.zeros(size, np.int32)
        self._sequence_counts = np.ones(size, np.int32)
        self._sequences = np.zeros(size, np.int32)
        self._wanted = np.zeros(size, np.int8)
        own_addresses = self._sequences.ctypes.data + 4 * np.arange(size + 1)
        self._sequence_pointers = own_addresses.astype(np.uint64)
        self._sequence_pointers[size] = 0
        self.native: Any = lib.llama_batch(
            n_tokens=0,
            token=_pointer(self.tokens, ctypes.c_int32),
            embd=None,
            pos=_pointer(self._positions, ctypes.c_int32),
            n_seq_id=_pointer(self._sequence_counts, ctypes.c_int32),
            seq_id=_pointer(self._sequence_pointers, ctypes.POINTER(ctypes.c_int32)),
            logits=_pointer(self._wanted, ctypes.c_int8),
        )

    @property
    def filled(self) -> int:
        """How many tokens are in it."""
        filled: int = self.native.n_tokens
        return filled

    @property
    def room(self) -> int:
        """How many more tokens fit."""
        return self.size - self.filled

    def add(self, tokens: ArrayLike, position: int, sequence: int, wanted: str = "none") -> int:
        """Add tokens that follow each other in a sequence; return the place of the last one.

        `wanted` says whose logits are to be computed: "none", "last" or "all".
        """
        begin, count = self.filled, np.size(tokens)
        end = begin + count
        self.tokens[begin:end] = tokens
        self._positions[begin:end] = range(position, position + count)
        self._sequences[begin:end] = sequence
        self._wanted[begin:end] = wanted == "all"
        self._wanted[end - 1] = wanted != "none"
        self.native.n_tokens = end
        return end - 1

    def clear(self) -> None:
        """Take everything out again."""
        self.native.n_tokens = 0


def _pointer(data: NDArray[Any], kind: Any) -> Any:
    return ctypes.cast(data.ctypes.data, ctypes.POINTER(kind))
