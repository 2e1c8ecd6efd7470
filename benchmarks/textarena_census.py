"""Which games of TextArena work here: each registered one is tried in a process of its own.

It writes games/data/textarena.json, from which games are allowed, and the tables of
docs/textarena.md. A game works when it starts without a network, takes moves, and does not hang.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from bot.environments.adapters import ADAPTERS
from bot.environments.worker import UNREADABLE, Worker
from bot.errors import OperatorError
from games.core import Seat
from games.core.ask import SMALL_TALK
from games.foreign_report import Report
from games.word_lists import DATA

ROOT: Final = Path(__file__).parent.parent
VERSION: Final = "0.7.4"
SOURCE: Final = "Measured by benchmarks/textarena_census.py; nothing of TextArena stands here."
MOST_SEATS: Final = 15
MOST_MOVES: Final = 300
SEED: Final = 42
SECONDS: Final = 120
"""For one game, with every number of seats."""
PLAYING: Final = 15.0
"""Seconds of moves made at random."""
SLOW: Final = 10.0
"""Seconds for one move, from which on a game is not played."""
NEWER_PYTHON: Final = "Python 3.12"
SENSIBLE: Final[Mapping[str, Sequence[int]]] = {
    "QuantumTicTacToe": (2,),
    "SpiteAndMalice": (2,),
    "MarketEntryGame": range(2, 9),
    "PublicGoodsGame": range(3, 9),
}
"""How many can play what would start with any number."""


def registered() -> Sequence[str]:
    """Return the ids under which games are registered, once for each set of rules.

    The same rules stand there twice more, with "-train" and "-raw" behind the id, for other
    wrappers, and wrappers are left out here.
    """
    from bot.environments.textarena_library import library

    ids = library().envs.registration.ENV_REGISTRY
    return [env for env in ids if not env.endswith(("-train", "-raw"))]


def try_one(env: str) -> dict[str, Any]:
    """Return what one game is like, or why it does not work."""
    try:
        worker = Worker(ADAPTERS["textarena"], env)
    except OperatorError as error:
        return {"why": _why(error)}
    seats, why, prompt = list[int](), "", 0
    for number in SENSIBLE.get(env.partition("-")[0], range(1, MOST_SEATS + 1)):
        try:
            report = _begun(worker, number)
        except OperatorError as error:
            why = why or _why(error)
        else:
            seats.append(number)
            prompt = max(prompt, _prompt(report, number))
    if not seats:
        return {"why": why}
    return _played(worker, seats) | {"seats": seats, "prompt": prompt}


def _why(error: OperatorError) -> str:
    """Return why a game does not start, without what is always said."""
    whole = str(error).rstrip(".")
    return whole.partition(" cannot be started: ")[2] or whole


def _begun(worker: Worker, number: int) -> Report:
    names = [f"Seat{at}" for at in range(number)]
    told = worker.do({"do": "begin", "seats": names, "seed": SEED})
    return _read(told["report"])


def _read(text: str) -> Report:
    from games.core.codec import decoder

    report: Report = decoder(Report)(json.loads(text), str)
    return report


def _prompt(report: Report, number: int) -> int:
    """Return how much the seat reads at first that reads most."""
    seats = [Seat(f"Seat{at}") for at in range(number)]
    read = {
        seat: sum(len(one.text) for one in report.told if one.to and seat in one.to)
        for seat in seats
    }
    return max(read.values())


def _played(worker: Worker, seats: Sequence[int]) -> dict[str, Any]:
    """Return how long the game took in random play, and whether moves were found."""
    report, rng, ends = _begun(worker, seats[0]), random.Random(SEED), time.monotonic() + PLAYING
    found, refused, slowest = True, list[str](), 0.0
    for made in range(MOST_MOVES):
        if report.asked is None:
            return {"moves": made, "bots": found, "slowest": round(slowest, 1)}
        moves = report.asked.options or report.asked.examples
        found &= bool(moves)
        began = time.monotonic()
        after = _moved(worker, [rng.choice(moves)] if moves else SMALL_TALK, refused)
        slowest = max(slowest, time.monotonic() - began)
        if after is None and not made and set(refused) == {UNREADABLE}:
            return {"why": "it fails at its first move"}
        if slowest > SLOW:
            return {"why": f"one move takes longer than {SLOW:g} seconds"}
        if after is None or time.monotonic() > ends:
            break
        report = after
    return {"moves": None, "bots": found, "slowest": round(slowest, 1)}


def _moved(worker: Worker, moves: Sequence[str], refused: list[str]) -> Report | None:
    """Return what follows from the first of these moves that counts; None if none does."""
    for move in moves:
        report = _read(worker.do({"do": "move", "move": move})["report"])
        if not report.refused:
            return report
        refused.append(report.refused)
    return None


def tried(env: str, pythons: Sequence[str]) -> dict[str, Any]:
    """Return what `try_one` gives in a process of its own, with the newer Python if need be."""
    facts: dict[str, Any] = {}
    for python in pythons:
        facts = _in_process(env, python)
        if "newer Python" not in facts.get("why", ""):
            return facts | {"needs": [NEWER_PYTHON] if python != sys.executable else []}
    return facts


def _in_process(env: str, python: str) -> dict[str, Any]:
    with TemporaryDirectory() as folder:
        answer = Path(folder) / "facts.json"
        command = [python, "-m", __spec__.name, "--one", env, "--answer", str(answer)]
        try:
            subprocess.run(command, cwd=ROOT, timeout=SECONDS, capture_output=True, check=False)
        except subprocess.TimeoutExpired:
            return {"why": "it hangs"}
        if not answer.exists():
            return {"why": "its process breaks off"}
        facts: dict[str, Any] = json.loads(answer.read_text("utf-8"))
        return facts


def write(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the facts for the game, and the tables for the docs."""
    playable = {env: facts for env, facts in found.items() if "why" not in facts}
    excluded = {env: facts["why"] for env, facts in found.items() if "why" in facts}
    kept = ("seats", "needs", "prompt", "moves", "bots")
    of_each = {env: {name: facts[name] for name in kept} for env, facts in playable.items()}
    parts = (
        f'"version": {json.dumps(VERSION)}',
        f'"source": {json.dumps(SOURCE)}',
        f'"playable": {_a_line_each(of_each)}',
        f'"excluded": {_a_line_each(excluded)}',
    )
    whole = ",\n".join(parts)
    (DATA / "textarena.json").write_text(f"{{\n{whole}\n}}\n", "utf-8")
    docs = ROOT / "docs" / "textarena.md"
    head, mark, _ = docs.read_text("utf-8").partition("## What works\n")
    docs.write_text("\n".join([f"{head}{mark}", *_tables(playable, excluded), ""]), "utf-8")


