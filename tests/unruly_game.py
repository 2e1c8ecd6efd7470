"""A library of one game that does whatever a move says, for tests of what must be held back."""

import os
import random
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from bot.errors import OperatorError
from games.foreign import ForeignGame
from games.foreign_report import Observation, Question, Report

WHERE = "tests.unruly_game:UnrulyEnvironment"


@dataclass(frozen=True)
class Unruly(ForeignGame):
    """Each says in turn what the environment is to do; a roll is told to all."""

    name: ClassVar[str] = "unruly"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 4
    env: str = "usual"
    """What is special about it, such as the name of a file that is to be missing."""


class UnrulyEnvironment:
    def __init__(self, env):
        self.env = env
        if env.startswith("/") and not Path(env).exists():
            raise OperatorError("Games of it need the extra “unruly”.")
        self.turn = 0

    def begin(self, seats, seed):
        self.seats = seats
        return self.report(Observation(f"The secret is {random.random()}.", (seats[0],)))

    def report(self, *told):
        seat = self.seats[self.turn % len(self.seats)]
        return Report(told, Question(seat, f"Turn {self.turn}.", examples=("roll",)))

    def move(self, move):
        self.turn += 1
        self.misbehave(move)
        match move:
            case "refuse":
                return Report(refused=f"Not {random.random()}.")
            case "fail":
                raise ValueError(random.random())
            case "nonsense":
                return Report()
            case "end":
                scores = {seat: float(at) for at, seat in enumerate(self.seats)}
                return Report(scores=scores, reason="It was said.")
        return self.report(Observation(f"{move}: {random.random()}"))

    def misbehave(self, how):
        match how:
            case "hang":
                while True:
                    pass
            case "die":
                os._exit(3)
            case "eat":
                bytearray(8 * 1024**3)
            case "print":
                print("x" * 1_000_000, flush=True)
            case "input":
                input()
            case "connect":
                socket.create_connection(("127.0.0.1", 9))
            case "process":
                subprocess.run(["true"], check=True)
            case "fork":
                os.fork()
