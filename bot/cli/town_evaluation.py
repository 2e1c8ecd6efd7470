"""`town evaluate`: asks residents about moments of their lives, and measures the answers."""

import asyncio
import csv
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from bot.arena.events import HandedOver, Seated, is_person
from bot.cli.play import read_text
from bot.cli.town_files import checked_out, say, write_out
from bot.cli.town_tables import aligned
from bot.cli.town_views import Kept, kept_town
from bot.errors import OperatorError
from bot.log import write_log
from bot.models.config import find_model
from bot.pictures.charts import harmless
from bot.ports import Player
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Seat, UnclearMove, View
from towns.evaluation import Asking, askings, read_probes
from towns.measuring import BadMeasurement, measured
from towns.questions import field_of

AT_ONCE = 8
TRIES = 3
_SHOWN = 60
"""Characters of an answer in the table; the CSV has all."""


@dataclass(frozen=True)
class Finding:
    """An answer and what it is worth."""

    asking: Asking
    answer: str
    value: bool | float | None
    """None where there is none, and then it is said why."""
    why: str = ""

    @property
    def shown(self) -> str:
        """The value for people."""
        if isinstance(self.value, bool):
            return "yes" if self.value else "no"
        return "none" if self.value is None else f"{self.value:g}"


def evaluate_town(match_id: str, questions: Path, model: str, csv_file: Path | None) -> None:
    """Put the questions of a file to the residents, and print what came of it."""
    write_log(logging.ERROR)
    checked_out(csv_file)
    if model:
        find_model(model, Settings().models)
    kept = kept_town(match_id)
    seats = kept.stored.setup.seats
    probes = read_probes(questions.name, read_text(questions), seats)
    asked = list(askings(kept.town, seats, kept.turns, probes))
    findings = asyncio.run(_findings(kept, asked, model))
    for line in aligned(list(_rows(kept, findings))):
        say(line, 4)
    say("")
    for line in _totals(findings):
        say(line)
    if csv_file:
        write_out(csv_file, _table(kept, findings).encode())


async def _findings(kept: Kept, asked: Sequence[Asking], model: str) -> Sequence[Finding]:
    wiring = Wiring(Settings())
    seats = dict.fromkeys(kept.stored.setup.seats, f"model:{model}") if model else who(kept)
    turn = asyncio.Semaphore(AT_ONCE)

    async def finding(asking: Asking) -> Finding:
        async with turn:
            player = wiring.seating(seats[asking.resident], kept.stored.setup, asking.resident)
            return await _finding(kept, asking, player)

    try:
        return await asyncio.gather(*map(finding, asked))
    finally:
        await wiring.close_models()


def who(kept: Kept) -> Mapping[Seat, str]:
    """Return who fills the seats now; a person's answers are given by the house."""
    players: dict[Seat, str] = {}
    for entry in kept.stored.entries:
        for event in entry.events:
            if isinstance(event, Seated | HandedOver):
                players[event.seat] = event.player
    return {
        seat: "house:medium" if is_person(player) else player for seat, player in players.items()
    }


async def _finding(kept: Kept, asking: Asking, player: Player) -> Finding:
    view = View(kept.town, asking.resident, kept.stored.setup.seats, ())
    refusals: list[str] = []
    while len(refusals) < TRIES:
        try:
            answer = field_of(
                asking.ask.parse(await player.answer(view, asking.ask, refusals)), "answer"
            )
        except UnclearMove as why:
            refusals.append(str(why))
        except OperatorError as why:
            return Finding(asking, "", None, str(why))
        else:
            return _measured(asking, answer)
    return Finding(asking, "", None, f"No usable answer: {refusals[-1]}")


def _measured(asking: Asking, answer: str) -> Finding:
    try:
        return Finding(asking, answer, measured(asking.probe.measurement, answer))
    except BadMeasurement as why:
        return Finding(asking, answer, None, str(why))


def _rows(kept: Kept, findings: Sequence[Finding]) -> Iterator[Sequence[str]]:
    yield ["question", "resident", "time", "value", "answer"]
    clock = kept.town.start.clock
    for one in findings:
        asking = one.asking
        told = " ".join((one.why or one.answer).split())
        told = told if len(told) <= _SHOWN else f"{told[: _SHOWN - 1]}…"
        yield [asking.probe.id, asking.resident, str(clock.at(asking.tick)), one.shown, told]


def _totals(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield what each question has come to."""
    for name in dict.fromkeys(one.asking.probe.id for one in findings):
        values = [one.value for one in findings if one.asking.probe.id == name]
        known = [value for value in values if value is not None]
        if known and all(isinstance(value, bool) for value in known):
            told = f"{sum(known):.0f} of {len(known)} yes"
        elif known:
            told = f"mean {sum(known) / len(known):.2f} of {len(known)}"
        else:
            told = "nothing could be measured"
        without = len(values) - len(known)
        yield f"{name}: {told}{f', {without} without a value' if without and known else ''}"


def _table(kept: Kept, findings: Sequence[Finding]) -> str:
    file = StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(["question", "resident", "time", "tick", "value", "answer", "why"])
    for one in findings:
        asking = one.asking
        when = str(kept.town.start.clock.at(asking.tick))
        parts = [asking.probe.id, asking.resident, when, asking.tick, one.shown]
        rows.writerow([*parts, harmless(one.answer), one.why])
    return file.getvalue()
