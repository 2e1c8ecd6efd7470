"""What a chat server sends back, read piece by piece, whether it streams or not."""

import time
from collections.abc import AsyncIterator, Callable
from typing import Final, Literal

from pydantic import BaseModel, ValidationError

from bot.models.faults import Fault, quoted

MAX_BYTES: Final = 4_000_000
"""Of one answer as it comes over the wire; a longer one is not read to its end."""


class _Piece(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    delta: _Piece | None = None
    message: _Piece | None = None
    text: str | None = None
    """Of a server that was given a text to go on with."""
    finish_reason: str | None = None


class _Usage(BaseModel):
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


class _Chunk(BaseModel):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None
    error: object = None


Heard = Callable[[str], None]
"""Hears an answer while it comes: all of its text so far, from the start again with a new try."""
Ending = Literal["complete", "cut short", "broken off", "filtered"]


class Reply:
    """An answer as far as it has come."""

    def __init__(self, secrets: set[str], heard: Heard | None = None) -> None:
        self._secrets = secrets
        self._heard = heard
        self._parts: list[str] = []
        self._rest = bytearray()
        self._streamed = False
        self._done = False
        self._chosen = False
        self._reason: str | None = None
        self._refusal = ""
        self.prompt_tokens: int | None = None
        self.completion_tokens: int | None = None
        self.first_at: float | None = None
        """When the first text came, by the monotonic clock."""

    async def read(self, body: AsyncIterator[bytes]) -> None:
        """Take up a body to its end.  Raises Fault."""
        async for line in _lines(body):
            if self._take(line):
                return
        if not self._streamed:
            self._take_whole(bytes(self._rest))

    @property
    def text(self) -> str:
        """What the model said, as far as it has come."""
        return "".join(self._parts)

    @property
    def ending(self) -> Ending:
        """How the answer ended; "broken off" means that the connection ended before it did.

        Raises Fault where there is no answer at all.
        """
        if self._refusal:
            raise Fault("declined to answer; another model or persona may be willing")
        if not self._chosen:
            raise Fault("sent no answer (no choices in it); look at the server's log", again=True)
        match self._reason:
            case "length":
                return "cut short"
            case "content_filter":
                return "filtered"
            case None if self._streamed and not self._done:
                return "broken off"
        return "complete"

    def _take(self, line: bytes) -> bool:
        """Take up one line; return whether it was the last."""
        line = line.strip()
        if line.startswith(b"data:"):
            self._streamed = True
            data = line[5:].strip()
            if data == b"[DONE]":
                self._done = True
            elif data:
                self._take_chunk(data)
        elif not self._streamed and not line.startswith((b":", b"event:", b"id:", b"retry:")):
            self._rest += line + b"\n"
        return self._done

    def _take_whole(self, body: bytes) -> None:
        if body.lstrip().startswith(b"<"):
            raise Fault("answered with a web page; check base_url, which mostly ends in /v1")
        if not body.strip():
            raise Fault("sent an empty answer; look at the server's log", again=True)
        self._take_chunk(body)

    def _take_chunk(self, data: bytes) -> None:
        try:
            chunk = _Chunk.model_validate_json(data)
        except ValidationError:
            raise Fault(
                "sent something that is no chat answer, or only part of one; "
                "check base_url and the server's log",
                again=True,
            ) from None
        if chunk.error:
            told = quoted({"error": chunk.error}, self._secrets)
            raise Fault(f"reported an error{told}; look at the server's log", again=True)
        if chunk.usage:
            self.prompt_tokens = chunk.usage.prompt_tokens
            self.completion_tokens = chunk.usage.completion_tokens
        for choice in (chunk.choices or ())[:1]:
            self._take_choice(choice)

    def _take_choice(self, choice: _Choice) -> None:
        self._chosen = True
        self._reason = choice.finish_reason or self._reason
        piece = choice.delta or choice.message or _Piece(content=choice.text)
        self._refusal += piece.refusal or ""
        if piece.content:
            self.first_at = self.first_at or time.monotonic()
            self._parts.append(piece.content)
            if self._heard is not None:
                self._heard(self.text)


async def _lines(body: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the lines of a body.  Raises Fault when it is longer than MAX_BYTES."""
    taken = 0
    rest = bytearray()
    async for part in body:
        taken += len(part)
        if taken > MAX_BYTES:
            raise Fault("sent far more than an answer; set max_tokens or look at the server")
        *whole, last = part.split(b"\n")
        for line in whole:
            rest += line
            yield bytes(rest)
            rest.clear()
        rest += last
    if rest:
        yield bytes(rest)
