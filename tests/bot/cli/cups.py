"""Tournaments that whole commands play, and what they leave behind."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

from bot.cli.tournament_report import Report

ROOT = Path(__file__).parents[3]
HOUSE = ("house:easy", "house:medium", "house:hard")


def players(*names):
    return ("--players", ",".join(names or HOUSE))


def reported(tmp_path):
    text = (tmp_path / "results" / "report.json").read_text("utf-8")
    return Report.model_validate_json(text)


def lines(tmp_path):
    return (tmp_path / "results" / "matches.jsonl").read_text("utf-8").splitlines()


def journal(tmp_path):
    """Return what the store holds: each entry by match and number, and what has ended."""
    file = tmp_path / "results" / "parlour.db"
    with closing(sqlite3.connect(file)) as db:
        rows = db.execute("SELECT match_id, number, seat, events FROM entries").fetchall()
        ended = db.execute("SELECT match_id FROM matches WHERE outcome IS NOT NULL").fetchall()
    return {(row[0], row[1]): row[2:] for row in rows}, {row[0] for row in ended}


def played(report):
    """Return what a report says without times."""
    return [one.model_dump(exclude={"seconds"}) for one in report.matches]


async def command(tmp_path, *arguments):
    """Run a command; return its exit code, and what it has written."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "bot.py"), *arguments),
        cwd=tmp_path,
        env={**os.environ, "PARLOUR_DATA": str(tmp_path / "data")},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return process.returncode, out.decode(), err.decode()
