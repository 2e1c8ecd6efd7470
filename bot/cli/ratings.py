"""`ratings`: how everybody plays, reckoned anew from every match in the database."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.arena.lobbies import Result
from bot.cli.catalogue import find_game
from bot.errors import ShownToUser
from bot.languages import ENGLISH
from bot.rating_tables import POOLS, name_of, ratings_table
from bot.ratings import Ladder, Pool, ladder
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import listed, quoted

SHOWN = 12
"""Players in the table of who has beaten whom."""


def show_ratings(game: str, pool: str, csv: Path | None) -> None:
    """Print every ladder, or those of one game or pool; write them as CSV.

    Raises ShownToUser, also where nothing is rated.
    """
    name = find_game(game).name if game else ""
    if pool not in ("", *Pool):
        raise ShownToUser(f"There is no pool {quoted(pool)}; say {listed(Pool, 'or')}.")
    results = asyncio.run(_results())
    found = [
        (one, ladder([result for result in results if result.game == one], which))
        for one in sorted(
            {result.game for result in results if name in ("", *result.game.split(" "))}
        )
        for which in ([Pool(pool)] if pool else Pool)
    ]
    found = [(one, rated) for one, rated in found if rated.standings]
    if not found:
        of = f" of {name}" if name else ""
        among = f" ({POOLS[Pool(pool)]})" if pool else ""
        raise ShownToUser(f"Nobody has won a rated match{of} yet{among}.")
    for one, rated in found:
        sys.stdout.write("\n".join(_lines(one, rated)))
    if csv:
        rows = [(one, rated.pool, place) for one, rated in found for place in rated.standings]
        csv.write_bytes(ratings_table(rows))
        sys.stdout.write(f"Written: {csv}.\n")


async def _results() -> Sequence[Result]:
    async with Wiring(Settings()).store() as store:
        return await store.results()


def _lines(game: str, found: Ladder) -> Sequence[str]:
    """Return a ladder with its 95 % intervals, then won, drawn and lost against each other."""
    names = [name_of(one, ENGLISH) for one in found.standings]
    width = max(map(len, names))
    lines = [f"{game}, {POOLS[found.pool]}", f"{'':>3}  {'':<{width}}  rating         played  won"]
    for place, (name, one) in enumerate(zip(names, found.standings, strict=True), start=1):
        rating = f"{one.rating:>5.1f} ± {one.margin:<5.1f}"
        lines.append(f"{place:>3}  {name:<{width}}  {rating}  {one.matches:>6}  {one.won:>3}")
    best = found.standings[:SHOWN]
    heads = "".join(f"{f'{number}.':>10}" for number in range(1, len(best) + 1))
    lines += ["", f"{'won/drawn/lost against':<{width + 5}}{heads}"]
    for place, one in enumerate(best, start=1):
        records = [found.records.get((one.player, rival.player)) for rival in best]
        cells = [f"{r.won}/{r.drawn}/{r.lost}" if r else "–" for r in records]
        lines.append(
            f"{place:>3}  {names[place - 1]:<{width}}" + "".join(f"{c:>10}" for c in cells)
        )
    return [*lines, "", ""]
