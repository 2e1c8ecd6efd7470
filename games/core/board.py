"""What a board shows, said once: the text board, the picture and its alt text all come from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

ALT_TEXT_LIMIT: Final = 1024
"""Characters; what Discord takes for one picture."""


class Look(StrEnum):
    """How the cells of a grid belong together."""

    SQUARES = "squares"
    """A playing field, whose cells go by the labels of their column and row: a1."""
    CARDS = "cards"
    """Cards on the table, which go by what is written on them."""
    TABLE = "table"
    """A row for each label at the left, a column for each label on top."""


class Mark(StrEnum):
    """What sets a cell apart from the others."""

    NONE = "none"
    LATEST = "latest"
    """It has just changed; pictures show it, and the text board leaves it out."""
    KEY = "key"
    """It is what the grid's `key` says."""


@dataclass(frozen=True)
class Cell:
    """One cell; without a text it is empty."""

    text: str = ""
    mark: Mark = Mark.NONE
    side: int = 0
    """Whose it is, counted from 1, so that pictures can give each its colour; 0: nobody's."""


@dataclass(frozen=True)
class Grid:
    """Rows of cells, all of the same length."""

    rows: Sequence[Sequence[Cell]]
    look: Look = Look.SQUARES
    columns: Sequence[str] = ()
    """The labels on top, if there are any."""
    labels: Sequence[str] = ()
    """The labels at the left, one a row, if there are any."""
    caption: str = ""
    key: str = ""
    """What the cells with the mark KEY are, such as "three in a line"."""

    def __str__(self) -> str:
        framed = any(cell.mark is Mark.KEY for row in self.rows for cell in row)
        edge = " " if framed else ""
        lines = [[f"{edge}{one_line(head)}" for head in self.columns]] if self.columns else []
        lines += [[_framed(cell, edge) for cell in row] for row in self.rows]
        width = max((len(text) for line in lines for text in line), default=0)
        gap = " " if framed or width == 1 else "  "
        labels = [one_line(label) for label in self.labels]
        margin = max(map(len, labels), default=0)
        labels = [""] * (len(lines) - len(labels)) + labels
        drawn = [
            gap.join((label.ljust(margin), *(text.ljust(width) for text in line))).rstrip()
            for label, line in zip(labels, lines, strict=True)
        ]
        return "\n".join([one_line(self.caption), *drawn] if self.caption else drawn)

    def alt_text(self) -> str:
        """Return what the grid shows as sentences."""
        match self.look:
            case Look.SQUARES:
                said = self._by_text()
            case Look.CARDS:
                said = [", ".join(self.name_of(place) for place in self._places())]
            case Look.TABLE:
                said = self._by_row()
        latest = [self.name_of(place) for place in self._places(Mark.LATEST)]
        marked = [self.name_of(place) for place in self._places(Mark.KEY)]
        said += [f"Latest: {', '.join(latest)}"] if latest else []
        said += [f"{_capital(self.key or 'marked')}: {', '.join(marked)}"] if marked else []
        caption = f"{one_line(self.caption)}: " if self.caption else ""
        return caption + " ".join(map(_sentence, said))

    def name_of(self, place: tuple[int, int]) -> str:
        """Return what people call a cell, given its row and column, both counted from 0."""
        row, column = place
        if self.look is Look.CARDS:
            return one_line(self.rows[row][column].text) or "empty"
        label = one_line(self.labels[row]) if self.labels else str(row + 1)
        head = one_line(self.columns[column]) if self.columns else str(column + 1)
        return f"{head}{label}" if self.look is Look.SQUARES else f"{label} {head}"

    def _places(self, mark: Mark | None = None) -> Sequence[tuple[int, int]]:
        return [
            (row, column)
            for row, cells in enumerate(self.rows)
            for column, cell in enumerate(cells)
            if mark is None or cell.mark is mark
        ]

    def _by_text(self) -> list[str]:
        """Return the names of the cells with each text, the empty ones last."""
        groups: dict[str, list[str]] = {}
        for row, column in self._places():
            text = one_line(self.rows[row][column].text)
            groups.setdefault(text, []).append(self.name_of((row, column)))
        empty = groups.pop("", [])
        said = [f"{text}: {', '.join(names)}" for text, names in groups.items()]
        return [*said, f"Empty: {', '.join(empty)}"] if empty else said

    def _by_row(self) -> list[str]:
        """Return each row with its label and what stands in its columns."""
        heads = [one_line(head) for head in self.columns] or [""] * len(self.rows[0])
        labels = [one_line(label) for label in self.labels] or [""] * len(self.rows)
        said = []
        for label, row in zip(labels, self.rows, strict=True):
            texts = [one_line(cell.text) or "empty" for cell in row]
            pairs = [f"{head} {text}".strip() for head, text in zip(heads, texts, strict=True)]
            said.append(f"{label}: {', '.join(pairs)}" if label else ", ".join(pairs))
        return said


@dataclass(frozen=True)
class Lines:
    """Lines under or beside a grid, each with who or what it is about: ("Ann", "red")."""

    lines: Sequence[tuple[str, str]]

    def __str__(self) -> str:
        return "\n".join(f"{label}: {text}" for label, text in self.lines)

    def alt_text(self) -> str:
        """Return the lines as sentences."""
        return " ".join(_sentence(one_line(f"{label}: {text}")) for label, text in self.lines)


@dataclass(frozen=True)
class Board:
    """What one viewer sees on the table, from top to bottom; its str is the text board."""

    title: str
    """What it is, for those who cannot see it: "Tic-tac-toe board"."""
    parts: Sequence[Grid | Lines]

    def __str__(self) -> str:
        return "\n".join(map(str, self.parts))

    def alt_text(self) -> str:
        """Return what a screen reader reads in place of the picture, ALT_TEXT_LIMIT at most."""
        said = " ".join([_sentence(self.title), *(part.alt_text() for part in self.parts)])
        return said if len(said) <= ALT_TEXT_LIMIT else f"{said[: ALT_TEXT_LIMIT - 1]}…"


def one_line(text: str) -> str:
    """Return a text with all white space made single spaces."""
    return " ".join(text.split())


def _framed(cell: Cell, edge: str) -> str:
    text = one_line(cell.text) or "."
    return f"[{text}]" if cell.mark is Mark.KEY else f"{edge}{text}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
