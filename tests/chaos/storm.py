"""The kill storm: kills a child again and again, and holds its journal to an outside record."""

import asyncio
import signal
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from aiohttp import web

from bot.arena.events import TABLE_EVENTS, HandedOver, Seated, Substituted
from bot.arena.outbox import outgoing, written
from bot.arena.snapshots import restore
from bot.store.sql_store import SqlStore
from games.core import Match
from tests.chaos.child import POINTS

ROOT = Path(__file__).parents[2]


@dataclass
class Record:
    """What players said and what rooms were shown, kept outside the process that is killed."""

    rng: Random
    said: dict[tuple[str, str, str], str] = field(default_factory=dict)
    shown: list[dict] = field(default_factory=list)
    nonces: dict[tuple[str, str], str] = field(default_factory=dict)
    altered: list[str] = field(default_factory=list)

    async def move(self, request):
        asked = await request.json()
        key = (asked["match"], asked["seat"], asked["ask"])
        if key not in self.said:
            choices = asked["choices"]
            self.said[key] = self.rng.choice(choices) if choices else f"clue {len(self.said)}"
        return web.json_response({"text": self.said[key], "cause": "/".join(key)})

    async def deliver(self, request):
        message = await request.json()
        key = (message["match"], message["nonce"])
        if key not in self.nonces:
            self.nonces[key] = f"m{len(self.shown)}"
            self.shown.append(message)
        elif message not in self.shown:
            self.altered.append(f"{key} was sent again with another text")
        return web.json_response({"reference": self.nonces[key]})

    async def find(self, request):
        key = (request.query["match"], request.query["nonce"])
        return web.json_response({"reference": self.nonces.get(key)})


@dataclass
class Report:
    """What the storm found."""

    kills: int
    turns: int
    messages: int
    faults: list[str]

    def __str__(self):
        return (
            f"{self.kills} kills, {self.turns} turns, {self.messages} messages: "
            f"{len(self.faults)} lost, doubled or changed"
        )


async def run_storm(folder, kills, seed=0, progress=lambda done: None):
    """Kill the child so many times, let it finish, and return what is wrong in its journal."""
    rng = Random(seed)
    record = Record(Random(seed + 1))
    app = web.Application()
    app.add_routes(
        [
            web.post("/move", record.move),
            web.post("/deliver", record.deliver),
            web.get("/find", record.find),
        ]
    )
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    done = 0
    while done < kills:
        done += await _kill_once(folder, base, rng)
        progress(done)
    code = await (await _child(folder, base, "none", 0, "finish")).wait()
    await runner.cleanup()
    report = await _report(folder, kills, record)
    if code:
        report.faults.append(f"the last child ended with code {code}")
    return report


async def _child(folder, base, point, count, mode):
    arguments = ("-m", "tests.chaos.child", str(folder), base, point, str(count), mode)
    return await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)


async def _kill_once(folder, base, rng):
    """Run the child until it dies; return 1 when a kill ended it, 0 when it ran out of play."""
    named = rng.random() < 0.5
    point = rng.choice(POINTS) if named else "none"
    child = await _child(folder, base, point, rng.randint(1, 60), "play")
    try:
        await asyncio.wait_for(child.wait(), 30 if named else rng.uniform(0.9, 1.6))
    except TimeoutError:
        child.send_signal(signal.SIGKILL)
        await child.wait()
    if child.returncode not in (0, -signal.SIGKILL):
        raise AssertionError(f"The child ended by itself with code {child.returncode}.")
    return int(child.returncode == -signal.SIGKILL)


async def _report(folder, kills, record):
    store = await SqlStore.open(Path(folder) / "parlour.db")
    faults, turns = list(record.altered), 0
    heard = defaultdict(list)
    for message in record.shown:
        heard[message["match"]].append(message)
    matches = await store.matches(limit=100_000)
    faults += [f"{match.match_id} never ended" for match in matches if not match.closed]
    known = {match.match_id for match in matches}
    faults += [
        f"{match_id} was told of but is not in the journal" for match_id in heard.keys() - known
    ]
    for match in matches:
        stored = await store.load(match.match_id)
        turns += len(stored.entries)
        faults += _check_numbers(stored)
        faults += _check_said(stored, record)
        faults += _check_heard(stored, heard[match.match_id])
    if await store.undelivered():
        faults.append("messages are left in the outbox")
    await store.close()
    return Report(kills, turns, len(record.shown), faults)


def _check_numbers(stored):
    numbers = [entry.number for entry in stored.entries]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"{stored.setup.match_id} has numbers {numbers}"
    if not restore(stored).over:
        yield f"{stored.setup.match_id} is closed but not over"


def _check_said(stored, record):
    """Play the match again from what the record says was said: the journal must hold just that."""
    match_id = stored.setup.match_id
    match = Match(stored.setup.game, stored.setup.seats, stored.setup.seed)
    used = Counter()
    for entry in stored.entries[1:]:
        events = tuple(event for event in entry.events if not isinstance(event, TABLE_EVENTS))
        if not events:
            continue
        key = (match_id, entry.seat, match.ask_id(entry.seat))
        substituted = any(isinstance(event, Substituted) for event in entry.events)
        if key in record.said and not substituted:
            used[key] += 1
            turn = match.propose(entry.seat, record.said[key])
            if tuple(turn.events) != events:
                yield f"{match_id}/{entry.number} was changed"
            match.commit(turn)
        else:
            match = Match(match.game, match.seats, match.seed, [*match.turns, _turn(entry, events)])
    for key, text in record.said.items():
        if key[0] == match_id and used[key] > 1:
            yield f"{key} was counted {used[key]} times"
        if key[0] == match_id and not used[key] and not match.over:
            yield f"{key}, {text!r}, was lost"


def _turn(entry, events):
    from games.core import Turn

    return Turn(entry.seat, events)


def _check_heard(stored, heard):
    """Every message the journal promises was shown once, in order, with its own words."""
    match_id = stored.setup.match_id
    players = {}
    expected = []
    for entry in stored.entries:
        for event in entry.events:
            if isinstance(event, Seated | HandedOver):
                players[event.seat] = event.player
        for message in outgoing(match_id, entry, players):
            shown = written(message, entry)
            expected.append((shown.nonce, [str(text) for text in shown.texts]))
    told = [(message["nonce"], message["texts"]) for message in heard]
    if sorted(told) != sorted(expected):
        missing = [nonce for nonce, _ in expected if nonce not in dict(told)]
        yield f"{match_id}: told {len(told)} of {len(expected)} messages, missing {missing[:5]}"
    if told != expected:
        yield f"{match_id}: messages were told out of order or with other words"
