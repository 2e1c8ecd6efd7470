"""python -m tests.chaos --kills 1000: the long kill storm, with a progress bar."""

import argparse
import asyncio
import sys
import tempfile

from rich.progress import Progress

from tests.chaos.storm import run_storm


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    wish = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        task = progress.add_task("kills", total=wish.kills)
        report = asyncio.run(
            run_storm(
                folder, wish.kills, wish.seed, lambda done: progress.update(task, completed=done)
            )
        )
    print(report)
    print("\n".join(report.faults[:20]))
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
