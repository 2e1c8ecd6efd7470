"""`models serve` and `models bench`: models that run on this machine."""

import asyncio
import signal
import sys
from contextlib import suppress

from bot.errors import OperatorError
from bot.models.config import find_model
from bot.models.llama.bench import CONVERSATIONS, Row, measured
from bot.models.llama.registry import LocalModelSettings
from bot.models.llama.server import HERE, Server
from bot.models.opened import local_engines
from bot.settings import Settings


def serve_model(name: str, port: int) -> None:
    """Serve a model until the program is told to stop.  Raises OperatorError."""
    settings = Settings()
    model = _local(name, settings)
    asyncio.run(_serve(model, settings, port))


def measure_model(name: str, tokens: int) -> None:
    """Print a table of how fast a model answers.  Raises OperatorError."""
    settings = Settings()
    asyncio.run(_measure(_local(name, settings), settings, tokens))


async def _serve(model: LocalModelSettings, settings: Settings, port: int) -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # where the system has no such signals
            asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    engines = local_engines(settings)
    try:
        async with Server(model, engines).listening(port) as taken:
            sys.stdout.write(f"{model.name} answers at http://{HERE}:{taken}/v1 (Ctrl-C ends it)\n")
            sys.stdout.flush()
            await stopped.wait()
    finally:
        await engines.close()


async def _measure(model: LocalModelSettings, settings: Settings, tokens: int) -> None:
    engines = local_engines(settings)
    sys.stdout.write(f"{model.name}: {model.file}, answers of up to {tokens} tokens\n{_HEAD}\n")
    try:
        for count in CONVERSATIONS:
            sys.stdout.write(f"{_line(await measured(model, engines, count, tokens))}\n")
            sys.stdout.flush()
    finally:
        await engines.close()


_HEAD = (
    f"{'at once':>7} {'tokens/s':>9} {'first p50':>10} {'first p95':>10} {'in':>7} "
    f"{'reused':>7} {'out':>6} {'queued':>6} {'KV used':>8} {'restarts':>8}"
)


def _line(row: Row) -> str:
    return (
        f"{row.conversations:>7} {row.tokens_per_second:>9.1f} {row.first_p50:>8.2f} s "
        f"{row.first_p95:>8.2f} s {row.tokens_in:>7} {row.reused_share:>7.0%} "
        f"{row.tokens_out:>6} {row.queued:>6} {row.cells_share:>8.0%} {row.restarts:>8}"
    )


def _local(name: str, settings: Settings) -> LocalModelSettings:
    model = find_model(name, settings.models)
    if not isinstance(model, LocalModelSettings):
        raise OperatorError(
            f"The model {name} is behind a server already; this is for files of this machine."
        )
    return model
