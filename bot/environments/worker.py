"""The process of one foreign game: python -m bot.environments.worker ADAPTER ENV, by the bot.

It takes one wish a line from standard input and answers each with one line, both JSON. It ends
when its input does, so it never outlives the bot.
"""

import base64
import json
import os
import pickle
import random
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, BinaryIO, Final

from bot.environments.adapters import adapter
from bot.errors import OperatorError
from games.core import Seat
from games.foreign_report import Report

EXIT_MEMORY: Final = 77
MEMORY: Final = 2 * 1024**3
"""Bytes of address space."""
UNREADABLE: Final = "The game cannot make anything of it; write it another way."
_FORBIDDEN: Final = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "os.fork")
"""How the names of Python's audit events begin that no game needs."""

Frame = Mapping[str, Any]


class Worker:
    """One game, and everything chance has in it."""

    def __init__(self, where: str, env: str) -> None:
        self._environment = adapter(where, env)

    def do(self, wish: Frame) -> Frame:
        """Return the answer to a wish.  Raises OperatorError."""
        match wish["do"]:
            case "begin":
                return self._begin(tuple(map(Seat, wish["seats"])), wish["seed"])
            case "move":
                return {"report": self._move(wish["move"]).to_json()}
            case "save":
                return {"saved": base64.b64encode(self._packed()).decode()}
            case "restore":
                self._unpack(base64.b64decode(wish["saved"]))
        return {}

    def _begin(self, seats: Sequence[Seat], seed: int) -> Frame:
        random.seed(seed)
        if numpy := sys.modules.get("numpy"):
            numpy.random.seed(seed)
        return {"report": self._environment.begin(seats, seed).to_json()}

    def _move(self, move: str) -> Report:
        before = self._packed()
        try:
            report = self._environment.move(move)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 -- whatever a library does at a move it did not expect
            report = Report(refused=UNREADABLE)
        if report.refused:
            self._unpack(before)
        return report

    def _packed(self) -> bytes:
        numpy = sys.modules.get("numpy")
        chance = random.getstate(), numpy and numpy.random.get_state()
        return pickle.dumps((self._environment, chance))

    def _unpack(self, packed: bytes) -> None:
        self._environment, (own, numpys) = pickle.loads(packed)  # noqa: S301 -- our own, sealed
        random.setstate(own)
        if numpys:
            sys.modules["numpy"].random.set_state(numpys)


def main() -> None:
    """Answer wishes until there are none."""
    inward, outward = _own_pipes()
    wishes: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_read, args=(inward, wishes), daemon=True).start()
    _shut_in()
    worker: Worker | None = None
    while True:
        wish = json.loads(wishes.get())
        try:
            worker = worker or Worker(*sys.argv[1:3])
            answer = worker.do(wish)
        except OperatorError as why:
            answer = {"why": str(why)}
        except MemoryError:
            os._exit(EXIT_MEMORY)
        outward.write(json.dumps(answer).encode() + b"\n")
        outward.flush()


def _own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes to the bot; what a game prints goes nowhere, and it reads nothing."""
    inward, outward = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    return inward, outward


def _read(inward: BinaryIO, wishes: "SimpleQueue[bytes]") -> None:
    """Take wishes from the pipe; its end is the end of the process, whatever a game does."""
    for line in inward:
        wishes.put(line)
    os._exit(0)


def _shut_in() -> None:
    """Take from the process what no game needs: the network, other processes, too much memory."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def look(event: str, _details: object) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError("A game has neither a network nor processes of its own.")

    sys.addaudithook(look)


if __name__ == "__main__":
    main()
