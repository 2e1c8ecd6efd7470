"""Many conversations with one local model: the engine beside a locked `Llama` and its server.

Each conversation's prompt has 1,000 tokens that all begin with and 100 of its own; 64 tokens are
generated. The model has 126 million made-up parameters (8 bits each), the sides take turns in one
run, each in a process of its own. It takes some minutes; `--counts 1,16` takes fewer.

Run it on a machine that nobody else uses: the threads of llama.cpp wait for each other.
"""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from benchmarks.drivers.local_answers import OWN, SHARED, TOKENS
from benchmarks.report import Row, parser, report
from bot.models.llama.metrics import percentile
from tests import gguf_maker

ROOT: Final = Path(__file__).parent.parent
BENCH: Final = ROOT / ".bench"
MODEL: Final = BENCH / "medium.gguf"
SERVER_NEEDS: Final = BENCH / "llama-server"
LOCKED: Final = "a locked Llama"
SAME: Final = "a locked Llama, same beginning just before"
SERVER: Final = "llama_cpp.server"
SIDES: Final = {"engine": "engine", LOCKED: "locked", SAME: "locked, same before", SERVER: "server"}
"""What the driver calls each side."""
REACH: Final = {1: "at least 0.95 x", 16: "3.3 x"}


def model() -> Path:
    """Return the model file, which is made where it is missing."""
    BENCH.mkdir(exist_ok=True)
    return MODEL if MODEL.exists() else gguf_maker.tiny(MODEL, shape=gguf_maker.MEDIUM)


@contextmanager
def served() -> Iterator[str]:
    """Run llama_cpp.server while its address is needed; what it stands on is installed first."""
    if not SERVER_NEEDS.exists():
        needs = ["uvicorn", "fastapi", "sse-starlette", "starlette-context<0.4", "PyYAML"]
        pip = [sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, "--target", str(SERVER_NEEDS), *needs], check=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = [sys.executable, "-m", "llama_cpp.server", "--model", str(model()), "--n_ctx", "4096"]
    line += ["--host", "127.0.0.1", "--port", str(port), "--interrupt_requests", "False"]
    environment = {**os.environ, "PYTHONPATH": str(SERVER_NEEDS)}
    silent = subprocess.DEVNULL
    process = subprocess.Popen(line, cwd=BENCH, env=environment, stdout=silent, stderr=silent)
    try:
        wait_for(process, address := f"http://127.0.0.1:{port}")
        yield address
    finally:
        process.terminate()
        process.wait()


def wait_for(process: "subprocess.Popen[bytes]", address: str) -> None:
    """Wait until the server answers.  Raises RuntimeError if it does not."""
    for _ in range(600):
        try:
            urllib.request.urlopen(f"{address}/v1/models", timeout=5).close()
        except OSError:
            if process.poll() is not None:
                break
            time.sleep(0.2)
        else:
            return
    raise RuntimeError("llama_cpp.server does not start")


def driven(side: str, count: int, address: str = "-") -> Mapping[str, Any]:
    """Let a side answer, in a process of its own."""
    driver = [sys.executable, "-m", "benchmarks.drivers.local_answers"]
    line = [*driver, side, str(model()), str(count), address]
    done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    found: Mapping[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def rates(found: Mapping[str, Any]) -> tuple[float, float, float]:
    """Return tokens a second, and seconds to the first token: p50 and p95."""
    first = [times[0] for times in found["came"]]
    tokens = TOKENS * len(first)
    return tokens / found["seconds"], percentile(first, 0.5), percentile(first, 0.95)


def compared(counts: Sequence[int], peers: Sequence[str]) -> tuple[list[Row], dict[int, Any]]:
    """Return the rows of all sides, and what the engine's driver has found for each count."""
    rows: list[Row] = []
    own: dict[int, Any] = {}
    with served() if SERVER in peers else no_server() as address:
        for count in counts:
            own[count] = driven("engine", count)
            mine = rates(own[count])
            for peer in peers:
                theirs = rates(driven(SIDES[peer], count, address))
                rows += beside(peer, count, mine, theirs)
    return rows, own


@contextmanager
def no_server() -> Iterator[str]:
    """Give no address."""
    yield "-"


def beside(
    peer: str, count: int, mine: tuple[float, ...], theirs: tuple[float, ...]
) -> Iterator[Row]:
    """Give the rows of one count beside one peer."""
    goal = REACH.get(count, "") if peer == LOCKED else ""
    speed = f"{count} at once, beside {peer}"
    yield Row(speed, mine[0], "tokens/s", theirs[0], mine[0] / theirs[0], goal)
    for name, own, other in (("p50", mine[1], theirs[1]), ("p95", mine[2], theirs[2])):
        goal = "5 x" if (peer, count, name) == (LOCKED, 16, "p95") else ""
        yield Row(f"  first token, {name}", own, "s", other, other / own, goal)


def limited(own: Mapping[int, Any]) -> Iterator[Row]:
    """Give how near the engine comes to what the machine can do, and what Python costs."""
    limit = driven("limits", 1)
    for count, found in own.items():
        share = 100 * found["python"]
        yield Row(f"Python's share at {count}", share, "%", asked="under 3 %")
        if count == 1:
            (times,) = found["came"]
            speed = (len(times) - 1) / (times[-1] - times[0])
            need = read_for_each_token() * speed
            said = "memory read for each token, one conversation"
            yield Row(said, need / 1e9, "GB/s", limit["bytes"] / 1e9, need / limit["bytes"])
        else:
            computed = SHARED + count * (OWN + TOKENS - 1)
            speed = computed / found["seconds"]
            said = f"tokens computed at {count}, beside a prompt read at full speed"
            best = limit["prompt_tokens"]
            yield Row(said, speed, "tokens/s", best, speed / best)


def read_for_each_token() -> int:
    """Return how many bytes of weights one token alone has to be led through."""
    shape = gguf_maker.MEDIUM
    rows = gguf_maker.BYTES_FROM + 256 + shape.merges
    return model().stat().st_size - rows * shape.width // 32 * 34


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--counts", default="1,4,8,16", help="conversations, with commas")
    arguments.add_argument("--without-server", action="store_true", help="leave it out")
    given = arguments.parse_args()
    counts = [int(count) for count in given.counts.split(",")]
    peers = [LOCKED, SAME] if given.without_server else [LOCKED, SAME, SERVER]
    rows, own = compared(counts, peers)
    rows += limited(own)
    report("One local model, many conversations", rows, given.json)


if __name__ == "__main__":
    main()
