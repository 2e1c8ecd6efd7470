"""Random play with Parlour."""

import json
import sys
import time
from random import Random

from games import GAMES
from games.core import Match

SEATS = {"chameleon": ("ann", "bob", "cy", "dee")}


def play(name: str, seconds: float) -> dict[str, float]:
    """Play match after match; what stands to be answered is read, and every answer is parsed."""
    game, seats = GAMES[name](), SEATS.get(name, ("ann", "bob"))
    rng = Random(1)
    games = steps = 0
    begin = time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds:
        match = Match(game, seats, seed=games)
        while asks := match.asks:
            seat, ask = next(iter(asks.items()))
            match.say(seat, ask.sample(rng))
            steps += 1
        assert match.outcome
        games += 1
    return {"games": games, "steps": steps, "seconds": spent}


if __name__ == "__main__":
    print(json.dumps(play(sys.argv[1], float(sys.argv[2]))))
