"""The characters that come with Parlour."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from characters.card import Card, read_card
from characters.documents import read_document

CARDS: Final = Path(__file__).parent / "cards"
PORTRAITS: Final = Path(__file__).parent / "portraits"


@cache
def shipped() -> Mapping[str, Card]:
    """Return each shipped character by its id, read on first use."""
    files = sorted(CARDS.glob("*.json"))
    found = {file.stem: read_card(read_document(file.read_bytes())) for file in files}
    return MappingProxyType(found)


@cache
def portrait(character: str) -> bytes:
    """Return the portrait of a shipped character as a PNG file.  Raises KeyError."""
    if character not in shipped():
        raise KeyError(character)
    return (PORTRAITS / f"{character}.png").read_bytes()
