"""A local model at a table: from messages to an answer, with the same interface as a server's."""

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import ModelError
from bot.models.chat import Completion, Message, Schema, instructed, object_in, spoken
from bot.models.config import SCRIPT
from bot.models.llama.asking import DEADLINE, Part, Question, Unanswered, check
from bot.models.llama.engines import Loaded, LocalEngines, adapter_name
from bot.models.llama.grammar import NoGrammar, grammar
from bot.models.llama.options import Ballot, ballot, choose
from bot.models.llama.registry import LocalModelSettings
from bot.models.reply import Heard

EMPTY_TRIES: Final = 3
"""How often a model that says nothing is asked."""


@dataclass(frozen=True)
class Said:
    """A whole answer as the worker gave it."""

    text: str
    done: str
    prompt: int
    tokens: int
    first: float | None
    """When its first text came, by the monotonic clock."""
    logprobs: Sequence[Mapping[str, Any]]
    scores: Sequence[float]
    reused: int


class LocalModel:
    """One model for one group of people; all of a file share its worker."""

    def __init__(
        self, settings: LocalModelSettings, engines: LocalEngines, group: str = ""
    ) -> None:
        self.settings = settings
        self.without: frozenset[str] = frozenset()
        """Nothing of a request is turned down, as by some servers."""
        self._engines = engines
        self._group = group

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None = None,
        deadline: float | None = None,
        seed: int | None = None,
        heard: Heard | None = None,
        stops: Sequence[str] = (),
    ) -> Completion:
        """Return the model's answer, as JSON where a schema is given.

        `deadline` is in seconds, by default the setting `seconds`; the time begins once the model
        is loaded. A text is `heard` while it comes, and ends before any of `stops`. Raises
        ModelError, and OperatorError for a file that cannot be loaded.
        """
        loaded = await self._engines.loaded(self.settings)
        seed = random.getrandbits(31) if seed is None else seed
        ends = time.monotonic() + (deadline or self.settings.seconds)
        try:
            if schema is not None and (options := ballot(schema, seed)):
                return await self._chosen(loaded, messages, options, seed, ends)
            if schema is not None:
                return await self._written(loaded, messages, schema, seed, ends)
            return await self._written(loaded, messages, None, seed, ends, heard, stops)
        except Unanswered as why:
            allowed = deadline or self.settings.seconds
            raise ModelError(f"The model {self.settings.name} {in_words(why, allowed)}.") from None

    async def close(self) -> None:
        """Do nothing: the worker belongs to the engines, and others may use it."""

    def question(
        self, segments: Sequence[tuple[str, bool]], options: Sequence[str] = (), **sampling: Any
    ) -> Question:
        """Return a question to the engine in this model's manner."""
        own = self.settings
        adapter = adapter_name(own.adapters[own.adapter]) if own.adapter else None
        return Question(segments, own.sampling(**sampling), self._group, adapter, options)

    async def _written(
        self,
        loaded: Loaded,
        messages: Sequence[Message],
        schema: Schema | None,
        seed: int,
        ends: float,
        heard: Heard | None = None,
        stops: Sequence[str] = (),
    ) -> Completion:
        began = time.monotonic()
        rules = None
        if schema is not None:
            messages = instructed(messages, schema)
            rules = _grammar(schema)
        script = messages[0]["role"] == SCRIPT
        segments = [(messages[0]["content"], False)] if script else await loaded.segments(messages)
        for attempt in range(EMPTY_TRIES):
            question = self.question(
                segments, seed=seed + attempt, grammar=rules, stops=(*loaded.stops, *stops)
            )
            said = await whole(loaded, question, ends, heard)
            text = spoken(said.text)
            found = object_in(text, schema) if schema is not None else None
            if said.done == "length" and (not text or (schema is not None and not found)):
                raise Unanswered("was cut off before its answer was complete; raise max_tokens")
            if text:
                return _completion(said, found or text, began, structured=found is not None)
        raise Unanswered("sent an empty answer; another model or persona may say more")

    async def _chosen(
        self,
        loaded: Loaded,
        messages: Sequence[Message],
        options: Ballot,
        seed: int,
        ends: float,
    ) -> Completion:
        began = time.monotonic()
        rated: list[Said] = []

        async def score(
            shown: Sequence[Message], lead: str, endings: Sequence[str]
        ) -> Sequence[float]:
            segments = [*await loaded.segments(shown), (lead, False)]
            rated.append(await whole(loaded, self.question(segments, endings, seed=seed), ends))
            return rated[0].scores

        temperature = self.settings.temperature
        text = await choose(messages, options, score, temperature=temperature, seed=seed)
        return _completion(rated[0], text, began, structured=True)


async def whole(
    loaded: Loaded, question: Question, ends: float, heard: Heard | None = None
) -> Said:
    """Return a whole answer, however often the worker had to be asked.  Raises Unanswered."""
    parts: list[Part] = []
    first = None
    async with aclosing(loaded.process.stream(question, ends - time.monotonic())) as stream:
        async for part in stream:
            if part.again:
                parts.clear()
            if part.text and first is None:
                first = time.monotonic()
            parts.append(part)
            if heard is not None:
                heard("".join(part.text for part in parts))
    last = parts[-1]
    check(last)
    return Said(
        text="".join(part.text for part in parts),
        done=last.done or "",
        prompt=last.prompt,
        tokens=sum(part.tokens for part in parts),
        first=first,
        logprobs=[one for part in parts for one in part.logprobs],
        scores=last.scores,
        reused=last.reused,
    )


def in_words(why: Unanswered, allowed: float) -> str:
    """Return a clause to follow the model's name."""
    if str(why) == DEADLINE:
        help_ = "a smaller model or more seconds in models.toml would help"
        return f"gave no whole answer within {allowed:g} s; {help_}"
    return str(why)


def _grammar(schema: Schema) -> str | None:
    try:
        return grammar(schema)
    except NoGrammar:  # then the words in the prompt must do
        return None


def _completion(said: Said, text: str, began: float, *, structured: bool) -> Completion:
    now = time.monotonic()
    return Completion(
        text=text,
        prompt_tokens=said.prompt,
        completion_tokens=said.tokens,
        seconds=now - began,
        first=(said.first or now) - began,
        structured=structured,
        cut_off=said.done == "length" and not structured,
    )
