"""The kill storm in Discord: the bot dies again and again while twenty tables are played."""

import asyncio
import json
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.chaos.discord_check import faults_in
from tests.chaos.discord_child import POINTS, RARE
from tests.chaos.discord_people import PLANS, Company
from tests.discord_double.server import DiscordDouble
from tests.faulty_model import FaultyModel

ROOT = Path(__file__).parents[2]
CHANNELS = 5
FRESH = 10
"""Every so many lives the bot is started as an operator starts it, by `python bot.py run`."""
LAST_SECONDS = 120
"""How long the tables may take to end once nobody kills any more."""


class Eloquent(FaultyModel):
    """A model that says something else each time, with all that Discord might take for markup."""

    said = 0

    def _says(self, mode, received):
        if "response_format" in received.body:
            return super()._says(mode, received)
        self.said += 1
        text = f"Saying {self.said}: *bold* _move_ <@123> @here `x` https://e.org/a_b_c. " * 18
        return text[: 90 if self.said % 3 else 1400]


@dataclass(frozen=True)
class Report:
    """What the storm found."""

    kills: int
    turns: int
    messages: int
    matches: int
    faults: list[str]

    def __str__(self):
        return (
            f"{self.kills} kills, {self.matches} matches, {self.turns} turns, {self.messages} "
            f"messages in Discord: {len(self.faults)} lost, doubled or changed"
        )


class Killer:
    """Gives the bot one life after the other."""

    def __init__(self, folder, env, rng):
        self.folder, self.env, self.rng = Path(folder), env, rng
        self.log = str(self.folder / "bot.log")
        self.lives = 0

    @asynccontextmanager
    async def nursery(self):
        self._nursery = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.chaos.discord_child"),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            yield self
        finally:
            self._nursery.stdin.close()
            await self._nursery.wait()

    async def kill_once(self):
        """Let the bot live until it dies at a point, or after a moment drawn at random."""
        self.lives += 1
        named = self.rng.random() < 0.6
        point = self.rng.choice(POINTS) if named else "none"
        rare = point.split()[-1] in RARE
        count = 1 if rare else self.rng.randint(1, 15)
        seconds = 3 if named else self.rng.uniform(0.2, 2.5)
        if self.lives % FRESH == 0:
            await self._fresh(self.rng.uniform(1.5, 4))
            return
        pid, ended = await self._born(point, count)
        try:
            code = await asyncio.wait_for(asyncio.shield(ended), seconds)
        except TimeoutError:
            os.kill(pid, signal.SIGKILL)
            code = await ended
        assert code == -signal.SIGKILL, f"the bot ended by itself with {code}: see {self.log}"

    async def last(self, work):
        """Let the bot live until the work is done, then stop it as an operator does."""
        pid, ended = await self._born("none", 0)
        try:
            await asyncio.wait_for(work, LAST_SECONDS)
        finally:
            os.kill(pid, signal.SIGTERM)
            code = await ended
        assert code == 0, f"the bot ended with {code}: see {self.log}"

    async def _born(self, point, count):
        life = {"env": self.env, "point": point, "count": count}
        life.update(folder=str(self.folder), log=self.log)
        self._nursery.stdin.write(json.dumps(life).encode() + b"\n")
        pid = int(await self._nursery.stdout.readline())
        return pid, asyncio.ensure_future(self._ended())

    async def _ended(self):
        return int(await self._nursery.stdout.readline())

    async def _fresh(self, seconds):
        log = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(ROOT / "bot.py"), "run"),
            cwd=self.folder,
            env={**os.environ, **self.env},
            stdout=log,
            stderr=log,
        )
        os.close(log)
        try:
            await asyncio.wait_for(process.wait(), seconds)
        except TimeoutError:
            process.kill()
        assert await process.wait() == -signal.SIGKILL


def settings(folder, double, app, model):
    """The environment that an operator gives the bot."""
    (Path(folder) / "models.toml").write_text(
        f'[storm]\nbase_url = "{model.url}"\nmodel = "storm"\n', "utf-8"
    )
    return {
        "DISCORD_TOKEN": app.token,
        "PARLOUR_DATA": str(folder),
        "PARLOUR_MODELS": str(Path(folder) / "models.toml"),
        "PARLOUR_MASTER_KEY_FILE": str(Path(folder) / "master.key"),
        "PARLOUR_DISCORD__API_BASE": double.api_base,
        "PARLOUR_DISCORD__GATEWAY": double.gateway,
        "PARLOUR_DISCORD__READY_SECONDS": "0.05",
        "PARLOUR_DISCORD__EDIT_SECONDS": "0.2",
    }


def companies(double, app, rng):
    """Twenty tables in a few channels, each with people of its own."""
    owner = double.user("owner")
    guild = double.guild("Stormland", owner)
    channels = [double.channel(guild, f"games-{number}") for number in range(CHANNELS)]
    double.install(app, guild)
    made = []
    for number, plan in enumerate(PLANS):
        people = [double.user(f"p{number}x{seat}") for seat in range(max(1, plan.people))]
        for person in people:
            double.member(guild, person)
        channel = channels[number % CHANNELS]
        made.append(Company(double, channel, plan, people, Random(rng.random())))
    return made


async def run_discord_storm(folder, kills, seed=0, progress=lambda done: None):
    """Kill the bot so many times, let every match end, and return what is wrong."""
    rng = Random(seed)
    async with DiscordDouble() as double, Eloquent(seed=seed).running() as model:
        double.unlimited()
        app = double.application("parlour", message_content=True)
        tables = companies(double, app, rng)
        left = [kills]
        killer = Killer(folder, settings(folder, double, app, model), rng)
        async with killer.nursery():
            playing = [asyncio.create_task(t.play_on(lambda: left[0] > 0)) for t in tables]
            for done in range(kills):
                await killer.kill_once()
                left[0] = kills - done - 1
                progress(done + 1)
            await killer.last(ended(playing, tables))
        typed = [message for table in tables for message in table.typed.values()]
        database = Path(folder) / "parlour.db"
        faults, turns, told = await faults_in(double, app, database, typed)
        matches = sum(len(table.done) for table in tables)
        return Report(kills, turns, told, matches, faults)


async def ended(playing, tables):
    """Wait for every table. Raises: AssertionError that says what the slow ones wait for."""
    _, slow = await asyncio.wait(playing, timeout=LAST_SECONDS - 10)
    for task in slow:
        task.cancel()
    waits = [t.doing for t, task in zip(tables, playing, strict=True) if task in slow]
    assert not slow, f"{len(slow)} tables never ended: {waits}"
    await asyncio.gather(*playing)
    await asyncio.sleep(1)  # the last edits
