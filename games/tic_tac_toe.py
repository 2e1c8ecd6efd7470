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

from games.core import (
    Ask,
    Board,
    Cell,
    Game,
    Grid,
    Level,
    Lines,
    Mark,
    Outcome,
    Public,
    Seat,
    Text,
    UnclearMove,
    View,
)

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
class Position:
    """Who marked each cell, who moves next, and who has a line."""

    seats: tuple[Seat, Seat]
    cells: Cells = EMPTY
    marks: int = 0
    winner: Seat | None = None


@cache
def question(free: tuple[str, ...]) -> Ask:
    """Return the Ask for these free cells; a cell is a letter a to c and a number 1 to 3."""
    return Ask("Which cell do you mark?", choices=free, public=True)


@dataclass(frozen=True)
class TicTacToe(Game[Position, str, Marked]):
    """Two players mark the cells of a 3 by 3 grid in turn; three in a line win."""

    name: ClassVar[str] = "tic-tac-toe"

    def initial(self, seats: Sequence[Seat], /) -> Position:
        return Position((seats[0], seats[1]))

    def asks(self, position: Position, /) -> Mapping[Seat, Ask]:
        if position.winner is not None or position.marks == 9:
            return {}
        return {position.seats[position.marks % 2]: question(free_cells(position.cells))}

    def parse(self, position: Position, seat: Seat, text: str, /) -> str:
        cell = text.strip().casefold()
        if pair := cell not in INDEX and _ROW_AND_COLUMN.fullmatch(text):
            cell = CELLS[3 * int(pair.group(1)) + int(pair.group(2)) - 4]  # "(row, column)"
        if cell not in INDEX:
            cell = str(question(free_cells(position.cells)).parse(text))
        if position.cells[INDEX[cell]] is not None:
            hint = question(free_cells(position.cells)).hint()
            told = "The cell {cell} is already marked. {hint}"
            raise UnclearMove(Text(told, cell=cell, hint=hint))
        return cell

    def decide(self, position: Position, seat: Seat, cell: str, rng: Random, /) -> Sequence[Marked]:
        return (Marked(seat, cell),)

    def evolve(self, position: Position, event: Marked, /) -> Position:
        index = INDEX[event.cell]
        cells = (*position.cells[:index], event.seat, *position.cells[index + 1 :])
        winner = event.seat if has_line(cells, index) else None
        return Position(position.seats, cells, position.marks + 1, winner)

    def outcome(self, position: Position, /) -> Outcome:
        if position.winner is None:
            return Outcome(dict.fromkeys(position.seats, 0.5), Text("The board is full: a draw."))
        scores = {seat: float(seat == position.winner) for seat in position.seats}
        return Outcome(scores, Text("{seat} has three in a line.", seat=position.winner))

    def rules(self) -> Text:
        return Text(
            "Tic-tac-toe on a board of columns a to c and rows 1 to 3. The first player marks X "
            "and begins; three of your own marks in a row, column or diagonal win."
        )

    def board(self, events: Sequence[Marked], /) -> Board:
        sides = {event.cell: number % 2 for number, event in enumerate(events)}
        latest = events[-1].cell if events else ""
        line = _in_line(tuple(sides.get(cell) for cell in CELLS))
        cells = [
            _drawn(sides.get(cell), latest=cell == latest, in_line=cell in line) for cell in CELLS
        ]
        rows = [cells[start : start + 3] for start in (0, 3, 6)]
        grid = Grid(rows, columns="abc", labels="123", key=Text("three in a line"))
        players = Lines([(mark, event.seat) for mark, event in zip("XO", events, strict=False)])
        return Board(Text("Tic-tac-toe board"), (grid, players) if events else (grid,))

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


def _in_line(sides: Sequence[int | None]) -> frozenset[str]:
    """Return the names of the cells that stand in a full line of one side."""
    full = [(a, b, c) for a, b, c in LINES if sides[a] == sides[b] == sides[c] is not None]
    return frozenset(CELLS[index] for line in full for index in line)


def _drawn(side: int | None, *, latest: bool, in_line: bool) -> Cell:
    if side is None:
        return Cell()
    mark = Mark.KEY if in_line else Mark.LATEST if latest else Mark.NONE
    return Cell("XO"[side], mark, side + 1)


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
