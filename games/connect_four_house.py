"""House bots of connect four: they look ahead on two integers, one bit for each cell.

Column by column from the left, each with seven bits from the bottom up; the seventh stays 0 and
keeps lines from running on into the next column.
Source: John Tromp, "John's Connect Four Playground" (the layout of the bits and the test by
shifts).
"""

from collections.abc import Iterator, Sequence
from random import Random
from typing import Final

HEIGHT: Final = 7
"""Bits of a column."""
WIDTH: Final = 7
BOTTOM: Final = sum(1 << HEIGHT * column for column in range(WIDTH))
CELLS: Final = BOTTOM * ((1 << HEIGHT - 1) - 1)
TOPS: Final = tuple(1 << HEIGHT * column + HEIGHT - 2 for column in range(WIDTH))
STEPS: Final = (1, HEIGHT - 1, HEIGHT, HEIGHT + 1)
"""Bits from one cell to the next: up, and in the three other directions."""
FROM_THE_MIDDLE: Final = (3, 2, 4, 1, 5, 0, 6)
"""Columns, the one in most lines first, so that good moves are looked at early."""
DEPTH: Final = 4
"""Discs that a hard bot looks ahead."""
WON: Final = 1000
"""What a line is worth; more when it comes sooner."""


Field = tuple[int, int]
"""The discs of the side to move, and all discs."""


def field_of(columns: Sequence[int]) -> Field:
    """Return the field after discs in these columns, in turn."""
    field = (0, 0)
    for column in columns:
        field = after(field, column)
    return field


def after(field: Field, column: int) -> Field:
    """Return the field after a disc in this column, seen from the other side."""
    own, discs = field
    return own ^ discs, discs | (discs + (1 << HEIGHT * column))


def open_columns(field: Field) -> Iterator[int]:
    """Yield the columns that have room, the middle first."""
    return (column for column in FROM_THE_MIDDLE if not field[1] & TOPS[column])


def seen_at_once(field: Field, rng: Random) -> int:
    """Return a column that wins, else one that keeps the rival from it, else any."""
    own, discs = field
    columns = sorted(open_columns(field))
    for side in (own, own ^ discs):
        wins = [column for column in columns if _completes((side, discs), column)]
        if wins:
            return wins[0]
    return rng.choice(columns)


def seen_ahead(field: Field, rng: Random) -> int:
    """Return a column that leads to the best field DEPTH discs ahead; equals by chance."""
    worth = {
        column: WON + DEPTH
        if _completes(field, column)
        else -_value(after(field, column), DEPTH - 1, -WON - DEPTH, WON + DEPTH)
        for column in open_columns(field)
    }
    best = max(worth.values())
    return rng.choice([column for column, value in worth.items() if value == best])


def has_line(discs: int) -> bool:
    """Return whether four of these discs stand in a line."""
    return any((pair := discs & discs >> step) & pair >> 2 * step for step in STEPS)


def completing(own: int, discs: int) -> int:
    """Return the free cells that would complete a line of one's own."""
    cells = 0
    for step in STEPS:
        pair = own & own >> step
        three = pair & own >> 2 * step
        cells |= three << 3 * step | three >> step
        cells |= pair >> step & own << step | pair << 2 * step & own >> step
    return cells & CELLS & ~discs


def _completes(field: Field, column: int) -> bool:
    own, discs = field
    return has_line(own | (discs + (1 << HEIGHT * column)) & ~discs)


def _value(field: Field, depth: int, low: int, high: int) -> int:
    """Return what the field is worth to the side to move, by alpha-beta search."""
    own, discs = field
    landing = discs + BOTTOM & CELLS
    wins = completing(own, discs)
    if not landing:
        return 0
    if wins & landing:
        return WON + depth
    if depth == 0:
        return wins.bit_count() - completing(own ^ discs, discs).bit_count()
    for column in open_columns(field):
        low = max(low, -_value(after(field, column), depth - 1, -high, -low))
        if low >= high:
            break
    return low
