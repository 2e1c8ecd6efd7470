"""Line charts: a picture, the same in words, and the numbers as a table."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Final

from PIL import Image, ImageDraw

from bot.pictures.palette import QUIET, SHEET, TILE, Colour, of_resident
from bot.pictures.sheet import MARGIN, Panel
from bot.pictures.writing import Align, Box, Style, Writing, written
from games.core.board import ALT_TEXT_LIMIT, one_line

MOST_LINES: Final = 12
"""In the picture; the table has them all."""
_WIDTH: Final = 1000
_PLOT: Final = Box(MARGIN + 110, 100, _WIDTH - MARGIN, 520)
_TEXT: Final = 26
_TIMES: Final = 22
_KEY_ROW: Final = 44
_KEY_COLUMNS: Final = 3
_STEPS: Final = 4
"""Lines across the plot, beside the lowest."""
_MOST_TIMES: Final = 6
"""Written below the plot."""
_FINER: Final = 3
"""Lines are drawn so many times too large, as Pillow does not smooth them."""
_COLOURS: Final = 64


@dataclass(frozen=True)
class Chart:
    """Lines over the same times."""

    title: str
    times: Sequence[str]
    lines: Mapping[str, Sequence[float]]
    """A value for each time, by the name of the line; none is below 0."""

    @property
    def top(self) -> float:
        """The value at the upper edge: a round one, above all others."""
        highest = max([1.0, *(value for line in self.lines.values() for value in line)])
        size = 10.0 ** (len(str(int(highest))) - 1)
        return next(
            size * one for one in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if size * one >= highest
        )

    def alt_text(self) -> str:
        """Return what a screen reader reads in place of the picture, ALT_TEXT_LIMIT at most."""
        ends = [
            f"{one_line(name)} from {line[0]:,.0f} to {line[-1]:,.0f}"
            for name, line in self.lines.items()
            if line
        ]
        span = f", {self.times[0]} to {self.times[-1]}" if self.times else ""
        said = f"Chart: {self.title}{span}. {'; '.join(ends) or 'Nothing yet'}."
        return said if len(said) <= ALT_TEXT_LIMIT else f"{said[: ALT_TEXT_LIMIT - 1]}…"

    def table(self) -> str:
        """Return the numbers as CSV: a row for each time, a column for each line."""
        file = StringIO()
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["time", *map(harmless, self.lines)])
        for number, time in enumerate(self.times):
            rows.writerow([time, *(round(line[number], 2) for line in self.lines.values())])
        return file.getvalue()


def render_chart(chart: Chart) -> bytes:
    """Return the picture of a chart as a PNG file; the same chart gives the same bytes."""
    shown = dict(list(chart.lines.items())[:MOST_LINES])
    rows = -(-len(shown) // _KEY_COLUMNS)
    image = Image.new("RGB", (_WIDTH, _PLOT.bottom + 80 + rows * _KEY_ROW + MARGIN // 2), SHEET)
    for shape in (*_frame(chart), *_key(list(shown))):
        shape.draw(image)
    for number, line in enumerate(shown.values()):
        _draw(image, [*_points(line, chart.top)], of_resident(number))
    file = BytesIO()
    few = image.quantize(_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    few.save(file, "PNG")
    return file.getvalue()


def _frame(chart: Chart) -> Iterator[Panel | Writing]:
    yield written(
        chart.title, Box(MARGIN, 16, _WIDTH - MARGIN, _PLOT.top - 24), Style(40, bold=True)
    )
    for step in range(_STEPS + 1):
        y = _PLOT.bottom - step * _PLOT.height // _STEPS
        yield Panel(Box(_PLOT.left, y - 1, _PLOT.right, y + 1), TILE, radius=0)
        value = f"{chart.top * step / _STEPS:,.0f}"
        box = Box(MARGIN, y - 20, _PLOT.left - 12, y + 20)
        yield written(value, box, Style(_TEXT, QUIET, Align.RIGHT))
    last = len(chart.times) - 1
    every = -(-last // (_MOST_TIMES - 1)) or 1
    for number in range(0, last + 1, every):
        x = _across(number, last)
        box = Box(x - 85, _PLOT.bottom + 8, x + 85, _PLOT.bottom + 56)
        yield written(chart.times[number], _shifted(box), Style(_TIMES, QUIET, Align.MIDDLE))


def _key(names: Sequence[str]) -> Iterator[Panel | Writing]:
    wide = (_WIDTH - 2 * MARGIN) // _KEY_COLUMNS
    for number, name in enumerate(names):
        x = MARGIN + number % _KEY_COLUMNS * wide
        y = _PLOT.bottom + 72 + number // _KEY_COLUMNS * _KEY_ROW
        yield Panel(Box(x, y + 16, x + 32, y + 24), of_resident(number), radius=4)
        yield written(name, Box(x + 44, y, x + wide - 8, y + 40), Style(_TEXT))


def _points(line: Sequence[float], top: float) -> Iterator[tuple[int, int]]:
    for number, value in enumerate(line):
        yield (
            _across(number, len(line) - 1),
            round(_PLOT.bottom - max(0.0, value) / top * _PLOT.height),
        )


def _across(number: int, last: int) -> int:
    return _PLOT.left + round(_PLOT.width * number / last) if last else _PLOT.left


def _shifted(box: Box) -> Box:
    """Return a box moved to the left until it lies on the sheet."""
    over = max(0, box.right - (_WIDTH - 8))
    return Box(box.left - over, box.top, box.right - over, box.bottom)


def _draw(image: Image.Image, points: Sequence[tuple[int, int]], colour: Colour) -> None:
    """Draw a line, and a dot where it ends, which is all there is of a line with one point."""
    size = (image.width, image.height)
    mask = Image.new("L", (size[0] * _FINER, size[1] * _FINER))
    pen = ImageDraw.Draw(mask)
    large = [(x * _FINER, y * _FINER) for x, y in points]
    pen.line(large, 255, 4 * _FINER, joint="curve")
    for x, y in large[-1:]:
        radius = 6 * _FINER
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), 255)
    image.paste(colour, (0, 0, *size), mask.resize(size, Image.Resampling.BOX))


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
