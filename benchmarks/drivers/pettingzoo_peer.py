"""Random play with PettingZoo's tic-tac-toe, without its wrappers."""

import json
import sys
import time
from random import Random

from pettingzoo.classic.tictactoe.tictactoe import raw_env


def play(seconds: float) -> dict[str, float]:
    """Play game after game; each observation is taken, and the action drawn from its mask."""
    env, rng = raw_env(), Random(1)
    games = steps = 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        env.reset(seed=games)
        while not any(env.terminations.values()):
            mask = env.observe(env.agent_selection)["action_mask"]
            env.step(rng.choice([cell for cell, free in enumerate(mask) if free]))
            steps += 1
        games += 1
    return {"games": games, "steps": steps, "seconds": spent}


if __name__ == "__main__":
    print(json.dumps(play(float(sys.argv[2]))))
