"""The only place that puts the parts together: store, players, rooms and the arena."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakSet, WeakValueDictionary

from bot.arena.arena import Arena
from bot.arena.events import is_person, who_plays
from bot.cast import Cast
from bot.errors import OperatorError, ShownToUser
from bot.players.courteous import Courteous
from bot.players.house import HouseBot
from bot.players.scripted import Scripted
from bot.ports import Message, Player, Room, Setup
from bot.settings import Settings
from games.core import Level, Seat, listed, quoted
from games.foreign import ForeignGame
from games.foreign_events import REFEREE

if TYPE_CHECKING:
    from bot.environments.process import Workers
    from bot.models.budget import Spending
    from bot.models.config import AnyModelSettings
    from bot.models.llama.engines import LocalEngines
    from bot.models.opened import AnyModel
    from bot.players.character import CharacterPlayer, Recollection, Speaker
    from bot.store.sql_store import SqlStore
    from characters.card import Card


def _nobody(seat: Seat) -> Player:
    raise ShownToUser(f"Nobody can sit at {seat} here; name a house bot or a model.")


def cards_in(
    cast: Cast, guild: Callable[[Setup], int]
) -> Callable[[Setup, str], Awaitable["Card"]]:
    """Return what finds the characters of a match's server by their ids."""

    async def card(setup: Setup, character: str) -> "Card":
        members = await cast.members(guild(setup))
        if character not in members:
            raise OperatorError(
                f"There is no character {quoted(character)} any more; invite another."
            )
        return members[character].card

    return card


