"""What the engine's thread does: let requests in, compute a step for many of them, end them."""

import time
from collections.abc import Callable
from typing import Final

from bot.models.llama.batch import Batch
from bot.models.llama.jobs import Job, Piece
from bot.models.llama.metrics import Counts
from bot.models.llama.native import Floats
from bot.models.llama.opening import Opened
from bot.models.llama.request import Request, check
from bot.models.llama.sampling import NoNumbers, Sampler, logprob_of
from bot.models.llama.scoring import Rater
from bot.models.llama.sequences import Sequence, Sequences
from bot.models.llama.turns import AdapterTurns, Line, by_group

FULL: Final = 1
"""llama.cpp's answer to a batch for which its context has no room; nothing has changed then."""


class EngineBroken(RuntimeError):
    """llama.cpp has failed in a way that leaves the context in no known state."""


class Loop:
    """All requests of an engine; only the engine's thread may touch it."""

    def __init__(
        self, opened: Opened, sequences: Sequences, counts: Counts, batch: int, chunk: int
    ) -> None:
        self.line = Line()
        self.active: list[Request] = []
        self._sequences, self._counts = sequences, counts
        self._context, self._model = opened.context, opened.model
        self._adapters, self._facts = opened.adapters, opened.facts
        self._batch, self._chunk = Batch(batch), chunk
        first = len(sequences.all)
        self._rater = Rater(opened.context, counts, self._batch, first, opened.outputs)
        self._turns = AdapterTurns()
        self._adapter: str | None = None
        self._full = False
        """Whether the context overflowed: nobody is let in until somebody has left."""

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self.active and not len(self.line)

    def run_once(self) -> None:
        """End what is late, let in who may, and compute one step.  Raises EngineBroken."""
        for request in [one for one in (*self.line, *self.active) if one.late]:
            self.end(request, "deadline")
        self._let_in()
        if self.active:
            self._step()

    def add(self, job: Job, tell: Callable[[Piece], None]) -> None:
        """Let a job wait for its turn, or tell at once why it cannot be done."""
        request = Request(job, tell)
        try:
            check(job, self._facts, self._adapters)
            if not job.options:
                request.sampler = Sampler(self._model, job.sampling, job.tokens)
        except ValueError as why:
            request.end(f"error: {why}")
        else:
            self.line.add(request)
        self._counts.jobs += 1

    def cancel(self, job_id: str) -> None:
        """End a job now; one that has ended already stays as it is."""
        for request in [one for one in (*self.line, *self.active) if one.job.job_id == job_id]:
            self.end(request, "cancelled")

    def end(self, request: Request, why: str, scores: list[float] | None = None) -> None:
        """Tell a request's last piece and let its conversation rest."""
        if request.sequence is None:
            self.line.remove(request)
        else:
            self.active.remove(request)
            self._sequences.release(request.sequence)
            self._full = False
        if request.sampler is not None:
            request.sampler.close()
        request.end(why, scores)

    def end_all(self, why: str) -> None:
        """End every job."""
        for request in (*self.line, *self.active):
            self.end(request, why)

    def _let_in(self) -> None:
        while not self._full and len(self.active) < len(self._sequences.all):
            for request in self.line.next(self.active):
                sequence = self._sequences.place(request.tokens, request.job.adapter)
                if sequence is not None:
                    self._begin(request, sequence)
                    break
            else:
                return

    def _begin(self, request: Request, sequence: Sequence) -> None:
        self.line.remove(request, served=True)
        request.sequence = sequence
        self.active.append(request)
        if not request.begun:
            request.begun = True
            request.reused = sequence.computed
            self._counts.tokens_in += len(request.tokens)
            self._counts.tokens_reused += sequence.computed

    def _step(self) -> None:
        adapter = self._turns.choose(self.active)
        self._use(adapter)
        worked_on = self._gather([one for one in self.active if one.job.adapter == adapter])
        if not self._computed():
            self._make_room()
            return
        now = time.monotonic()
        for request, _, count in worked_on:
            request.placed.computed += count
            request.placed.used = request.computed_at = now
        ready = [(request, place) for request, place, _ in worked_on if not request.remaining]
        to_rate = [
            (request, self._context.logits(place).copy())
            for request, place in ready
            if request.job.options
        ]
        for request, place in ready:
            if request.sampler is not None:
                self._choose(request, request.sampler, place)
        for request, logits in to_rate:  # this computes, so what the step gave must be read by now
            self._rate(request, logits)

    def _use(self, adapter: str | None) -> None:
        if adapter != self._adapter:
            self._context.use([self._adapters[adapter]] if adapter is not None else [])
            self._adapter = adapter
            self._counts.adapter_switches += 1

    def _gather(self, group: list[Request]) -> list[tuple[Request, int, int]]:
        """Fill the batch: the next token of each answer under way, then parts of prompts.

        Gives each request that is in it, the place of its last token, and how many it has there.
        """
        self._batch.clear()
        talking = [one for one in group if one.remaining == 1]
        reading = [one for one in group if one.remaining > 1]
        worked_on = [(one, self._add(one, 1), 1) for one in talking]
        room = min(self._batch.room, self._chunk) if talking else self._batch.room
        for request in by_group(reading):
            count = min(room, request.remaining)
            if count:
                worked_on.append((request, self._add(request, count), count))
            room -= count
        return worked_on

    def _add(self, request: Request, count: int) -> int:
        sequence = request.placed
        begin, end = sequence.computed, sequence.computed + count
        wanted = "last" if end == len(sequence.tokens) else "none"
        return self._batch.add(sequence.tokens[begin:end], begin, sequence.number, wanted)

    def _computed(self) -> bool:
        """Compute the batch; False where the context is full.  Raises EngineBroken."""
        began = time.perf_counter()
        code = self._context.decode(self._batch)
        self._counts.native_seconds += time.perf_counter() - began
        if code not in (0, FULL):
            raise EngineBroken(f"llama.cpp has failed to compute a step (code {code})")
        self._counts.steps += code == 0
        return code == 0

    def _choose(self, request: Request, sampler: Sampler, place: int) -> None:
        try:
            token = sampler.choose(self._context, place, self._counts)
        except NoNumbers as why:
            return self.end(request, f"error: {why}")
        if token is None:  # a grammar is fulfilled, and the model has no token that ends an answer
            return self.end(request, "stop")
        if not request.generated:
            self._counts.first_tokens.append(time.monotonic() - request.arrived)
        self._counts.tokens_out += 1
        model, top = self._model, request.job.sampling.top_logprobs
        told = None if top is None else logprob_of(model, token, self._context.logits(place), top)
        if model.ends(token):
            return self.end(request, request.hear_end(told))
        if (ending := request.hear(token, model.piece(token), told)) is not None:
            return self.end(request, ending)
        if len(request.placed.tokens) >= self._facts.longest:
            return self.end(request, "length")
        return None

    def _rate(self, request: Request, logits: Floats) -> None:
        while (scores := self._rater.rate(request, logits)) is None and self._sequences.evict():
            pass
        if scores is not None:
            self.end(request, "stop", scores)
        elif len(self.active) > 1:
            self._put_back(request)
        else:
            self.end(request, "error: there is no room in the context to rate these options")

    def _make_room(self) -> None:
        """Give up the conversation that rests longest, or else the newest one under way."""
        if self._sequences.evict():
            return
        if len(self.active) == 1:
            self.end(self.active[0], "length")
        else:
            self._put_back(max(self.active, key=lambda one: one.arrived))

    def _put_back(self, request: Request) -> None:
        """Let a request wait until somebody has left; its answer then goes on where it was."""
        sequence = request.placed
        request.tokens, request.sequence = sequence.tokens, None
        self._sequences.clear(sequence)
        self.active.remove(request)
        self.line.add(request, first=True)
        self._counts.preempted += 1
        self._full = bool(self.active)
