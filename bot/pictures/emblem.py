"""The emblem of a character that has no portrait: its initials on a colour."""

import zlib
from typing import Final

from bot.pictures.palette import INK, Colour
from bot.pictures.sheet import Panel, Sheet
from bot.pictures.writing import Align, Box, Style, written

SIZE: Final = 512
GROUNDS: Final[tuple[Colour, ...]] = (
    (32, 96, 110),
    (110, 58, 80),
    (70, 84, 40),
    (96, 68, 36),
    (58, 66, 120),
    (92, 50, 110),
    (36, 96, 72),
    (116, 56, 44),
)
"""Ink stands out from each of them by 4.5 to 1 or more."""


def emblem(name: str) -> bytes:
    """Return the emblem for a name as a PNG file; a name always gets the same colour."""
    box = Box(0, 0, SIZE, SIZE)
    ground = GROUNDS[zlib.crc32(name.encode("utf-8", "replace")) % len(GROUNDS)]
    letters = written(initials(name), box.within(72), Style(220, INK, Align.MIDDLE, bold=True))
    return Sheet(SIZE, SIZE, [Panel(box, ground, radius=0), letters]).png()


def initials(name: str) -> str:
    """Return the first letters of the first and the last word that have any."""
    words = [word for word in name.split() if word[0].isalnum()]
    ends = words if len(words) < 3 else [words[0], words[-1]]
    return "".join(word[0].upper() for word in ends) or "?"
