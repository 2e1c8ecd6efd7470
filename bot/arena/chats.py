"""Where chats are held, and which messages show their lines.  Pure, but for the store's port."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Final, Protocol, Self
from zoneinfo import ZoneInfo

from bot.errors import ShownToUser
from games.core import clean, quoted

DRAFT: Final = 0
"""In the place of a line's number: what is still being said."""
ROOM: Final = "chat"
"""How the name of a chat's room begins, for the arena."""


@dataclass(frozen=True)
class QuietHours:
    """When characters answer only those who call them by name, day by day."""

    begin: time
    end: time
    """Not later than `begin` where they last over midnight."""
    zone: str
    """Such as "Europe/Berlin"."""

    def hold(self, now: datetime) -> bool:
        """Return whether it is quiet; `now` is in any time zone."""
        here = now.astimezone(ZoneInfo(self.zone)).time()
        if self.begin < self.end:
            return self.begin <= here < self.end
        return here >= self.begin or here < self.end

    def __str__(self) -> str:
        return f"{self.begin:%H:%M} to {self.end:%H:%M}, {self.zone}"

    def to_json(self) -> Mapping[str, str]:
        """Return them as JSON values."""
        return {
            "begin": self.begin.isoformat(),
            "end": self.end.isoformat(),
            "zone": self.zone,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, str]) -> Self:
        """Return them as `to_json` left them."""
        begin, end = time.fromisoformat(kept["begin"]), time.fromisoformat(kept["end"])
        return cls(begin, end, kept["zone"])


@dataclass(frozen=True)
class ChatPlace:
    """Where a chat is held; servers, channels and people by Discord's ids."""

    match_id: str
    guild: int
    channel: int
    """The channel, or for a thread the one that it belongs to."""
    place: int
    """Where it is spoken: the channel itself, or a thread of it."""
    opener: int
    """Who has opened it, and pays for it."""
    cause: str
    """The interaction that opened it; unique."""
    read_to: int
    """The last message that was looked at."""
    open: bool = True
    quiet: QuietHours | None = None

    @property
    def room(self) -> str:
        """How the arena calls it: server, payer and chat."""
        return f"{ROOM}:{self.guild}:{self.opener}:{self.match_id}"

    @property
    def thread(self) -> int | None:
        """The thread; None where it is held in the channel itself."""
        return self.place if self.place != self.channel else None

    def closed(self) -> Self:
        """Return it as it is when the chat is over."""
        return replace(self, open=False)


@dataclass(frozen=True)
class ShownPart:
    """A message that shows a line of a chat, or a part of one."""

    match_id: str
    line: int
    """DRAFT while its line has no number yet."""
    part: int
    """From 0, as a long line takes several messages."""
    message: int
    """0 while it is being sent."""
    speaker: str = ""
    """Whose draft it is; or who has written the message, where that was not the bot."""


class ChatStore(Protocol):
    """Keeps where chats are held, and which messages show their lines."""

    async def save(self, chat: ChatPlace) -> None:
        """Write a chat, new or in place of what it was.  Raises AlreadyDone for a known cause."""

    async def chat(self, match_id: str) -> ChatPlace | None:
        """Return a chat; None where there is none."""

    async def made_by(self, cause: str) -> ChatPlace | None:
        """Return the chat that an interaction has opened; None where there is none."""

    async def open_chats(self) -> Sequence[ChatPlace]:
        """Return all that are not over, the oldest first."""

    async def parts(self, match_id: str, line: int) -> Sequence[ShownPart]:
        """Return the messages that show a line, in order."""

    async def part_in(self, message: int) -> ShownPart | None:
        """Return what a message shows; None for one that shows no line."""

    async def show(self, *parts: ShownPart, instead: Sequence[ShownPart] = ()) -> None:
        """Note which messages show a line, in place of what was noted for the same parts.

        What is noted of the parts `instead` goes at the same time.
        """

    async def hide(self, *parts: ShownPart) -> None:
        """Note that messages show no line any more."""


def read_hours(begin: str, end: str, zone: str) -> QuietHours:
    """Return quiet hours as people write them, such as 22 or 22:30.  Raises ShownToUser."""
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError):
        raise ShownToUser(
            f"There is no time zone {quoted(zone, 40)}; write one such as Europe/Berlin or UTC."
        ) from None
    hours = QuietHours(_time(begin), _time(end), zone)
    if hours.begin == hours.end:
        raise ShownToUser("Quiet hours end at another time than they begin.")
    return hours


def _time(text: str) -> time:
    hour, _, minute = clean(text, 10).strip().partition(":")
    try:
        return time(int(hour), int(minute or 0))
    except ValueError:
        raise ShownToUser(
            f"{quoted(text, 20)} is no time of day; write one such as 22 or 22:30."
        ) from None
