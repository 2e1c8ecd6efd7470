"""Texts in boxes: wrapped, made smaller or cut until they fit.  All measures are pixels."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final, NamedTuple

from PIL import Image, ImageDraw

from bot.pictures.fonts import drawable, font, runs
from bot.pictures.palette import INK, Colour
from games.core.board import Label

SMALLEST: Final = 18
"""Half of it on a screen of two pixels a point: the least that can still be read."""
_PITCH: Final = 1.3
"""From one line to the next, in sizes."""
_HALF_A_CAPITAL: Final = 0.36
"""In sizes: with it, capitals and figures stand in the middle of their line."""
_BOLD: Final = 0.02
"""In sizes, around each letter; Pillow's own font has no bold one."""


class Box(NamedTuple):
    """A rectangle of a sheet."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def within(self, margin: int) -> "Box":
        """Return the box without its margin."""
        return Box(self.left + margin, self.top + margin, self.right - margin, self.bottom - margin)


class Align(StrEnum):
    """Where in its box a line begins."""

    LEFT = "left"
    MIDDLE = "middle"
    RIGHT = "right"


@dataclass(frozen=True)
class Style:
    """How a text is written, if it fits so."""

    size: int
    ink: Colour = INK
    align: Align = Align.LEFT
    bold: bool = False


@dataclass(frozen=True)
class Writing:
    """Lines that fit into a box."""

    box: Box
    lines: tuple[str, ...]
    style: Style

    def draw(self, image: Image.Image) -> None:
        """Draw the lines; whatever stands out of the box is cut off."""
        if mask := self.mask():
            image.paste(self.style.ink, self.box, mask)

    def mask(self) -> Image.Image | None:
        """Return where the box is inked; None for a box too small for a single dot."""
        if self.box.width < 1 or self.box.height < 1:
            return None
        mask = Image.new("L", (self.box.width, self.box.height))
        pen = ImageDraw.Draw(mask)
        stroke = _BOLD * self.style.size if self.style.bold else 0
        for x, y, number, part in self._places():
            shape = font(number, self.style.size)
            pen.text((x, y), part, fill=255, font=shape, anchor="ls", stroke_width=stroke)
        return mask

    def ink_box(self) -> tuple[float, float, float, float]:
        """Return what the letters cover, in the measures of the sheet, cut off or not."""
        boxes = []
        for x, y, number, part in self._places():
            ink = font(number, self.style.size).getbbox(part, anchor="ls")
            across, down = self.box.left + x, self.box.top + y
            boxes.append((across + ink[0], down + ink[1], across + ink[2], down + ink[3]))
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def _places(self) -> Iterator[tuple[float, float, int, str]]:
        """Give each run of letters with where its base line begins and its font."""
        size, pitch = self.style.size, _PITCH * self.style.size
        y = (self.box.height - len(self.lines) * pitch + pitch) / 2 + _HALF_A_CAPITAL * size
        for line in self.lines:
            spare = self.box.width - length(line, size)
            x = {Align.LEFT: 0.0, Align.MIDDLE: spare / 2, Align.RIGHT: spare}[self.style.align]
            for number, part in runs(line):
                yield x, y, number, part
                x += font(number, size).getlength(part)
            y += pitch


def written(label: Label, box: Box, style: Style) -> Writing:
    """Return a text as it fits into a box: smaller if it must be, and cut as a last resort."""
    text = drawable(label)
    for size in range(style.size, SMALLEST - 1, -2):
        lines = wrapped(text, size, box.width)
        whole = all(length(line, size) <= box.width for line in lines)
        if whole and height_of(len(lines), size) <= box.height:
            return Writing(box, tuple(lines), _sized(style, size))
    size = min(SMALLEST, style.size)
    most = max(1, int(box.height / (_PITCH * size)))
    lines = list(_broken(text, size, box))
    if len(lines) > most:
        lines = [*lines[: most - 1], _shortened("".join(lines[most - 1 :]), size, box.width)]
    return Writing(box, tuple(lines), _sized(style, size))


def wrapped(text: str, size: int, width: float) -> list[str]:
    """Return a text as lines broken between words; a longer word has a line of its own."""
    lines: list[str] = []
    for word in text.split():
        if lines and length(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def height_of(lines: int, size: int) -> int:
    """Return how high this many lines are."""
    return round(lines * _PITCH * size)


@lru_cache(maxsize=4096)
def length(line: str, size: int) -> float:
    """Return how wide a line is."""
    return sum(font(number, size).getlength(part) for number, part in runs(line))


def _sized(style: Style, size: int) -> Style:
    return Style(size, style.ink, style.align, style.bold)


def _broken(line: str, size: int, box: Box) -> Iterator[str]:
    """Give the pieces of a line, as long as the box is wide."""
    while length(line, size) > box.width and len(line) > 1:
        fits = max(1, _fitting(line, size, box.width))
        yield line[:fits]
        line = line[fits:]
    yield line


def _shortened(line: str, size: int, width: float) -> str:
    """Return as much of a line as there is room for, and three dots."""
    return f"{line[: _fitting(line, size, width - length('…', size))]}…"


def _fitting(line: str, size: int, width: float) -> int:
    """Return how many of the first characters there is room for."""
    counts = range(1, len(line) + 1)
    return bisect_right(counts, width, key=lambda count: length(line[:count], size))
