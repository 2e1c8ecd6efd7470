"""Lobbies: who sits down, and under which name."""

from datetime import UTC, datetime

import pytest

from bot.arena.lobbies import Lobby, Place
from games.tic_tac_toe import TicTacToe

NOON = datetime(2026, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("wanted", "given"),
    [
        ("Ann", "Ann"),
        ("Bob", "Bob 2"),
        ("table", "table 2"),
        ("Pass", "Pass 2"),
        ("  pass!", "pass! 2"),
        ("", "Guest"),
    ],
)
def test_who_joins_gets_a_name_that_nobody_else_has(wanted, given):
    lobby = Lobby("abc", Place(1, 2), 3, TicTacToe(), "i:1", NOON).join(4, "Bob")
    assert list(lobby.join(5, wanted).seats) == ["Bob", given]
