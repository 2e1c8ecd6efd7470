"""Who sits in the seat "referee": the environment of a game whose rules run elsewhere.

The worker is only what makes it fast. All that has happened stands in the match, so a worker that
has ended is replaced: by what was kept of the game, and the moves since then.
"""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.environments.process import EnvironmentProcess, WorkerLost, Workers
from bot.environments.snapshots import Snapshots
from bot.errors import MatchStopped, OperatorError
from games.core import Ask, Event, Refused, Text, View
from games.foreign import ForeignGame
from games.foreign_events import Asked, Begun, Moved, TurnedDown
from games.foreign_report import Question, Report, read_report

TRIES: Final = 2
"""How often a move is tried, each time in a new worker, before the game is broken off."""
KEPT_EVERY: Final = 10
"""Moves."""


@dataclass(frozen=True)
class History:
    """What the environment has been through, as the match knows it."""

    seed: int = 0
    question: Question | None = None
    """What was asked last; None before the beginning."""
    moves: tuple[str, ...] = ()
    """Those that have counted; "" where one has been forgotten."""
    move: str | None = None
    """The one of which nobody knows yet whether it counts."""


def history_of(events: Sequence[Event]) -> History:
    """Return what the referee has seen, in the environment's terms."""
    seed, moves = 0, list[str]()
    question: Question | None = None
    move: str | None = None
    for event in events:
        match event:
            case Begun(_, drawn):
                seed = drawn
            case Moved():
                move = event.move
            case TurnedDown():
                move = None
            case Asked(asked):
                question = asked
                moves += [] if move is None else [move]
                move = None
    return History(seed, question, tuple(moves), move)


class Referee:
    """Answers for the environment of one match."""

    def __init__(
        self, game: ForeignGame, match_id: str, workers: Workers, snapshots: Snapshots
    ) -> None:
        self._game = game
        self._match_id = match_id
        self._workers = workers
        self._snapshots = snapshots
        self._worker: EnvironmentProcess | None = None
        self._known: History | None = None
        """What the worker has been through; None while there is no worker."""
        self._last: tuple[History, Report] | None = None
        """The last question and its answer: it may be put again when that was not written."""

    async def answer(self, view: View, ask: Ask, refusals: Sequence[Text | str]) -> str:
        """Return what follows from the last move, as a report.

        Raises MatchStopped where the game cannot go on until somebody has put something right.
        """
        history = history_of(view.events)
        if self._last and self._last[0] == history:
            return self._last[1].to_json()
        for _ in range(TRIES):
            try:
                report = await self._follow(view, history)
            except WorkerLost as lost:
                why = str(lost)
            except Refused:  # the adapter has a fault: its report is none
                why = "has reported nonsense"
            else:
                self._last = history, report
                return report.to_json()
        again = f"The environment {why}, and again when it was tried once more."
        return Report(aborted=again).to_json()

    async def rest(self, *, over: bool) -> None:
        """End the worker; whoever is asked again gets another."""
        if self._worker:
            await self._worker.end()
        self._worker = self._known = self._last = None
        if over:
            await asyncio.to_thread(self._snapshots.drop, self._match_id)

    async def _follow(self, view: View, history: History) -> Report:
        try:
            if history.question is None:
                return await self._begin(view, history)
            await self._be_at(view, history)
            return await self._move(view, history)
        except OperatorError as why:
            raise MatchStopped(str(why)) from None

    async def _begin(self, view: View, history: History) -> Report:
        worker = await self._new_worker()
        told = await worker.ask(do="begin", seats=list(view.seats), seed=history.seed)
        report = read_report(told["report"], view.seats)
        self._known = History(history.seed, report.asked)
        return report

    async def _move(self, view: View, history: History) -> Report:
        assert self._worker is not None and history.move is not None
        report = await self._made(view, history.move)
        if report.refused:
            return report
        if report.asked and len(self._moves) % KEPT_EVERY == 0 and "" not in history.moves:
            saved = await self._worker.ask(do="save")
            state = base64.b64decode(saved["saved"])
            await asyncio.to_thread(self._snapshots.keep, self._match_id, self._moves, state)
        return report

    async def _made(self, view: View, move: str) -> Report:
        """Make a move; one that counts is known from then on."""
        assert self._worker is not None and self._known is not None
        told = await self._worker.ask(do="move", move=move)
        report = read_report(told["report"], view.seats)
        if not report.refused:
            known = self._known
            self._known = History(known.seed, report.asked, (*known.moves, move))
        return report

    @property
    def _moves(self) -> tuple[str, ...]:
        return self._known.moves if self._known else ()

    async def _be_at(self, view: View, history: History) -> None:
        """Have a worker that has been through all moves that have counted."""
        if self._worker and not self._worker.ended and _agree(self._moves, history.moves):
            return
        done = await self._restored(history)
        if "" in history.moves[done:]:
            raise MatchStopped("it needs words that have been forgotten. End it, and begin anew.")
        if not done:
            await self._begin(view, history)
        for move in history.moves[done:]:
            report = await self._made(view, move)
            if report.asked is None:
                break
        if self._moves != history.moves or not _same(self._known, history):
            raise MatchStopped(
                f"{self._game.env} does not play as it did before. Put back the version of "
                f"{self._game.name} with which it was begun, or end it."
            )

    async def _restored(self, history: History) -> int:
        """Give a new worker what was kept; return after how many moves that was, 0 for nothing."""
        kept = await asyncio.to_thread(self._snapshots.kept, self._match_id, history.moves)
        if kept is None:
            return 0
        done, state = kept
        worker = await self._new_worker()
        try:
            await worker.ask(do="restore", saved=base64.b64encode(state).decode())
        except WorkerLost:  # another version of the library cannot read it
            await asyncio.to_thread(self._snapshots.drop, self._match_id)
            return 0
        self._known = History(history.seed, history.question, history.moves[:done])
        return done

    async def _new_worker(self) -> EnvironmentProcess:
        if self._worker:
            await self._worker.end()
        self._known = self._last = None
        self._worker = await self._workers.start(self._game.name, self._game.env)
        return self._worker


def _agree(known: Sequence[str], moves: Sequence[str]) -> bool:
    """Return whether a worker has been through these moves; it remembers those forgotten here."""
    return len(known) == len(moves) and all(
        one == other or not other for one, other in zip(known, moves, strict=True)
    )


def _same(known: History | None, history: History) -> bool:
    """Return whether a worker asks what the match has been asked."""
    if known is None or known.question is None or history.question is None:
        return False
    one, other = known.question, history.question
    return (one.seat, one.prompt, one.options) == (other.seat, other.prompt, other.options)
