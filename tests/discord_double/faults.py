"""Requests that go wrong on purpose: refused, delayed, or done and never answered."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class Fault:
    """What happens to the next requests of a route.

    `status` is the answer's, 0 cuts the connection instead, and None answers as ever, after the
    delay. With `done` the request is carried out first, so that the bot cannot know that it was.
    `then` is called when the fault has struck.
    """

    method: str
    route: str
    status: int | None = 0
    times: int = 1
    done: bool = False
    delay: float = 0.0
    then: Callable[[], object] | None = None

    def strikes(self, method: str, route: str) -> bool:
        return self.times > 0 and (self.method, self.route) == (method, route)
