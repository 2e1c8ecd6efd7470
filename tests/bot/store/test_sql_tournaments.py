"""Tournaments in the database: kept whole, found by state, and left out where nobody can play."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.arena.tournaments import Tournament, TournamentState
from bot.errors import AlreadyDone
from bot.store.sql_store import SqlStore
from games.tic_tac_toe import TicTacToe
from tournaments import Format

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CUP = Tournament("cup", 1, 2, 11, "i:1", NOW, TicTacToe(), Format.KNOCKOUT)


@pytest.fixture
async def store(tmp_path):
    store = await SqlStore.open(tmp_path / "parlour.db")
    yield store
    await store.close()


async def test_a_tournament_comes_back_as_it_was_kept(store):
    await store.tournaments.save(CUP)
    begun = CUP.enter("house:easy", "Ada").enter("person:5", "Ann").start()
    await store.tournaments.save(begun)
    assert await store.tournaments.tournament("cup") == begun
    assert await store.tournaments.made_by("i:1") == begun
    assert await store.tournaments.tournaments(TournamentState.RUNNING, guild=1) == [begun]
    assert await store.tournaments.tournaments(TournamentState.OPEN) == []
    assert await store.tournaments.tournaments(TournamentState.RUNNING, guild=7) == []


async def test_one_interaction_creates_one_tournament(store):
    await store.tournaments.save(CUP)
    with pytest.raises(AlreadyDone):
        await store.tournaments.save(replace(CUP, tournament_id="other"))
    assert await store.tournaments.tournament("other") is None


async def test_one_whose_game_is_not_installed_keeps_no_other_from_being_found(store, tmp_path):
    await store.tournaments.save(CUP)
    await store.tournaments.save(replace(CUP, tournament_id="lost", cause="i:2"))
    with closing(sqlite3.connect(tmp_path / "parlour.db")) as db:
        db.execute(
            "UPDATE tournaments SET body = replace(body, 'tic-tac-toe', 'ludo') "
            "WHERE tournament_id = 'lost'"
        )
        db.commit()
    assert await store.tournaments.tournaments(TournamentState.OPEN) == [CUP]
