"""python -m tests.chaos --kills 1000: the long kill storm, of the store.

With --discord that of the bot, with --town that of a town, with --worker that of a local model.
"""

import argparse
import asyncio
import sys
import tempfile

from rich.progress import Progress

from tests.chaos.discord_storm import run_discord_storm
from tests.chaos.storm import run_storm
from tests.chaos.town_storm import run_town_storm
from tests.chaos.worker_storm import run_worker_storm


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--discord", action="store_true", help="kill the bot beside the double")
    parser.add_argument("--town", action="store_true", help="kill the bot while a town lives")
    parser.add_argument("--worker", action="store_true", help="kill the worker of a local model")
    wish = parser.parse_args()
    storms = {"discord": run_discord_storm, "town": run_town_storm, "worker": run_worker_storm}
    storm = next((one for name, one in storms.items() if getattr(wish, name)), run_storm)
    with tempfile.TemporaryDirectory() as folder, Progress() as progress:
        task = progress.add_task("kills", total=wish.kills)
        report = asyncio.run(
            storm(folder, wish.kills, wish.seed, lambda done: progress.update(task, completed=done))
        )
    print(report)
    print("\n".join(report.faults[:20]))
    sys.exit(bool(report.faults))


if __name__ == "__main__":
    main()
