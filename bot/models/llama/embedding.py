"""Embeddings: a direction in space for a text, near to those of texts that mean alike."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from bot.models.llama.batch import Batch
from bot.models.llama.header import BrokenModel
from bot.models.llama.jobs import Job, Piece
from bot.models.llama.native import Context, Floats, Model
from bot.models.llama.request import Request
from bot.models.llama.spill import Tokens

PART: Final = 256
"""Tokens that are looked at together; a longer text is embedded in parts, and their mean taken."""


@dataclass
class _Text:
    """A text on its way to a vector."""

    request: Request
    total: Floats
    """Of the parts so far, each as often as it has tokens."""
    done: int = 0
    """Tokens."""


class Embeddings:
    """Texts that wait for their vectors; only the engine's thread may touch them.

    They take turns, one part of one of them at a time, so that neither conversations nor other
    texts wait long.
    """

    def __init__(self, model: Model, threads: int) -> None:
        self._model, self._threads = model, threads
        self._line: deque[_Text] = deque()
        self._embedder: Embedder | None = None

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._line

    def add(self, job: Job, tell: Callable[[Piece], None]) -> None:
        """Let a text wait for its turn."""
        self._line.append(_Text(Request(job, tell), np.zeros(self._model.width, np.float32)))

    def run_once(self) -> None:
        """End what is late, and embed one part."""
        for text in [one for one in self._line if one.request.late]:
            self._end(text, "deadline")
        if self._line:
            self._line.rotate(-1)
            self._go_on(self._line[-1])

    def cancel(self, job_id: str) -> None:
        """End a job now; one that has ended already stays as it is."""
        for text in [one for one in self._line if one.request.job.job_id == job_id]:
            self._end(text, "cancelled")

    def end_all(self, why: str) -> None:
        """End every job."""
        for text in list(self._line):
            self._end(text, why)

    def close(self) -> None:
        """Free the context."""
        if self._embedder is not None:
            self._embedder.close()

    def _go_on(self, text: _Text) -> None:
        part = text.request.tokens[text.done : text.done + PART]
        try:
            if len(part):
                text.total += self._opened().embed(part) * len(part)
                text.done += len(part)
            if text.done == len(text.request.tokens):
                self._end(text, "stop", _direction(text.total))
        except (ValueError, BrokenModel) as why:
            self._end(text, f"error: {why}")

    def _opened(self) -> "Embedder":
        if self._embedder is None:
            self._embedder = Embedder(self._model, self._threads)
        return self._embedder

    def _end(self, text: _Text, why: str, embedding: list[float] | None = None) -> None:
        self._line.remove(text)
        text.request.end(why, embedding=embedding)


class Embedder:
    """A second, small context on the same weights."""

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

    def embed(self, tokens: Tokens) -> Floats:
        """Return what the model makes of a part.  Raises ValueError."""
        self._batch.clear()
        self._context.cut(0, 0)
        self._batch.add(tokens, 0, 0, wanted="all")
        if self._context.decode(self._batch):
            raise ValueError("the model cannot embed")
        return self._context.embedding(range(len(tokens)))

    def close(self) -> None:
        """Free the context."""
        self._context.close()


def _direction(total: Floats) -> list[float]:
    """Return a vector of length 1.  Raises ValueError where there is none."""
    length = float(np.linalg.norm(total))
    if not np.isfinite(length) or length == 0:
        raise ValueError("the model makes no embedding of this text")
    return [float(value) for value in total / length]
