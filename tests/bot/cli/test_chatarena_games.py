"""ChatArena's own board games, played from the command line by house bots."""

import json
from importlib.util import find_spec
from pathlib import Path

import pytest

CONFIGS = Path(__file__).parents[2] / "games" / "chatarena_configs"
CHESS = pytest.param(
    "chess.json",
    {"White", "Black"},
    marks=pytest.mark.skipif(find_spec("chess") is None, reason="needs the extra `chess`"),
)


@pytest.mark.parametrize(
    ("config", "seats"), [CHESS, ("tic_tac_toe_on_a_board.json", {"Player X", "Player O"})]
)
def test_a_config_of_a_board_game_is_played_to_its_end(parlour, config, seats):
    done = parlour("play", "--config", CONFIGS / config, "--seed", 4, "--json")
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout.splitlines()[-1])["outcome"]
    assert set(outcome["scores"]) == seats
    assert not outcome["aborted"]
