"""Killed at random and at named points, the bot loses no turn, doubles none and changes none."""

from tests.chaos.storm import run_storm

KILLS = 100


async def test_a_hundred_kills_lose_double_and_change_nothing(tmp_path):
    report = await run_storm(tmp_path, KILLS)
    assert report.faults == []
    assert min(report.turns, report.messages) > 10 * KILLS
