"""`ratings`: reckoned anew from the journal, for everything that was played here."""

import asyncio
import csv

import pytest

from bot.arena.snapshots import restore
from bot.store.sql_store import SqlStore
from tests.bot.cli.cups import players, reported


def test_before_any_match_it_says_so(parlour):
    done = parlour("ratings")
    assert done.returncode == 2
    assert done.stderr == "Nobody has won a rated match yet.\n"
    done = parlour("ratings", "--game", "chameleon", "--pool", "mixed")
    assert "of chameleon yet (people with models or house bots)." in done.stderr


def test_each_mistake_gets_one_sentence(parlour):
    assert parlour("ratings", "--pool", "robots").stderr == (
        "There is no pool 'robots'; say people, models or mixed.\n"
    )
    assert parlour("ratings", "--game", "ludo").stderr.startswith("There is no game 'ludo'")


def test_tournaments_and_matches_are_rated_from_the_journal_with_their_intervals(parlour, tmp_path):
    data = {"PARLOUR_DATA": "results"}
    command = ("tournament", "--game", "connect-four", "--out", "results")
    assert parlour(*command, *players("house:easy", "house:hard"), "--games", "4").returncode == 0
    shown = parlour("ratings", "--csv", "ratings.csv", **data)
    assert shown.returncode == 0, shown.stderr
    assert "connect-four, among models and house bots" in shown.stdout
    assert "  1  a house bot (hard)" in shown.stdout
    assert "4/0/0" in shown.stdout
    assert " ± " in shown.stdout
    rows = [*csv.DictReader((tmp_path / "ratings.csv").read_text("utf-8").splitlines())]
    assert [row["player"] for row in rows] == ["house:hard", "house:easy"]
    other = parlour("ratings", "--pool", "people", **data)
    assert other.stderr == "Nobody has won a rated match yet (among people).\n"


def test_who_fills_a_seat_is_not_rated_in_the_place_of_a_player_of_the_same_kind(parlour, tmp_path):
    data = {"PARLOUR_DATA": "results"}
    command = ("tournament", "--game", "chameleon", "--out", "results", "--seed", "5")
    done = parlour(*command, *players("house:medium", "house:easy"), "--games", "6")
    assert done.returncode == 0, done.stderr
    shown = parlour("ratings", "--csv", "ratings.csv", **data)
    assert shown.returncode == 0, shown.stderr
    rows = csv.DictReader((tmp_path / "ratings.csv").read_text("utf-8").splitlines())
    ratings = {row["player"]: (float(row["rating"]), int(row["won"])) for row in rows}
    assert ratings == {
        one.player: (pytest.approx(one.rating, abs=0.001), one.won)
        for one in reported(tmp_path).standings
    }
    told = parlour("export", "r1-t1-g01", "--as", "full", "--format", "md", **data)
    assert told.stdout.count("is a house bot (medium)") == 2


def test_every_outcome_follows_from_the_entries_alone(parlour, tmp_path):
    command = ("tournament", "--game", "tic-tac-toe", "--out", "results")
    assert parlour(*command, *players("house:easy", "house:medium")).returncode == 0

    async def outcomes():
        store = await SqlStore.open(tmp_path / "results" / "parlour.db")
        try:
            stored = [await store.load(name) for name in ("r1-t1-g01", "r1-t1-g02")]
            kept = [one.outcome for one in await store.results()]
        finally:
            await store.close()
        return [restore(one).outcome for one in stored], kept

    replayed, kept = asyncio.run(outcomes())
    assert sorted(map(str, replayed)) == sorted(map(str, kept))
