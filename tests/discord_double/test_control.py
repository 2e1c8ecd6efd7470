"""The double in a process of its own, steered over HTTP while a bot is here."""

import asyncio
import re
import sys
from types import SimpleNamespace

import aiohttp
import pytest

from tests.discord_double.sample_bot import running


@pytest.fixture
async def elsewhere():
    """Where the double of another process serves, and how to steer it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.discord_double", "--control"),
        stdout=asyncio.subprocess.PIPE,
    )
    line = (await process.stdout.readline()).decode()
    api_base, gateway = re.fullmatch(r"api_base=(\S+) gateway=(\S+)\n", line).groups()
    base = api_base.removesuffix("/api/v10")
    async with aiohttp.ClientSession() as session:

        async def steer(verb, **fields):
            async with session.post(f"{base}/control/{verb}", json=fields) as answer:
                return await answer.json()

        yield SimpleNamespace(api_base=api_base, gateway=gateway, steer=steer)
    process.terminate()
    await process.communicate()


async def test_a_double_in_another_process_is_steered_over_http(elsewhere):
    steer = elsewhere.steer
    alice = (await steer("user", name="alice"))["id"]
    guild = (await steer("guild", name="Testland", owner=alice))["id"]
    channel = (await steer("channel", guild=guild, name="games"))["id"]
    app = await steer("application", name="parlour")
    await steer("install", app=app["id"], guild=guild)

    async with running(elsewhere, app["token"]) as bot:
        await bot.tree.sync()
        created = await steer(
            "slash", user=alice, channel=channel, command="arena create", options={"game": "go"}
        )
        pressed = await steer("click", user=alice, message=created["reply"]["id"], button="Form")
        values = {"Name": "Al"}
        form = await steer("submit_modal", user=alice, interaction=pressed["id"], values=values)
        refused = await steer("click", user=alice, message=created["reply"]["id"], button="Jump")

    assert created["reply"]["content"] == "game go" and not created["failed"]
    assert pressed["modal"]["title"] == "Your name"
    assert form["reply"]["content"].startswith("hello Al")
    assert "no control 'Jump'" in refused["refused"]
    assert [m["content"] for m in await steer("messages", channel=channel)] == ["game go"]
    assert [deed["only_for"] for deed in await steer("deeds")] == [None, int(alice)]
