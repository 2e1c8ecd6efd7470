"""The bot under load: many channels in which people press, type and talk with a model.

The bot is a process of its own, the real one; Discord's double with its rate limits, the people
and the model are in this one. Half of the channels play rock-paper-scissors by buttons, in the
other half people talk with a model, which takes a second for each answer.
"""

import asyncio
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from types import TracebackType
from typing import Self

from aiohttp import web

from benchmarks.probed_bot import EVERY_SECONDS
from benchmarks.report import Row, parser, report
from tests.discord_double.actors import Person
from tests.discord_double.errors import ApiError, NotOffered
from tests.discord_double.interactions import Interaction
from tests.discord_double.server import DiscordDouble
from tests.discord_double.state import Application, Channel, Message, Thread

ROOT = Path(__file__).parents[1]
MODEL_SECONDS = 1.0
TURN_SECONDS = 7.5
"""How often somebody answers in each channel; 200 channels are then told 40 messages a second."""
LOOK_SECONDS = 15.0
"""How often somebody in a channel presses a button besides: "My view" or "Rules"."""
STEP_SECONDS = 30.0


@dataclass
class Figures:
    """What the people have noted."""

    acks: list[float] = field(default_factory=list)
    """Seconds until a press was acknowledged."""
    late: int = 0
    heard: list[float] = field(default_factory=list)
    """Seconds from a typed message to the bot's own that repeats it, to a twentieth."""
    memory: list[float] = field(default_factory=list)
    """MB, each second."""

    def note(self, pressed: Interaction) -> None:
        """Note how fast a press was acknowledged."""
        if pressed.acked_after is None:
            self.late += 1
        else:
            self.acks.append(pressed.acked_after)


@dataclass
class Seat:
    """Somebody in a channel, with a match of their own."""

    double: DiscordDouble
    person: Person
    channel: Channel
    talks: bool
    rng: Random
    figures: Figures
    lobby: Message | None = None

    async def sit_down(self) -> None:
        """Open a lobby, fill it and start the match, each step again until it has worked."""
        game, options = "rock-paper-scissors", "target=100"
        if self.talks:
            game, options = "conversation", "rounds=10000"
        while not (lobby := self._lobby()):
            await self.person.slash(self.channel, "arena create", game=game, options=options)
            await self._patience(lambda: self._lobby() is not None)
        self.lobby = lobby
        while "2. " not in lobby.content:
            added = await self._press(lobby, "Add model" if self.talks else "Add house bot")
            if added and self.talks:
                offered = await added.reply()
                select = next(iter(offered.controls.values()))
                await self.person.select(offered, select, ["slow"])
            await self._patience(lambda: "2. " in lobby.content)
        while lobby.thread is None or self._table() is None:
            await self._press(lobby, "Start")
            await self._patience(lambda: lobby.thread is not None and self._table() is not None)

    async def play(self) -> None:
        """Answer and look, at random moments, for ever."""
        await asyncio.gather(
            self._every(TURN_SECONDS, self._say if self.talks else self._throw),
            self._every(LOOK_SECONDS, self._look),
        )

    async def _every(self, seconds: float, deed: Callable[[], Awaitable[None]]) -> None:
        await asyncio.sleep(self.rng.uniform(0, seconds))
        while True:
            begin = time.monotonic()
            with suppress(NotOffered, ApiError, AssertionError):
                await deed()
            pause = self.rng.uniform(0.7, 1.3) * seconds - (time.monotonic() - begin)
            await asyncio.sleep(max(0.0, pause))

    async def _throw(self) -> None:
        table = self._table()
        if table is not None and (known := [*table.controls][:3]):
            self.figures.note(await self.person.click(table, self.rng.choice(known)))

    async def _look(self) -> None:
        table = self._table()
        if table is not None:
            label = self.rng.choice(("My view", "Rules"))
            self.figures.note(await self.person.click(table, label))

    async def _say(self) -> None:
        if not self._answered():  # what is said out of turn is no turn, and is not told
            return
        words = f"slow, what comes after {self.rng.randrange(10**9)}?"
        thread, begin = self._thread(), time.monotonic()
        await self.person.send(thread, words)
        await self._patience(lambda: self._repeated(thread, words), 60)
        self.figures.heard.append(time.monotonic() - begin)

    def _answered(self) -> bool:
        """Return whether the model has spoken since this person has; true at the beginning."""
        for message in reversed(self._thread().messages.values()):
            if message.webhook_id:
                return True
            if "what comes after" in message.content:
                return False
        return True

    def _repeated(self, thread: Thread, words: str) -> bool:
        newest = list(thread.messages.values())[-8:]
        return any(words in one.content and one.author.bot for one in newest)

    def _lobby(self) -> Message | None:
        mine = f"created by {self.person.mention}"
        return next((m for m in self.channel.messages.values() if mine in m.content), None)

    def _thread(self) -> Thread:
        assert self.lobby is not None and self.lobby.thread is not None
        return self.lobby.thread

    def _table(self) -> Message | None:
        shown = reversed(self._thread().messages.values())
        live = (one for one in shown if str(one.nonce).startswith("table-") and not one.deleted)
        return next(live, None)

    async def _press(self, message: Message, label: str) -> Interaction | None:
        try:
            pressed = await self.person.click(message, label)
        except NotOffered:
            return None
        return None if pressed.failed else pressed

    async def _patience(self, ready: Callable[[], bool], seconds: float = 20.0) -> None:
        """Wait, looking seldom: so many people look that it would slow the double down."""
        end = time.monotonic() + seconds
        while not ready() and time.monotonic() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


