"""The shapes of OpenAI's interface, as far as a local model fills them.  Pure.

Source: OpenAI's API reference, "Chat Completions" and "Embeddings".
"""

import base64
import struct
import time
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.models.llama.grammar import NoGrammar, grammar

MOST_TEXTS: Final = 256
"""Of one request for embeddings."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


class _TextPart(_Shape):
    type: Literal["text"]
    text: str


class ChatMessage(_Shape):
    role: str
    content: str | Sequence[_TextPart] | None = None

    @property
    def plain(self) -> Mapping[str, str]:
        """The message as templates take it."""
        role = "system" if self.role == "developer" else self.role
        if self.content is None or isinstance(self.content, str):
            return {"role": role, "content": self.content or ""}
        return {"role": role, "content": "\n".join(part.text for part in self.content)}


class _Schema(_Shape):
    schema_: Annotated[Mapping[str, Any], Field(alias="schema")]


class _Format(_Shape):
    type: Literal["text", "json_schema"]
    json_schema: _Schema | None = None


class _StreamOptions(_Shape):
    include_usage: bool = False


class ChatRequest(_Shape):
    """What is asked of /v1/chat/completions; what it leaves out is as models.toml has it."""

    model: str
    messages: Annotated[Sequence[ChatMessage], Field(min_length=1)]
    stream: bool = False
    stream_options: _StreamOptions | None = None
    n: Literal[1] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_k: Annotated[int, Field(ge=0)] | None = None
    top_p: Annotated[float, Field(gt=0, le=1)] | None = None
    min_p: Annotated[float, Field(ge=0, le=1)] | None = None
    repeat_penalty: Annotated[float, Field(ge=0.5, le=2)] | None = None
    seed: int | None = None
    stop: str | Annotated[Sequence[str], Field(max_length=16)] | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    response_format: _Format | None = None
    user: str = ""
    """Users take turns, however much each of them asks."""

    def sampling(self) -> dict[str, Any]:
        """Return what differs from models.toml.  Raises NoGrammar."""
        names = ("temperature", "top_k", "top_p", "min_p", "repeat_penalty")
        given = {
            **{name: getattr(self, name) for name in names},
            "max_tokens": self.max_completion_tokens or self.max_tokens,
            "seed": None if self.seed is None else self.seed % 2**31,
            "top_logprobs": (self.top_logprobs or 0) if self.logprobs else None,
        }
        if self.response_format is not None and self.response_format.type == "json_schema":
            if self.response_format.json_schema is None:
                raise NoGrammar("The response_format needs its json_schema.")
            given["grammar"] = grammar(self.response_format.json_schema.schema_)
        return {name: value for name, value in given.items() if value is not None}

    @property
    def stops(self) -> tuple[str, ...]:
        """Texts before which the answer ends."""
        given = [self.stop] if isinstance(self.stop, str) else self.stop or ()
        return tuple(stop for stop in given if stop)


class EmbeddingRequest(_Shape):
    """What is asked of /v1/embeddings."""

    model: str
    input: str | Annotated[Sequence[str], Field(min_length=1, max_length=MOST_TEXTS)]
    encoding_format: Literal["float", "base64"] = "float"

    @property
    def texts(self) -> Sequence[str]:
        """All that is to be embedded."""
        return [self.input] if isinstance(self.input, str) else self.input


def chat(name: str, model: str, choice: Mapping[str, Any], usage: Any) -> dict[str, Any]:
    """Return a whole answer."""
    return {**_head(name, model, "chat.completion"), "choices": [choice], "usage": usage}


def chunk(name: str, model: str, choices: Sequence[Any], usage: Any = None) -> dict[str, Any]:
    """Return a part of a streamed answer."""
    return {**_head(name, model, "chat.completion.chunk"), "choices": choices, "usage": usage}


def choice(
    part: str, said: Mapping[str, Any], logprobs: Sequence[Any], done: str | None
) -> dict[str, Any]:
    """Return the only choice; `part` is "message", or "delta" in a stream."""
    told = {"content": [_logprob(one) for one in logprobs]} if logprobs else None
    return {"index": 0, part: said, "logprobs": told, "finish_reason": done}


def usage(prompt: int, tokens: int, reused: int = 0) -> dict[str, Any]:
    """Return the counts of tokens."""
    return {
        "prompt_tokens": prompt,
        "completion_tokens": tokens,
        "total_tokens": prompt + tokens,
        "prompt_tokens_details": {"cached_tokens": reused},
    }


def embeddings(
    model: str, vectors: Sequence[Sequence[float]], encoding: str, tokens: int
) -> dict[str, Any]:
    """Return the answer to a request for embeddings."""
    data = [
        {"object": "embedding", "index": at, "embedding": _encoded(vector, encoding)}
        for at, vector in enumerate(vectors)
    ]
    used = {"prompt_tokens": tokens, "total_tokens": tokens}
    return {"object": "list", "data": data, "model": model, "usage": used}


def models(names: Sequence[str]) -> dict[str, Any]:
    """Return the list of models."""
    data = [{"id": name, "object": "model", "created": 0, "owned_by": "parlour"} for name in names]
    return {"object": "list", "data": data}


def error(said: str, kind: str = "invalid_request_error") -> dict[str, Any]:
    """Return what is wrong."""
    return {"error": {"message": said, "type": kind, "param": None, "code": None}}


def _head(name: str, model: str, kind: str) -> dict[str, Any]:
    return {"id": name, "object": kind, "created": int(time.time()), "model": model}


def _logprob(one: Mapping[str, Any]) -> dict[str, Any]:
    top = [_token(text, logprob) for text, logprob in one.get("top", ())]
    return {**_token(one["text"], one["logprob"]), "top_logprobs": top}


def _token(text: str, logprob: float) -> dict[str, Any]:
    least = max(logprob, -9999.0)  # JSON has no infinity
    return {"token": text, "logprob": least, "bytes": list(text.encode("utf-8", "replace"))}


def _encoded(vector: Sequence[float], encoding: str) -> Any:
    if encoding == "base64":
        return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode("ascii")
    return list(vector)