def _a_line_each(found: Mapping[str, Any]) -> str:
    lines = (f"{json.dumps(env)}: {json.dumps(facts)}" for env, facts in found.items())
    return "{{\n{}\n}}".format(",\n".join(lines))


def _tables(
    playable: Mapping[str, Mapping[str, Any]], excluded: Mapping[str, str]
) -> Iterator[str]:
    rules = {env.partition("-v")[0] for env in playable}
    yield (
        f"Of {len(playable) + len(excluded)} ids, {len(playable)} work ({len(rules)} games). "
        "“Moves” is how long random play took to the end; – means that it was not over after "
        f"{MOST_MOVES} moves. “Bots” says whether house bots found a move each time.\n"
    )
    yield "| id | seats | first prompt, characters | moves | bots | needs |"
    yield "|---|---|---|---|---|---|"
    for env, facts in sorted(playable.items()):
        bots, moves = "yes" if facts["bots"] else "not always", facts["moves"] or "–"
        needs = ", ".join(facts["needs"])
        cells = (env, _seats(facts["seats"]), facts["prompt"], moves, bots, needs)
        yield f"| {' | '.join(map(str, cells))} |"
    yield "\n## What does not work\n\n| id | why |\n|---|---|"
    for env, why in sorted(excluded.items()):
        yield f"| {env} | {why} |"


def _seats(numbers: Sequence[int]) -> str:
    whole = list(range(numbers[0], numbers[-1] + 1))
    if len(numbers) > 2 and list(numbers) == whole:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))


def main() -> None:
    """Try every registered game."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--newer-python", help="another Python with the extra, for what needs it")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="ids that begin so; nothing is written")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--answer", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        given.answer.write_text(json.dumps(try_one(given.one)), "utf-8")
        return
    pythons = [sys.executable, *([given.newer_python] if given.newer_python else [])]
    found = {}
    ids = [env for env in registered() if env.startswith(given.only)]
    with ThreadPoolExecutor(given.jobs) as pool:
        for env, facts in zip(ids, pool.map(lambda env: tried(env, pythons), ids), strict=True):
            found[env] = facts
            print(env, json.dumps(facts), flush=True)
    if not given.only:
        write(found)


if __name__ == "__main__":
    main()
