"""Kills the worker of a local model in the middle of answers, again and again.

Every request must end: answered, or told in a sentence. While the worker loads again, people go on
asking.
"""

import asyncio
import os
import random
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import ModelError
from bot.models.llama.client import LocalModel
from bot.models.llama.engines import LocalEngines
from bot.models.llama.folder import ModelsFolder
from bot.models.llama.registry import LocalModelSettings
from games.core import Ask

ASKERS = 6
PATIENCE = 60.0
"""Seconds after which a request counts as lost."""
THROW = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))


@dataclass
class Report:
    """What came of all requests."""

    kills: int = 0
    answered: int = 0
    told: int = 0
    interrupted: int = 0
    """Requests that were under way when the worker was killed."""
    faults: list[str] = field(default_factory=list)


async def run_worker_storm(
    folder: str, kills: int, seed: int, progress: Callable[[int], None] = lambda _: None
) -> Report:
    """Kill the worker so often, while several people ask without a pause."""
    from tests import gguf_maker  # it needs numpy, which comes with the extra `local`

    path = Path(folder) / "tiny.gguf"
    gguf_maker.tiny(path)
    engines = LocalEngines(ModelsFolder(path.parent))
    settings = LocalModelSettings.model_validate(
        {"name": "tiny", "file": path.name, "max_tokens": 200, "seconds": 30}
    )
    model, report, rng = LocalModel(settings, engines), Report(), random.Random(seed)
    under_way: set[int] = set()
    ending = asyncio.Event()

    async def ask(number: int) -> None:
        schema = THROW.json_schema() if number % 3 == 2 else None
        under_way.add(number)
        try:
            said = [{"role": "user", "content": f"Tell {number} a story."}]
            answer = await asyncio.wait_for(model.complete(said, schema=schema), PATIENCE)
        except ModelError:
            report.told += 1
        except TimeoutError:
            report.faults.append(f"request {number} never ended")
        except Exception as why:
            report.faults.append(f"request {number}: {why!r}")
        else:
            report.answered += bool(answer.text)
        finally:
            under_way.discard(number)

    async def keep_asking(first: int) -> None:
        number = first
        while not ending.is_set():
            await ask(number)
            number += ASKERS

    try:
        process = (await engines.loaded(settings)).process
        async with asyncio.TaskGroup() as people:
            for first in range(ASKERS):
                people.create_task(keep_asking(first))
            while report.kills < kills:
                await process.opened()
                await asyncio.sleep(rng.uniform(0.02, 0.4))
                if process.pid is None:
                    continue
                report.interrupted += len(under_way)
                os.kill(process.pid, signal.SIGKILL)
                report.kills += 1
                progress(report.kills)
                while process.restarts < report.kills:
                    await asyncio.sleep(0.01)
            ending.set()
    finally:
        await engines.close()
    return report
