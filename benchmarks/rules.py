"""Speed of the rules: random play beside TextArena and PettingZoo, and the replay of a long log.

The peers are installed from the package index into environments under .bench/ and play in the
same run, in turn with Parlour; each figure is the median over the rounds.
"""

import json
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from benchmarks.report import Row, parser, report
from games.conversation import Conversation
from games.core import Match, Turn

ROOT = Path(__file__).parent.parent
BENCH = ROOT / ".bench"
DRIVERS = ROOT / "benchmarks" / "drivers"
PEERS = {"textarena": "textarena==0.7.4", "pettingzoo": "pettingzoo[classic]==1.27.0"}
GAMES = {
    "tic-tac-toe": ("textarena", "textarena bare", "pettingzoo"),
    "rock-paper-scissors": ("textarena", "textarena bare"),
    "connect-four": ("textarena", "textarena bare"),
    "liars-dice": ("textarena", "textarena bare"),
    "secret-mafia": ("textarena", "textarena bare"),
    "chameleon": (),
}
"""The games that are measured, and the peers that have them.

TextArena plays as `textarena.make` gives a game, and bare: without the wrappers that tell a seat
what it may know, and which a program around it would have to replace.
"""
EVENTS = 100_000
SPEAKERS = 10


@dataclass(frozen=True)
class Pace:
    """What a driver has managed per second."""

    games: float
    steps: float


def installed(peer: str) -> Path:
    """Return the Python of a peer's own environment, which is made where it is missing."""
    home = BENCH / peer
    python = home / "bin" / "python"
    wanted = home / "installed"
    if not wanted.exists() or wanted.read_text("utf-8") != PEERS[peer]:
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        subprocess.run([*pip, PEERS[peer]], check=True)
        wanted.write_text(PEERS[peer], "utf-8")
    return python


def command(side: str, name: str, seconds: float) -> Sequence[str]:
    """Return the command line that plays a game with one library."""
    if side == "parlour":
        return [sys.executable, "-m", "benchmarks.drivers.parlour", name, str(seconds)]
    peer, *how = side.split()
    driver = DRIVERS / f"{peer}_peer.py"
    return [str(installed(peer)), str(driver), name, str(seconds), *how]


def pace(side: str, name: str, seconds: float) -> Pace:
    """Let a driver play for some seconds, in a process of its own."""
    line = command(side, name, seconds)
    done = subprocess.run(line, cwd=ROOT, check=True, capture_output=True, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return Pace(found["games"] / found["seconds"], found["steps"] / found["seconds"])


def random_play(rounds: int, seconds: float) -> Iterator[Row]:
    """Give the rows of each game; the sides take turns, so that a busy machine hurts them alike."""
    for name, peers in GAMES.items():
        sides = ("parlour", *peers)
        paces: dict[str, list[Pace]] = {side: [] for side in sides}
        for number in range(rounds):
            for side in sides if number % 2 == 0 else reversed(sides):
                paces[side].append(pace(side, name, seconds))
        for unit in ("games", "steps"):
            medians = {side: median(getattr(one, unit) for one in paces[side]) for side in sides}
            yield from compared(name, unit, medians, peers)


def compared(
    name: str, unit: str, medians: dict[str, float], peers: Sequence[str]
) -> Iterator[Row]:
    """Give one row for each peer, or one row where there is none."""
    own = medians["parlour"]
    asked = "ahead of TextArena" if unit == "games" else ""
    for peer in peers:
        figure = f"{name}, random play, beside {peer}"
        ratio = own / medians[peer]
        goal = asked if peer == "textarena" else ""
        yield Row(figure, own, f"{unit}/s", medians[peer], ratio, goal)
    if not peers:
        yield Row(f"{name}, random play, 4 seats", own, f"{unit}/s", "none has it")


def replay() -> Iterator[Row]:
    """Give the time that a log of 100,000 events takes to come back."""
    game = Conversation(rounds=EVENTS // SPEAKERS)
    seats = [f"seat {number}" for number in range(1, SPEAKERS + 1)]
    match, rng = Match(game, seats), Random(1)
    while not match.over:
        seat = next(iter(match.asks))
        match.say(seat, f"I have {rng.randrange(1000)} reasons to say so.")
    assert match.version == EVENTS
    turns: Sequence[Turn[Any]] = match.turns
    yield Row(f"replay of {EVENTS:,} events", timed(game, seats, turns), "s", asked="under 2 s")
    text = match.to_json()
    begin = time.perf_counter()
    assert Match.from_json(text).version == EVENTS
    spent = time.perf_counter() - begin
    yield Row(f"replay of {EVENTS:,} events from JSON", spent, "s", asked="under 2 s")


def timed(game: Conversation, seats: Sequence[str], turns: Sequence[Turn[Any]]) -> float:
    """Return the median time, in seconds, in which these turns are replayed."""
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        assert Match(game, seats, turns=turns).version == EVENTS
        times.append(time.perf_counter() - begin)
    return median(times)


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--rounds", type=int, default=5, help="rounds for each side")
    arguments.add_argument("--seconds", type=float, default=1.5, help="length of one round")
    given = arguments.parse_args()
    rows = [*random_play(given.rounds, given.seconds), *replay()]
    report("Speed of the rules", rows, given.json)


if __name__ == "__main__":
    main()
