"""Opens one damaged model after another; run as a process, since native code may end it.

For each file named on standard input it prints "refused: ...", or "loaded" once it has answered.
"""

import sys
from pathlib import Path

from bot.models.llama.engine import Engine
from bot.models.llama.header import BrokenModel
from bot.models.llama.jobs import Job, Sampling
from bot.models.llama.settings import EngineSettings


def main() -> None:
    for line in sys.stdin:
        try:
            engine = Engine(EngineSettings(Path(line.strip()), context=256, sequences=2, threads=1))
        except BrokenModel as why:
            print(f"refused: {why}", flush=True)
            continue
        engine.submit(Job("one", engine.tokenize("Hello", bos=True), Sampling(max_tokens=4)))
        while engine.pieces().get(timeout=60).done is None:
            pass
        engine.close()
        print("loaded", flush=True)


if __name__ == "__main__":
    main()
