"""Killed at random and at named points, the Discord bot says everything once and in order."""

from tests.chaos.discord_storm import run_discord_storm

KILLS = 50


async def test_fifty_kills_lose_double_and_change_no_message(tmp_path):
    report = await run_discord_storm(tmp_path, KILLS)
    assert report.faults == []
    assert min(report.turns, report.messages) > 3 * KILLS
