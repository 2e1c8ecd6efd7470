"""The models that a server may use: the operator's first, then those its own admins have added."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.administration import Accounts, Payer, ServerModel, Warn
from bot.errors import ShownToUser
from bot.models.budget import Budgeted, Spending
from bot.models.check import Report, try_settings
from bot.models.config import AnyModelSettings, load_models
from bot.models.llama.engines import LocalEngines
from bot.models.llama.registry import THIS_MACHINE
from bot.models.opened import opened
from bot.models.remark import remark
from bot.models.server_models import ServerModels
from bot.settings import Settings
from games.core import clean, quoted

LONGEST_REMARK = 3000
"""Characters."""


@dataclass(frozen=True)
class SeatableModels:
    """What commands do with models; every call is paid from the budgets of whoever asks."""

    own: ServerModels
    settings: Settings
    accounts: Accounts
    warn: Warn
    engines: LocalEngines

    async def names(self, guild: int) -> Sequence[str]:
        """Return the names, those of the operator first."""
        return [model.name for model in self.known(guild)]

    def known(self, guild: int) -> Sequence[ServerModel]:
        """Return the models; of the operator's, which have guild 0, only what all may know."""
        shared = [
            ServerModel(0, name, model.server, model.model)
            for name, model in load_models(self.settings.models).items()
        ]
        return [*shared, *self.own.of(guild)]

    def addresses(self) -> Sequence[str]:
        """Return where models may be added; this machine where the operator allows its files."""
        return [*self.own.allowed, *([THIS_MACHINE] if self.own.files else [])]

    async def add(self, model: ServerModel, key: str, by: int) -> ServerModel:
        """Keep a model with its key, "" for none; return it as it may be shown."""
        return await self.own.add(model, key, by)

    async def remove(self, guild: int, name: str, by: int) -> None:
        """Forget a server's own model and its key.  Raises ShownToUser."""
        await self.own.remove(guild, name, by)

    async def reload(self) -> None:
        """Learn anew what is stored: a server's data were deleted."""
        await self.own.load()

    async def test(self, payer: Payer, name: str) -> str:
        """Return what a trial of a model has shown, in words.  Raises ShownToUser."""
        settings = self._settings(payer.guild, name)
        return _told(await try_settings(settings, self.engines, self._spending(payer)))

    async def ask(
        self,
        payer: Payer,
        name: str,
        author: str,
        said: str,
        question: str,
        *,
        who: str = "",
        persona: str = "",
    ) -> str:
        """Return what a model says about a message, as `who` with a persona where given.

        Raises ShownToUser, OperatorError.
        """
        settings = self._settings(payer.guild, name)
        model = opened(settings, self.engines, str(payer.guild))
        try:
            prompt = remark(who or name, persona or settings.persona, author, said, question)
            answer = await Budgeted(model, self._spending(payer)).complete(prompt)
        finally:
            await model.close()
        return clean(answer.text, LONGEST_REMARK)

    def _settings(self, guild: int, name: str) -> AnyModelSettings:
        shared = load_models(self.settings.models).get(name)
        found = self.own.find(guild, name) or shared
        if found is None:
            raise ShownToUser(f"There is no model {quoted(name)} here; /admin model list has all.")
        return found

    def _spending(self, payer: Payer) -> Spending:
        return Spending(self.accounts, payer, self.warn)


def _told(report: Report) -> str:
    lines = []
    if report.seconds is not None:
        first = "" if report.first is None else f" (its first text after {report.first:.1f} s)"
        said = quoted(clean(report.said or "", 300), 200)
        lines.append(f"{report.name} answered in {report.seconds:.1f} s{first}: {said}.")
    if report.completion_tokens is not None:
        speed = f", {report.tokens_per_second:.0f} a second" if report.tokens_per_second else ""
        lines.append(f"Tokens: {report.prompt_tokens} in, {report.completion_tokens} out{speed}.")
    if report.json:
        lines.append(f"It gives JSON {report.json}.")
    if report.not_taken:
        lines.append(f"Its server does not take {', '.join(report.not_taken)}; that is left out.")
    if report.error:
        lines.append(report.error)
    return "\n".join(lines)
