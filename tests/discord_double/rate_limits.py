"""Requests per route and second, told in headers, refused with 429.

Discord publishes no numbers per route: those below are assumed, and a client must read the
headers. A bucket is a fixed window that begins with its first request.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from tests.discord_double.clock import Clock
from tests.discord_double.errors import ApiError


@dataclass(frozen=True)
class Limit:
    count: int
    seconds: float


MESSAGES = "/channels/{channel}/messages"
WEBHOOK = "/webhooks/{webhook}/{token}"
PER_ROUTE: Mapping[tuple[str, str], Limit] = {
    ("POST", MESSAGES): Limit(5, 5.0),
    ("PATCH", MESSAGES + "/{message}"): Limit(5, 5.0),
    ("DELETE", MESSAGES + "/{message}"): Limit(5, 1.0),
    ("POST", WEBHOOK): Limit(5, 2.0),
    ("PATCH", WEBHOOK + "/messages/{message}"): Limit(5, 2.0),
}
RENAMES = Limit(2, 600.0)
"""Names and topics of one channel or thread."""


@dataclass
class Window:
    began: float
    taken: int = 0


class RateLimits:
    """All buckets, and each caller's requests of the last second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.per_route = dict(PER_ROUTE)
        self.per_second = 50
        self._windows: dict[tuple[str, str], Window] = {}
        self._lately: dict[str, deque[float]] = {}

    def take_second(self, caller: str) -> None:
        """Count a request towards the caller's limit over all routes."""
        now = self._clock.now()
        lately = self._lately.setdefault(caller, deque())
        while lately and now - lately[0] >= 1:
            lately.popleft()
        if len(lately) >= self.per_second:
            raise limited(1 - (now - lately[0]), scope="global")
        lately.append(now)

    def take(self, method: str, route: str, resource: str) -> dict[str, str]:
        """Count a request towards its bucket.

        Returns: the headers to answer with. Raises: ApiError 429.
        """
        limit = self.per_route.get((method, route))
        return {} if limit is None else self._take(limit, f"{method} {route}", resource)

    def take_rename(self, resource: str) -> None:
        self._take(RENAMES, "rename", resource)

    def _take(self, limit: Limit, bucket: str, resource: str) -> dict[str, str]:
        now = self._clock.now()
        window = self._windows.get((bucket, resource))
        if window is None or now >= window.began + limit.seconds:
            window = self._windows[bucket, resource] = Window(now)
        left = window.began + limit.seconds - now
        headers = {
            "X-RateLimit-Limit": str(limit.count),
            "X-RateLimit-Bucket": sha256(bucket.encode()).hexdigest()[:24],
            "X-RateLimit-Reset": f"{window.began + limit.seconds:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
        }
        if window.taken >= limit.count:
            raise limited(left, headers={**headers, "X-RateLimit-Remaining": "0"})
        window.taken += 1
        return {**headers, "X-RateLimit-Remaining": str(limit.count - window.taken)}


def limited(
    seconds: float, *, scope: str = "user", headers: Mapping[str, str] | None = None
) -> ApiError:
    """A 429; without the header Via a client takes it for a ban of its address."""
    of_limit = {
        **(headers or {}),
        "Via": "1.1 loopback",
        "Retry-After": str(max(1, round(seconds))),
        "X-RateLimit-Scope": scope,
    }
    if scope == "global":
        of_limit["X-RateLimit-Global"] = "true"
    refusal = ApiError(429, 0, "You are being rate limited.", headers=of_limit)
    whole = scope == "global"
    refusal.body.update(retry_after=round(max(seconds, 0.001), 3), **{"global": whole})
    return refusal
