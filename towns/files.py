"""The files of towns that come with Parlour."""

from functools import cache
from pathlib import Path
from typing import Final

from towns.start import StartTown, load_town

DATA: Final = Path(__file__).parent / "data"
DEFAULT: Final = "default_town.toml"


@cache
def default_town() -> StartTown:
    """Return the town that comes with Parlour, read on first use."""
    return load_town({file.name: file.read_text("utf-8") for file in DATA.glob("*.toml")}, DEFAULT)
