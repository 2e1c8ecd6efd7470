"""The only place that puts the parts together: store, players, rooms and the arena."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.arena.arena import Arena
from bot.arena.events import is_person
from bot.errors import ShownToUser
from bot.players.courteous import Courteous
from bot.players.house import HouseBot
from bot.players.scripted import Scripted
from bot.ports import Message, Player, Room, Setup
from bot.settings import Settings
from games.core import Level, Seat, listed, quoted

if TYPE_CHECKING:
    from bot.models.budget import Spending
    from bot.models.config import AnyModelSettings
    from bot.models.llama.engines import LocalEngines
    from bot.models.opened import AnyModel
    from bot.store.sql_store import SqlStore


def _nobody(seat: Seat) -> Player:
    raise ShownToUser(f"Nobody can sit at {seat} here; name a house bot or a model.")


class Silent:
    """A room in which nobody listens."""

    async def deliver(self, message: Message) -> str:
        """Take the message as delivered."""
        return message.nonce


@dataclass
class Wiring:
    """What differs from shell to shell."""

    settings: Settings
    person: Callable[[Seat], Player] = _nobody
    """Returns the player for a seat that a person takes."""
    script: Mapping[Seat, Sequence[str]] = field(default_factory=dict)
    """Prepared answers, for seats filled by "script"."""
    personas: Mapping[Seat, str] = field(default_factory=dict)
    """Who a model plays in a seat, beyond what models.toml says."""
    room: Room = field(default_factory=Silent)
    quiet_seconds: float = 0.0
    """How long bots and models leave an open floor to others before they speak unasked."""
    hosts: bool = False
    """Whether this process serves every match of the store, and not only those it is given."""
    own_model: Callable[[Setup, str], "AnyModelSettings | None"] = lambda _setup, _name: None
    """Returns a model that only the place of this match has, before one of models.toml."""
    spending: Callable[[Setup], "Spending | None"] = lambda _setup: None
    """Returns whose budgets pay for the models of a match; None where nobody counts."""
    engines: "LocalEngines | None" = None
    """The owner of the workers of local models; made when the first of them is seated."""
    _models: list["AnyModel"] = field(default_factory=list)
    """The seats of one model share its connections."""

    def seating(self, player: str, setup: Setup, seat: Seat) -> Player:
        """Return the player that a spec names.  Raises ShownToUser, OperatorError."""
        kind, _, detail = player.partition(":")
        match kind:
            case "me" | "person" if is_person(player) and player.isprintable():
                return self.person(seat)
            case "house":
                bot = HouseBot(_level(detail), setup.seed, seat)
                return Courteous(bot, self.quiet_seconds)
            case "script" if not detail:
                afterwards = HouseBot(Level.MEDIUM, setup.seed, seat)
                return Scripted(self.script.get(seat, ()), afterwards)
            case "model" if detail:
                return Courteous(self._model(detail, setup, seat), self.quiet_seconds)
        raise ShownToUser(
            f"{quoted(player)} is nobody who can play; say me, house:easy, house:medium, "
            "house:hard or model:NAME."
        )

    def _model(self, name: str, setup: Setup, seat: Seat) -> Player:
        # Imported here: most matches have no model, and the client is slow to load.
        from bot.models.budget import Budgeted
        from bot.models.config import find_model
        from bot.players.model import LanguageModel

        settings = self.own_model(setup, name) or find_model(name, self.settings.models)
        spending = self.spending(setup)
        model = self._opened(settings, str(spending.payer.guild) if spending else "")
        persona = self.personas.get(seat) or settings.persona
        return LanguageModel(
            Budgeted(model, spending) if spending else model, persona, settings.context
        )

    def _opened(self, settings: "AnyModelSettings", guild: str) -> "AnyModel":
        from bot.models.llama.registry import LocalModelSettings
        from bot.models.opened import local_engines, opened

        self.engines = self.engines or local_engines(self.settings)
        if isinstance(settings, LocalModelSettings):
            return opened(settings, self.engines, guild)
        for known in self._models:
            if known.settings == settings:
                return known
        self._models.append(opened(settings, self.engines))
        return self._models[-1]

    @asynccontextmanager
    async def arena(self) -> AsyncIterator[Arena]:
        """Open the store and the arena over it, and close both."""
        async with self.store() as store:
            arena = Arena(store, self.seating, lambda _: self.room, hosts=self.hosts)
            try:
                yield arena
            finally:
                await arena.close()
                await self.close_models()

    async def close_models(self) -> None:
        """Close the connections to every model, and end the local ones."""
        for model in self._models:
            await model.close()
        if self.engines is not None:
            await self.engines.close()

    @asynccontextmanager
    async def store(self) -> AsyncIterator["SqlStore"]:
        """Open the store alone.  Raises OperatorError."""
        from bot.store.sql_store import SqlStore

        settings = self.settings
        settings.data_folder()
        store = await SqlStore.open(settings.database or settings.database_file)
        try:
            await store.accounts.count_stale(datetime.now(UTC))
            yield store
        finally:
            await store.close()


def _level(name: str) -> Level:
    try:
        return Level(name or Level.MEDIUM)
    except ValueError:
        known = listed([f"house:{level}" for level in Level], "or")
        raise ShownToUser(f"There is no house bot {quoted(name)}; say {known}.") from None
