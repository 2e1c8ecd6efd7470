"""Any model of models.toml, ready to be asked: behind a server or on this machine."""

from typing import TypeAlias

from bot.models.chat import ChatModel
from bot.models.config import AnyModelSettings, load_models
from bot.models.llama.client import LocalModel
from bot.models.llama.engines import LocalEngines
from bot.models.llama.folder import ModelsFolder
from bot.models.llama.registry import LocalModelSettings
from bot.settings import Settings

AnyModel: TypeAlias = ChatModel | LocalModel


def local_engines(settings: Settings) -> LocalEngines:
    """Return the owner of the workers of local models; nothing is loaded before it is needed."""
    folder = ModelsFolder(settings.model_files)
    spill = settings.data.absolute() / "spill"
    return LocalEngines(folder, lambda: load_models(settings.models), spill)


def opened(settings: AnyModelSettings, engines: LocalEngines, group: str = "") -> AnyModel:
    """Return the model; groups take turns at a local one."""
    if isinstance(settings, LocalModelSettings):
        return LocalModel(engines.fitting(settings), engines, group)
    return ChatModel(settings)
