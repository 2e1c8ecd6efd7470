"""The process in which a model lives: python -m bot.models.llama.worker, started by the bot.

It reads what to do from standard input and ends when that does, so it never outlives the bot.
Nothing that anybody wrote gets into its output beyond the answers.
"""

import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, Queue, SimpleQueue
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from bot.errors import OperatorError
from bot.models.llama.jobs import Job, Piece, Sampling
from bot.models.llama.pulse import Pulse
from bot.models.llama.settings import EngineSettings
from bot.models.llama.wire import Frame, WireBroken, packed, receive

if TYPE_CHECKING:  # it loads llama.cpp
    from bot.models.llama.engine import Engine

EXIT_BROKEN: Final = 76
"""llama.cpp has failed in a way that only a new process gets over."""
NOT_INSTALLED: Final = (
    "Models of this machine need the extra “local”: make local, or pip install --require-hashes "
    "-r requirements-local.lock."
)


class Worker:
    """One engine between two pipes."""

    def __init__(self, inward: BinaryIO, outward: BinaryIO) -> None:
        self._inward, self._outward = inward, outward
        self._lock = threading.Lock()
        self._wishes: Queue[Frame] = Queue(64)
        self._lengths: dict[str, int] = {}
        """Tokens of the prompts under way."""

    def run(self) -> None:
        """Load the model and answer; this never returns."""
        pulse = Pulse(lambda: self._tell({"is": "beat"}))
        threading.Thread(target=self._read, name="wishes", daemon=True).start()
        opening = self._wishes.get()
        settings = _settings(opening)
        engine = self._opened(settings)
        self._watch(pulse, engine, settings, opening.get("patience", 1.0))
        threading.Thread(target=self._speak, args=(engine,), name="answers", daemon=True).start()
        self._begin = engine.tokenize("", bos=True)[:1] if engine.facts.adds_bos else []
        self._tell({"is": "opened", "facts": asdict(engine.facts)})
        while True:
            self._do(engine, self._wishes.get())

    def _read(self) -> None:
        """Take wishes from the pipe; its end is the end of the process."""
        with suppress(WireBroken):
            while (frame := receive(self._inward)) is not None:
                self._wishes.put(frame)
        os._exit(0)

    def _opened(self, settings: EngineSettings) -> "Engine":
        try:
            if find_spec("llama_cpp") is None:
                raise OperatorError(NOT_INSTALLED)
            from bot.models.llama.engine import Engine

            return Engine(settings)
        except (OperatorError, ValueError, OSError) as why:
            self._tell({"is": "refused", "why": str(why)})
            os._exit(0)

    def _watch(
        self, pulse: Pulse, engine: "Engine", settings: EngineSettings, patience: float
    ) -> None:
        from bot.models.llama.signs import has_computed, signs_come

        computed = has_computed if signs_come(settings.gpu_layers) else None
        pulse.watch(lambda: engine.busy_since, computed, patience)

    def _do(self, engine: "Engine", wish: Frame) -> None:
        match wish["do"]:
            case "ask":
                self._ask(engine, wish)
            case "cancel":
                engine.cancel(wish["id"])
            case "embed":
                tokens = engine.tokenize(wish["text"], bos=True)
                self._submit(
                    engine, Job(wish["id"], tokens, deadline=wish["deadline"], embeds=True)
                )
            case "look":
                self._tell({"is": "told", "id": wish["id"], "metrics": _figures(engine)})

    def _ask(self, engine: "Engine", wish: Frame) -> None:
        name = wish["id"]
        try:
            job = Job(
                name,
                self._prompt(engine, wish["segments"]),
                _sampling(wish["sampling"]),
                group=wish["group"],
                adapter=wish["adapter"],
                deadline=wish["deadline"],
                options=[engine.tokenize(option) for option in wish["options"]],
            )
        except ValueError as why:
            self._tell({"is": "pieces", "pieces": [_shown(Piece(name, done=f"error: {why}"))]})
        else:
            self._submit(engine, job)

    def _submit(self, engine: "Engine", job: Job) -> None:
        self._lengths[job.job_id] = len(job.tokens)
        engine.submit(job)

    def _prompt(self, engine: "Engine", segments: Sequence[tuple[str, bool]]) -> list[int]:
        """Return a prompt's tokens; what people wrote is no template's, and has no control."""
        tokens = [
            token for text, special in segments for token in engine.tokenize(text, special=special)
        ]
        return tokens if tokens[:1] == self._begin else [*self._begin, *tokens]

    def _speak(self, engine: "Engine") -> None:
        """Pass pieces on, those that wait together in one frame."""
        while True:
            pieces = [_shown(piece) for piece in _waiting(engine.pieces())]
            for piece in pieces:
                if piece["done"] is not None:
                    piece["prompt"] = self._lengths.pop(piece["job_id"], 0)
            if engine.broken:
                os._exit(EXIT_BROKEN)
            self._tell({"is": "pieces", "pieces": pieces})

    def _tell(self, frame: Frame) -> None:
        """Write a frame; this waits as long as the bot does not read."""
        try:
            with self._lock:
                self._outward.write(packed(frame))
                self._outward.flush()
        except OSError:
            os._exit(0)


def _waiting(pieces: SimpleQueue[Piece]) -> Iterator[Piece]:
    """Wait for a piece, and give all that are there with it."""
    yield pieces.get()
    with suppress(Empty):
        while True:
            yield pieces.get_nowait()


def _shown(piece: Piece) -> Frame:
    found = asdict(piece)
    return {name: value for name, value in found.items() if value or name in ("job_id", "done")}


def _settings(frame: Frame) -> EngineSettings:
    given = frame["settings"]
    adapters = {name: (Path(file), scale) for name, (file, scale) in given["adapters"].items()}
    spill = Path(given["spill"]) if given["spill"] else None
    path = Path(given["path"])
    return EngineSettings(**{**given, "path": path, "adapters": adapters, "spill": spill})


def _sampling(given: Frame) -> Sampling:
    return Sampling(**{**given, "stops": tuple(given["stops"])})


def _figures(engine: "Engine") -> dict[str, Any]:
    metrics = engine.metrics()
    found = asdict(metrics)
    counts = found.pop("counts")
    del counts["first_tokens"]
    times = {"first_token_p50": metrics.first_token_p50, "first_token_p95": metrics.first_token_p95}
    return {**counts, **found, **times}


def main() -> None:
    """Serve the bot that has started this process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the bot decides when it ends
    with suppress(ImportError, ValueError, OSError):  # a core file would hold what people wrote
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    outward = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # native code may print what it likes
    Worker(sys.stdin.buffer, outward).run()


if __name__ == "__main__":
    main()
