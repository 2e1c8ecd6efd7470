"""Tic-tac-toe: two seats mark cells in turn; three of one's own marks in a line win.

The first seat plays X and moves first. A full board without a line is a draw.
Source: ChatArena, environment pettingzoo:tictactoe (which gives the winner -1; here it is 1).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import ClassVar

from games.core import Ask, Game, Level, Outcome, Public, Seat, Text, UnclearMove, View

CELLS = tuple(f"{column}{row}" for row in "123" for column in "abc")
"""The names of the cells, a column's letter and a row's number, row by row from the top."""
INDEX = {cell: index for index, cell in enumerate(CELLS)}
LINES = (
    *((row, row + 1, row + 2) for row in (0, 3, 6)),
    *((column, column + 3, column + 6) for column in (0, 1, 2)),
    (0, 4, 8),
    (2, 4, 6),
)
THROUGH = tuple(tuple(line for line in LINES if cell in line) for cell in range(9))
EMPTY = (None,) * 9
_ROW_AND_COLUMN = re.compile(r"\D*([1-3])\s*,\s*([1-3])\D*")

Cells = tuple[Seat | None, ...]
Sides = tuple[str | None, ...]
"""Cells as a house bot sees them: its own, the rival's, or free."""
OWN, RIVAL = "own", "rival"


@dataclass(frozen=True)
class Marked(Public):
    """A seat has put its mark on a free cell."""

    telling: ClassVar[str] = "{seat} marks {cell}."
    seat: Seat
    cell: str


@dataclass(frozen=True)
class Grid:
    """Who marked each cell, who moves next, and who has a line."""

    seats: tuple[Seat, Seat]
    cells: Cells = EMPTY
    marks: int = 0
    winner: Seat | None = None


@cache
def question(free: tuple[str, ...]) -> Ask:
    """Return the Ask for these free cells; a cell is a letter a to c and a number 1 to 3."""
    return Ask("Which cell do you mark?", choices=free)


@dataclass(frozen=True)
class TicTacToe(Game[Grid, str, Marked]):
    """Two players mark the cells of a 3 by 3 grid in turn; three in a line win."""

    name: ClassVar[str] = "tic-tac-toe"

    def initial(self, seats: Sequence[Seat], /) -> Grid:
        return Grid((seats[0], seats[1]))

    def asks(self, grid: Grid, /) -> Mapping[Seat, Ask]:
        if grid.winner is not None or grid.marks == 9:
            return {}
        return {grid.seats[grid.marks % 2]: question(free_cells(grid.cells))}

    def parse(self, grid: Grid, seat: Seat, text: str, /) -> str:
        cell = text.strip().casefold()
        if pair := cell not in INDEX and _ROW_AND_COLUMN.fullmatch(text):
            cell = CELLS[3 * int(pair.group(1)) + int(pair.group(2)) - 4]  # "(row, column)"
        if cell not in INDEX:
            cell = str(question(free_cells(grid.cells)).parse(text))
        if grid.cells[INDEX[cell]] is not None:
            hint = question(free_cells(grid.cells)).hint()
            raise UnclearMove(f"The cell {cell} is already marked. {hint}")
        return cell

    def decide(self, grid: Grid, seat: Seat, cell: str, rng: Random, /) -> Sequence[Marked]:
        return (Marked(seat, cell),)

    def evolve(self, grid: Grid, event: Marked, /) -> Grid:
        index = INDEX[event.cell]
        cells = (*grid.cells[:index], event.seat, *grid.cells[index + 1 :])
        winner = event.seat if has_line(cells, index) else None
        return Grid(grid.seats, cells, grid.marks + 1, winner)

    def outcome(self, grid: Grid, /) -> Outcome:
        if grid.winner is None:
            return Outcome(dict.fromkeys(grid.seats, 0.5), Text("The board is full: a draw."))
        scores = {seat: float(seat == grid.winner) for seat in grid.seats}
        return Outcome(scores, Text("{seat} has three in a line.", seat=grid.winner))

    def rules(self) -> str:
        return (
            "Tic-tac-toe on a board of columns a to c and rows 1 to 3. The first player marks X "
            "and begins; three of your own marks in a row, column or diagonal win."
        )

    def board(self, events: Sequence[Marked], /) -> str:
        marks = {event.cell: "XO"[turn % 2] for turn, event in enumerate(events)}
        rows = (f"{row} " + " ".join(marks.get(f"{c}{row}", ".") for c in "abc") for row in "123")
        return "\n".join(("  a b c", *rows))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy plays at random, medium wins and blocks, hard cannot be beaten."""
        marked = [event for event in view.events if isinstance(event, Marked)]
        side_of = {e.cell: OWN if e.seat == view.seat else RIVAL for e in marked}
        cells = tuple(side_of.get(cell) for cell in CELLS)
        if level is Level.MEDIUM:
            for side in (OWN, RIVAL):
                for cell in ask.choices:
                    if has_line(_with(cells, cell, side), INDEX[cell]):
                        return cell
        if level is Level.HARD:
            values = {c: -value(_with(cells, c, OWN), RIVAL, OWN) for c in ask.choices}
            best = [cell for cell, worth in values.items() if worth == max(values.values())]
            return rng.choice(best)
        return ask.sample(rng)


def free_cells(cells: Cells) -> tuple[str, ...]:
    """Return the names of the unmarked cells, row by row."""
    return tuple([name for name, seat in zip(CELLS, cells, strict=True) if seat is None])


def has_line(cells: Sequence[object], index: int) -> bool:
    """Return whether the mark at `index` stands in a full line of its own kind."""
    seat = cells[index]
    return any(cells[a] == cells[b] == cells[c] == seat for a, b, c in THROUGH[index])


def _with(cells: Sides, cell: str, side: str) -> Sides:
    index = INDEX[cell]
    return (*cells[:index], side, *cells[index + 1 :])


@cache
def value(cells: Sides, mover: str, rival: str) -> int:
    """Return what perfect play gives the side to move: 1 a win, 0 a draw, -1 a loss.

    Of sides, not of seats: so the cache holds each position once, whoever plays.
    """
    if any(cells[a] == cells[b] == cells[c] == rival for a, b, c in LINES):
        return -1
    free = [cell for cell in CELLS if cells[INDEX[cell]] is None]
    return max((-value(_with(cells, cell, mover), rival, mover) for cell in free), default=0)
