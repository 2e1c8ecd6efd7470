"""Killed at random and at named points, a town becomes the same one, and is told of once."""

from tests.chaos.town_storm import run_town_storm

KILLS = 10


async def test_ten_kills_change_no_town_and_double_no_coin_and_no_message(tmp_path):
    report = await run_town_storm(tmp_path, KILLS)
    assert report.faults == []
    assert min(report.turns, report.transfers, report.messages) > KILLS
