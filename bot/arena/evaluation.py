"""Residents asked by hand or on a schedule: who is asked when, and what the answers are worth."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final, Self

from bot.arena.events import Answered
from bot.errors import OperatorError
from games.core import Answer, Ask, Seat, Words
from towns.clock import Clock
from towns.evaluation import Asking, Probe, read_probes
from towns.measuring import BadMeasurement, measured
from towns.questions import field_of

AT_ONCE: Final = 8
"""Questions that are put at the same time."""
Asked = Callable[[Seat, Ask], Awaitable[Answer]]
"""Puts a question to a resident.  Raises OperatorError."""


@dataclass(frozen=True)
class Evaluation:
    """What the residents of one town are asked on a schedule."""

    questions: str = ""
    """A file of questions, as `read_probes` takes it; "" for none."""
    residents: tuple[str, ...] = ()
    """The names that may stand in it: who lived there when it was read."""
    hours: int = 0
    """For questions without a time of their own: game hours between two askings; 0 for none."""
    at: int | None = None
    """The same: when they are put each day, in minutes since midnight."""
    until: int = 0
    """The first tick whose questions may not have been put yet."""

    def probes(self) -> Sequence[Probe]:
        """Return the questions with their times.  Raises BadTown."""
        return _probes(replace(self, until=0)) if self.questions else ()

    def due(self, clock: Clock, now: int, end: int) -> Sequence[Probe]:
        """Return the questions whose time has come."""
        moments = ((one, one.next_moment(clock, self.until, end)) for one in self.probes())
        return [one for one, moment in moments if moment is not None and moment <= now]

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """Return what `asdict` has made, also out of JSON."""
        return cls(**{**kept, "residents": tuple(kept.get("residents", ()))})


@lru_cache(maxsize=256)
def _probes(evaluation: Evaluation) -> Sequence[Probe]:
    when: dict[str, Any] = {"hours": evaluation.hours, "at": evaluation.at}
    found = read_probes("questions.toml", evaluation.questions, evaluation.residents)
    return [replace(one, **when) if one.once else one for one in found]


async def answers_to(askings: Sequence[Asking], ask: Asked) -> Sequence[Answered]:
    """Put questions, some at a time; one without an answer says why."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def answer(asking: Asking) -> Answered:
        async with turn:
            return await _answer(asking, ask)

    return await asyncio.gather(*map(answer, askings))


async def _answer(asking: Asking, ask: Asked) -> Answered:
    none = Answered(asking.resident, asking.tick, asking.probe.id, Words(""))
    try:
        words = Words(field_of(await ask(asking.resident, asking.ask), "answer"))
    except OperatorError as why:
        return replace(none, why=str(why))
    try:
        return replace(none, words=words, value=measured(asking.probe.measurement, words))
    except BadMeasurement as why:
        return replace(none, words=words, why=str(why))
