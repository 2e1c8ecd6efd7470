"""Residents are asked on a schedule, each moment once, and the results stand in the journal.

A moment that passes while an earlier one is still answered, or while the bot is down, is put with
the next one. What was answered is told as all that the table does: by the outbox, once.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from zlib import crc32

import structlog

from bot.arena.evaluation import answers_to
from bot.arena.table import Table
from bot.arena.towns import TownPlace
from bot.cogs.town_shown import game_of, now_of
from bot.errors import (
    AlreadyDone,
    BudgetSpent,
    ModelError,
    OperatorError,
    ParlourError,
    ShownToUser,
)
from games.core import Answer, Ask, Seat, Text
from towns.errors import BadTown
from towns.evaluation import Asking, Probe, askings_now

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

log = structlog.get_logger(__name__)


class TownEvaluations:
    """One task for each town whose residents are being asked."""

    def __init__(self, client: "ParlourClient") -> None:
        self._client = client
        self._tasks: dict[str, asyncio.Task[int]] = {}

    def look(self, match_id: str) -> None:
        """Put the questions whose time has come, unless others are being answered."""
        table = self._client.services.arena.tables.get(match_id)
        with suppress(ShownToUser, BadTown):
            town = self._client.towns.town(match_id)
            if table is None or match_id in self._tasks:
                return
            if probes := _due(town, table):
                self._begin(town, table, probes, _cause(town))

    async def put(self, town: TownPlace, table: Table, probes: Sequence[Probe], cause: str) -> int:
        """Put questions now, and return how many.  Raises ShownToUser where others are answered."""
        if town.match_id in self._tasks:
            raise ShownToUser("The residents are being asked already; the results come soon.")
        return await asyncio.shield(self._begin(town, table, probes, cause))

    async def finish(self, match_id: str) -> None:
        """Wait until all that is due has been answered: the town's days are over."""
        self.look(match_id)
        if task := self._tasks.get(match_id):
            await asyncio.wait([task])

    async def close(self) -> None:
        """Stop; what was not answered is asked after the next start."""
        for task in (tasks := list(self._tasks.values())):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(
        self, town: TownPlace, table: Table, probes: Sequence[Probe], cause: str
    ) -> asyncio.Task[int]:
        work = self._round(town, table, probes, cause)
        task = asyncio.create_task(work, name=f"evaluation {town.match_id}")
        self._tasks[town.match_id] = task
        task.add_done_callback(lambda done: self._done(town.match_id, done))
        return task

    def _done(self, match_id: str, task: asyncio.Task[int]) -> None:
        self._tasks.pop(match_id, None)
        if not task.cancelled() and task.exception() is None:
            self.look(match_id)

    async def _round(
        self, town: TownPlace, table: Table, probes: Sequence[Probe], cause: str
    ) -> int:
        """Put questions to everybody they are for, as the town stands now."""
        state, asked = table.match.state, 0
        try:
            if not table.has_done(cause):
                asked = await self._asked(town, table, [*askings_now(state, probes)], cause)
            if not cause.startswith("i:"):
                await self._put_until(town.match_id, now_of(state) + 1)
        except ParlourError as why:
            log.warning("residents were not asked", town=town.match_id, why=str(why))
            raise
        except Exception:
            log.exception("residents cannot be asked", town=town.match_id)
            raise
        return asked

    async def _asked(
        self, town: TownPlace, table: Table, askings: Sequence[Asking], cause: str
    ) -> int:
        """Write down what is answered; a town whose budget is spent by it pauses."""
        spent: list[BudgetSpent] = []

        async def ask(seat: Seat, question: Ask) -> Answer:
            try:
                return await table.consult(seat, question)
            except BudgetSpent as why:
                spent.append(why)
                raise ModelError("The budget is spent.") from None
            except OperatorError as why:  # servers' addresses may stand in it
                log.warning("a model gave no answer", town=town.match_id, why=str(why))
                raise ModelError("The model gave no answer.") from None

        answers = await answers_to(askings, ask)
        if answers and not _ended(table):
            with suppress(AlreadyDone):
                await table.note_answers(answers, cause)
        if spent:
            await table.pause(Text("{error}", error=str(spent[0])))
        return len(answers)

    async def _put_until(self, match_id: str, tick: int) -> None:
        def later(town: TownPlace) -> TownPlace:
            until = max(tick, town.evaluation.until)
            return replace(town, evaluation=replace(town.evaluation, until=until))

        with suppress(ShownToUser):  # its days are over meanwhile
            await self._client.towns.change(match_id, later)


def _cause(town: TownPlace) -> str:
    """Return what names a moment of a schedule, and is another one for other questions."""
    asked = crc32(repr(replace(town.evaluation, until=0)).encode())
    return f"evaluate:{town.match_id}:{asked:08x}:{town.evaluation.until}"


def _ended(table: Table) -> bool:
    """Return whether somebody has ended the town before its days were over."""
    return table.match.outcome is not None and table.match.outcome.aborted


def _due(town: TownPlace, table: Table) -> Sequence[Probe]:
    if _ended(table):
        return ()
    game = game_of(table)
    return town.evaluation.due(game.start.clock, now_of(table.match.state), game.end)
