"""Random play with TextArena: as its documentation makes environments, or bare.

`GAME SECONDS` plays what `textarena.make` gives, whose wrappers tell a seat in one text what it
may know; each game needs a new one, as they keep what was told before. `GAME SECONDS bare` plays
the classes behind it, without wrappers.
"""

import json
import sys
import time
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from random import Random
from typing import Any, Final

import textarena

THROWS: Final = ("[rock]", "[paper]", "[scissors]")
ROUNDS: Final = 4
"""Eight throws, about as many as a match to two won rounds takes."""
DICE: Final = 3
OFFERED: Final = 24
"""Bids among which a random player chooses, as at Parlour's table."""
WORDS: Final = "I see it differently."
GAMES: Final = {
    "tic-tac-toe": ("TicTacToe-v0", "TicTacToe.env:TicTacToeEnv", 2, {}),
    "rock-paper-scissors": (
        "IteratedRockPaperScissors-v0",
        "IteratedRockPaperScissors.env:IteratedRockPaperScissorsEnv",
        2,
        {"num_rounds": ROUNDS},
    ),
    "connect-four": ("ConnectFour-v0", "ConnectFour.env:ConnectFourEnv", 2, {}),
    "liars-dice": ("LiarsDice-v0", "LiarsDice.env:LiarsDiceEnv", 4, {"num_dice": DICE}),
    "secret-mafia": ("SecretMafia-v0", "SecretMafia.env:SecretMafiaEnv", 8, {}),
}
"""The id and the class of each game, how many play it, and its options."""


def made(name: str) -> Any:
    """Return a game as the documentation makes it."""
    env_id, _, _, options = GAMES[name]
    return textarena.make(env_id, **options)


def bare(name: str) -> Any:
    """Return the environment itself."""
    _, place, _, options = GAMES[name]
    module, _, kind = place.partition(":")
    return getattr(import_module(f"textarena.envs.{module}"), kind)(**options)


def inner(env: Any) -> Any:
    """Return the environment inside its wrappers."""
    while hasattr(env, "env"):
        env = env.env
    return env


def random_action(name: str, env: Any, rng: Random) -> str:
    """Return a legal action, drawn as at Parlour's table."""
    state = env.state.game_state
    match name:
        case "rock-paper-scissors":
            return rng.choice(THROWS)
        case "tic-tac-toe":
            cells = [f"[{3 * row + column}]" for row, column in free_cells(state["board"])]
            return rng.choice(cells)
        case "connect-four":
            return (
                f"[{rng.choice([at for at, cell in enumerate(state['board'][0]) if cell == '.'])}]"
            )
        case "liars-dice":
            bid = state["current_bid"]["quantity"], state["current_bid"]["face_value"]
            return rng.choice(calls(bid, sum(state["remaining_dice"].values())))
        case _:
            return mafia_action(env, rng)


def free_cells(board: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the rows and columns of the cells that are not marked."""
    places = ((row, column) for row in range(3) for column in range(3))
    return [(row, column) for row, column in places if board[row][column] == ""]


@cache
def calls(bid: tuple[int, int], total: int) -> list[str]:
    """Return the lowest legal bids, and the doubt where there is something to doubt."""
    higher = (
        (count, face)
        for count in range(max(1, bid[0]), total + 1)
        for face in range(max(1, bid[1]), 7)
        if (count, face) != bid
    )
    bids = [f"[Bid: {count}, {face}]" for count, face in list(higher)[:OFFERED]]
    return [*bids, "[Call]"] if bid[0] else bids


def mafia_action(env: Any, rng: Random) -> str:
    """Return words by day, and somebody living by night and in a vote."""
    phase, state = env.phase.value, env.state.game_state
    if phase == "Day-Discussion":
        return WORDS
    own, roles = env.state.current_player_id, state["player_roles"]
    targets = [
        player
        for player in state["alive_players"]
        if player != own and not (phase == "Night-Mafia" and roles[player] == "Mafia")
    ]
    return f"[{rng.choice(targets)}]"


def play(name: str, seconds: float, *, wrapped: bool) -> dict[str, float]:
    """Play game after game; each observation is taken, and every action is legal."""
    rng, seats = Random(1), GAMES[name][2]
    env = None if wrapped else bare(name)
    games = steps = 0
    begin = time.process_time()
    while (spent := time.process_time() - begin) < seconds:
        table = env or made(name)
        table.reset(num_players=seats, seed=games)
        rules, done = inner(table), False
        while not done:
            table.get_observation()
            done, _ = table.step(random_action(name, rules, rng))
            steps += 1
        _, told = table.close()
        assert not any(one["invalid_move"] for one in told.values())
        games += 1
    return {"games": games, "steps": steps, "seconds": spent}


if __name__ == "__main__":
    print(json.dumps(play(sys.argv[1], float(sys.argv[2]), wrapped="bare" not in sys.argv)))
