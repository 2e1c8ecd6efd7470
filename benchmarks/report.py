"""What every benchmark prints: one table of figures, and the same rows as JSON."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measured figure."""

    figure: str
    value: float
    unit: str
    peer: float | str | None = None
    """The same figure of what it is compared with, in the same unit."""
    ratio: float | None = None
    """How many times better than the peer."""
    asked: str = ""
    """What was to be reached, in words."""


def parser(description: str) -> ArgumentParser:
    """Return a parser that knows --json; `parse_args().json` is a Path or None."""
    made = ArgumentParser(description=description)
    made.add_argument("--json", type=Path, metavar="FILE", help="write the same rows here")
    return made


def report(title: str, rows: Sequence[Row], json_file: Path | None = None) -> None:
    """Print the rows as a table and, where a file is given, write them there as a JSON list."""
    table = Table(title=title, title_justify="left")
    table.add_column("figure", overflow="fold")
    for name in ("value", "unit", "peer", "ratio"):
        table.add_column(name, justify="left" if name == "unit" else "right", no_wrap=True)
    table.add_column("asked", overflow="fold")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f} x"
        table.add_row(row.figure, shown(row.value), row.unit, shown(row.peer), ratio, row.asked)
    Console().print(table)
    if json_file is not None:
        json_file.write_text(json.dumps([asdict(row) for row in rows], indent=2) + "\n", "utf-8")


def shown(value: float | str | None) -> str:
    """Return a number with three or more significant digits and commas between thousands."""
    if value is None or isinstance(value, str):
        return value or ""
    if value == 0 or abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
