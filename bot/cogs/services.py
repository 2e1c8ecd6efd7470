"""What the Discord shell works with; the wiring puts it together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.administration import Accounts, Administration, Payer, Privacy, ServerModel
from bot.arena.arena import Arena
from bot.arena.chats import ChatStore
from bot.arena.lobbies import LobbyStore
from bot.arena.tournaments import TournamentStore
from bot.arena.towns import TownStore
from bot.cast import Cast
from bot.game_shelf import GameShelf
from bot.memories import Memories
from bot.ports import Setup, Store
from bot.settings import Settings
from characters.lines import Line
from characters.prompt import Prompt
from games.core import Seat


class Models(Protocol):
    """The models that a server may use, for a seat or for a word in between."""

    async def names(self, guild: int) -> Sequence[str]:
        """Return their names, those of the operator first."""

    def known(self, guild: int) -> Sequence[ServerModel]:
        """Return them as they may be shown; the operator's have guild 0."""

    def addresses(self) -> Sequence[str]:
        """Return the addresses at which admins may add models."""

    async def add(self, model: ServerModel, key: str, by: int) -> ServerModel:
        """Keep a model with its key, "" for none; return it as it may be shown.

        Raises ShownToUser for what will not do, OperatorError where the key cannot be sealed.
        """

    async def remove(self, guild: int, name: str, by: int) -> None:
        """Forget a server's own model and its key.  Raises ShownToUser where there is none."""

    async def reload(self) -> None:
        """Learn anew what is stored: a server's data were deleted."""

    async def test(self, payer: Payer, name: str) -> str:
        """Return what a trial of a model has shown, in words.  Raises ShownToUser."""

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
        """Return what a model says about what somebody has said, as `who` with a persona.

        Raises ShownToUser, and BudgetSpent before any call; ModelError without an answer.
        """


class Speaking(Protocol):
    """A character in a seat."""

    prompt: Prompt | None
    """What its last answer was made from; None where nobody knows any more."""


class Remembered(Protocol):
    """What characters learn in chats."""

    async def unlearn(
        self, setup: Setup, character: str, user: int, line: int, instead: Line | None
    ) -> None:
        """Forget what a character has learnt from a line, and learn from what it says instead."""

    async def close(self) -> None:
        """Learn from what still waits, as far as that is soon done."""


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
    chats: ChatStore
    cast: Cast
    memories: Memories
    characters: Mapping[tuple[str, Seat], Speaking]
    """The characters that sit somewhere, by match and seat."""
    remembered: Remembered
    towns: TownStore
    tournaments: TournamentStore
    shelf: GameShelf
