"""`town evaluate`: asks residents about moments of their lives, and measures the answers."""

import asyncio
import logging
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.arena.consulting import consulted
from bot.arena.evaluation import answers_to
from bot.arena.events import Answered, HandedOver, Seated, is_person
from bot.cli.play import read_text
from bot.cli.town_files import checked_out, say, write_out
from bot.cli.town_tables import aligned
from bot.cli.town_views import Kept, kept_town
from bot.log import write_log
from bot.models.config import find_model
from bot.pictures.evaluation_table import answers_csv, shown, totals
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Answer, Ask, Seat, View
from towns.evaluation import SHIPPED, Asking, askings, read_probes

_SHOWN = 60
"""Characters of an answer in the table; the CSV has all."""


def evaluate_town(match_id: str, questions: Path | None, model: str, csv_file: Path | None) -> None:
    """Put questions to the residents, and print what came of it."""
    write_log(logging.ERROR)
    checked_out(csv_file)
    if model:
        find_model(model, Settings().models)
    kept = kept_town(match_id)
    seats, file = kept.stored.setup.seats, questions or SHIPPED
    probes = read_probes(file.name, read_text(file), kept.residents)
    asked = list(askings(kept.town, seats, kept.turns, probes))
    answers = asyncio.run(_answers(kept, asked, model))
    for line in aligned(list(_rows(kept, answers))):
        say(line, 4)
    say("")
    for line in totals(answers):
        say(line)
    if csv_file:
        write_out(csv_file, answers_csv(answers, kept.town.start.clock).encode())


async def _answers(kept: Kept, asked: Sequence[Asking], model: str) -> Sequence[Answered]:
    wiring, setup = Wiring(Settings()), kept.stored.setup
    players = who(kept)
    if model:
        players = dict.fromkeys(players, f"model:{model}")

    async def ask(seat: Seat, question: Ask) -> Answer:
        player = wiring.seating(players[seat], setup, seat)
        return await consulted(player, View(kept.town, seat, setup.seats, ()), question)

    try:
        return await answers_to(asked, ask)
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


def _rows(kept: Kept, answers: Sequence[Answered]) -> Iterator[Sequence[str]]:
    yield ["question", "resident", "time", "value", "answer"]
    clock = kept.town.start.clock
    for one in answers:
        told = " ".join((one.why or one.words).split())
        told = told if len(told) <= _SHOWN else f"{told[: _SHOWN - 1]}…"
        yield [one.question, one.seat, str(clock.at(one.tick)), shown(one), told]
