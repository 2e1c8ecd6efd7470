"""The line to Discord breaks again and again while people play: no turn is lost or doubled."""

import asyncio
from itertools import pairwise
from random import Random

import pytest

from bot.errors import OperatorError
from tests.bot.cogs.conftest import running
from tests.chaos.discord_check import faults_in
from tests.chaos.discord_people import Company, Plan

DROPS = 300
IDENTIFY_SECONDS = 5.0
PLANS = (
    *[Plan("tic-tac-toe", people=2)] * 3,
    *[Plan("rock-paper-scissors", "target=3", people=2)] * 2,
    *[Plan("conversation", "rounds=2", people=2)] * 3,
)


def break_line(double, rng, number):
    """Do one of the things that happen to a line."""
    if number in (100, 200):
        double.invalidate()  # few, as a new session may begin five seconds later only
    elif number % 10 == 1:
        double.reconnect()
    elif number % 10 == 2:
        double.invalidate(resumable=True)
    elif number % 10 == 3:
        double.freeze()
        asyncio.get_running_loop().call_later(0.2, double.gateway_drop)
    else:
        double.gateway_drop()


async def storm(double, rng):
    for number in range(DROPS):
        break_line(double, rng, number)
        await asyncio.sleep(rng.uniform(0.02, 0.12))


def companies(scene, rng):
    made = []
    for number, plan in enumerate(PLANS):
        people = [scene.discord.user(f"p{number}x{seat}") for seat in range(plan.people)]
        for person in people:
            scene.discord.member(scene.guild, person)
        channel = scene.discord.channel(scene.guild, f"games-{number}")
        made.append(Company(scene.discord, channel, plan, people, Random(rng.random())))
    return made


async def test_three_hundred_broken_lines_lose_and_double_no_turn(scene):
    rng = Random(1)
    scene.discord.ack_seconds = 1.0  # whoever presses into a dead line presses again sooner
    tables = companies(scene, rng)
    going = [True]
    async with running(scene):
        playing = [asyncio.create_task(t.play_on(lambda: going[0])) for t in tables]
        await storm(scene.discord, rng)
        going[0] = False
        await asyncio.wait_for(asyncio.gather(*playing), 60)
        await asyncio.sleep(0.5)
    typed = [message for table in tables for message in table.typed.values()]
    faults, turns, _ = await faults_in(
        scene.discord, scene.app, scene.settings.database_file, typed
    )
    assert faults == []
    assert turns > 50
    acked = [one for one in scene.discord.interactions.values() if one.answered_with is not None]
    assert [one for one in acked if one.original is not None and one.original.loading] == []
    begun = scene.app.identified
    assert all(later - former > IDENTIFY_SECONDS - 0.1 for former, later in pairwise(begun))


@pytest.mark.parametrize(
    ("code", "sentence"), [(4004, "does not accept the token"), (4014, "Message Content Intent")]
)
async def test_a_line_that_is_closed_for_good_ends_the_bot_with_one_sentence(scene, code, sentence):
    async def closed():
        async with running(scene) as task:
            await scene.discord.until(lambda: scene.discord.connections)
            await scene.discord.close_all(code)
            await asyncio.wait_for(task, 60)

    with pytest.raises(OperatorError, match=sentence):
        await closed()
    assert len(scene.app.identified) == 1
