"""What the seat "referee" reports of a game whose rules run elsewhere; it travels as JSON.

After each move, and once at the beginning, there is one report. It says who sees what, and then
one of these: who moves next, why the move does not count, how the game has ended, or why it cannot
end.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from games.core import IllegalMove, Seat, clean
from games.core.codec import decoder, encoder

LONGEST_REPORT: Final = 500_000
"""Characters of JSON."""
LONGEST_TEXT: Final = 20_000
"""Characters of one observation."""
MOST_OBSERVATIONS: Final = 500
MOST_OPTIONS: Final = 5_000
LONGEST_OPTION: Final = 100
"""Characters; a longer one would not fit a button."""
LONGEST_REASON: Final = 500
LARGEST_BOARD: Final = 30
"""Rows, and cells of a row."""
LONGEST_CELL: Final = 12
"""Characters in a cell of a board, or beside it."""


@dataclass(frozen=True)
class Observation:
    """A text that some seats see, or everybody."""

    text: str
    to: tuple[Seat, ...] | None = None
    """None for everybody, spectators included."""
    by: Seat | None = None
    """Whose own words it holds, so that they can be forgotten; None where the game speaks."""
    verbatim: bool = True
    """Whether it is no more than these words; otherwise the game says something of them."""


@dataclass(frozen=True)
class Question:
    """Who moves next, and what is known of the moves that count."""

    seat: Seat
    prompt: str = ""
    """"" where the observations say it all."""
    options: tuple[str, ...] = ()
    """Every legal move, where the environment knows them; otherwise any text is a move."""
    examples: tuple[str, ...] = ()
    """Some moves that the environment accepts now, for house bots."""


@dataclass(frozen=True)
class Diagram:
    """A board that everybody sees, to be drawn anew after each move."""

    rows: tuple[tuple[str, ...], ...]
    """What stands in the cells, from the top left; "" for an empty one."""
    columns: tuple[str, ...] = ()
    """The labels on top, if there are any."""
    labels: tuple[str, ...] = ()
    """The labels at the left, if there are any."""
    sides: tuple[tuple[str, ...], ...] = ()
    """Which texts are whose, by side, so that pictures can give each side its colour."""


@dataclass(frozen=True)
class Report:
    """What has followed from a move.  Exactly one of the parts after `told` is given."""

    told: tuple[Observation, ...] = ()
    asked: Question | None = None
    refused: str = ""
    """Why the move does not count; then nothing has changed, and the same seat moves again."""
    scores: Mapping[Seat, float] | None = None
    """How the game has ended, for every seat; only their order counts."""
    aborted: str = ""
    """Why the game cannot be brought to an end; nobody wins or loses."""
    reason: str = ""
    """How the game has ended, in a sentence."""
    board: Diagram | None = None
    """What the table looks like now, for a game with a board."""

    def to_json(self) -> str:
        """Return the report as the referee's answer."""
        return json.dumps(encoder(Report)(self, str), ensure_ascii=False)


def read_report(text: str, seats: Sequence[Seat]) -> Report:
    """Return a report after every part of it has been checked.  Raises IllegalMove."""
    if len(text) > LONGEST_REPORT:
        raise IllegalMove(f"A report has at most {LONGEST_REPORT} characters; send a shorter one.")
    try:
        report: Report = decoder(Report)(json.loads(text), str)
        fault = next(_faults(report, frozenset(seats)), None)
        cleaned = _cleaned(report)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        fault = "it is no JSON object with the fields of a report"
    if fault:
        raise IllegalMove(f"The report cannot be taken: {fault}.")
    return cleaned


def _faults(report: Report, seats: frozenset[Seat]) -> Iterator[str]:
    """Give what is wrong with a report, as ends of a sentence."""
    given = (report.asked, report.refused, report.scores is not None, report.aborted)
    if sum(map(bool, given)) != 1:
        yield "it needs exactly one of asked, refused, scores and aborted"
    if report.refused and (report.told or report.board):
        yield "a move that does not count shows nobody anything"
    if len(report.told) > MOST_OBSERVATIONS:
        yield f"it has more than {MOST_OBSERVATIONS} observations"
    for observation in report.told:
        named = {*(observation.to or ()), *([observation.by] if observation.by else [])}
        if not named <= seats:
            yield "an observation names a seat that is not at the table"
        if len(observation.text) > LONGEST_TEXT:
            yield f"an observation has more than {LONGEST_TEXT} characters"
    if report.board:
        yield from _faults_of_board(report.board)
    if report.asked:
        yield from _faults_of_question(report.asked, seats)
    if report.scores is not None and (
        set(report.scores) != seats or not all(map(isfinite, report.scores.values()))
    ):
        yield "the scores must be one number for every seat"


def _faults_of_question(question: Question, seats: frozenset[Seat]) -> Iterator[str]:
    if question.seat not in seats:
        yield "it asks a seat that is not at the table"
    options = question.options
    if len(options) > MOST_OPTIONS or len(question.examples) > MOST_OPTIONS:
        yield f"it has more than {MOST_OPTIONS} options"
    if len(set(options)) < len(options):
        yield "an option stands in it twice"
    if not all(0 < len(option) <= LONGEST_OPTION and option == clean(option) for option in options):
        yield f"an option has 1 to {LONGEST_OPTION} visible characters"


def _faults_of_board(board: Diagram) -> Iterator[str]:
    width = len(board.rows[0]) if board.rows else 0
    if not (0 < len(board.rows) <= LARGEST_BOARD and 0 < width <= LARGEST_BOARD):
        yield f"a board has 1 to {LARGEST_BOARD} rows and columns"
    lines = [*board.rows, *([board.columns] if board.columns else [])]
    if {len(line) for line in lines} != {width} or len(board.labels) not in (0, len(board.rows)):
        yield "the rows and labels of a board do not fit together"
    texts = [text for line in (*lines, board.labels) for text in line]
    if not all(len(text) <= LONGEST_CELL and text == clean(text) for text in texts):
        yield f"a cell of a board has at most {LONGEST_CELL} visible characters"


def _cleaned(report: Report) -> Report:
    """Return a report whose texts are safe to store and to show."""
    asked = report.asked
    return Report(
        tuple(
            replace(observation, text=text)
            for observation in report.told
            if (text := clean(observation.text))
        ),
        asked
        and Question(
            asked.seat,
            clean(asked.prompt, LONGEST_REASON),
            asked.options,
            tuple(map(clean, asked.examples)),
        ),
        clean(report.refused, LONGEST_REASON),
        report.scores,
        clean(report.aborted, LONGEST_REASON),
        clean(report.reason, LONGEST_REASON),
        report.board,
    )
