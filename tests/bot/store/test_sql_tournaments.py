"""Tournaments in the database: kept whole, found by state, and left out where nobody can play."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.arena.tournaments import Tournament, TournamentState
from bot.errors import AlreadyDone
from games.tic_tac_toe import TicTacToe
from tournaments import Format

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CUP = Tournament("cup", 1, 2, 11, "i:1", NOW, TicTacToe(), Format.KNOCKOUT)


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


async def lose(raw, tournament_id):
    """Let a tournament be of a game that is not installed."""
    await raw(
        "UPDATE tournaments SET body = replace(body, 'tic-tac-toe', 'ludo') "
        "WHERE tournament_id = :of",
        of=tournament_id,
    )


async def bodies(raw):
    rows = await raw("SELECT tournament_id, body FROM tournaments ORDER BY tournament_id")
    return {name: json.loads(body) for name, body in rows}


@pytest.mark.parametrize("lost", [False, True])
async def test_a_person_is_found_and_forgotten_whether_or_not_the_game_is_installed(
    store, raw, lost
):
    entered = CUP.enter("person:11", "Ann").enter("person:5", "Bob").enter("person:115", "Cy")
    await store.tournaments.save(entered)
    begun = replace(entered, tournament_id="second", cause="i:2").start()
    await store.tournaments.save(begun)
    for name in ("cup", "second") if lost else ():
        await lose(raw, name)
    before = await bodies(raw)
    told = (await store.privacy.export_of(5))["tournaments"]
    assert [(one["tournament"], one["created"], one["name"]) for one in told] == [
        ("cup", False, "Bob"),
        ("second", False, "Bob"),
    ]
    assert (await store.privacy.export_of(1))["tournaments"] == []
    for user in (5, 11):
        await store.privacy.delete_of(user)
        assert (await store.privacy.export_of(user))["tournaments"] == []
    after = await bodies(raw)
    cy = ["3", "Cy", "person:115"]
    nobody = [[number, f"Somebody {number}", "person:0"] for number in "12"]
    assert after == {
        "cup": {**before["cup"], "creator": 0, "entrants": [cy]},
        "second": {**before["second"], "creator": 0, "entrants": [*nobody, cy]},
    }


async def test_one_whose_game_is_not_installed_keeps_no_other_from_being_found(store, raw):
    await store.tournaments.save(CUP)
    await store.tournaments.save(replace(CUP, tournament_id="lost", cause="i:2"))
    await lose(raw, "lost")
    assert await store.tournaments.tournaments(TournamentState.OPEN) == [CUP]
