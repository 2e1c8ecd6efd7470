"""A language model behind any server that speaks OpenAI's chat interface."""

import asyncio
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from bot.errors import ModelError
from bot.models.config import SCRIPT, ModelSettings
from bot.models.faults import Fault, NotTaken
from bot.models.reply import Heard, Reply
from games.core.ask import GRID

if TYPE_CHECKING:  # it imports the SDK, which the first call does
    from bot.models.connection import Connection

TRIES: Final = 4
FIRST_WAIT: Final = 0.5
"""Seconds before the second try; each later wait is twice as long."""
MOST_STOPS: Final = 4
"""Texts at which an answer ends; OpenAI takes no more."""

Message = Mapping[str, str]
"""With "role" and "content"."""
Schema = Mapping[str, Any]

_CHECKED_BY_THE_ASK: Final = frozenset({"minLength", "maxLength", "uniqueItems", GRID})
"""Keywords that strict servers refuse and grammars choke on."""
_THOUGHT: Final = re.compile(r"\s*(?:<think(?:ing)?>)?.*?</think(?:ing)?>", re.DOTALL)
_UNFINISHED_THOUGHT: Final = re.compile(r"\s*<think(?:ing)?>")


@dataclass(frozen=True)
class Completion:
    """What a model said, and what it cost."""

    text: str
    prompt_tokens: int | None
    """None where the server does not count."""
    completion_tokens: int | None
    seconds: float
    """From the call to the whole answer, every try included."""
    first: float
    """Seconds from the last try to its first text."""
    structured: bool
    """Whether the text is a JSON object with all that the schema requires."""
    cut_off: bool
    """Whether a plain text ended at the longest length; a JSON answer cut off is none at all."""


class ChatModel:
    """One model of models.toml; many tables may ask it at the same time, in one event loop."""

    def __init__(self, settings: ModelSettings) -> None:
        self.settings = settings
        self.without: set[str] = set()
        """Parts of a request that the server has turned down, and is no longer sent."""
        self._optional = {
            *("response_format", "stream_options", "temperature", "max_tokens", "stop"),
        }
        if settings.json_schema is True:
            self._optional.remove("response_format")
        if settings.json_schema is False:
            self.without.add("response_format")
        self._connection: Connection | None = None
        self._opening = asyncio.Lock()

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None = None,
        deadline: float | None = None,
        heard: Heard | None = None,
        stops: Sequence[str] = (),
    ) -> Completion:
        """Return the model's answer, as JSON where a schema is given and the model is able to.

        `deadline` is in seconds, by default the setting `seconds`; every try is within it. The
        time begins once the first call has loaded the SDK. A text is `heard` while it comes, and
        ends before any of `stops`, of which a server takes four. Raises ModelError.
        """
        connection = await self._opened()
        allowed = deadline or self.settings.seconds
        began = time.monotonic()
        failed = 0
        while True:
            try:
                async with asyncio.timeout(began + allowed - time.monotonic()):
                    request = self._request(messages, schema, stops)
                    reply = Reply(connection.secrets, heard if schema is None else None)
                    return await self._once(connection, request, reply, schema, began)
            except TimeoutError:
                help_ = "a smaller model or more seconds in models.toml would help"
                fault = Fault(f"gave no whole answer within {allowed:g} s; {help_}")
            except NotTaken as why:
                self.without.add(why.part)
                continue
            except Fault as why:
                fault = why
            failed += 1
            wait = fault.wait or FIRST_WAIT * 2 ** (failed - 1) * random.uniform(0.8, 1.2)
            if not fault.again or failed == TRIES or time.monotonic() + wait > began + allowed:
                break
            await asyncio.sleep(wait)
        raise ModelError(f"The model {self.settings.name} {fault}.")

    async def close(self) -> None:
        """Close the connections to the server."""
        if self._connection is not None:
            await self._connection.close()
            self._connection = None

    async def _opened(self) -> "Connection":
        async with self._opening:
            if self._connection is None:
                self._connection = await asyncio.to_thread(_connect, self.settings)
            return self._connection

    async def _once(
        self,
        connection: "Connection",
        request: Mapping[str, Any],
        reply: Reply,
        schema: Schema | None,
        began: float,
    ) -> Completion:
        started = time.monotonic()
        await connection.send(request, self._optional, reply)
        text, structured = _answer(reply, schema)
        if "response_format" in request and not structured:
            self.without |= {"response_format"} & self._optional
        return Completion(
            text=text,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
            seconds=time.monotonic() - began,
            first=(reply.first_at or started) - started,
            structured=structured,
            cut_off=reply.ending == "cut short" and not structured,
        )

    def _request(
        self, messages: Sequence[Message], schema: Schema | None, stops: Sequence[str]
    ) -> dict[str, Any]:
        settings = self.settings
        request: dict[str, Any] = {
            "model": settings.model,
            **_asked(messages),
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": settings.temperature,
            "max_tokens": settings.max_tokens,
            "stop": list(stops[:MOST_STOPS]) or None,
            "extra_body": dict(settings.extra_body),
        }
        if "max_tokens" in self.without:  # newer models of OpenAI know it by this name only
            request["max_completion_tokens"] = settings.max_tokens
        if schema is not None and "response_format" in self.without:
            request["messages"] = instructed(messages, schema)
        elif schema is not None:
            answer = {"name": "answer", "strict": True, "schema": _lean(schema)}
            request["response_format"] = {"type": "json_schema", "json_schema": answer}
        return {
            part: value
            for part, value in request.items()
            if value is not None and part not in self.without
        }


