"""What residents have answered, as tables: for people in a channel, and for programs as CSV."""

import csv
from collections.abc import Iterator, Sequence
from io import StringIO
from typing import Final

from bot.arena.events import Answered
from bot.pictures.charts import harmless
from towns.clock import Clock

_WIDEST: Final = 14
"""Characters of a column."""


def shown(answer: Answered) -> str:
    """Return the value of an answer for people."""
    if isinstance(answer.value, bool):
        return "yes" if answer.value else "no"
    return "none" if answer.value is None else f"{answer.value:g}"


def totals(answers: Sequence[Answered]) -> Iterator[str]:
    """Yield what each question has come to."""
    for name in dict.fromkeys(one.question for one in answers):
        values = [one.value for one in answers if one.question == name]
        known = [value for value in values if value is not None]
        if known and all(isinstance(value, bool) for value in known):
            worth = f"{sum(known):.0f} of {len(known)} yes"
        elif known:
            worth = f"mean {sum(known) / len(known):.2f} of {len(known)}"
        else:
            worth = "nothing could be measured"
        without = len(values) - len(known)
        yield f"{name}: {worth}{f', {without} without a value' if without and known else ''}"


def grid(answers: Sequence[Answered]) -> Iterator[str]:
    """Yield the lines of a table: a row for each resident, a column for each question."""
    questions = list(dict.fromkeys(one.question for one in answers))
    values = {(one.seat, one.question): shown(one) for one in answers}
    seats = dict.fromkeys(one.seat for one in answers)
    rows = [[seat, *(values.get((seat, name), "") for name in questions)] for seat in seats]
    cut = [[cell[:_WIDEST] for cell in row] for row in [["", *questions], *rows]]
    widths = [max(map(len, column)) for column in zip(*cut, strict=True)]
    for row in cut:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def answers_csv(answers: Sequence[Answered], clock: Clock) -> str:
    """Return all answers as CSV: a row for each."""
    file = StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["question", "resident", "time", "tick", "value", "answer", "why"])
    for one in answers:
        when = str(clock.at(one.tick))
        words, why = harmless(one.words), harmless(one.why)
        rows.writerow([harmless(one.question), one.seat, when, one.tick, shown(one), words, why])
    return file.getvalue()
