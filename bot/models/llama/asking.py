"""What the bot asks a worker, and what it hears: plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.models.llama.jobs import Sampling

DEADLINE: Final = "deadline"


class Unanswered(Exception):
    """A request has no answer; the message completes "The model NAME ...", or is DEADLINE."""


class NotAccepted(Unanswered):
    """The worker has refused a request as it stands."""


@dataclass(frozen=True)
class Question:
    """A prompt to go on from, or to rate options after."""

    segments: Sequence[tuple[str, bool]]
    """Texts, and whether control tokens count in each."""
    sampling: Sampling
    """With a seed, so that an answer that is asked for again is the same one."""
    group: str = ""
    adapter: str | None = None
    options: Sequence[str] = ()


@dataclass(frozen=True)
class Part:
    """A part of an answer."""

    text: str = ""
    tokens: int = 0
    logprobs: Sequence[Mapping[str, Any]] = ()
    done: str | None = None
    """As `Piece` has it."""
    scores: Sequence[float] = ()
    embedding: Sequence[float] = ()
    reused: int = 0
    prompt: int = 0
    """In the last part: tokens of the prompt."""
    again: bool = False
    """The answer begins anew: what has come of it so far does not count."""


def check(last: Part) -> None:
    """Refuse an answer that has no right end.  Raises Unanswered."""
    if last.done not in ("stop", "length"):
        if last.done == DEADLINE:
            raise Unanswered(DEADLINE)
        raise NotAccepted(f"gave no answer: {(last.done or '').removeprefix('error: ')}")
