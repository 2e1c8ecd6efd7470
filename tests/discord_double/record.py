"""What happened, in order and never changed: the truth that tests compare a bot with."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.discord_double.message_rules import Upload
from tests.discord_double.state import Message


@dataclass(frozen=True)
class Deed:
    """A message created, edited or deleted, as it was at that time.

    `at` is time.monotonic(); `app_id` is None where a person did it.
    """

    what: str
    at: float
    message_id: int
    channel_id: int
    author: str
    content: str
    nonce: str | int | None
    webhook_id: int | None
    app_id: int | None
    only_for: int | None
    pinged: frozenset[int]


@dataclass(frozen=True)
class Request:
    """A request as it was answered; status 0 is a connection cut before any answer."""

    method: str
    route: str
    path: str
    status: int
    code: int
    at: float
    app_id: int | None


@dataclass
class Record:
    deeds: list[Deed] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    typed: list[tuple[int, int, float]] = field(default_factory=list)
    """Channel, application and time of each typing indicator."""
    public: list[tuple[int | None, str]] = field(default_factory=list)
    """Every text that anybody could read, however short a time, and the application it is of."""
    broken: list[str] = field(default_factory=list)
    """What the double could not do: routes it does not know, and its own errors."""

    def message(self, what: str, message: Message) -> None:
        """Note what was done to the message."""
        deed = Deed(
            what,
            time.monotonic(),
            message.id,
            message.channel.id,
            message.author.name,
            message.content,
            message.nonce,
            message.webhook_id,
            message.application_id,
            message.only_for,
            message.pinged,
        )
        self.deeds.append(deed)

    def of(self, what: str, *, channel_id: int | None = None) -> list[Deed]:
        """Deeds of one sort, in one channel or in all."""
        return [
            deed
            for deed in self.deeds
            if deed.what == what and channel_id in (None, deed.channel_id)
        ]

    def publish(self, app_id: int | None, *things: Any) -> None:
        """Note all texts in the things as readable by anybody."""
        for thing in things:
            self.public.extend((app_id, text) for text in texts_in(thing))

    def publish_file(self, app_id: int | None, file: Upload) -> None:
        """Note a file's name, its alt text, and what is in it where that is text."""
        self.publish(app_id, file.filename, file.description)
        try:
            self.publish(app_id, file.data.decode())
        except UnicodeDecodeError:
            pass

    @property
    def invalid_requests(self) -> int:
        """How many count towards Discord's ban of 10,000 in ten minutes."""
        return sum(request.status in (401, 403, 429) for request in self.requests)


def texts_in(thing: Any) -> Iterator[str]:
    """All strings in nested JSON, keys left out."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, dict):
        for value in thing.values():
            yield from texts_in(value)
    elif isinstance(thing, list | tuple):
        for value in thing:
            yield from texts_in(value)
