"""Embeddings: a direction in space for a text, near to those of texts that mean alike."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.models.llama.batch import Batch
from bot.models.llama.native import Context, Floats, Model

PART: Final = 256
"""Tokens that are looked at together; a longer text is embedded in parts, and their mean taken."""


class Embedder:
    """A second, small context on the same weights, which is made when it is first needed."""

    def __init__(self, model: Model, threads: int) -> None:
        self._context = Context(
            model,
            n_ctx=PART,
            n_batch=PART,
            n_ubatch=PART,
            n_seq_max=1,
            n_outputs_max=PART,
            n_threads=threads,
            n_threads_batch=threads,
            embeddings=True,
        )
        self._batch = Batch(PART)

    def embed(self, tokens: Sequence[int]) -> list[float]:
        """Return a vector of length 1.  Raises ValueError where the model makes none."""
        parts = [tokens[begin : begin + PART] for begin in range(0, len(tokens), PART)]
        total = np.sum([self._embed(part) * len(part) for part in parts], axis=0)
        length = float(np.linalg.norm(total))
        if not parts or not np.isfinite(length) or length == 0:
            raise ValueError("the model makes no embedding of this text")
        return [float(value) for value in total / length]

    def close(self) -> None:
        """Free the context."""
        self._context.close()

    def _embed(self, tokens: Sequence[int]) -> Floats:
        self._batch.clear()
        self._context.cut(0, 0)
        self._batch.add(tokens, 0, 0, wanted="all")
        if self._context.decode(self._batch):
            raise ValueError("the model cannot embed")
        return self._context.embedding(range(len(tokens)))