async def _nobodys_card(_setup: Setup, character: str) -> "Card":
    raise OperatorError(f"There is no character {quoted(character)} here.")


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
    card: Callable[[Setup, str], Awaitable["Card"]] = _nobodys_card
    """Returns the card of a character by its id, as it is now.  Raises OperatorError."""
    usual_model: Callable[[Setup], str] = lambda _setup: ""
    """Returns the model of characters for which none is named; "" for the first of models.toml."""
    recollection: Callable[[Setup, Seat, str, "Speaker"], "Recollection | None"] = (
        lambda _setup, _seat, _character, _model: None
    )
    """Returns what a character knows of a match beside what it sees; None for nothing."""
    draft: Callable[[str, Seat, str], None] = lambda _match, _seat, _words: None
    """Hears the words of a character while they come: all so far, with match and seat."""
    language: Callable[[Setup], str] = lambda _setup: ""
    """Returns the English name of what a table speaks; "" leaves it to the models."""
    paid: Callable[[Setup], AbstractAsyncContextManager[None]] = lambda _setup: nullcontext()
    """Entered for each call of a town's models; raises BudgetSpent where the town has no more."""
    characters: "WeakValueDictionary[tuple[str, Seat], CharacterPlayer]" = field(
        default_factory=WeakValueDictionary
    )
    """The characters that sit somewhere, by match and seat."""
    engines: "LocalEngines | None" = None
    """The owner of the workers of local models; made when the first of them is seated."""
    workers: "Workers | None" = None
    """The owner of the processes of foreign games; made when the first of them is seated."""
    _models: list["AnyModel"] = field(default_factory=list)
    """The seats of one model share its connections."""
    _recollections: "WeakSet[Recollection]" = field(default_factory=WeakSet)

    def seating(self, player: str, setup: Setup, seat: Seat) -> Player:
        """Return the player that a spec names.  Raises ShownToUser, OperatorError."""
        kind, _, detail = who_plays(player).partition(":")
        if isinstance(setup.game, ForeignGame) and (seat == REFEREE or player == "referee"):
            return self._referee(player, setup, setup.game, seat)
        match kind:
            case "me" | "person" if is_person(player) and player.isprintable():
                return self._person(setup, seat)
            case "house":
                bot = HouseBot(_level(detail), setup.seed, seat)
                return Courteous(bot, self.quiet_seconds)
            case "script" if not detail:
                afterwards = HouseBot(Level.MEDIUM, setup.seed, seat)
                return Scripted(self.script.get(seat, ()), afterwards)
            case "model" if detail:
                return Courteous(self._model(detail, setup, seat), self.quiet_seconds)
            case "character" if detail:
                return Courteous(self._character(detail, setup, seat), self.quiet_seconds)
        raise ShownToUser(
            f"{quoted(player)} is nobody who can play; say me, house:easy, house:medium, "
            "house:hard, model:NAME or character:NAME."
        )

    def _person(self, setup: Setup, seat: Seat) -> Player:
        from bot.players.resident import Member

        person = self.person(seat)
        return Member(person) if setup.game.name == "town" else person

    def _referee(self, player: str, setup: Setup, game: ForeignGame, seat: Seat) -> Player:
        from bot.environments.process import Workers
        from bot.environments.snapshots import Snapshots
        from bot.players.referee import Referee

        if player != "referee" or seat != REFEREE:
            raise ShownToUser(
                f"In the seat {REFEREE} sits the environment of {game.name}, and nobody else."
            )
        self.workers = self.workers or Workers()
        folder = self.settings.data / "environments"
        return Referee(game, setup.match_id, self.workers, Snapshots(folder))

    def _model(self, name: str, setup: Setup, seat: Seat) -> Player:
        # Imported here: most matches have no model, and the client is slow to load.
        from bot.players.model import LanguageModel
        from bot.players.resident import Resident
        from towns.town import Town

        model, settings = self.paid_for(name, setup)
        if isinstance(setup.game, Town):
            return Resident(
                model, language=partial(self.language, setup), paid=partial(self.paid, setup)
            )
        persona = self.personas.get(seat) or settings.persona
        return LanguageModel(model, persona, settings.context, partial(self.language, setup))

    def _character(self, detail: str, setup: Setup, seat: Seat) -> Player:
        from bot.models.config import usual_model
        from bot.players.character import CharacterPlayer
        from bot.players.resident import Resident
        from towns.town import Town

        character, _, name = detail.partition(":")
        name = name or self.usual_model(setup) or usual_model(self.settings.models)
        model, settings = self.paid_for(name, setup)
        if isinstance(setup.game, Town):
            return Resident(
                model,
                partial(self._persona, setup, character),
                partial(self.language, setup),
                partial(self.paid, setup),
            )
        recollection = self.recollection(setup, seat, character, model)
        if recollection:
            self._recollections.add(recollection)
        player = CharacterPlayer(
            partial(self.card, setup, character),
            model,
            settings.context,
            script=settings.script,
            seed=setup.match_id,
            recollection=recollection,
            draft=partial(self.draft, setup.match_id, seat),
            language=partial(self.language, setup),
        )
        self.characters[setup.match_id, seat] = player
        return player

    async def _persona(self, setup: Setup, character: str) -> str:
        """Return who a character is, as it stands on its card now.  Raises OperatorError."""
        from characters.persona import persona_text

        return persona_text(await self.card(setup, character))

    def paid_for(self, name: str, setup: Setup) -> tuple["Speaker", "AnyModelSettings"]:
        """Return a model by its name, and what models.toml says of it, cut to what it can do."""
        from bot.models.budget import Budgeted
        from bot.models.config import find_model

        settings = self.own_model(setup, name) or find_model(name, self.settings.models)
        spending = self.spending(setup)
        model = self._opened(settings, str(spending.payer.guild) if spending else "")
        return (Budgeted(model, spending) if spending else model), model.settings

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
        async with self.store() as store, self.arena_over(store) as arena:
            yield arena

    @asynccontextmanager
    async def arena_over(self, store: "SqlStore") -> AsyncIterator[Arena]:
        """Open the arena over a store, and close it with its models."""
        self.card = cards_in(Cast(store.cards), lambda _: 0)
        arena = Arena(store, self.seating, lambda _: self.room, hosts=self.hosts)
        try:
            yield arena
        finally:
            await arena.close()
            await self.close_models()

    async def close_models(self) -> None:
        """Close the connections to every model, and end the local ones, when nobody uses them."""
        for recollection in list(self._recollections):
            await recollection.close()
        for model in self._models:
            await model.close()
        if self.engines is not None:
            await self.engines.close()
        if self.workers is not None:
            await self.workers.close()

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
