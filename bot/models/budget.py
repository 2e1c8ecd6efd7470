"""A model whose answers are paid from budgets: reserved before each call, settled after it."""

import asyncio
import math
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from bot.administration import Accounts, Cost, Payer, Reservation, Warn, cost_of
from bot.models.chat import Completion, Message, Schema
from bot.models.config import AnyModelSettings
from bot.models.reply import Heard

CHARACTERS_PER_TOKEN: Final = 3
"""Fewer than usual, as an estimate that is too high is put right and one too low is not."""
ANSWER_TOKENS: Final = 500
"""What an answer is expected to need where its model has no max_tokens."""

MOST_TOKENS: Final = 100_000_000
"""No call takes more; a server that says so is not believed."""


@dataclass(frozen=True)
class Spending:
    """Whose budgets pay for a model in a match, and who hears that they run low."""

    accounts: Accounts
    payer: Payer
    warn: Warn


class Priced(Protocol):
    """A model with its prices."""

    @property
    def settings(self) -> AnyModelSettings:
        """With the prices and the longest answer."""

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None = None,
        heard: Heard | None = None,
        stops: Sequence[str] = (),
    ) -> Completion:
        """Return the model's answer.  Raises ModelError."""


class Budgeted:
    """A model that answers as long as there is money; every try of one answer is one call."""

    def __init__(self, model: Priced, spending: Spending) -> None:
        self._model = model
        self._spending = spending

    async def complete(
        self,
        messages: Sequence[Message],
        *,
        schema: Schema | None = None,
        heard: Heard | None = None,
        stops: Sequence[str] = (),
    ) -> Completion:
        """Return the model's answer.  Raises ModelError, and BudgetSpent before any call."""
        accounts, payer = self._spending.accounts, self._spending.payer
        asked = _tokens_in(messages, schema)
        expected = self._cost(asked, self._model.settings.max_tokens or ANSWER_TOKENS)
        reservation = Reservation(secrets.token_hex(8), payer, expected, datetime.now(UTC))
        try:
            await accounts.reserve(reservation)
        except asyncio.CancelledError:
            await self._settle(reservation, None)  # it may have been written all the same
            raise
        # What a cancelled or failed call has cost nobody says: its prompt was read, most likely.
        cost = self._cost(asked, 0)
        try:
            answer = await self._model.complete(messages, schema=schema, heard=heard, stops=stops)
            cost = self._cost_of(answer, asked)
        finally:
            await self._settle(reservation, cost)
        return answer

    async def _settle(self, reservation: Reservation, cost: Cost | None) -> None:
        for warning in await self._spending.accounts.settle(reservation, cost):
            self._spending.warn(reservation.payer, warning)

    def _cost_of(self, answer: Completion, asked: int) -> Cost:
        """Return what an answer has cost, estimated where the server does not count."""
        return self._cost(
            _counted(answer.prompt_tokens, asked),
            _counted(answer.completion_tokens, _tokens(len(answer.text))),
        )

    def _cost(self, tokens_in: int, tokens_out: int) -> Cost:
        settings = self._model.settings
        return cost_of(tokens_in, tokens_out, settings.price_in, settings.price_out)


def _counted(tokens: int | None, estimate: int) -> int:
    """Return what a server has counted, within reason: it may be anybody's."""
    return estimate if tokens is None else max(0, min(tokens, MOST_TOKENS))


def _tokens_in(messages: Sequence[Message], schema: Any) -> int:
    text = sum(len(part) for message in messages for part in message.values())
    return _tokens(text + len(str(schema or "")))


def _tokens(characters: int) -> int:
    return math.ceil(characters / CHARACTERS_PER_TOKEN)
