"""A simulated model server in virtual time, and the two ways to keep it busy."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import Protocol

from towns.causality import Group, Reach, Standing
from towns.frontier import Frontier


class World(Protocol):
    """What is scheduled."""

    end: int
    """The tick at which nobody steps any more."""
    standings: Mapping[str, Standing]

    def begin(self, group: Group, tick: int) -> Sequence[Sequence[float]]:
        """Let a group step; return seconds of the calls, one sequence for each who makes any."""

    def finish(self, group: Group, tick: int) -> Mapping[str, Standing]:
        """Return where those stand who have moved on, once all calls of the group are back."""


class Server:
    """Equal slots; of the calls that wait, the one of the earliest tick is next."""

    def __init__(self, slots: int) -> None:
        self.now = 0.0
        self._slots = slots
        self._number = 0
        self._waiting: list[tuple[int, int, float, Callable[[], None]]] = []
        self._running: list[tuple[float, int, Callable[[], None]]] = []

    def ask(self, tick: int, seconds: float, then: Callable[[], None]) -> None:
        """Put a call; when it is back, `then` is called."""
        self._number += 1
        heappush(self._waiting, (tick, self._number, seconds, then))

    def answer(self) -> bool:
        """Go on to the next call that comes back; return whether there was one."""
        while self._waiting and len(self._running) < self._slots:
            _, number, seconds, then = heappop(self._waiting)
            heappush(self._running, (self.now + seconds, number, then))
        if not self._running:
            return False
        self.now, _, then = heappop(self._running)
        then()
        return True


@dataclass(frozen=True)
class Run:
    """What it took to let a world run to its end."""

    makespan: float
    """Virtual seconds."""
    deciding: float = 0.0
    """Seconds of CPU time in which it was found out who may step."""
    steps: int = 0
    """How often somebody has moved on."""


def chain(server: Server, tick: int, calls: Sequence[float], then: Callable[[], None]) -> None:
    """Put calls one after the other."""

    def put(number: int) -> None:
        if number == len(calls):
            then()
        else:
            server.ask(tick, calls[number], lambda: put(number + 1))

    put(0)


def step(server: Server, world: World, group: Group, tick: int, then: Callable[[], None]) -> None:
    """Let a group step, all of its residents' calls beside each other."""
    every = world.begin(group, tick)
    left = len(every)

    def one_is_done() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            then()

    for calls in every:
        chain(server, tick, calls, one_is_done)
    if not every:
        then()


def lock_step(world: World, slots: int) -> Run:
    """Let all who stand at the earliest tick step, and wait for them."""
    server, standings = Server(slots), dict(world.standings)
    while True:
        tick = min(standing.tick for standing in standings.values())
        if tick >= world.end:
            return Run(server.now)
        group = tuple(sorted(name for name in standings if standings[name].tick == tick))
        step(server, world, group, tick, lambda: None)
        while server.answer():
            pass
        standings.update(world.finish(group, tick))


class OutOfOrder:
    """Lets everybody step whom the frontier lets."""

    def __init__(self, world: World, reach: Reach, slots: int) -> None:
        self.world, self.server = world, Server(slots)
        self.frontier = Frontier.begun(reach, world.standings)
        self.deciding, self.steps = 0.0, 0
        self._ready: list[tuple[int, Group]] = []
        self._push(self.frontier.freed)

    def run(self) -> Run:
        """Run to the end.  Raises RuntimeError if somebody is left behind."""
        self._start()
        while self.server.answer():
            self._start()
        if any(one.tick < self.world.end for one in self.frontier.standings.values()):
            raise RuntimeError("Somebody waits for ever.")
        return Run(self.server.now, self.deciding, self.steps)

    def _push(self, groups: Sequence[Group]) -> None:
        for group in groups:
            tick = self.frontier.standings[group[0]].tick
            if tick < self.world.end:
                heappush(self._ready, (tick, group))

    def _start(self) -> None:
        while self._ready:
            tick, group = heappop(self._ready)
            step(self.server, self.world, group, tick, self._finisher(group, tick))

    def _finisher(self, group: Group, tick: int) -> Callable[[], None]:
        def finish() -> None:
            moved = self.world.finish(group, tick)
            begin = time.process_time()
            self.frontier = self.frontier.advanced(moved)
            self.deciding += time.process_time() - begin
            self.steps += len(moved)
            self._push(self.frontier.freed)

        return finish
