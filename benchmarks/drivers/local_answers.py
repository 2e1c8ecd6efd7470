"""Lets one side answer N conversations at the same time; prints when each token came, as JSON.

python -m benchmarks.drivers.local_answers SIDE MODEL N ADDRESS
"""

import json
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

TOKENS: Final = 64
"""Generated for each conversation."""
SHARED, OWN = 1000, 100
"""Tokens that all prompts begin with, and tokens of each alone."""
CONTEXT: Final = 4096

Ask = Callable[[int], Iterator[Any]]
"""Gives something for each token of a conversation's answer, when it comes."""


def prompt(number: int) -> list[int]:
    """Return the tokens of a conversation's prompt: words, none of which ends a text."""
    shared = [300 + at * 7 % 900 for at in range(SHARED)]
    return [1, *shared, *(1300 + (at * 11 + number * 101) % 900 for at in range(OWN - 1))]


def locked(model: Path, *, same_before: bool) -> Ask:
    """Answer with one `Llama` behind a lock.

    It skips what the prompt before it began with, too. Unless `same_before`, somebody else's
    prompt is thought of as having come in between, as it does where several games are played.
    """
    import llama_cpp

    llama: Any = llama_cpp.Llama(str(model), n_ctx=CONTEXT, verbose=False)
    lock = threading.Lock()

    def ask(number: int) -> Iterator[Any]:
        with lock:
            if not same_before:
                llama.reset()
            yield from llama.create_completion(
                prompt(number), max_tokens=TOKENS, temperature=0.0, stream=True
            )

    return ask


def server(address: str) -> Ask:
    """Answer through llama_cpp.server's completions."""

    def ask(number: int) -> Iterator[Any]:
        given = {"prompt": words(number), "max_tokens": TOKENS, "temperature": 0, "stream": True}
        body = json.dumps(given).encode()
        asked = urllib.request.Request(f"{address}/v1/completions", body)
        asked.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(asked, timeout=600) as answer:
            for line in answer:
                if line.startswith(b"data: {"):
                    yield line

    return ask


def words(number: int) -> str:
    """Return the same prompt as text."""
    from tests.gguf_maker import MEDIUM, vocabulary

    tokens, _ = vocabulary(MEDIUM.merges)
    return b"".join(tokens[token] for token in prompt(number)[1:]).decode()


def together(ask: Ask, count: int) -> dict[str, Any]:
    """Let all conversations begin at once; return when each one's tokens came, in seconds."""
    began = time.perf_counter()
    came: list[list[float]] = [[] for _ in range(count)]

    def listen(number: int) -> None:
        for _ in ask(number):
            came[number].append(time.perf_counter() - began)

    threads = [threading.Thread(target=listen, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"came": came, "seconds": time.perf_counter() - began}


def engine(model: Path, count: int) -> dict[str, Any]:
    """Answer with Parlour's engine."""
    from bot.models.llama.engine import Engine
    from bot.models.llama.jobs import Job, Sampling
    from bot.models.llama.settings import EngineSettings

    own = Engine(EngineSettings(model, context=max(CONTEXT, 8192), sequences=max(16, count)))
    began = time.perf_counter()
    for number in range(count):
        sampling = Sampling(temperature=0.0, max_tokens=TOKENS)
        own.submit(Job(str(number), prompt(number), sampling))
    came: list[list[float]] = [[] for _ in range(count)]
    going_on = count
    while going_on:
        piece = own.pieces().get()
        came[int(piece.job_id)] += [time.perf_counter() - began] * piece.tokens
        going_on -= piece.done is not None
    seconds = time.perf_counter() - began
    counts = own.metrics().counts
    own.close()
    python = 1 - counts.native_seconds / counts.busy_seconds
    return {"came": came, "seconds": seconds, "python": python}


def limits(model: Path) -> dict[str, Any]:
    """Return how many tokens of a prompt are computed a second, and bytes read from memory."""
    import llama_cpp
    import numpy as np

    llama: Any = llama_cpp.Llama(
        str(model), n_ctx=CONTEXT, n_threads=2, verbose=False, flash_attn=True
    )
    times = []
    for _ in range(4):
        llama.reset()
        began = time.perf_counter()
        llama.eval(prompt(0)[:512])
        times.append(time.perf_counter() - began)
    big = np.ones((2, 1 << 26), np.float32)
    read = []
    for _ in range(4):
        threads = [threading.Thread(target=row.max) for row in big]
        began = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        read.append(big.nbytes / (time.perf_counter() - began))
    return {"prompt_tokens": 512 / min(times), "bytes": max(read)}


def main() -> None:
    side, model, count, address = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    if side == "limits":
        found = limits(model)
    elif side == "engine":
        found = engine(model, count)
    elif side == "server":
        found = together(server(address), count)
    else:
        found = together(locked(model, same_before=side == "locked, same before"), count)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
