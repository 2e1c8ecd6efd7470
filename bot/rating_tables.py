"""Ratings as tables: who has beaten whom, and files for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.arena.events import is_person, player_name
from bot.languages import Language
from bot.pictures.charts import harmless
from bot.ratings import Ladder, Pool, Record, Standing
from games.core import Board, Cell, Grid, Look, Text

MATRIX: Final = 6
"""Players in the table of who has beaten whom."""
POOLS: Final[Mapping[Pool, Text]] = {
    Pool.PEOPLE: Text("among people"),
    Pool.MODELS: Text("among models and house bots"),
    Pool.MIXED: Text("people with models or house bots"),
}


def name_of(standing: Standing, language: Language) -> str:
    """Return what a player is called: a person by name, anything else by what it is."""
    if is_person(standing.player):
        return standing.name
    return language.say(player_name(standing.player))


def win_matrix(game: str, found: Ladder, language: Language) -> Board:
    """Return who among the best has beaten whom, as a table that can be drawn."""
    best = found.standings[:MATRIX]
    names = distinct_names(best, language)
    rows = [[Cell(_score(found.records.get((a.player, b.player)))) for b in best] for a in best]
    heads = [names[one.player] for one in best]
    key = language.say(Text("won, drawn and lost, by row against column"))
    title = language.say(Text("{game}: who has beaten whom", game=game))
    return Board(title, (Grid(rows, Look.TABLE, heads, heads, caption=key),))


def ratings_table(rows: Iterable[tuple[str, Pool, Standing]]) -> bytes:
    """Return ratings as CSV."""
    head = ("game", "pool", "player", "name", "rating", "sigma", "matches", "won")
    return _csv(
        head,
        (
            (game, pool, one.player, one.name, *_numbers(one), one.matches, one.won)
            for game, pool, one in rows
        ),
    )


def wins_table(found: Ladder) -> bytes:
    """Return who has beaten whom as CSV, one row for each pair."""
    rows = ((*pair, one.won, one.drawn, one.lost) for pair, one in sorted(found.records.items()))
    return _csv(("player", "rival", "won", "drawn", "lost"), rows)


def _numbers(one: Standing) -> tuple[str, str]:
    return f"{one.rating:.4f}", f"{one.sigma:.4f}"


def distinct_names(standings: Sequence[Standing], language: Language) -> Mapping[str, str]:
    """Return names that differ, as two people may be called the same."""
    return {
        one.player: f"{place}. {name_of(one, language)}"
        for place, one in enumerate(standings, start=1)
    }


def _score(record: Record | None) -> str:
    return f"{record.won}/{record.drawn}/{record.lost}" if record else "–"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([harmless(str(value)) for value in row] for row in rows)
    return file.getvalue().encode()
