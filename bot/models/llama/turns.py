"""Who is next: groups take turns, and so do adapters."""

from collections import Counter, deque
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final

from bot.models.llama.request import Request

TRIED: Final = 32
"""Waiting requests that are looked at before a step; most wait for a place, or for a beginning."""
STEPS_IN_A_ROW: Final = 8
"""Steps with one adapter while others wait; changing it costs about a step."""


class Line:
    """Requests that wait; those of a group stay in order, and groups pass each other."""

    def __init__(self) -> None:
        self._groups: dict[str, deque[Request]] = {}
        """The group that was served longest ago comes first."""

    def __len__(self) -> int:
        return sum(map(len, self._groups.values()))

    def __iter__(self) -> Iterator[Request]:
        return (request for waiting in self._groups.values() for request in waiting)

    def add(self, request: Request, *, first: bool = False) -> None:
        """Let a request wait, at the end of its group or before all others of it."""
        waiting = self._groups.setdefault(request.job.group, deque())
        waiting.insert(0 if first else len(waiting), request)

    def remove(self, request: Request, *, served: bool = False) -> None:
        """Take a request out; if it was served, its group goes behind the others."""
        group = request.job.group
        waiting = self._groups[group]
        waiting.remove(request)
        if served or not waiting:
            del self._groups[group]
        if served and waiting:
            self._groups[group] = waiting

    def next(self, active: Collection[Request]) -> Iterator[Request]:
        """Give requests in the order in which they should be served."""
        serving = Counter(request.job.group for request in active)
        groups = sorted(self._groups, key=lambda group: serving[group])
        rows = [iter(self._groups[group]) for group in groups]
        return islice(_in_turn(rows), TRIED)


class AdapterTurns:
    """Which adapter the next step computes with; one step cannot have two."""

    def __init__(self) -> None:
        self.current: str | None = None
        self._steps = 0

    def choose(self, active: Collection[Request]) -> str | None:
        """Return the current adapter while it has work and its turn lasts, or the next one."""
        wanted = {request.job.adapter for request in active}
        if self.current in wanted and (len(wanted) == 1 or self._steps < STEPS_IN_A_ROW):
            self._steps += 1
            return self.current
        others = [one for one in active if one.job.adapter != self.current]
        self.current = min(others, key=lambda one: one.computed_at).job.adapter
        self._steps = 1
        return self.current


def by_group(requests: Collection[Request]) -> Iterator[Request]:
    """Give requests so that one of each group comes before the second of any."""
    rows: dict[str, list[Request]] = {}
    for request in requests:
        rows.setdefault(request.job.group, []).append(request)
    return _in_turn([iter(row) for row in rows.values()])


def _in_turn(rows: list[Iterator[Request]]) -> Iterator[Request]:
    while rows:
        going_on = []
        for row in rows:
            if (request := next(row, None)) is not None:
                going_on.append(row)
                yield request
        rows = going_on
