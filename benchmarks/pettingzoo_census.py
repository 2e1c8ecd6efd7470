"""What PettingZoo's classic games are like: random play of each, as a table for the docs.

Run it with the extra “pettingzoo” installed, and put what it prints into
docs/pettingzoo.md and the medians into games/pettingzoo.py.
"""

import sys
from collections.abc import Iterator
from random import Random
from statistics import median

from bot.environments.pettingzoo import PettingZoo
from games.core import Seat
from games.pettingzoo import EXCLUDED, PLAYABLE, Facts

GAMES = 50
MOST_MOVES = 1000


def moves_of(env: str, seats: int, seed: int) -> int:
    """Return how many moves a game takes in which all are made at random."""
    environment, rng = PettingZoo(env), Random(seed)
    report = environment.begin([Seat(f"seat {number}") for number in range(1, seats + 1)], seed)
    for count in range(MOST_MOVES):
        if report.asked is None:
            return count
        report = environment.move(rng.choice(report.asked.options))
    return MOST_MOVES


def table(moves: dict[str, float]) -> Iterator[str]:
    """Give the lines of the table."""
    yield "| environment | what it is | seats | needs also | moves |"
    yield "|---|---|---|---|---|"
    for env, facts in PLAYABLE.items():
        yield f"| `{env}` | {facts.about} | {seats_of(facts)} | {facts.needs} | {moves[env]:g} |"
    for env, why in EXCLUDED.items():
        yield f"| `{env}` | not playable: {why} | | | |"


def seats_of(facts: Facts) -> str:
    """Return how many can play, such as "2 to 10"."""
    few, many = min(facts.seats), max(facts.seats)
    return str(few) if few == many else f"{few} to {many}"


def main() -> None:
    moves = {
        env: median(moves_of(env, min(facts.seats), seed) for seed in range(GAMES))
        for env, facts in PLAYABLE.items()
    }
    sys.stdout.write("\n".join(table(moves)) + "\n")


if __name__ == "__main__":
    main()
