"""Starting and ending the process of a worker."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from bot.models.llama.pulse import EXIT_ENDLESS, EXIT_STUCK
from bot.models.llama.settings import EngineSettings
from bot.models.llama.wire import Frame

_KEPT: Final = (
    "CUDA", "DYLD", "GGML", "GPU", "HIP", "HOME", "HSA", "KMP", "LANG", "LC_", "LD_", "LLAMA",
    "NVIDIA", "OMP", "PATH", "PYTHON", "ROC", "SYSTEMROOT", "TEMP", "TMP", "VIRTUAL_ENV", "VK_",
)  # fmt: skip
"""How the environment variables begin that a worker gets: no token, no key."""


async def start() -> asyncio.subprocess.Process:
    """Start a worker that knows nothing yet.  Raises OSError."""
    root = str(Path(__file__).parents[3])  # where the package bot lies
    kept = {name: value for name, value in os.environ.items() if name.upper().startswith(_KEPT)}
    paths = (root, kept.get("PYTHONPATH"))
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.models.llama.worker",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=root,
        env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )


def kill(process: asyncio.subprocess.Process) -> None:
    """Kill a worker past asyncio, whose own way may take the exit code from who waits for it."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.kill(process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def plain(settings: EngineSettings) -> Frame:
    """Return settings as they travel to the worker."""
    adapters = {name: (str(file), scale) for name, (file, scale) in settings.adapters.items()}
    spill = None if settings.spill is None else str(settings.spill)
    given = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    return {**given, "path": str(settings.path), "adapters": adapters, "spill": spill}


def ending(code: int | None) -> str:
    """Return how a worker has ended, after "it "."""
    if code == EXIT_STUCK:
        return "stood still in llama.cpp"
    if code == EXIT_ENDLESS:
        return "computed without an end in llama.cpp"
    return f"ended (signal {-code})" if code and code < 0 else f"ended (code {code})"
