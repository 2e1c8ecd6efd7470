"""What the commands of towns share: finding a town, telling a line, writing a file."""

import sys
from pathlib import Path

from bot.errors import ShownToUser
from bot.pictures.town_map import render_day, render_map
from bot.ports import Setup
from bot.terminal.folding import folded
from games.core import clean
from towns.drawing import TownDrawing
from towns.history import History
from towns.town import Town

ROOM = "terminal"
"""Of towns that live here."""
FRAMES_AN_HOUR = 3
MOST_FRAMES = 300
"""In one film; of more days each hour has fewer."""


def say(line: str, indent: int = 0) -> None:
    """Print a line as it fits the terminal; what does not fit stands below, set in."""
    sys.stdout.write(f"{folded(line, sys.stdout, indent)}\n")


def a_town(setup: Setup) -> Town:
    """Return the town that a match is.  Raises ShownToUser."""
    if not isinstance(setup.game, Town):
        raise ShownToUser(
            f"{setup.match_id} is no town; towns are listed by: python bot.py town list"
        )
    return setup.game


def checked_out(*files: Path | None) -> None:
    """Refuse files that cannot be written, before anything is done for them.

    Raises ShownToUser.
    """
    for file in files:
        if file and (file.is_dir() or not file.absolute().parent.is_dir()):
            name = clean(str(file), 200)
            raise ShownToUser(f"{name} cannot be written: name a file in a folder that exists.")


def write_map(drawing: TownDrawing, file: Path) -> None:
    """Write the picture of a moment."""
    write_out(file, render_map(drawing))


def write_day(told: History, file: Path, day: int | None = None) -> None:
    """Write the film of one day, or of all."""
    first, last = (0, told.tick) if day is None else told.day_ticks(day)
    last = min(last, told.tick)
    hour = told.start.clock.ticks(60)
    every = max(1, hour // FRAMES_AN_HOUR, -(-(last - first) // MOST_FRAMES))
    write_out(file, render_day(told.drawing(tick) for tick in range(first, last + 1, every)))


def write_out(file: Path, content: bytes) -> None:
    """Write a file and say so."""
    file.write_bytes(content)
    say(f"Written: {clean(str(file), 200)}, {len(content):,} bytes.")