def _asked(messages: Sequence[Message]) -> dict[str, Any]:
    """Return what a request asks: messages to answer, or a script to go on with."""
    if messages[0]["role"] == SCRIPT:
        return {"prompt": messages[0]["content"]}
    return {"messages": list(messages)}


def _connect(settings: ModelSettings) -> "Connection":
    from bot.models.connection import Connection

    return Connection(settings)


def _answer(reply: Reply, schema: Schema | None) -> tuple[str, bool]:
    """Return what a finished reply says, and whether that is JSON as the schema wants it.

    Raises Fault.
    """
    text = spoken(reply.text)
    if schema is not None and (found := object_in(text, schema)):
        return found, True
    match reply.ending:
        case "filtered":
            raise Fault("was stopped by its provider's content filter; choose another model")
        case "broken off":
            help_ = "look at the server's log"
            raise Fault(f"broke off in the middle of its answer; {help_}", again=True)
        case "cut short" if schema is not None or not text:
            raise Fault("was cut off before its answer was complete; raise max_tokens")
    if not text:
        raise Fault("sent an empty answer; look at the server's log", again=True)
    return text, False


def spoken(text: str) -> str:
    """Return an answer without the thinking that some models write before it."""
    if not text.lstrip().startswith("{") and (thought := _THOUGHT.match(text)):
        text = text[thought.end() :]
    return "" if _UNFINISHED_THOUGHT.match(text) else text.strip()


def object_in(text: str, schema: Schema) -> str | None:
    """Return the JSON object in a text, if it has all that the schema requires."""
    body = text[text.find("{") : text.rfind("}") + 1]
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(value, dict) and set(schema["required"]) <= set(value) else None


def instructed(messages: Sequence[Message], schema: Schema) -> list[Message]:
    """Return messages that ask for JSON in words, for servers that take no schema."""
    last = messages[-1]
    said = (
        f"{last['content']}\n\nAnswer with one JSON object of this schema, and with nothing else:\n"
        f"{json.dumps(_lean(schema), ensure_ascii=False)}"
    )
    return [*messages[:-1], {**last, "content": said}]


def _lean(schema: Any) -> Any:
    """Return a schema without the keywords that many servers do not take."""
    if isinstance(schema, list):
        return [_lean(part) for part in schema]
    if not isinstance(schema, Mapping):
        return schema
    return {
        key: {name: _lean(part) for name, part in value.items()}
        if key == "properties"
        else _lean(value)
        for key, value in schema.items()
        if key not in _CHECKED_BY_THE_ASK
    }
