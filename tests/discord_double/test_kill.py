"""A bot in a process of its own, killed at a named point, while the double keeps the truth."""

import asyncio
import signal
import sys
from contextlib import asynccontextmanager

import pytest

CALLBACK = "/interactions/{interaction}/{token}/callback"


@asynccontextmanager
async def child(double, token):
    """The sample bot, connected; killed at the end if nobody did it before."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.discord_double.sample_bot"),
        *(double.api_base, double.gateway, token),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await double.until(lambda: double.connections and double.connections[-1].session)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(("done", "said"), [(True, ["Member bob"]), (False, [])])
async def test_a_bot_is_killed_before_or_after_its_answer_was_taken(double, scene, done, said):
    async with child(double, scene.app.token) as first:
        double.fault("POST", CALLBACK, done=done, then=first.kill)
        double.ack_seconds = 1.0
        asked = await scene.alice.slash(scene.channel, "say", whom=scene.bob)
        assert await first.wait() == -signal.SIGKILL

    assert asked.failed is not done
    assert [message.content for message in double.messages(scene.channel)] == said
    async with child(double, scene.app.token):
        assert len(scene.app.identified) == 2 and len(double.sessions) == 1
