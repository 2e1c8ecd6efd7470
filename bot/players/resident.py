"""A language model that lives in a town: it reads a resident's briefing as it stands."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from random import Random
from typing import Final

from bot.arena.towns import is_for_people
from bot.players.model import Model
from bot.players.prompt import SPEAK
from bot.ports import Player, Usage
from games.core import Ask, Kind, Level, Text, View
from towns.events import MAYOR

_CONDUCT: Final = (
    "You decide for one resident of a small town, who is described below. Answer the question that "
    "stands last, for this resident and with nothing else: one JSON object with exactly the fields "
    "that are asked for. Name an option exactly as it is written."
)


_OFFICE: Final = (
    "You decide for the mayor of a small town, which is described below. Answer the question that "
    "stands last, for the mayor and with nothing else: one JSON object with exactly the fields "
    "that are asked for, with null in each that your decision does not need. Name an option "
    "exactly as it is written."
)


async def _nobody() -> str:
    return ""


class Resident:
    """Answers the questions to a resident; what it remembers stands in the question."""

    def __init__(
        self,
        model: Model,
        persona: Callable[[], Awaitable[str]] = _nobody,
        language: Callable[[], str] = str,
        paid: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        """Take a model.

        `persona` gives who plays the resident, "" for nobody in particular; `language` the English
        name of what the town speaks, "" for any; `paid` is entered for each call.
        """
        self._model = model
        self._persona = persona
        self._language = language
        self._paid = paid
        self._used = Usage()

    def used(self) -> Usage:
        """Return what its model has used since this was asked last."""
        used, self._used = self._used, Usage()
        return used

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the model's answer as JSON.  Raises OperatorError, BudgetSpent."""
        system = [_OFFICE if view.seat == MAYOR else _CONDUCT]
        if spoken := self._language():
            system.append(SPEAK.format(language=spoken))
        if persona := await self._persona():
            system.append(f"The resident is played by this character: {persona}")
        messages = [
            {"role": "system", "content": "\n\n".join(system)},
            {"role": "user", "content": question(ask, refusals)},
        ]
        async with self._paid():
            self._used += Usage(1)
            said = await self._model.complete(messages, schema=ask.json_schema())
        self._used += Usage(0, said.prompt_tokens or 0, said.completion_tokens or 0)
        return said.text


class Member:
    """A person in a resident's seat: what one only remembers is answered by rules of thumb."""

    def __init__(self, person: Player) -> None:
        self._person = person

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return the person's answer; time, which is a number, is left to whoever gives it."""
        governs = view.seat in view.game.environment
        if not governs and ask.kind is Kind.FORM and not is_for_people(ask):
            return view.game.house_answer(view, ask, Level.MEDIUM, Random())
        return await self._person.answer(view, ask, refusals)


def question(ask: Ask, refusals: Sequence[Text | str]) -> str:
    """Return a briefing with its question, the fields that are asked for, and what was refused.

    What changes most stands last, so that a server need not read the beginning again.
    """
    parts = [str(ask.prompt)]
    if ask.fields:
        parts.append(
            "\n".join(f"- {name}: {one.prompt} {one.hint()}" for name, one in ask.fields.items())
        )
    else:
        parts.append(str(ask.hint()))
    if refusals:
        told = "\n".join(f"- {sentence}" for sentence in refusals)
        parts.append(f"Your earlier answers to this question were refused:\n{told}")
    return "\n\n".join(parts)
