"""Files about the money of a town: a chart, and every transfer as a table."""

import asyncio
import csv
import io

import discord

from bot.arena.table import Table
from bot.cogs.town_shown import game_of
from bot.pictures.charts import Chart, harmless, render_chart
from towns.events import Paid
from towns.history import History

_HOURS = 2
"""Between two points."""


def ledger_file(table: Table) -> discord.File:
    """Return every transfer of a town as CSV, oldest first."""
    clock, file = game_of(table).start.clock, io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["number", "time", "from", "to", "coins", "for"])
    for one in [event.transfer for event in table.match.log if isinstance(event, Paid)]:
        names = [harmless(text) for text in (one.debit, one.credit)]
        rows.writerow([one.number, clock.at(one.tick), *names, one.amount, harmless(one.why)])
    return discord.File(io.BytesIO(file.getvalue().encode()), "ledger.csv")


async def money_chart(table: Table) -> discord.File:
    """Return a picture of what everybody has had, with its description."""
    return await asyncio.to_thread(_money_chart, table)


def _money_chart(table: Table) -> discord.File:
    told = History(game_of(table), table.setup.seats, tuple(table.match.turns))
    moments = told.moments(_HOURS)
    held = [told.cash(tick) for tick in moments]
    times = [str(told.start.clock.at(tick)) for tick in moments]
    lines = {str(seat): [float(one.get(seat, 0)) for one in held] for seat in told.cash(told.tick)}
    chart = Chart("coins", times, lines)
    picture = io.BytesIO(render_chart(chart))
    return discord.File(picture, "money.png", description=chart.alt_text()[:1024])
