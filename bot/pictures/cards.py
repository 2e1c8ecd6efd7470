"""The card at the end of a match: who came where, with how many points, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.pictures.fonts import drawable
from bot.pictures.palette import KEY_EDGE, KEY_TILE, QUIET, TILE
from bot.pictures.sheet import MARGIN, WIDTH, Panel, Sheet
from bot.pictures.writing import Align, Box, Style, Writing, height_of, wrapped, written
from games.core import Outcome
from games.core.board import ALT_TEXT_LIMIT, one_line

ROW_HEIGHT: Final = 76
GAP: Final = 10
MOST_ROWS: Final = 16
"""More are counted, not shown."""
MOST_LINES: Final = 4
"""Of the reason."""
TITLE: Final = Style(40, bold=True)
REASON: Final = Style(26, QUIET)


@dataclass(frozen=True)
class Standing:
    """Where one player came."""

    rank: int
    name: str
    score: str


def standings(outcome: Outcome) -> Sequence[Standing]:
    """Return who came where, the best first; an aborted match has no ranks."""
    ranks = outcome.ranks
    return [
        Standing(ranks[seat], seat, f"{outcome.scores[seat]:g}")
        for seat in sorted(ranks, key=ranks.__getitem__)
    ]


def render_card(title: str, rows: Sequence[Standing], reason: str = "") -> bytes:
    """Return the card of a result as a PNG file."""
    return lay_out_card(title, rows, reason).png()


def card_alt_text(title: str, rows: Sequence[Standing], reason: str = "") -> str:
    """Return what a screen reader reads in place of the card."""
    places = "; ".join(f"{row.rank}. {one_line(row.name)}, {row.score}" for row in rows)
    said = ". ".join(one_line(text).rstrip(".") for text in (title, places, reason) if text)
    return f"{said}." if len(said) < ALT_TEXT_LIMIT else f"{said[: ALT_TEXT_LIMIT - 1]}…"


def lay_out_card(title: str, rows: Sequence[Standing], reason: str = "") -> Sheet:
    """Return where everything on a card is drawn."""
    left, right, top = MARGIN, WIDTH - MARGIN, MARGIN
    shapes: list[Panel | Writing] = [written(title, Box(left, top, right, top + 56), TITLE)]
    top += 56 + GAP
    for row in rows[:MOST_ROWS]:
        shapes += _row(row, Box(left, top, right, top + ROW_HEIGHT))
        top += ROW_HEIGHT + GAP
    if (more := len(rows) - MOST_ROWS) > 0:
        reason = f"… and {more} more. {reason}"
    if reason:
        lines = len(wrapped(drawable(reason), REASON.size, right - left))
        box = Box(left, top, right, top + height_of(min(lines, MOST_LINES), REASON.size))
        shapes.append(written(reason, box, REASON))
        top = box.bottom + GAP
    return Sheet(WIDTH, top - GAP + MARGIN, shapes)


def _row(row: Standing, box: Box) -> Sequence[Panel | Writing]:
    first = row.rank == 1
    panel = Panel(box, KEY_TILE, KEY_EDGE, edge_width=3) if first else Panel(box, TILE)
    rank = Style(32, KEY_EDGE if first else QUIET, Align.RIGHT, bold=first)
    middle, end = box.left + 84, box.right - 180
    return (
        panel,
        written(f"{row.rank}.", Box(box.left + 8, box.top, middle - 16, box.bottom), rank),
        written(row.name, Box(middle, box.top + 4, end, box.bottom - 4), Style(32, bold=first)),
        written(
            row.score,
            Box(end + 16, box.top, box.right - 24, box.bottom),
            Style(32, align=Align.RIGHT, bold=first),
        ),
    )
