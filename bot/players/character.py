"""A character in a seat: it speaks for itself in a chat, and plays any other game as itself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from random import Random
from typing import Any, Protocol

from bot.errors import ModelError
from bot.players.model import CONTEXT, LanguageModel, Said
from characters.card import Card
from characters.chat import Chat
from characters.cleaning import cleaned
from characters.errors import CharacterError
from characters.lines import Line
from characters.moment import situation_in
from characters.persona import persona_text
from characters.prompt import Prompt
from characters.situation import Situation, Summary
from characters.speech import speech_prompt
from games.core import Ask, Text, View


class Speaker(Protocol):
    """What a character needs of a model."""

    async def complete(
        self,
        messages: Sequence[Mapping[str, str]],
        *,
        schema: Mapping[str, Any] | None = None,
        heard: Callable[[str], None] | None = None,
        stops: Sequence[str] = (),
    ) -> Said:
        """Return the answer to messages, `heard` while it comes.  Raises ModelError."""


class Recollection(Protocol):
    """What a character knows of a chat beside its lines."""

    async def memories(self, lines: Sequence[Line]) -> Sequence[str]:
        """Return what it remembers of those who are there, the most important first."""

    async def summary(self) -> Summary | None:
        """Return what was said in older lines, in short."""

    async def take_note(self, situation: Situation, summarise_to: int | None) -> None:
        """Begin to learn from a chat after an answer, without keeping anybody waiting."""

    async def close(self) -> None:
        """Learn no more."""


class CharacterPlayer:
    """Answers for a seat in the manner of a card."""

    def __init__(
        self,
        card: Callable[[], Awaitable[Card]],
        model: Speaker,
        context: int = CONTEXT,
        *,
        script: bool = False,
        seed: str = "",
        recollection: Recollection | None = None,
        draft: Callable[[str], None] = lambda _: None,
        language: Callable[[], str] = str,
    ) -> None:
        """Take a card that may change meanwhile; `draft` hears the words while they come.

        `language` gives the English name of what the table speaks, if any.
        """
        self.prompt: Prompt | None = None
        """What the last answer was made from."""
        self._card = card
        self._model = model
        self._context = context
        self._script = script
        self._seed = seed
        self._recollection = recollection
        self._draft = draft
        self._language = language

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return what the character says.  Raises OperatorError."""
        card = await self._card()
        if isinstance(view.game, Chat):
            return await self._said(view, ask, card)
        model = LanguageModel(self._model, persona_text(card), self._context, self._language)
        return await model.answer(view, ask, refusals)

    async def _said(self, view: View, ask: Ask, card: Card) -> str:
        situation = await self._situation(view, card)
        rng = Random(f"{self._seed}/{len(view.events)}")
        try:
            prompt = speech_prompt(situation, self._context, rng, script=self._script)
        except CharacterError as why:
            raise ModelError(str(why)) from None
        self.prompt = prompt
        me, others = (view.seat, card.called, card.name), tuple(situation.names().values())

        def heard(text: str) -> None:
            words = cleaned(text, me, others, prompt.stop).words
            if not any(name.startswith(words) for name in me):  # it may become the name before
                self._draft(words)

        reply = await self._model.complete(prompt.messages, heard=heard, stops=prompt.stop)
        found = cleaned(reply.text, me, others, prompt.stop)
        if not found.words:
            raise ModelError(found.reason)
        if self._recollection:
            await self._recollection.take_note(situation, prompt.summarise_to)
        return shortened(found.words, ask.max_length)

    async def _situation(self, view: View, card: Card) -> Situation:
        situation = situation_in(view, card, self._seed)
        if self._recollection is None:
            return situation
        return replace(
            situation,
            memories=await self._recollection.memories(situation.lines),
            summary=await self._recollection.summary(),
        )


def shortened(words: str, most: int) -> str:
    """Return words that a line can hold: whole sentences, or whole words at least."""
    if len(words) <= most:
        return words
    ends = [words.rfind(end, most // 2, most) for end in (". ", "! ", "? ", "。", "\n")]
    cut = max(ends) + 1 or words.rfind(" ", 0, most)
    return words[: cut if cut > 0 else most].rstrip()
