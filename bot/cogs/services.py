"""What the Discord shell works with; the wiring puts it together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.administration import Accounts, Administration, Privacy
from bot.arena.lobbies import LobbyStore
from bot.arena.lobby import Arena
from bot.ports import Store
from bot.settings import Settings


class Models(Protocol):
    """The models that may take a seat in a server."""

    async def names(self, guild: int) -> Sequence[str]:
        """Return their names, those of the operator first."""


@dataclass
class Services:
    """The parts behind the commands."""

    settings: Settings
    store: Store
    lobbies: LobbyStore
    arena: Arena
    administration: Administration
    accounts: Accounts
    privacy: Privacy
    models: Models
