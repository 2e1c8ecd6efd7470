"""A model server on loopback that answers legally, or fails in one of many ways.

`python -m tests.faulty_model --port 8099 --mode drip` runs it by hand; models.toml then has
base_url = "http://127.0.0.1:8099/v1".
"""

import argparse
import asyncio
import json
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import Any

from aiohttp import web


class Mode(StrEnum):
    """How the server behaves."""

    OK = "ok"
    THINKING = "thinking"
    NO_SCHEMA = "no-schema"
    IGNORES_SCHEMA = "ignores-schema"
    NO_STREAM = "no-stream"
    NO_STREAM_OPTIONS = "no-stream-options"
    NEWER = "newer"
    WRONG_FIRST = "wrong-first"
    TOO_MANY = "429"
    BROKEN = "500"
    BROKEN_FLOOD = "500-flood"
    BAD_KEY = "401"
    HTML = "html"
    ERROR_200 = "error-200"
    NO_CHOICES = "no-choices"
    NULL = "null"
    WRONG_TYPES = "wrong-types"
    NESTED = "nested"
    TRUNCATED = "truncated"
    CLEAN_CUT = "clean-cut"
    CUT_SHORT = "cut-short"
    FILTERED = "filtered"
    DRIP = "drip"
    KEEP_ALIVE = "keep-alive"
    FLOOD = "flood"
    LINE_FLOOD = "line-flood"
    RESET = "reset"
    HANG = "hang"
    REDIRECT = "redirect"
    ECHO_KEY = "echo-key"


@dataclass(frozen=True)
class Received:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.body["messages"]

    @property
    def prompt(self) -> str:
        """All messages in one text, or the text to go on with."""
        if "prompt" in self.body:
            return self.body["prompt"]
        return "\n\n".join(message["content"] for message in self.messages)


