"""`tournament`: models, characters and house bots play each other, and a report tells."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bot.administration import MICRO, Payer
from bot.arena.arena import Arena
from bot.arena.deadlines import Deadlines
from bot.cast import Cast
from bot.cli.tournament_files import DATABASE, Folder, GamePlayed
from bot.cli.tournament_plan import Order, planned_by
from bot.cli.tournament_play import Playing
from bot.cli.tournament_report import Report, report, write_report
from bot.errors import OperatorError
from bot.log import write_log
from bot.models.purse import Purse
from bot.settings import Settings
from bot.wiring import Wiring, cards_in
from games.core import listed
from tournaments import Schedule

if TYPE_CHECKING:
    from bot.store.sql_store import SqlStore

RECENT: int = 1000
"""Matches among which those are that were under way when a tournament was ended."""


def hold_tournament(order: Order) -> None:
    """Play a tournament or go on with it, and write the report.

    Raises ShownToUser, OperatorError, BadSetup.
    """
    write_log(logging.CRITICAL)  # what went wrong is told with the results
    try:
        asyncio.run(_hold(order))
    except KeyboardInterrupt:
        sys.stderr.write("Nothing is lost: the same command goes on with it.\n")
        raise


async def _hold(order: Order) -> None:
    settings = Settings()
    async with AsyncExitStack() as stack:
        cast = await stack.enter_async_context(_cast(settings, order))
        wiring = Wiring(settings)
        if cast is not None:
            wiring.card = cards_in(cast, lambda _: 0)
        game, planned = await planned_by(order, wiring, cast)
        folder = Folder.opened(order.out, planned, any_seed=order.seed is None)
        stack.callback(folder.close)
        store = await stack.enter_async_context(_store(order.out / DATABASE))
        most = None if order.budget is None else int(order.budget * MICRO)
        purse = Purse(store.accounts, most, await _spent(store, folder))
        with _progress() as shown:
            plan = folder.planned.plan()
            playing = Playing(game, plan, folder, store, purse, order.jobs, shown)
            async with _arena(wiring, playing, store) as arena:
                ended = await playing.play(arena)
        _conclude(playing, ended)


async def _spent(store: "SqlStore", folder: Folder) -> int:
    """Return what all games have cost so far, in millionths, those under way included."""
    unnoted = [
        await store.accounts.cost_of_match(one.match_id)
        for one in await store.matches(limit=RECENT)
        if one.match_id not in folder.played
    ]
    noted = sum(round(game.money * MICRO) for game in folder.played.values())
    return noted + sum(cost.money for cost in unnoted)


def _conclude(playing: Playing, ended: Schedule) -> None:
    """Write the report, and say who has won and what went wrong."""
    made = report(playing.folder, ended)
    paths = write_report(playing.folder.path, made)
    for line in [*_table(made), *_troubles(playing, ended), f"Written: {listed(map(str, paths))}."]:
        sys.stdout.write(f"{line}\n")
    if not ended.over:
        raise OperatorError("The tournament is not over; the same command goes on with it.")
    if count := len(playing.failed):
        games, them = ("1 game", "it") if count == 1 else (f"{count} games", "them")
        raise OperatorError(f"A model has failed in {games}; the same command plays {them} again.")


def _table(made: Report) -> Sequence[str]:
    width = max(len(one.player) for one in made.standings)
    lines = [f"{'':>3}  {'player':<{width}}  points  played  won  drawn  lost  rating"]
    for one in made.standings:
        rating = "" if one.rating is None else f"{one.rating:.1f} ± {one.margin:.1f}"
        counts = f"{one.games:>6}  {one.won:>3}  {one.drawn:>5}  {one.lost:>4}"
        lines.append(f"{one.rank:>3}  {one.player:<{width}}  {one.points:>6g}  {counts}  {rating}")
    return lines


def _troubles(playing: Playing, ended: Schedule) -> Sequence[str]:
    games = playing.folder.last.values()
    lines = []
    if count := sum(one.aborted for one in games):
        lines.append(f"Aborted, and not rated: {count} of {len(games)} games.")
    for player, why in playing.failures.items():
        left = " It is left out from now on." if player in playing.left_out else ""
        lines.append(f"{player}: {why}{left}")
    if playing.stopped:
        lines.append(f"{playing.stopped} Go on with a larger --budget.")
    if ended.open:
        lines.append(f"Still to be played: {len(ended.open)} games.")
    return lines


@asynccontextmanager
async def _store(file: Path) -> AsyncIterator["SqlStore"]:
    from bot.store.sql_store import SqlStore

    store = await SqlStore.open(file)
    try:
        await store.accounts.count_stale(datetime.now(UTC))
        yield store
    finally:
        await store.close()


@asynccontextmanager
async def _cast(settings: Settings, order: Order) -> AsyncIterator[Cast | None]:
    """Open the own database if characters play, whose cards are there."""
    if not any("character:" in one for one in (order.players, order.fill, *order.environment)):
        yield None
        return
    async with Wiring(settings).store() as store:
        yield Cast(store.cards)


@contextmanager
def _progress() -> Iterator[Callable[[Schedule, dict[str, GamePlayed], int], None]]:
    """Show how many games are played, and what they have cost; give what is told after each."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    more = (TextColumn("{task.fields[spent]}"), TimeRemainingColumn())
    with Progress(*columns, *more, console=Console(stderr=True)) as bar:
        task = bar.add_task("Games", total=None, spent="")

        counted, tokens, money = 0, 0, 0.0

        def shown(now: Schedule, played: dict[str, GamePlayed], done: int) -> None:
            nonlocal counted, tokens, money
            new = islice(reversed(played.values()), len(played) - counted)  # there may be many
            for one in new:
                tokens, money = tokens + one.tokens, money + one.money
            counted = len(played)
            spent = f"{tokens:,} tokens, {money:,.2f} in money" if tokens else ""
            bar.update(task, completed=done, total=len(now.fixtures), spent=spent)

        yield shown


@asynccontextmanager
async def _arena(wiring: Wiring, playing: Playing, store: "SqlStore") -> AsyncIterator[Arena]:
    from bot.models.budget import Spending

    wiring.spending = lambda setup: Spending(
        playing.purse, Payer(0, 0, setup.match_id), lambda _payer, _sentence: None
    )
    arena = Arena(
        store,
        playing.seating(lambda: arena, wiring.seating),
        lambda _: wiring.room,
        hosts=False,
    )
    clock = Deadlines(arena)
    clock.start()
    try:
        yield arena
    finally:
        await clock.stop()
        await arena.close()
        await wiring.close_models()
