"""Connect four: two seats drop discs into columns; four of one's own in a line win.

The first seat plays X and moves first. A full board without a line is a draw.
Source: the boxed game by Milton Bradley, 1974, whose rules everybody plays.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import ClassVar, Final

from games import connect_four_house as house
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

COLUMNS: Final = tuple("abcdefg")
ROWS: Final = 6
DISCS: Final = ROWS * len(COLUMNS)
INDEX: Final = {column: index for index, column in enumerate(COLUMNS)}
DIRECTIONS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))
"""Columns and rows from one cell to the next: up, to the right, and the two diagonals."""
_COLUMN = re.compile(r"\bcolumn\s+([a-g])\b", re.IGNORECASE)

Stack = tuple[Seat, ...]
"""The discs of one column, from the bottom up."""
Place = tuple[int, int]
"""A column and a row, both counted from 0 at the bottom left."""


@dataclass(frozen=True)
class Dropped(Public):
    """A seat has dropped a disc into a column that had room."""

    telling: ClassVar[str] = "{seat} drops a disc into column {column}."
    seat: Seat
    column: str


@dataclass(frozen=True)
class Position:
    """The discs in each column, how many there are, and who has a line."""

    seats: tuple[Seat, Seat]
    stacks: tuple[Stack, ...] = ((),) * len(COLUMNS)
    discs: int = 0
    winner: Seat | None = None


@cache
def question(columns: tuple[str, ...]) -> Ask:
    """Return the Ask for the columns that have room, named a to g from the left."""
    return Ask("Into which column do you drop a disc?", choices=columns, public=True)


@dataclass(frozen=True)
class ConnectFour(Game[Position, str, Dropped]):
    """Two players drop discs into 7 columns in turn; four in a line win."""

    name: ClassVar[str] = "connect-four"

    def initial(self, seats: Sequence[Seat], /) -> Position:
        return Position((seats[0], seats[1]))

    def asks(self, position: Position, /) -> Mapping[Seat, Ask]:
        if position.winner is not None or position.discs == DISCS:
            return {}
        return {position.seats[position.discs % 2]: question(with_room(position))}

    def parse(self, position: Position, seat: Seat, text: str, /) -> str:
        if text in INDEX and len(position.stacks[INDEX[text]]) < ROWS:  # the usual case first
            return text
        ask = question(with_room(position))
        named = set(_COLUMN.findall(text))  # in "a disc into column d" the a is no column
        said = (named.pop() if len(named) == 1 else text).strip().casefold()
        if said in INDEX and said not in ask.choices:
            told = "Column {column} is full. {hint}"
            raise UnclearMove(Text(told, column=said, hint=ask.hint()))
        return str(ask.parse(said if said in INDEX else text))

    def decide(
        self, position: Position, seat: Seat, column: str, rng: Random, /
    ) -> Sequence[Dropped]:
        return (Dropped(seat, column),)

    def evolve(self, position: Position, event: Dropped, /) -> Position:
        index = INDEX[event.column]
        stacks = position.stacks
        stack = (*stacks[index], event.seat)
        stacks = (*stacks[:index], stack, *stacks[index + 1 :])
        winner = event.seat if lines_through(stacks, (index, len(stack) - 1)) else None
        return Position(position.seats, stacks, position.discs + 1, winner)

    def outcome(self, position: Position, /) -> Outcome:
        if position.winner is None:
            return Outcome(dict.fromkeys(position.seats, 0.5), Text("The board is full: a draw."))
        scores = {seat: float(seat == position.winner) for seat in position.seats}
        return Outcome(scores, Text("{seat} has four in a line.", seat=position.winner))

    def rules(self) -> Text:
        return Text(
            "Connect four on a board of 7 columns, a to g, and 6 rows. In turn, each player drops "
            "a disc into a column; it falls to the lowest free cell. The first player has X and "
            "begins; four of your own discs in a row, column or diagonal win."
        )

    def board(self, events: Sequence[Dropped], /) -> Board:
        stacks: list[list[Seat]] = [[] for _ in COLUMNS]
        for event in events:
            stacks[INDEX[event.column]].append(event.seat)
        last = INDEX[events[-1].column] if events else 0
        latest = (last, len(stacks[last]) - 1)
        line = lines_through(stacks, latest) if events else frozenset()
        first = events[0].seat if events else None
        rows = [
            [_drawn(stacks, (column, row), first, line, latest) for column in range(len(COLUMNS))]
            for row in reversed(range(ROWS))
        ]
        grid = Grid(rows, columns=COLUMNS, labels="654321", key=Text("four in a line"))
        players = Lines([(mark, event.seat) for mark, event in zip("XO", events, strict=False)])
        return Board(Text("Connect four board"), (grid, players) if events else (grid,))

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy plays at random, medium wins and blocks, hard looks four discs ahead."""
        if level is Level.EASY:
            return ask.sample(rng)
        drops = [INDEX[event.column] for event in view.events if isinstance(event, Dropped)]
        look = house.seen_ahead if level is Level.HARD else house.seen_at_once
        return COLUMNS[look(house.field_of(drops), rng)]


def with_room(position: Position) -> tuple[str, ...]:
    """Return the columns that are not full, from the left."""
    return tuple(
        [name for name, stack in zip(COLUMNS, position.stacks, strict=True) if len(stack) < ROWS]
    )


def lines_through(stacks: Sequence[Sequence[Seat]], place: Place) -> frozenset[Place]:
    """Return the cells of all lines of four or more of one seat that go through a disc."""
    column, row = place
    seat = stacks[column][row]
    found: set[Place] = set()
    for right, up in DIRECTIONS:
        line = [place]
        for way in (1, -1):
            x, y = column + way * right, row + way * up
            while 0 <= x < len(stacks) and 0 <= y < len(stacks[x]) and stacks[x][y] == seat:
                line.append((x, y))
                x, y = x + way * right, y + way * up
        if len(line) >= 4:
            found.update(line)
    return frozenset(found)


def _drawn(
    stacks: Sequence[Sequence[Seat]],
    place: Place,
    first: Seat | None,
    line: frozenset[Place],
    latest: Place,
) -> Cell:
    column, row = place
    if row >= len(stacks[column]):
        return Cell()
    side = int(stacks[column][row] != first)
    mark = Mark.KEY if place in line else Mark.LATEST if place == latest else Mark.NONE
    return Cell("XO"[side], mark, side + 1)
