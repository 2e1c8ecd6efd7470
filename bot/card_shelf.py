"""The characters that a server has brought along itself.

A server is a guild of Discord, by its id; 0 stands for this machine's terminal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from characters.card import Card
from characters.card_files import CardFile

MOST_CARDS: Final = 100
"""On one shelf."""
MOST_BYTES: Final = 128 * 1024 * 1024
"""Of one shelf, with all pictures."""


@dataclass(frozen=True)
class ShelvedCard:
    """A card as it was put on a shelf."""

    guild: int
    character: str
    """Its id, unique on the shelf."""
    file: CardFile
    by: int
    """The user who added it; 0 for nobody in particular."""
    at: datetime
    """UTC."""
    source: str
    """How it came, such as the name of its file."""


class CardShelf(Protocol):
    """Keeps the cards of each server, apart from those of all others."""

    async def add(self, card: ShelvedCard) -> None:
        """Keep a card.  Raises ShownToUser where the id is taken or the shelf is full."""

    async def cards(self, guild: int) -> Mapping[str, Card]:
        """Return a server's own cards by id, in the order of their ids."""

    async def get(self, guild: int, character: str) -> ShelvedCard | None:
        """Return a card with all that came with it; None where there is none."""

    async def change(self, guild: int, character: str, card: Card, by: int) -> None:
        """Let a card say something else, with the picture it has.  Raises ShownToUser."""

    async def remove(self, guild: int, character: str, by: int) -> None:
        """Delete a card for good.  Raises ShownToUser where there is none."""
