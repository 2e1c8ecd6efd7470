"""An answer as OpenAI's interface streams it, also where it had to be asked for again.  Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.models.llama import openai_shapes as shapes
from bot.models.llama.asking import Part, Unanswered, check


class Streamed:
    """What has been sent of one answer."""

    def __init__(self, name: str, model: str, *, with_usage: bool) -> None:
        self._name, self._model, self._with_usage = name, model, with_usage
        self._sent = ""
        self._logprobs_sent = 0
        self._text = ""
        self._tokens = 0
        self._logprobs: list[Mapping[str, Any]] = []

    def begin(self) -> Mapping[str, Any]:
        """Return the chunk that comes first."""
        return self._chunk({"role": "assistant", "content": ""}, None)

    def take(self, part: Part) -> Iterator[Mapping[str, Any]]:
        """Give the chunks to send for a part.  Raises Unanswered.

        After a new beginning, nothing is sent until the answer is past what it was before.
        """
        if part.again:
            self._text, self._tokens = "", 0
            self._logprobs.clear()
            return
        if part.done is not None:
            check(part)
        self._text += part.text
        self._tokens += part.tokens
        self._logprobs += part.logprobs
        if not (self._text.startswith(self._sent) or self._sent.startswith(self._text)):
            raise Unanswered("broke off, and did not go on as it had begun")
        news = self._text[len(self._sent) :]
        if news or part.done:
            yield self._chunk({"content": news} if news else {}, part.done)
        if part.done and self._with_usage:
            used = shapes.usage(part.prompt, self._tokens, part.reused)
            yield shapes.chunk(self._name, self._model, [], used)

    def _chunk(self, delta: Mapping[str, Any], done: str | None) -> Mapping[str, Any]:
        logprobs = self._logprobs[self._logprobs_sent :]
        self._logprobs_sent += len(logprobs)
        self._sent = max(self._sent, self._text, key=len)
        choice = shapes.choice("delta", delta, logprobs, done)
        return shapes.chunk(self._name, self._model, [choice])
