"""A job while the engine works on it."""

import time
from collections.abc import Callable, Container
from typing import TYPE_CHECKING

import numpy as np

from bot.models.llama.jobs import Job, Logprob, Piece
from bot.models.llama.sequences import Sequence
from bot.models.llama.settings import Facts
from bot.models.llama.spill import Tokens
from bot.models.llama.stops import Spoken

if TYPE_CHECKING:
    from bot.models.llama.sampling import Sampler


class Request:
    """What has become of a job so far, and where its answer goes."""

    def __init__(self, job: Job, tell: Callable[[Piece], None]) -> None:
        self.job = job
        self.tokens: Tokens = np.asarray(job.tokens, np.int32)
        """The prompt, and after a preemption what was generated, too."""
        self.arrived = time.monotonic()
        self.sequence: Sequence | None = None
        self.sampler: Sampler | None = None
        self.begun = False
        self.generated = 0
        self.reused = 0
        self.computed_at = self.arrived
        """When a step last worked on it."""
        self._tell = tell
        self._spoken = Spoken(job.sampling.stops)
        self._untold_tokens = 0
        self._untold_logprobs: list[Logprob] = []

    @property
    def late(self) -> bool:
        """Whether its deadline has passed."""
        deadline = self.job.deadline
        return deadline is not None and time.monotonic() > self.arrived + deadline

    @property
    def placed(self) -> Sequence:
        """Its place in the context, of a request that is being worked on."""
        assert self.sequence is not None
        return self.sequence

    @property
    def remaining(self) -> int:
        """How many tokens must be computed before the next one can be chosen."""
        return len(self.placed.tokens) - self.placed.computed

    def hear(self, token: int, written: bytes, logprob: Logprob | None) -> str | None:
        """Take a token and tell what may be told; return why the answer ends with it, if so."""
        self.placed.say(token)
        self._count(logprob)
        text = self._spoken.hear(written)
        if self._spoken.stopped:
            self._say(text)
            return "stop"
        if text:
            self._say(text)
        return "length" if self.generated >= self.job.sampling.max_tokens else None

    def hear_end(self, logprob: Logprob | None) -> str:
        """Take the token that ends an answer; return that it ended by itself."""
        self._count(logprob)
        self._say(self._spoken.end())
        return "stop"

    def end(
        self,
        why: str,
        scores: list[float] | None = None,
        embedding: list[float] | None = None,
    ) -> None:
        """Tell the last piece; what may be the beginning of a stop string is not in it."""
        self._tell(
            Piece(
                self.job.job_id,
                tokens=self._untold_tokens,
                logprobs=tuple(self._untold_logprobs),
                done=why,
                scores=tuple(scores or ()),
                embedding=tuple(embedding or ()),
                reused=self.reused,
            )
        )

    def _count(self, logprob: Logprob | None) -> None:
        self.generated += 1
        self._untold_tokens += 1
        if logprob is not None:
            self._untold_logprobs.append(logprob)

    def _say(self, text: str) -> None:
        told = tuple(self._untold_logprobs)
        self._tell(Piece(self.job.job_id, text, self._untold_tokens, told))
        self._untold_tokens, self._untold_logprobs = 0, []


def check(job: Job, facts: Facts, adapters: Container[str]) -> None:
    """Refuse what llama.cpp would take badly.  Raises ValueError."""
    if facts.only_embeds:
        raise ValueError("its file makes embeddings and writes no text; name another model")
    if not job.tokens:
        raise ValueError("the prompt is empty")
    needed = len(job.tokens) + max(map(len, job.options), default=0)
    if needed >= facts.longest:
        raise ValueError(
            f"the prompt has {needed} tokens, and a conversation may have {facts.longest}; a "
            "smaller context in models.toml makes prompts shorter"
        )
    if job.adapter is not None and job.adapter not in adapters:
        raise ValueError(f"the model has no adapter {job.adapter!r}")
    if not all(job.options):
        raise ValueError("an option is empty")
    for tokens in (job.tokens, *job.options):
        if min(tokens) < 0 or max(tokens) >= facts.vocabulary:
            raise ValueError("a token is not in the model's vocabulary")
