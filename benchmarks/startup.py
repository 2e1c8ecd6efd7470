"""Time from `python bot.py games` to its output, beside a Python that does nothing."""

import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.report import Row, parser, report

ROOT = Path(__file__).parent.parent
RUNS = 10


def wall_time(arguments: Sequence[str]) -> float:
    """Return how long a Python process takes with these arguments, in seconds."""
    begin = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - begin


def main() -> None:
    given = parser(__doc__ or "").parse_args()
    games, nothing = [], []
    for _ in range(RUNS + 1):
        games.append(wall_time(["bot.py", "games"]))
        nothing.append(wall_time(["-c", "pass"]))
    own, peer = median(games[1:]), median(nothing[1:])  # the first run compiles
    row = Row("python bot.py games", own, "s", peer, peer / own, "under 0.5 s")
    report(f"Start, median of {RUNS}; the peer is `python -c pass`", [row], given.json)


if __name__ == "__main__":
    main()
