"""Files about a town: charts with their numbers, and every transfer as a table."""

import asyncio
import csv
import io
from collections.abc import Sequence

import discord

from bot.arena.table import Table
from bot.cogs.town_shown import game_of
from bot.pictures.charts import Chart, harmless, render_chart
from bot.pictures.town_charts import chart_of
from bot.ports import Stored
from towns.events import Paid
from towns.subjects import Subject


def ledger_file(table: Table) -> discord.File:
    """Return every transfer of a town as CSV, oldest first."""
    clock, file = game_of(table).start.clock, io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["number", "time", "from", "to", "coins", "for"])
    for one in [event.transfer for event in table.match.log if isinstance(event, Paid)]:
        names = [harmless(text) for text in (one.debit, one.credit)]
        rows.writerow([one.number, clock.at(one.tick), *names, one.amount, harmless(one.why)])
    return discord.File(io.BytesIO(file.getvalue().encode()), "ledger.csv")


async def chart_files(table: Table, stored: Stored, subject: Subject) -> Sequence[discord.File]:
    """Return a chart as a picture with its description, and its numbers as CSV."""
    chart = await asyncio.to_thread(chart_of, game_of(table), stored, subject)
    return [
        await asyncio.to_thread(_picture, chart, f"{subject}.png"),
        discord.File(io.BytesIO(chart.table().encode()), f"{subject}.csv"),
    ]


def _picture(chart: Chart, name: str) -> discord.File:
    picture = io.BytesIO(render_chart(chart))
    return discord.File(picture, name, description=chart.alt_text()[:1024])
