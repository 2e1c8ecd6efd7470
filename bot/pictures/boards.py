"""A board as a picture: each part below the one before it, all on one sheet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.fonts import drawable
from bot.pictures.palette import (
    INK,
    KEY_EDGE,
    KEY_TILE,
    LATEST_EDGE,
    LIGHT_TILE,
    QUIET,
    TILE,
    Colour,
    of_side,
)
from bot.pictures.sheet import MARGIN, WIDTH, Panel, Sheet
from bot.pictures.writing import Align, Box, Style, Writing, height_of, length, wrapped, written
from games.core import Board, Cell, Grid, Lines, Look, Mark
from games.core.board import Label

SIZE: Final = 28
"""Of most texts."""
GAP: Final = 8
CAPTION_HEIGHT: Final = 56
HEAD_HEIGHT: Final = 40
KEY_HEIGHT: Final = 36
"""Of the line below a grid that says what its framed cells are."""
MOST_LINES: Final = 4
"""Of one text below the grids."""
_NARROWEST: Final = 440
_INNER: Final = WIDTH - 2 * MARGIN
_PADDING: Final = 10

Shapes = Iterator[Panel | Writing]


@dataclass(frozen=True)
class Measures:
    """How large the parts of a grid are drawn."""

    label: int
    """The width of the labels at the left, with their gap."""
    cell: tuple[int, int]
    """Width and height."""
    width: int
    height: int
    text: int
    """The size of what stands in the cells, if it fits so."""


def render(board: Board) -> bytes:
    """Return the picture of a board as a PNG file; it may take some 50 ms, and any thread."""
    return lay_out(board).png()


def lay_out(board: Board) -> Sheet:
    """Return where everything on a board is drawn."""
    grids = [measured(part) for part in board.parts if isinstance(part, Grid)]
    width = max(_NARROWEST, *(grid.width for grid in grids)) if grids else _INNER
    shapes: list[Panel | Writing] = []
    top = MARGIN
    for part in board.parts:
        if isinstance(part, Grid):
            size = measured(part)
            shapes += _grid(part, size, MARGIN + (width - size.width) // 2, top)
            top += size.height + 2 * GAP
        else:
            for label, text in part.lines:
                line = _line(part, label, text, Box(MARGIN, top, MARGIN + width, top))
                shapes += line
                top = max(writing.box.bottom for writing in line) + GAP
    return Sheet(width + 2 * MARGIN, top + MARGIN // 2, shapes)


def measured(grid: Grid) -> Measures:
    """Return how large a grid is drawn."""
    columns = max((len(row) for row in grid.rows), default=0) or 1
    label, room = _label_width(grid), 0
    room = (_INNER - label - GAP * (columns - 1)) // columns
    match grid.look:
        case Look.SQUARES:
            side = min(128, room)
            cell, text = (side, side), round(0.62 * side)
        case Look.CARDS:
            cell, text = (min(240, room), 84), SIZE
        case Look.TABLE:
            cell, text = (min(176, room), 84), SIZE
    width = label + columns * (cell[0] + GAP) - GAP
    height = len(grid.rows) * (cell[1] + GAP) - GAP + _above(grid) + KEY_HEIGHT * _has_key(grid)
    return Measures(label, cell, width, height, text)


def _above(grid: Grid) -> int:
    """Return the height of what stands above the cells."""
    return CAPTION_HEIGHT * bool(grid.caption) + HEAD_HEIGHT * bool(grid.columns)


def _has_key(grid: Grid) -> bool:
    marks = {cell.mark for row in grid.rows for cell in row}
    return bool(grid.key) and Mark.KEY in marks


def _label_width(grid: Grid) -> int:
    if not grid.labels:
        return 0
    widest = max(length(drawable(label), SIZE) for label in grid.labels)
    return min(round(widest) + 2 * _PADDING, 190) + GAP


def _grid(grid: Grid, size: Measures, left: int, top: int) -> Shapes:
    wide, high = size.cell
    if grid.caption:
        box = Box(left, top, left + size.width, top + CAPTION_HEIGHT - GAP)
        yield written(grid.caption, box, Style(36, bold=True))
    top += _above(grid)
    first = left + size.label
    for number, head in enumerate(grid.columns):
        x = first + number * (wide + GAP)
        box = Box(x, top - HEAD_HEIGHT, x + wide, top - GAP // 2)
        yield written(head, box, Style(24, QUIET, Align.MIDDLE))
    for number, row in enumerate(grid.rows):
        y = top + number * (high + GAP)
        if grid.labels:
            box = Box(left, y, first - GAP, y + high)
            yield written(grid.labels[number], box, _label_style(grid))
        for place, cell in enumerate(row):
            x = first + place * (wide + GAP)
            light = grid.chequered and (len(grid.rows) - number + place) % 2 == 0
            tile, box = LIGHT_TILE if light else TILE, Box(x, y, x + wide, y + high)
            yield from _cell(cell, box, _cell_style(grid, cell, size), tile)
    if _has_key(grid):
        y = top + len(grid.rows) * (high + GAP)
        yield Panel(Box(first, y + 4, first + 24, y + 28), KEY_TILE, KEY_EDGE, 4, radius=6)
        box = Box(first + 36, y, left + size.width, y + 32)
        yield written(grid.key, box, Style(24, QUIET))


def _label_style(grid: Grid) -> Style:
    if grid.look is Look.SQUARES:
        return Style(24, QUIET, Align.MIDDLE)
    return Style(SIZE, bold=True)


def _cell_style(grid: Grid, cell: Cell, size: Measures) -> Style:
    bold = grid.look is Look.SQUARES
    return Style(size.text, of_side(cell.side), Align.MIDDLE, bold)


def _cell(cell: Cell, box: Box, style: Style, tile: Colour) -> Shapes:
    match cell.mark:
        case Mark.KEY:
            yield Panel(box, KEY_TILE, KEY_EDGE, edge_width=5)
        case Mark.LATEST:
            yield Panel(box, tile, LATEST_EDGE, edge_width=2)
        case Mark.NONE:
            yield Panel(box, tile)
    if cell.text:
        yield written(cell.text, box.within(_PADDING), style)


def _line(part: Lines, label: Label, text: Label, place: Box) -> Sequence[Writing]:
    """Return a line's label and, beside it, its text, from the top of a place downwards."""
    widest = max(length(drawable(one), SIZE) for one, _ in part.lines)
    middle = place.left + min(round(widest) + 3 * _PADDING, round(0.35 * place.width))
    return (
        _downwards(label, Box(place.left, place.top, middle - _PADDING, place.top), QUIET),
        _downwards(text, Box(middle, place.top, place.right, place.top), INK),
    )


def _downwards(text: Label, place: Box, ink: Colour) -> Writing:
    lines = len(wrapped(drawable(text), SIZE, place.width))
    bottom = place.top + height_of(min(max(1, lines), MOST_LINES), SIZE)
    return written(text, Box(place.left, place.top, place.right, bottom), Style(SIZE, ink))
