"""Random play with Parlour."""

import json
import sys
import time
from random import Random
from typing import Any, Final

from games import GAMES
from games.core import Ask, Match
from games.core.options import game_with

NAMES: Final = ("ann", "bob", "cy", "dee", "eve", "fay", "gus", "hal")
SEATS: Final = {"chameleon": 4, "liars-dice": 4, "secret-mafia": 8}
"""How many play, where it is not two."""
OPTIONS: Final = {"secret-mafia": {"talk": "3"}}
"""What makes a game as long as that of the peers; the rest is the same by default."""
WORDS: Final = "I see it differently."


def answer(ask: Ask, rng: Random) -> str:
    """Return a random answer; on an open floor nobody is silent."""
    return WORDS if ask.open_floor else ask.sample(rng)


def play(name: str, seconds: float) -> dict[str, float]:
    """Play match after match; what stands to be answered is read, and every answer is parsed."""
    game: Any = game_with(GAMES[name], OPTIONS.get(name, {}))
    seats, rng = NAMES[: SEATS.get(name, 2)], Random(1)
    games = steps = 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        match = Match(game, seats, seed=games)
        while asks := match.asks:
            seat, ask = next(iter(asks.items()))
            match.say(seat, answer(ask, rng))
            steps += 1
        assert match.outcome
        games += 1
    return {"games": games, "steps": steps, "seconds": spent}


if __name__ == "__main__":
    print(json.dumps(play(sys.argv[1], float(sys.argv[2]))))
