"""What residents have answered, as it is told in a channel.  Pure."""

from collections.abc import Sequence
from typing import Final

from bot.arena.events import Answered
from bot.cogs.speech import plain
from bot.pictures.evaluation_table import grid, totals
from towns.clock import Clock

_MOST_GRID: Final = 1_100
_MOST_TOTALS: Final = 600
"""Characters, as both."""


def results_text(answers: Sequence[Answered], clock: Clock) -> str:
    """Return the results of one round: a table, and what each question has come to."""
    when = clock.at(max(one.tick for one in answers))
    rows = _fitting([line.replace("`", "'") for line in grid(answers)], _MOST_GRID)
    told = _fitting([f"- {plain(line)}" for line in totals(answers)], _MOST_TOTALS)
    table = "\n".join(["```", *rows, "```"])
    more = "-# Every answer in full: /town evaluation results"
    return "\n".join([f"**Questions to the residents**, {when}", table, *told, more])


def _fitting(lines: Sequence[str], characters: int) -> Sequence[str]:
    """Return as many lines as there is room for, and how many more there are."""
    kept: list[str] = []
    for number, line in enumerate(lines):
        characters -= len(line) + 1
        if characters < 0:
            return [*kept, f"… and {len(lines) - number} more."]
        kept.append(line)
    return kept
