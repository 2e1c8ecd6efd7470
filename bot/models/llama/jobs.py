"""What an engine is asked, and what it answers: plain values that need no native library."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite


@dataclass(frozen=True)
class Sampling:
    """How tokens are chosen.  Raises ValueError for a value that cannot be meant."""

    temperature: float = 0.8
    """0 takes the likeliest token always."""
    top_k: int = 40
    """Only the k likeliest tokens; 0 for all."""
    top_p: float = 0.95
    """Only the likeliest tokens that together have this probability."""
    min_p: float = 0.05
    """Only tokens with this share of the likeliest one's probability."""
    repeat_penalty: float = 1.0
    """Above 1, tokens among the last 64 become less likely."""
    seed: int | None = None
    """The same seed gives the same answer; None draws one."""
    max_tokens: int = 256
    stops: tuple[str, ...] = ()
    """The answer ends before the first of these; it is not shown."""
    grammar: str | None = None
    """GBNF whose rule "root" the answer follows."""
    top_logprobs: int | None = None
    """How many of the likeliest tokens are told with each token; None for no log-probabilities."""

    def __post_init__(self) -> None:
        claims = {
            "temperature must be between 0 and 10": 0 <= self.temperature <= 10,
            "top_k must not be negative": 0 <= self.top_k < 2**31,
            "top_p must be above 0 and at most 1": 0 < self.top_p <= 1,
            "min_p must be between 0 and 1": 0 <= self.min_p <= 1,
            "repeat_penalty must be above 0": self.repeat_penalty > 0
            and isfinite(self.repeat_penalty),
            "max_tokens must be 1 or more": self.max_tokens >= 1,
            "stops must not be empty texts": all(self.stops),
            "grammar must not be empty": self.grammar != "",
            "grammar must not hold a NUL": "\0" not in (self.grammar or ""),
            "top_logprobs must be between 0 and 20": 0 <= (self.top_logprobs or 0) <= 20,
        }
        for claim, holds in claims.items():
            if not holds:
                raise ValueError(claim)


@dataclass(frozen=True)
class Job:
    """One prompt to go on from, or to rate options after, or a text to embed."""

    job_id: str
    """Whoever submits makes it unique."""
    tokens: Sequence[int]
    """The whole prompt."""
    sampling: Sampling = Sampling()
    group: str = ""
    """Groups (guilds) take turns, however many jobs each of them has."""
    adapter: str | None = None
    """The name of an adapter the engine was opened with."""
    deadline: float | None = None
    """Seconds from now to the end of the answer."""
    options: Sequence[Sequence[int]] = ()
    """Where given, these are rated as continuations of the prompt, and nothing is generated."""
    embeds: bool = False
    """Whether the prompt is a text to embed, and nothing else."""


@dataclass(frozen=True)
class Logprob:
    """A token and its natural log-probability, before temperature and all other choosing."""

    token: int
    text: str
    """What the token stands for; a part of a character is shown as a replacement character."""
    logprob: float
    top: Sequence[tuple[str, float]] = ()
    """The likeliest tokens at this place, likeliest first."""


@dataclass(frozen=True)
class Piece:
    """A part of an answer; the last one of a job, and only that, says why it is the last."""

    job_id: str
    text: str = ""
    tokens: int = 0
    """How many tokens were generated since the piece before."""
    logprobs: Sequence[Logprob] = ()
    """One for each of these tokens, where the job asked for them."""
    done: str | None = None
    """"stop", "length", "cancelled", "deadline", or "error: " and a sentence."""
    scores: Sequence[float] = ()
    """For each option of the job its log-probability per token."""
    embedding: Sequence[float] = ()
    """Of a text that the job wanted to embed: a vector of length 1."""
    reused: int = 0
    """In the last piece: how many tokens of the prompt did not have to be computed."""
