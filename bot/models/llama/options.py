"""Choosing one of a few options by how likely the model finds each, instead of letting it write.

This costs one look at all options together, where writing costs a step for each token, and no
option is lost because it shares its beginning with others. The options are listed in the prompt
in an order drawn by the seed, as models favour what stands at some places of a list.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, isfinite
from random import Random
from typing import Any, Final

from bot.models.llama.gbnf import json_text
from games.core import listed

MOST_OPTIONS: Final = 32
MOST_CHARACTERS: Final = 1500
"""Of all options together: what one batch holds."""

Message = Mapping[str, str]
Score = Callable[[Sequence[Message], str, Sequence[str]], Awaitable[Sequence[float]]]
"""Takes messages, how the answer begins, and the ways it may go on.

Returns for each way its log-probability divided by its number of tokens.
"""


@dataclass(frozen=True)
class Ballot:
    """The options of one question, in the order in which they are shown and rated."""

    lead: str
    """How the answer begins, whichever option it names."""
    endings: tuple[str, ...]
    """How it goes on, for each option."""
    names: tuple[str, ...]

    def shown(self, messages: Sequence[Message]) -> list[Message]:
        """Return messages of which the last one names the options in this order."""
        last = messages[-1]
        said = f"{last['content']}\n\nAnswer with one of these: {listed(self.names, 'or')}."
        return [*messages[:-1], {**last, "content": said}]

    def answer(self, scores: Sequence[float], temperature: float, seed: int) -> str:
        """Return the JSON that names the likeliest option, or one drawn by likelihood."""
        best = max((score for score in scores if isfinite(score)), default=0.0)
        weights = [_weight(score - best, temperature) for score in scores]
        if not any(weights):
            weights = [1.0] * len(weights)  # a model that can rate nothing has no opinion
        return self.lead + Random(f"{seed}/choice").choices(self.endings, weights)[0]


def ballot(schema: Mapping[str, Any], seed: int) -> Ballot | None:
    """Return the options that a schema of `Ask.json_schema` leaves; None where it is no choice.

    Forms, lists, texts, numbers and choices among very many are left to a grammar.
    """
    if len(properties := schema.get("properties", {})) != 1:
        return None
    [(name, part)] = properties.items()
    values = _values(part)
    if not 2 <= len(values) <= MOST_OPTIONS:
        return None
    Random(f"{seed}/order").shuffle(values)
    texts = [json_text(value) for value in values]
    if sum(map(len, texts)) > MOST_CHARACTERS:
        return None
    names = [
        json_text("pass") if value is None else text
        for value, text in zip(values, texts, strict=True)
    ]
    return Ballot(f"{{{json_text(name)}: ", tuple(f"{text}}}" for text in texts), tuple(names))


async def choose(
    messages: Sequence[Message],
    options: Ballot,
    score: Score,
    *,
    temperature: float = 0.0,
    seed: int = 0,
) -> str:
    """Return the JSON of the option that the model prefers."""
    scores = await score(options.shown(messages), options.lead, options.endings)
    return options.answer(scores, temperature, seed)


def _values(part: Mapping[str, Any]) -> list[Any]:
    """Return every value that a schema allows, if it lists them; else nothing."""
    if "anyOf" in part:
        found = [_values(way) for way in part["anyOf"]]
        return [value for way in found for value in way] if all(found) else []
    return [None] if part.get("type") == "null" else list(part.get("enum", ()))


def _weight(behind: float, temperature: float) -> float:
    """Return how often to draw an option that is so far behind the best one."""
    if not isfinite(behind):
        return 0.0
    return exp(behind / temperature) if temperature > 0 else float(behind == 0)
