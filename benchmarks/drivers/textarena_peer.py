"""Random play with TextArena's bare environments, without its wrappers."""

import json
import sys
import time
from random import Random
from typing import Any

from textarena.envs.IteratedRockPaperScissors.env import IteratedRockPaperScissorsEnv
from textarena.envs.TicTacToe.env import TicTacToeEnv

THROWS = ("[rock]", "[paper]", "[scissors]")
ROUNDS = 4
"""Eight throws, about as many as a match to two won rounds takes."""


def environment(name: str) -> Any:
    """Return the environment of a game."""
    if name == "tic-tac-toe":
        return TicTacToeEnv()
    return IteratedRockPaperScissorsEnv(num_rounds=ROUNDS)


def play(name: str, seconds: float) -> dict[str, float]:
    """Play game after game; each observation is taken, and every action is legal."""
    env, rng = environment(name), Random(1)
    games = steps = 0
    begin = time.perf_counter()
    while (spent := time.perf_counter() - begin) < seconds:
        env.reset(num_players=2, seed=games)
        cells = iter(rng.sample(range(9), 9))
        done = False
        while not done:
            env.get_observation()
            action = f"[{next(cells)}]" if name == "tic-tac-toe" else rng.choice(THROWS)
            done, _ = env.step(action)
            steps += 1
        assert env.close()
        games += 1
    return {"games": games, "steps": steps, "seconds": spent}


if __name__ == "__main__":
    print(json.dumps(play(sys.argv[1], float(sys.argv[2]))))
