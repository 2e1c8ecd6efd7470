"""Letters: Pillow's own font, and for what it lacks whatever fonts the system has."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final

from PIL import ImageFont

from games.core import clean
from games.core.board import Label

FALLBACKS: Final = (
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoEmoji-Regular.ttf",
    "unifont.otf",
    "Arial Unicode.ttf",
    "FreeSans.ttf",
)
"""Files that a system may have, those tried first in front; none is needed."""
UNKNOWN: Final = "\N{WHITE VERTICAL RECTANGLE}"
"""Stands for a letter that no font has; Pillow's own font draws an empty box for it."""
LONGEST: Final = 300
"""Characters; more of one text is never drawn."""
_NOBODYS_CHARACTER: Final = "\U0010fffe"

Font = ImageFont.FreeTypeFont


def drawable(text: Label) -> str:
    """Return a text on one line, without characters that draw nothing or draw over others."""
    kept = " ".join(clean(str(text), LONGEST).split())
    return "".join(char for char in kept if unicodedata.category(char) not in {"Cf", "Cn", "Co"}
                   and not 0xFE00 <= ord(char) <= 0xFE0F)  # fmt: skip


@lru_cache(maxsize=256)
def runs(text: str) -> tuple[tuple[int, str], ...]:
    """Return a text cut where the font changes, each part with the number of its font."""
    for number in range(len(_names())):
        if all(_has(number, char) for char in text):
            return (
                (number, text),
            )  # of one font, so that it can put right-to-left letters in order
    return tuple((number, "".join(parts)) for number, parts in _grouped(text))


@lru_cache(maxsize=64)
def font(number: int, size: float) -> Font:
    """Return a font in a size in pixels; number 0 is Pillow's own."""
    if number == 0:
        own = ImageFont.load_default(size)
        assert isinstance(own, Font), "Pillow was built without FreeType."
        return own
    return ImageFont.truetype(_names()[number], size)


def _grouped(text: str) -> Iterator[tuple[int, Iterator[str]]]:
    chosen = [_chosen(char) for char in text]
    for number, group in groupby(chosen, key=lambda pair: pair[0]):
        yield number, (char for _, char in group)


@lru_cache(maxsize=4096)
def _chosen(char: str) -> tuple[int, str]:
    """Return the first font that has a character; else its bare letter, nothing, or a box."""
    for shown in (char, unicodedata.normalize("NFKD", char)[0]):
        for number in range(len(_names())):
            if _has(number, shown):
                return number, shown
    return 0, "" if unicodedata.category(char).startswith("M") else UNKNOWN


@lru_cache(maxsize=16384)
def _has(number: int, char: str) -> bool:
    # Pillow does not tell which characters a font has: one that it lacks is drawn as all it lacks.
    return char.isspace() or _drawn(number, char) != _drawn(number, _NOBODYS_CHARACTER)


def _drawn(number: int, char: str) -> bytes:
    return bytes(font(number, 24).getmask(char))


@lru_cache(maxsize=1)
def _names() -> tuple[str, ...]:
    """Return the files of the fonts that are there; "" is Pillow's own."""
    return ("", *(name for name in FALLBACKS if _is_there(name)))


def _is_there(name: str) -> bool:
    try:
        ImageFont.truetype(name, 12)
    except OSError:
        return False
    return True