class FaultyModel:
    """The server's behaviour, which a test may change between requests."""

    def __init__(self, mode: str = Mode.OK, *, seed: int | None = None) -> None:
        self.mode = Mode(mode)
        self.times: int | None = None
        """How many requests the mode holds for, before all is well; None for all."""
        self.retry_after = "1"
        self.says: deque[str] = deque()
        """Answers to give before any of its own."""
        self.requests: list[Received] = []
        self.url = ""
        """The base_url to give to a client."""
        self._rng = Random(seed) if seed is not None else None

    @asynccontextmanager
    async def running(self, port: int = 0):
        """Serve on loopback for as long as the context lasts."""
        app = web.Application()
        app.router.add_post("/{rest:.*}", self._answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            self.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
            yield self
        finally:
            await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.requests.append(Received(request.path, request.headers.copy(), body))
        mode = self._mode_now()
        if response := self._refusal(mode, request, body):
            return response
        if mode in _PAGES:
            kind = "text/html" if mode is Mode.HTML else "application/json"
            return web.Response(text=_PAGES[mode], content_type=kind)
        if mode in _RAW:
            return await _RAW[mode](request)
        return await self._completion(mode, request, body)

    def _mode_now(self) -> Mode:
        if self.times is None:
            return self.mode
        self.times -= 1
        return self.mode if self.times >= 0 else Mode.OK

    def _refusal(self, mode: Mode, request: web.Request, body: Mapping) -> web.Response | None:
        """Return the error that the mode has for this request, if it has one."""
        key = request.headers.get("Authorization", "").removeprefix("Bearer ")
        match mode:
            case Mode.TOO_MANY:
                return _error(429, "Slow down.", {"retry-after": self.retry_after})
            case Mode.BROKEN:
                return _error(500, "CUDA out of memory")
            case Mode.BAD_KEY:
                return _error(401, f"Incorrect API key provided: {key[:6]}***{key[-4:]}.")
            case Mode.ECHO_KEY:
                return _error(400, f"What is this? {key}")
            case Mode.REDIRECT:
                return web.Response(status=307, headers={"Location": "/elsewhere"})
            case Mode.NO_SCHEMA if "response_format" in body:
                return _error(400, "response_format of type json_schema is not supported")
            case Mode.NO_STREAM_OPTIONS if "stream_options" in body:
                return _error(422, "stream_options: extra fields not permitted")
            case Mode.NEWER if "max_tokens" in body:
                return _error(400, "max_tokens is not known; use max_completion_tokens instead")
            case Mode.NEWER if "temperature" in body:
                return _error(400, "'temperature' does not support 0.5 with this model")
        return None

    async def _completion(
        self, mode: Mode, request: web.Request, body: Mapping
    ) -> web.StreamResponse:
        text = self._says(mode, Received(request.path, {}, body))
        if mode is Mode.THINKING:
            text = f"<think>\nWhat about {{this}}?\n</think>\n\n{text}"
        reason = {Mode.CUT_SHORT: "length", Mode.FILTERED: "content_filter"}.get(mode, "stop")
        if reason != "stop" or mode is Mode.CLEAN_CUT:
            text = text[: len(text) // 2]
        if body.get("stream") and mode is not Mode.NO_STREAM:
            ending = None if mode is Mode.CLEAN_CUT else reason
            return await _streamed(request, text, ending, text_only="prompt" in body)
        return web.json_response({"choices": [_choice(text, reason)], "usage": _usage(text)})

    def _says(self, mode: Mode, received: Received) -> str:
        if self.says:
            return self.says.popleft()
        schema = _schema_of(received)
        if schema is None or mode is Mode.IGNORES_SCHEMA:
            return "A good day to you all."
        wrong = mode is Mode.WRONG_FIRST and "refused" not in received.prompt
        return json.dumps(self._value(schema, wrong))

    def _value(self, schema: Mapping[str, Any], wrong: bool) -> Any:
        """Return a value of this schema, or one that is clearly none."""
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
        match schema:
            case {"type": "object", "properties": properties}:
                return {name: self._value(part, wrong) for name, part in properties.items()}
            case {"enum": options}:
                return "banana" if wrong else self._one_of(options)
            case {"type": "array", "items": {"enum": options}}:
                return ["banana"] if wrong else options[: schema["minItems"] or 1]
            case {"minimum": low, "maximum": high}:
                return high + 1000 if wrong else self._one_of([low, high])
        return "" if wrong else "A good day to you all."

    def _one_of(self, options: list[Any]) -> Any:
        return self._rng.choice(options) if self._rng else options[0]


def _schema_of(received: Received) -> Mapping[str, Any] | None:
    """Return the schema in the request's own field, or the one spelled out in its last line."""
    if wanted := received.body.get("response_format"):
        return wanted["json_schema"]["schema"]
    if "prompt" in received.body:
        return None
    last = received.messages[-1]["content"].splitlines()[-1]
    return json.loads(last) if last.startswith("{") else None


def _error(status: int, message: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"error": {"message": message}}, status=status, headers=headers)


def _choice(text: str | None, reason: str = "stop") -> dict[str, Any]:
    return {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": reason}


def _usage(text: str) -> dict[str, int]:
    return {"prompt_tokens": 20, "completion_tokens": max(1, len(text) // 4)}


def _chunk(text: str, reason: str | None = None, *, text_only: bool = False) -> bytes:
    piece = {"text": text} if text_only else {"delta": {"content": text}}
    choice = {"index": 0, **piece, "finish_reason": reason}
    return b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n"


async def _opened(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    return response


async def _streamed(
    request: web.Request, text: str, reason: str | None, *, text_only: bool
) -> web.StreamResponse:
    response = await _opened(request)
    for at in range(0, len(text), 5):
        await response.write(_chunk(text[at : at + 5], text_only=text_only))
    if reason:
        await response.write(_chunk("", reason, text_only=text_only))
        usage = json.dumps({"choices": [], "usage": _usage(text)}).encode()
        await response.write(b"data: " + usage + b"\n\ndata: [DONE]\n\n")
    await response.write_eof()
    return response


def _endless(piece: bytes, pause: float, status: int = 200) -> Callable:
    """Return a handler that sends the same piece for ever."""

    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(status=status, headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        while True:
            await response.write(piece)
            await asyncio.sleep(pause)

    return handler


async def _reset(request: web.Request) -> web.StreamResponse:
    response = await _opened(request)
    await response.write(_chunk("Hel"))
    request.transport.abort()
    return response


async def _hang(request: web.Request) -> web.StreamResponse:
    await asyncio.sleep(3600)
    raise AssertionError("nobody waits an hour")


_PAGES: Mapping[Mode, str] = {
    Mode.HTML: "<!doctype html><h1>Hello</h1>",
    Mode.ERROR_200: '{"error": {"message": "No backend is free.", "code": 503}}',
    Mode.NO_CHOICES: '{"id": "1", "choices": []}',
    Mode.NULL: json.dumps({"choices": [_choice(None)]}),
    Mode.WRONG_TYPES: '{"choices": {"message": 7}, "usage": "much"}',
    Mode.NESTED: "[" * 200_000,
    Mode.TRUNCATED: '{"choices": [{"message": {"cont',
}

_RAW: Mapping[Mode, Callable] = {
    Mode.DRIP: _endless(_chunk("a"), 0.2),
    Mode.KEEP_ALIVE: _endless(b": keep-alive\n\n", 0.1),
    Mode.FLOOD: _endless(_chunk("blah " * 13_000), 0),
    Mode.LINE_FLOOD: _endless(b"x" * 65_536, 0),
    Mode.BROKEN_FLOOD: _endless(b"x" * 65_536, 0, status=500),
    Mode.RESET: _reset,
    Mode.HANG: _hang,
}


async def _serve(port: int, mode: str) -> None:
    async with FaultyModel(mode).running(port) as server:
        print(f"{server.mode} at {server.url}; Ctrl+C ends it.", flush=True)
        await asyncio.Event().wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", choices=[*Mode], default=Mode.OK)
    options = parser.parse_args()
    try:
        asyncio.run(_serve(options.port, options.mode))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
