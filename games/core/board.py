"""What a board shows, said once: the text board, the picture and its alt text all come from it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from games.core.text import Text, shown

ALT_TEXT_LIMIT: Final = 1024
"""Characters; what Discord takes for one picture."""

Label = Text | str
"""What is written on a board; a Text and a member of an enumeration can be translated."""
Translate = Callable[[str], str]


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

    text: Label = ""
    mark: Mark = Mark.NONE
    side: int = 0
    """Whose it is, counted from 1, so that pictures can give each its colour; 0: nobody's."""


@dataclass(frozen=True)
class Grid:
    """Rows of cells, all of the same length."""

    rows: Sequence[Sequence[Cell]]
    look: Look = Look.SQUARES
    columns: Sequence[Label] = ()
    """The labels on top, if there are any."""
    labels: Sequence[Label] = ()
    """The labels at the left, one a row, if there are any."""
    caption: Label = ""
    key: Label = ""
    """What the cells with the mark KEY are, such as "three in a line"."""
    chequered: bool = False
    """Whether pictures tell every other square apart, the one at the lower left being dark."""

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

    def translated(self, translate: Translate) -> "Grid":
        """Return the grid as it is written in another language."""

        def told(label: Label) -> str:
            return shown(label, translate=translate)

        return replace(
            self,
            rows=[[replace(cell, text=told(cell.text)) for cell in row] for row in self.rows],
            columns=[told(head) for head in self.columns],
            labels=[told(label) for label in self.labels],
            caption=told(self.caption),
            key=told(self.key),
        )

    def alt_text(self, translate: Translate = str) -> str:
        """Return what the grid shows as sentences."""
        match self.look:
            case Look.SQUARES:
                said = self._by_text(translate)
            case Look.CARDS:
                said = [", ".join(self._name(place, translate) for place in self._places())]
            case Look.TABLE:
                said = self._by_row(translate)
        latest = [self._name(place, translate) for place in self._places(Mark.LATEST)]
        marked = [self._name(place, translate) for place in self._places(Mark.KEY)]
        key = str(self.key) or translate("marked")
        said += [f"{translate('Latest')}: {', '.join(latest)}"] if latest else []
        said += [f"{_capital(key)}: {', '.join(marked)}"] if marked else []
        caption = f"{one_line(self.caption)}: " if self.caption else ""
        return caption + " ".join(map(_sentence, said))

    def name_of(self, place: tuple[int, int]) -> str:
        """Return what people call a cell, given its row and column, both counted from 0."""
        return self._name(place, str)

    def _name(self, place: tuple[int, int], translate: Translate) -> str:
        row, column = place
        if self.look is Look.CARDS:
            return one_line(self.rows[row][column].text) or translate("empty")
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

    def _by_text(self, translate: Translate) -> list[str]:
        """Return the names of the cells with each text, the empty ones last."""
        groups: dict[str, list[str]] = {}
        for row, column in self._places():
            text = one_line(self.rows[row][column].text)
            groups.setdefault(text, []).append(self._name((row, column), translate))
        empty = groups.pop("", [])
        said = [f"{text}: {', '.join(names)}" for text, names in groups.items()]
        return [*said, f"{_capital(translate('empty'))}: {', '.join(empty)}"] if empty else said

    def _by_row(self, translate: Translate) -> list[str]:
        """Return each row with its label and what stands in its columns."""
        heads = [one_line(head) for head in self.columns] or [""] * len(self.rows[0])
        labels = [one_line(label) for label in self.labels] or [""] * len(self.rows)
        said = []
        for label, row in zip(labels, self.rows, strict=True):
            texts = [one_line(cell.text) or translate("empty") for cell in row]
            pairs = [f"{head} {text}".strip() for head, text in zip(heads, texts, strict=True)]
            said.append(f"{label}: {', '.join(pairs)}" if label else ", ".join(pairs))
        return said


@dataclass(frozen=True)
class Lines:
    """Lines under or beside a grid, each with who or what it is about: ("Ann", "red")."""

    lines: Sequence[tuple[Label, Label]]

    def __str__(self) -> str:
        return "\n".join(f"{label}: {text}" for label, text in self.lines)

    def translated(self, translate: Translate) -> "Lines":
        """Return the lines as they are written in another language."""
        told = [[shown(part, translate=translate) for part in line] for line in self.lines]
        return Lines([(label, text) for label, text in told])

    def alt_text(self, translate: Translate = str) -> str:
        """Return the lines as sentences."""
        return " ".join(_sentence(one_line(f"{label}: {text}")) for label, text in self.lines)


@dataclass(frozen=True)
class Board:
    """What one viewer sees on the table, from top to bottom; its str is the text board."""

    title: Label
    """What it is, for those who cannot see it: "Tic-tac-toe board"."""
    parts: Sequence[Grid | Lines]

    def __str__(self) -> str:
        return "\n".join(map(str, self.parts))

    def translated(self, translate: Translate) -> "Board":
        """Return the board as it is written in another language."""
        parts = [part.translated(translate) for part in self.parts]
        return Board(shown(self.title, translate=translate), parts)

    def alt_text(self, translate: Translate = str) -> str:
        """Return what a screen reader reads in place of the picture, ALT_TEXT_LIMIT at most."""
        board = self.translated(translate)
        parts = [part.alt_text(translate) for part in board.parts]
        said = " ".join([_sentence(str(board.title)), *parts])
        return said if len(said) <= ALT_TEXT_LIMIT else f"{said[: ALT_TEXT_LIMIT - 1]}…"


def one_line(text: Label) -> str:
    """Return a text with all white space made single spaces."""
    return " ".join(str(text).split())


def _framed(cell: Cell, edge: str) -> str:
    text = one_line(cell.text) or "."
    return f"[{text}]" if cell.mark is Mark.KEY else f"{edge}{text}"


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?", "…")) else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
