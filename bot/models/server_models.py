"""Models that admins have added to their servers, beside those of models.toml."""

from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.administration import Administration, SealedModel, ServerModel
from bot.errors import OperatorError, ShownToUser
from bot.models.addresses import AllowedAddresses, read_address
from bot.models.config import AnyModelSettings, ModelSettings, is_model_name, load_models
from bot.models.keys import Keys, mask
from bot.models.llama.registry import THIS_MACHINE, LocalModelSettings
from bot.settings import Settings
from games.core import clean, listed


class ServerModels:
    """The models of every server, known by heart so that a seat can be filled without waiting."""

    def __init__(self, administration: Administration, keys: Keys, settings: Settings) -> None:
        self._administration = administration
        self._keys = keys
        self._file: Path = settings.models
        self._urls: Sequence[str] = settings.allowed_base_urls
        self._folder = settings.model_files
        self._files: Sequence[str] = settings.allowed_model_files
        self._known: dict[tuple[int, str], SealedModel] = {}

    async def load(self) -> None:
        """Learn what is stored; to be called once before any other."""
        models = await self._administration.models()
        self._known = {(one.model.guild, one.model.name): one for one in models}

    @property
    def allowed(self) -> AllowedAddresses:
        """Where models may be: at the operator's addresses, and where models.toml has some."""
        models = load_models(self._file).values()
        named = [model.base_url for model in models if isinstance(model, ModelSettings)]
        return AllowedAddresses([*self._urls, *filter(read_address, named)])

    @property
    def files(self) -> Sequence[str]:
        """The files of this machine that servers may use, by name, as far as they are there."""
        named = {name for name in self._files if name != "*" and (self._folder / name).is_file()}
        if "*" in self._files:
            found = self._folder.rglob("*.gguf")
            named |= {path.relative_to(self._folder).as_posix() for path in found}
        return sorted(named)

    def of(self, guild: int) -> Sequence[ServerModel]:
        """Return a server's own models, by name."""
        mine = [one.model for (whose, _), one in self._known.items() if whose == guild]
        return sorted(mine, key=lambda model: model.name)

    async def add(self, model: ServerModel, key: str, by: int) -> ServerModel:
        """Keep a model with its key, "" for none; return it as it may be shown.

        Raises:
            ShownToUser: its name, address, prices or key will not do.
            OperatorError: the key cannot be sealed.

        """
        if not is_model_name(model.name):
            raise ShownToUser("A name has letters, digits, dots and hyphens, 40 at most.")
        if model.name in load_models(self._file):
            raise ShownToUser(
                f"There is a model {model.name} for all servers; choose another name."
            )
        url = self._checked(model, key)
        checked = ServerModel(
            model.guild,
            model.name,
            url,
            clean(model.model, 200),
            "",
            model.price_in,
            model.price_out,
        )
        _settings(checked)
        sealed = self._keys.seal(checked, key) if key else ""
        shown = ServerModel(**{**vars(checked), "key": mask(key.strip()) if key else ""})
        await self._administration.put_model(SealedModel(shown, sealed), by)
        self._known[shown.guild, shown.name] = SealedModel(shown, sealed)
        return shown

    async def remove(self, guild: int, name: str, by: int) -> None:
        """Forget a model and its key.  Raises ShownToUser where there is none."""
        await self._administration.remove_model(guild, name, by)
        self._known.pop((guild, name), None)

    def find(self, guild: int, name: str) -> AnyModelSettings | None:
        """Return how to call a server's own model; None where it has none of that name.

        Raises OperatorError: the operator has withdrawn its address or file, or its key cannot be
        opened.
        """
        found = self._known.get((guild, name))
        if found is None:
            return None
        try:
            self._checked(found.model)
        except ShownToUser as why:
            raise OperatorError(f"The model {name} is not asked any more: {why}") from None
        settings = _settings(found.model)
        if isinstance(settings, LocalModelSettings):
            return settings
        key = self._keys.open(found.model, found.sealed)
        return settings.model_copy(update={"api_key": key})

    async def reseal(self) -> int:
        """Put every key under the newest master key; return how many there are."""
        count = 0
        for (guild, name), one in list(self._known.items()):
            if one.sealed:
                sealed = self._keys.renewed(one.sealed)
                await self._administration.reseal(guild, name, one.sealed, sealed)
                self._known[guild, name] = SealedModel(one.model, sealed)
                count += 1
        return count

    def _checked(self, model: ServerModel, key: str = "") -> str:
        """Return where a model is, as the operator allows it.  Raises ShownToUser."""
        if model.base_url != THIS_MACHINE:
            return self.allowed.checked(model.base_url)
        if key:
            raise ShownToUser("A file of this machine needs no key; leave it empty.")
        if model.model.strip() in self.files:
            return THIS_MACHINE
        if not self.files:
            raise ShownToUser("Whoever runs this bot has allowed no files for models of servers.")
        raise ShownToUser(
            f"Of this machine's files, models may use {listed(self.files, 'or')}; write one of "
            "them under Model."
        )


def _settings(model: ServerModel) -> AnyModelSettings:
    given = {"name": model.name, "price_in": model.price_in, "price_out": model.price_out}
    try:
        if model.base_url == THIS_MACHINE:
            return LocalModelSettings.model_validate({**given, "file": model.model})
        return ModelSettings.model_validate(
            {**given, "base_url": model.base_url, "model": model.model}
        )
    except ValidationError:
        raise ShownToUser(
            "A model needs the name that its server knows it by, and prices of 0 or more."
        ) from None
