"""A language model in a seat."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.players.prompt import messages
from games.core import Ask, Kind, Seat, Text, View

CONTEXT: Final = 6000
"""Tokens that a prompt may hold, where nothing else is said."""
_QUOTES: Final = {'"': '"', "“": "”", "„": "“", "«": "»", "'": "'", "‘": "’"}


class Said(Protocol):
    """A model's answer."""

    @property
    def text(self) -> str:
        """The answer, as text or JSON."""

    @property
    def prompt_tokens(self) -> int | None:
        """What was read; None where the server does not count."""

    @property
    def completion_tokens(self) -> int | None:
        """What was written; None where the server does not count."""


class Model(Protocol):
    """What a seat needs of a model."""

    async def complete(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        schema: Mapping[str, Any] | None = None,
    ) -> Said:
        """Return the answer to messages with "role" and "content".  Raises ModelError."""


class LanguageModel:
    """Answers for a seat from what the seat has seen, in the manner of a persona."""

    def __init__(
        self,
        model: Model,
        persona: str | None = None,
        context: int = CONTEXT,
        language: Callable[[], str] = str,
    ) -> None:
        """Take a model; `language` gives the English name of what the table speaks, if any."""
        self._model = model
        self._persona = persona
        self._context = context
        self._language = language

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the model's answer: words for a text, else JSON or words.  Raises ModelError."""
        spoken = self._language()
        prompt = messages(view, ask, refusals, self._persona, self._context, spoken)
        if ask.kind is Kind.TEXT:
            return _words((await self._model.complete(prompt)).text, view.seat)
        return (await self._model.complete(prompt, schema=ask.json_schema())).text


def _words(text: str, seat: Seat) -> str:
    """Return what was said without the speaker's name and the quotes that models put around it."""
    label = rf"\s*[*_\[]*{re.escape(seat)}[*_\]]*\s*:[*_]*\s*"
    if labelled := re.match(label, text, re.IGNORECASE):
        text = text[labelled.end() :]
    text = text.strip()
    if len(text) > 1 and text[-1] == (closing := _QUOTES.get(text[0])):
        inner = text[1:-1]
        if text[0] not in inner and closing not in inner:
            return inner.strip()
    return text
