"""How ratings are told in Discord: lines, and pictures with their alt texts."""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import discord

from bot.arena.lobbies import Result, person_in
from bot.cogs.speech import plain
from bot.languages import Language
from bot.pictures import render
from bot.pictures.charts import MOST_LINES, Chart, render_chart
from bot.rating_tables import (
    POOLS,
    distinct_names,
    name_of,
    ratings_table,
    win_matrix,
    wins_table,
)
from bot.ratings import Ladder, Pool, Standing, ladder, pool_of, rated
from games.core import Text

SHOWN: Final = 15
"""Players in a list; the table has them all."""


def busiest(results: Iterable[Result]) -> Pool:
    """Return the pool in which most matches were played; people's where there are none."""
    pools = [pool_of(seats) for result in results if (seats := rated(result))]
    return max(Pool, key=pools.count)


def ladder_lines(found: Ladder, language: Language) -> str:
    """Return the best players, one a line."""
    lines = []
    for place, one in enumerate(found.standings[:SHOWN], start=1):
        name = plain(name_of(one, language))
        lines.append(language.say(_line(place, name, one)))
    if (more := len(found.standings) - SHOWN) > 0:
        lines.append(language.say(Text("… and {count} more, in the table.", count=more)))
    return "\n".join(lines)


def own_lines(results: Sequence[Result], player: str, language: Language) -> str:
    """Return how one player stands in each game and pool that it has played in."""
    games = sorted({one.game for one in results if player in rated(one)})
    lines = []
    for game in games:
        of_game = [one for one in results if one.game == game]
        for pool in Pool:
            for one in ladder(of_game, pool).standings:
                if one.player == player:
                    told = "**{game}**, {pool}: {rating} ± {margin} ({matches} played, {won} won)"
                    lines.append(language.say(Text(told, game=game, **_values(one, pool))))
    return "\n".join(lines)


def model_rows(results: Sequence[Result]) -> Sequence[tuple[str, Pool, Standing]]:
    """Return how every player that is no person stands, by game and pool, the best first."""
    return [
        (game, pool, one)
        for game in sorted({result.game for result in results})
        for pool in (Pool.MODELS, Pool.MIXED)
        for one in ladder([result for result in results if result.game == game], pool).standings
        if person_in(one.player) is None
    ]


def model_lines(rows: Sequence[tuple[str, Pool, Standing]], language: Language) -> str:
    """Return these rows, one a line."""
    told = "**{game}**, {pool}: {name} {rating} ± {margin} ({matches} played, {won} won)"
    lines = [
        language.say(
            Text(told, game=game, name=plain(name_of(one, language)), **_values(one, pool))
        )
        for game, pool, one in rows[:SHOWN]
    ]
    if (more := len(rows) - SHOWN) > 0:
        lines.append(language.say(Text("… and {count} more, in the table.", count=more)))
    return "\n".join(lines)


def ladder_files(game: str, found: Ladder, language: Language) -> Sequence[discord.File]:
    """Return the chart, the matrix of wins, and both as tables."""
    best = found.standings[:MOST_LINES]
    names = distinct_names(best, language)
    lines = {names[one.player]: found.line_of(one.player) for one in best}
    title = language.say(Text("{game}: ratings after each match", game=game))
    chart = Chart(title, [str(number) for number in range(found.matches + 1)], lines)
    matrix = win_matrix(game, found, language)
    return [
        _file("ratings.png", render_chart(chart), chart.alt_text()),
        _file("wins.png", render(matrix), matrix.alt_text(language.translate)),
        _file("ratings.csv", ratings_table([(game, found.pool, one) for one in found.standings])),
        _file("wins.csv", wins_table(found)),
    ]


def _line(place: int, name: str, one: Standing) -> Text:
    told = "{place}. {name}: {rating} ± {margin} ({matches} played, {won} won)"
    return Text(told, place=place, name=name, **_values(one))


def _values(one: Standing, pool: Pool | None = None) -> Mapping[str, object]:
    return {
        "pool": POOLS[pool] if pool else "",
        "rating": f"{one.rating:.1f}",
        "margin": f"{one.margin:.1f}",
        "matches": one.matches,
        "won": one.won,
    }


def _file(name: str, content: bytes, description: str | None = None) -> discord.File:
    return discord.File(io.BytesIO(content), name, description=description)
