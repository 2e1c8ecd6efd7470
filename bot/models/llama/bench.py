"""How a local model does when many talk to it at the same time."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from typing import Final

from bot.errors import ModelError
from bot.models.llama.asking import Question, Unanswered, check
from bot.models.llama.client import LocalModel, in_words
from bot.models.llama.engines import LocalEngines
from bot.models.llama.metrics import percentile
from bot.models.llama.process import EngineProcess
from bot.models.llama.registry import LocalModelSettings

CONVERSATIONS: Final = (1, 4, 8, 16, 32)
_RULES: Final = (
    "You sit at a table where people and machines talk. Speak in turn, be brief and friendly, "
    "stay with the topic, and never say what somebody else would say. "
) * 6
_SECONDS: Final = 600.0
"""For one answer, the wait for its turn included."""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    conversations: int
    tokens_per_second: float
    first_p50: float
    """Seconds to the first token."""
    first_p95: float
    tokens_in: int
    reused_share: float
    """Of the tokens in, how many were not computed again."""
    tokens_out: int
    queued: int
    """The most that waited for a place."""
    cells_share: float
    """How much of the memory for conversations was in use at most."""
    restarts: int


async def measured(
    model: LocalModelSettings, engines: LocalEngines, count: int, tokens: int
) -> Row:
    """Let so many conversations begin at once.  Raises ModelError, OperatorError."""
    loaded = await engines.loaded(model)
    process, asker = loaded.process, LocalModel(model, engines)
    questions = [
        asker.question(
            await loaded.segments(
                [
                    {"role": "system", "content": _RULES},
                    {"role": "user", "content": f"Round {count}: I am number {at}. Well?"},
                ]
            ),
            seed=at,
            max_tokens=tokens,
        )
        for at in range(count)
    ]
    try:
        return await _row(process, questions)
    except Unanswered as why:
        raise ModelError(f"The model {model.name} {in_words(why, _SECONDS)}.") from None


async def _row(process: EngineProcess, questions: Sequence[Question]) -> Row:
    before = await process.metrics()
    watching = asyncio.create_task(_most(process))
    began = time.monotonic()
    try:
        firsts = await asyncio.gather(*(_first(process, question) for question in questions))
    finally:
        watching.cancel()
    seconds = time.monotonic() - began
    queued, cells = await watching
    after = await process.metrics()
    new = {
        name: after[name] - before[name] for name in ("tokens_in", "tokens_reused", "tokens_out")
    }
    return Row(
        conversations=len(questions),
        tokens_per_second=new["tokens_out"] / seconds,
        first_p50=percentile(firsts, 0.5),
        first_p95=percentile(firsts, 0.95),
        tokens_in=new["tokens_in"],
        reused_share=new["tokens_reused"] / max(1, new["tokens_in"]),
        tokens_out=new["tokens_out"],
        queued=queued,
        cells_share=cells,
        restarts=after["restarts"],
    )


async def _first(process: EngineProcess, question: Question) -> float:
    """Hear an answer to its end; return the seconds to its first token."""
    began = time.monotonic()
    first = None
    async with aclosing(process.stream(question, _SECONDS)) as parts:
        async for part in parts:
            if part.tokens and first is None:
                first = time.monotonic() - began
            if part.done:
                check(part)
    return first or time.monotonic() - began


async def _most(process: EngineProcess) -> tuple[int, float]:
    """Look on until cancelled; return the longest queue and the fullest memory."""
    queued, cells = 0, 0.0
    try:
        while True:
            with suppress(Unanswered):  # a worker that is started again may have no figures yet
                found = await process.metrics()
                queued = max(queued, found["queued"])
                cells = max(cells, found["cells_used"] / found["cells"])
            await asyncio.sleep(0.05)
    except asyncio.CancelledError:
        return queued, cells
