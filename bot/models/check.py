"""A trial of one model: whether it answers, how fast, and how it gives JSON."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from bot.errors import OperatorError
from bot.models.budget import Budgeted, Spending
from bot.models.chat import Completion
from bot.models.config import AnyModelSettings, find_model
from bot.models.embed import embedder
from bot.models.llama.engines import LocalEngines
from bot.models.opened import AnyModel, local_engines, opened
from bot.settings import Settings
from games.core import Ask, UnclearMove

TRIAL: Final = Ask("Rock, paper, or scissors?", choices=("rock", "paper", "scissors"))
_PLAIN: Final = ({"role": "user", "content": "Say hello to the table in one short sentence."},)
_CHOICE: Final = ({"role": "user", "content": f"{TRIAL.prompt} {TRIAL.hint()}"},)


@dataclass(frozen=True)
class Report:
    """What a trial has shown; what it did not get to is None."""

    name: str
    model: str
    server: str
    said: str | None = None
    seconds: float | None = None
    """For one whole plain answer."""
    first: float | None = None
    """Seconds to its first text."""
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    tokens_per_second: float | None = None
    """Over the whole answer, the wait for its first text included."""
    json: str | None = None
    """How it gives JSON: "by schema", "by instruction" or "not at all"."""
    not_taken: tuple[str, ...] = ()
    """Parts of a request that the server has turned down, so that they are left out."""
    error: str | None = None
    """The sentence that says what is wrong."""


async def try_model(name: str, settings: Settings) -> Report:
    """Return how a model of models.toml does.  Raises OperatorError for a fault in that file."""
    engines = local_engines(settings)
    try:
        return await try_settings(find_model(name, settings.models), engines)
    finally:
        await engines.close()


async def try_embedder(settings: Settings) -> int:
    """Return how many numbers PARLOUR_EMBEDDING_MODEL makes of a text.

    Raises OperatorError, for a model that makes none too.
    """
    engines = local_engines(settings)
    try:
        model = embedder(settings, engines)
        assert model is not None, "a model is named"
        try:
            return int((await model.embed(["Hello!"])).shape[1])
        finally:
            await model.close()
    finally:
        await engines.close()


async def try_settings(
    settings: AnyModelSettings, engines: LocalEngines, spending: Spending | None = None
) -> Report:
    """Return how a model does, wherever its settings come from.

    `spending` says whose budgets pay. Raises BudgetSpent.
    """
    model = opened(settings, engines, str(spending.payer.guild) if spending else "")
    paid = Budgeted(model, spending) if spending else model
    found: dict[str, Any] = {
        "name": settings.name,
        "model": settings.model,
        "server": settings.server,
    }
    try:
        found |= _measured(await paid.complete(_PLAIN))
        found["json"] = await _way_to_json(paid, model.without)
    except OperatorError as why:  # a model that fails, or a file that cannot be loaded
        found["error"] = str(why)
    finally:
        await model.close()
    return Report(**found, not_taken=tuple(sorted(model.without)))


def _measured(plain: Completion) -> dict[str, Any]:
    tokens = plain.completion_tokens
    return {
        "said": plain.text,
        "seconds": plain.seconds,
        "first": plain.first,
        "prompt_tokens": plain.prompt_tokens,
        "completion_tokens": tokens,
        "tokens_per_second": tokens / plain.seconds if tokens and plain.seconds else None,
    }


async def _way_to_json(model: Budgeted | AnyModel, not_taken: Collection[str]) -> str:
    for _ in range(2):  # a server that ignores the schema is asked in words the second time
        completion = await model.complete(_CHOICE, schema=TRIAL.json_schema())
        if completion.structured and _fits(completion.text):
            by_schema = "response_format" not in not_taken
            return "by schema" if by_schema else "by instruction"
    return "not at all"


def _fits(text: str) -> bool:
    try:
        TRIAL.parse(text)
    except UnclearMove:
        return False
    return True
