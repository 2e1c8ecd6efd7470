"""Lobbies are remembered as they are on disk, and no longer than they are there."""

import pytest

from bot.arena.lobbies import Lobby, Place
from bot.errors import AlreadyDone
from games.core import Seat
from games.tic_tac_toe import TicTacToe
from tests.bot.store.conftest import NOON

GUILD, ADMIN = 7, 70


def lobby(lobby_id="aaaaaaaa", cause="i:1"):
    made = Lobby(lobby_id, Place(GUILD, 8), ADMIN, TicTacToe(), cause, NOON)
    return made.join(1, "Ann")


async def test_a_lobby_that_was_saved_again_is_read_as_it_is_now(store):
    await store.lobbies.save_lobby(lobby())
    await store.lobbies.save_lobby(lobby().join(2, "Bob"))
    known = await store.lobbies.lobby("aaaaaaaa")
    assert set(known.seats) == {Seat("Ann"), Seat("Bob")}


async def test_a_lobby_that_was_refused_is_not_remembered(store):
    await store.lobbies.save_lobby(lobby())
    with pytest.raises(AlreadyDone):
        await store.lobbies.save_lobby(lobby("bbbbbbbb"))
    assert await store.lobbies.lobby("bbbbbbbb") is None


async def test_a_lobby_that_was_erased_is_not_remembered(store):
    await store.lobbies.save_lobby(lobby().cancel())
    await store.privacy.delete_of_guild(GUILD, by=ADMIN)
    assert await store.lobbies.lobby("aaaaaaaa") is None
