"""The worker process of a foreign game, seen from the bot; and how many of them there may be."""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from bot.environments.adapters import ADAPTERS
from bot.environments.worker import EXIT_MEMORY
from bot.errors import OperatorError

SECONDS: Final = 30.0
"""For one move."""
STARTING: Final = 60.0
"""Seconds for the first wish, for which the library is imported."""
MOST_WORKERS: Final = 16
"""A match that waits loses its worker to one that goes on, and gets another when it needs it."""
WAITING: Final = 1.0
"""Seconds without a wish, after which a match waits: bots among themselves do not take so long."""
LOOK_AGAIN: Final = 0.1
"""Seconds, while every worker is needed."""
LONGEST_LINE: Final = 64 * 1024**2
_KEPT: Final = ("HOME", "LANG", "LC_", "LD_", "PATH", "PYTHON", "SYSTEMROOT", "TEMP", "TMP", "VIRT")
"""How the environment variables begin that a worker gets: no token, no key."""


class WorkerLost(Exception):
    """The worker has ended; the message says how, after "it "."""


class EnvironmentProcess:
    """One worker; it answers one wish at a time."""

    def __init__(self, process: asyncio.subprocess.Process, seconds: float) -> None:
        self._process = process
        self._seconds = seconds
        self._limit = max(seconds, STARTING)
        self.busy = False
        self.used_at = time.monotonic()
        """When it has answered last, or was started."""

    @property
    def ended(self) -> bool:
        """Whether it has to be replaced."""
        return self._process.returncode is not None

    @property
    def pid(self) -> int:
        """Of the worker."""
        return self._process.pid

    async def ask(self, **wish: Any) -> Mapping[str, Any]:
        """Return the answer to a wish.  A worker that was asked in vain is ended.

        Raises:
            WorkerLost: it has ended, or was ended because it took too long.
            OperatorError: the game cannot be played here.

        """
        self.busy = True
        try:
            answer = await self._answer(wish)
        except BaseException:
            await self.end()
            raise
        finally:
            self.busy = False
            self.used_at = time.monotonic()
        if "why" in answer:
            await self.end()
            raise OperatorError(answer["why"])
        return answer

    async def end(self) -> None:
        """End the worker now, past asyncio, and wait until it is gone."""
        if not self.ended:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        assert self._process.stdin is not None
        self._process.stdin.close()
        await asyncio.shield(self._process.wait())

    async def _answer(self, wish: Mapping[str, Any]) -> Mapping[str, Any]:
        pipe = self._process
        assert pipe.stdin is not None
        assert pipe.stdout is not None
        try:
            async with asyncio.timeout(self._limit):
                pipe.stdin.write(json.dumps(wish).encode() + b"\n")
                await pipe.stdin.drain()
                line = await pipe.stdout.readline()
                if line.endswith(b"\n"):
                    self._limit = self._seconds
                    answer: Mapping[str, Any] = json.loads(line)
                    return answer
                await pipe.wait()
        except TimeoutError:
            raise WorkerLost(f"has taken longer than {self._limit:g} seconds") from None
        except (ConnectionError, ValueError):
            raise WorkerLost("has broken off") from None
        if pipe.returncode == EXIT_MEMORY:
            raise WorkerLost("needs too much memory")
        raise WorkerLost(f"has ended with the code {pipe.returncode}")


class Workers:
    """Every worker of this bot."""

    def __init__(
        self, most: int = MOST_WORKERS, seconds: float = SECONDS, waiting: float = WAITING
    ) -> None:
        self._most = most
        self._seconds = seconds
        self._waiting = waiting
        self._running: list[EnvironmentProcess] = []
        self._one_by_one = asyncio.Lock()

    @property
    def pids(self) -> list[int]:
        """Of the workers that run."""
        return [worker.pid for worker in self._running if not worker.ended]

    async def start(self, library: str, env: str) -> EnvironmentProcess:
        """Start a worker, when there is room for one.  Raises OperatorError."""
        async with self._one_by_one:
            await self._make_room()
            try:
                process = await _started(ADAPTERS[library], env)
            except OSError as why:
                whole = f"A game of {library} cannot be started: {why.strerror}."
                raise OperatorError(whole) from None
            worker = EnvironmentProcess(process, self._seconds)
            self._running.append(worker)
            return worker

    async def close(self) -> None:
        """End them all."""
        for worker in self._running:
            await worker.end()

    async def _make_room(self) -> None:
        """Wait until one more may run; where a match waits, end its worker for that.

        Whoever starts a worker has none, so those who wait here never wait for each other.
        """
        while True:
            self._running = [worker for worker in self._running if not worker.ended]
            if len(self._running) < self._most:
                return
            before = time.monotonic() - self._waiting
            waiting = [one for one in self._running if not one.busy and one.used_at <= before]
            if waiting:
                await min(waiting, key=lambda worker: worker.used_at).end()
            else:
                await asyncio.sleep(LOOK_AGAIN)


async def _started(where: str, env: str) -> asyncio.subprocess.Process:
    root = str(Path(__file__).parents[2])  # where the package bot lies
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)}
    own = {
        "PYTHONPATH": os.pathsep.join(filter(None, (root, kept.get("PYTHONPATH")))),
        "PYTHONHASHSEED": "0",  # the order of sets is chance that nobody has drawn
        "OPENBLAS_NUM_THREADS": "1",  # each thread would reserve memory
    }
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.environments.worker",
        where,
        env,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        cwd=root,
        env={**kept, **own},
        limit=LONGEST_LINE,
    )
