"""One GGUF model that answers many conversations at the same time.

One thread owns the context. Every step computes the next token of all answers under way and a part
of the prompts that wait, so nobody stalls while somebody else's prompt is read. A beginning that
two prompts share is computed once; a conversation that goes on finds what it had computed.

The same prompt, seed and adapter give the same text. llama.cpp adds numbers up in another order
when more of them are computed together, which changes their last digits: where the two likeliest
tokens are as good as equal, an answer in company may differ from one given alone.
"""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from queue import SimpleQueue
from typing import Final

from bot.models.llama.embedding import Embeddings
from bot.models.llama.jobs import Job, Piece
from bot.models.llama.loop import EngineBroken, Loop
from bot.models.llama.metrics import Counts, Metrics
from bot.models.llama.opening import open_model, threads
from bot.models.llama.sequences import Sequences
from bot.models.llama.settings import EngineSettings
from bot.models.llama.spill import Spill

LOOK: Final = 0.5
"""Seconds that somebody who looks at the figures waits for the end of a step."""


class Engine:
    """A loaded model.  Raises BrokenModel with the file's name and the reason."""

    def __init__(self, settings: EngineSettings) -> None:
        self._opened = opened = open_model(settings)
        self.facts = opened.facts
        self._counts = Counts()
        self._spill = Spill(settings.spill, settings.spill_bytes) if settings.spill else None
        self._sequences = Sequences(
            opened.context,
            settings.sequences,
            self._counts,
            shared=settings.share and opened.model.cuts,
            spill=self._spill,
        )
        self._loop = Loop(opened, self._sequences, self._counts, settings.batch, settings.chunk)
        self._embeddings = Embeddings(opened.model, threads(settings))
        self._broken: str | None = None
        self._closing = False
        self.busy_since: float | None = None
        """When the step under way began, by time.monotonic; None between steps."""
        self._pieces: SimpleQueue[Piece] = SimpleQueue()
        self._inbox: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._seen = self._look()
        self._thread = threading.Thread(target=self._run, name="llama", daemon=True)
        self._thread.start()

    def submit(self, job: Job) -> None:
        """Have a job done; what becomes of it, refusals included, is told in `pieces`."""
        if self._closing:
            self._take(job, self._pieces.put)
        else:
            self._inbox.put(lambda: self._take(job, self._pieces.put))

    def cancel(self, job_id: str) -> None:
        """End a job soon, with the piece that says so; one that has ended stays as it is."""

        def end() -> None:
            self._loop.cancel(job_id)
            self._embeddings.cancel(job_id)

        self._inbox.put(end)

    def pieces(self) -> SimpleQueue[Piece]:
        """Return the queue with all parts of all answers, in the order in which they came."""
        return self._pieces

    def score(self, job: Job) -> Sequence[float]:
        """Wait for each option's log-probability per token.

        Raises ValueError with the reason if the job ended in another way.
        """
        return self._ended(job).scores

    def embed(self, tokens: Sequence[int]) -> Sequence[float]:
        """Wait for a text's embedding, a vector of length 1.  Raises ValueError."""
        return self._ended(Job("", tokens, embeds=True)).embedding

    def tokenize(self, text: str, *, special: bool = False, bos: bool = False) -> list[int]:
        """Return the tokens of a text.

        Where `special`, control tokens are read in the text: never for what people typed.
        `bos` puts the token that begins a text first, if the model has one.
        """
        return self._opened.model.tokenize(text, special=special, bos=bos)

    def metrics(self) -> Metrics:
        """Return the figures; those of the last look where the step under way takes long."""
        seen: Future[Metrics] = Future()
        self._inbox.put(lambda: seen.set_result(self._look()))
        try:
            return seen.result(LOOK)
        except TimeoutError:
            return self._seen

    @property
    def broken(self) -> bool:
        """Whether it can do nothing more; another one has to be opened."""
        return self._broken is not None

    def close(self) -> None:
        """End every job and free everything; jobs that come later are only refused."""
        if self._closing:
            return
        self._inbox.put(self._end_all)
        self._thread.join()
        self._embeddings.close()
        if self._spill is not None:
            self._spill.close()
        self._opened.close()

    def _run(self) -> None:
        try:
            while not self._closing:
                while not self._closing and (not self._inbox.empty() or self._idle):
                    self._inbox.get()()
                self._work()
        finally:
            self._end_all()

    @property
    def _idle(self) -> bool:
        return self._loop.idle and self._embeddings.idle

    def _work(self) -> None:
        self.busy_since = time.monotonic()
        began = time.perf_counter()
        try:
            self._loop.run_once()
            self._embeddings.run_once()
        except EngineBroken as why:
            self._broken = f"error: {why}"
            self._loop.end_all(self._broken)
            self._embeddings.end_all(self._broken)
        self._counts.busy_seconds += time.perf_counter() - began
        self.busy_since = None

    def _take(self, job: Job, tell: Callable[[Piece], None]) -> None:
        if self._broken is not None:
            tell(Piece(job.job_id, done=self._broken))
        elif job.embeds:
            self._embeddings.add(job, tell)
        else:
            self._loop.add(job, tell)

    def _ended(self, job: Job) -> Piece:
        """Wait for the only piece of a job.  Raises ValueError with the reason for another end."""
        ended: Future[Piece] = Future()
        self._inbox.put(lambda: self._take(job, ended.set_result))
        piece = ended.result()
        if piece.done != "stop":
            raise ValueError((piece.done or "").removeprefix("error: "))
        return piece

    def _end_all(self) -> None:
        self._closing = True
        self._broken = "error: the engine was closed"
        self._loop.end_all(self._broken)
        self._embeddings.end_all(self._broken)

    def _look(self) -> Metrics:
        self._seen = Metrics(
            counts=replace(self._counts, first_tokens=self._counts.first_tokens.copy()),
            queued=len(self._loop.line),
            active=len(self._loop.active),
            cells=self._opened.context.cells,
            cells_used=self._sequences.cells_used(),
            spilled_bytes=self._spill.size if self._spill else 0,
        )
        return self._seen