class SlowModel:
    """Answers anything after a second."""

    def __init__(self) -> None:
        self.url = ""
        self._app = web.Application()
        self._app.router.add_post("/v1/chat/completions", self._answer)
        self._runner = web.AppRunner(self._app, access_log=None)

    async def start(self) -> None:
        """Serve on a free port of loopback."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"

    async def stop(self) -> None:
        """Serve no more."""
        await self._runner.cleanup()

    async def _answer(self, _: web.Request) -> web.Response:
        await asyncio.sleep(MODEL_SECONDS)
        said = {"role": "assistant", "content": f"The one after it, at {time.time():.3f}."}
        choice = {"index": 0, "message": said, "finish_reason": "stop"}
        usage = {"prompt_tokens": 20, "completion_tokens": 9}
        return web.json_response({"choices": [choice], "usage": usage})


class Bot:
    """The bot's process."""

    def __init__(self, folder: Path, double: DiscordDouble, app: Application, model: str) -> None:
        self._folder = folder
        self._lags = folder / "lags.json"
        (folder / "models.toml").write_text(f'[slow]\nbase_url = "{model}"\nmodel = "slow"\n')
        self._env = {
            "DISCORD_TOKEN": app.token,
            "PARLOUR_DATA": str(folder),
            "PARLOUR_MODELS": str(folder / "models.toml"),
            "PARLOUR_MASTER_KEY_FILE": str(folder / "master.key"),
            "PARLOUR_DISCORD__API_BASE": double.api_base,
            "PARLOUR_DISCORD__GATEWAY": double.gateway,
            "PARLOUR_DISCORD__READY_SECONDS": "0.5",
        }

    async def __aenter__(self) -> Self:
        """Begin; the log is in the folder."""
        log = os.open(self._folder / "bot.log", os.O_WRONLY | os.O_CREAT)
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "benchmarks.probed_bot", str(self._lags)),
            cwd=ROOT,
            env={**os.environ, **self._env},
            stdout=log,
            stderr=log,
        )
        os.close(log)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the process."""
        self._process.terminate()
        await self._process.wait()

    def lags(self, seconds: float) -> Sequence[float]:
        """Return by how much its loop was late when it was looked at in the last seconds."""
        noted: list[float] = json.loads(self._lags.read_text("ascii"))
        return noted[-int(seconds / EVERY_SECONDS * 0.8) :]

    def memory(self) -> float:
        """Return what it holds now, in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text("ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1000 if found else 0.0

    def cpu(self) -> float:
        """Return the CPU time used so far, in seconds."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text("ascii").split(") ")[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], percent: float) -> float:
    """Return the value below which so many percent lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


def seats(double: DiscordDouble, app: Application, count: int, figures: Figures) -> list[Seat]:
    """Return so many people, each with a channel of their own."""
    guild = double.guild("Loadland", double.user("owner"))
    double.install(app, guild)
    made = []
    for number in range(count):
        channel = double.channel(guild, f"games-{number}")
        person = double.user(f"p{number}")
        double.member(guild, person)
        talks = number % 2 == 1
        made.append(Seat(double, person, channel, talks, Random(number), figures))
    return made


async def watch(bot: Bot, figures: Figures) -> None:
    """Note the bot's memory each second, for ever."""
    while True:
        figures.memory.append(bot.memory())
        await asyncio.sleep(1)


async def loaded(folder: Path, channels: int, seconds: float) -> list[Row]:
    """Return every figure at so many channels."""
    figures, model = Figures(), SlowModel()
    await model.start()
    async with DiscordDouble() as double:
        app = double.application("parlour", message_content=True)
        people = seats(double, app, channels, figures)
        async with Bot(folder, double, app, model.url) as bot:
            await double.until(lambda: app.commands, 60)
            begin = time.monotonic()
            await asyncio.gather(*(one.sit_down() for one in people))
            seated = time.monotonic() - begin
            cpu, begin = bot.cpu(), time.monotonic()
            working = [asyncio.create_task(one.play()) for one in people]
            working.append(asyncio.create_task(watch(bot, figures)))
            await asyncio.sleep(seconds)
            cpu = (bot.cpu() - cpu) / seconds
            for task in working:
                task.cancel()
            await asyncio.gather(*working, return_exceptions=True)
        rows = table(double, figures, bot.lags(seconds), begin, seconds)
        rows.append(Row("CPU of the bot (100: one core)", cpu * 100, "%"))
        rows.append(Row(f"{channels} matches opened in", seated, "s"))
    await model.stop()
    return rows


def table(
    double: DiscordDouble, figures: Figures, lags: Sequence[float], begin: float, seconds: float
) -> list[Row]:
    """Return the rows of what was noted and of the double's own record."""
    typed = [d for d in double.record.of("created") if d.at >= begin and d.app_id is None]
    created = [d for d in double.record.of("created") if d.at >= begin and d.app_id is not None]
    edited = [d for d in double.record.of("edited") if d.at >= begin and d.only_for is None]
    told = [deed for deed in created if deed.only_for is None]
    came = len(figures.acks) + figures.late + len(typed)
    refused = [r for r in double.record.requests if r.status == 429 and r.at >= begin]
    return [
        Row("messages and presses in", came / seconds, "/s", asked="40"),
        Row("messages out", len(told) / seconds, "/s", asked="40"),
        Row("edits out", len(edited) / seconds, "/s"),
        Row("ack, p50", percentile(figures.acks, 50) * 1000, "ms"),
        Row("ack, p99", percentile(figures.acks, 99) * 1000, "ms", asked="under 500"),
        Row("acks later than 3 s", figures.late, "", asked="0"),
        Row("a typed message is told, p50", percentile(figures.heard, 50) * 1000, "ms"),
        Row("a typed message is told, p99", percentile(figures.heard, 99) * 1000, "ms"),
        Row("event loop late, p99", percentile(lags, 99) * 1000, "ms", asked="under 100"),
        Row("event loop late, at worst", max(lags, default=0.0) * 1000, "ms"),
        Row("memory (RSS), at most", max(figures.memory, default=0.0), "MB", asked="under 250"),
        Row("requests refused for their rate (429)", len(refused), ""),
    ]


def holds(rows: Sequence[Row]) -> bool:
    """Return whether everything is still in time."""
    value = {row.figure: row.value for row in rows}
    return (
        value["ack, p99"] < 500
        and value["acks later than 3 s"] == 0
        and value["a typed message is told, p99"] < 10_000
    )


def breaking_point(folder: Path, channels: int) -> Row:
    """Return at how many channels something is no longer in time, by steps of a quarter."""
    while True:
        step = folder / str(channels)
        step.mkdir()
        rows = asyncio.run(loaded(step, channels, STEP_SECONDS))
        report(f"Discord, {channels} channels", rows)
        if not holds(rows):
            return Row("channels at which something is late", channels, "")
        channels += channels // 4


def main() -> None:
    """Run the benchmark and print its table."""
    options = parser(__doc__ or "")
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--channels", type=int, default=200)
    options.add_argument("--break", dest="to_break", action="store_true", help="go on to more")
    wish = options.parse_args()
    Path(".bench").mkdir(exist_ok=True)
    folder = Path(mkdtemp(dir=Path(".bench").absolute()))
    try:
        rows = asyncio.run(loaded(folder, wish.channels, wish.seconds))
        if wish.to_break:
            rows.append(breaking_point(folder, wish.channels))
    finally:
        shutil.rmtree(folder)
    report(f"Discord, {wish.channels} active channels for {wish.seconds:.0f} s", rows, wish.json)


if __name__ == "__main__":
    main()
