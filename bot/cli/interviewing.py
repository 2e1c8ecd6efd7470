"""Asking a model as a character, and a judge about its answers, several at the same time."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from bot.cli.character_commands import Turns
from bot.cli.interview_report import Planned
from bot.cli.interview_results import Asked, Judged, ResultsFile, Run
from bot.errors import ModelError, OperatorError
from characters.cleaning import cleaned
from characters.errors import CharacterError
from characters.interview import (
    FOLLOW_UPS,
    INTERVIEWER,
    Exchange,
    Item,
    Topic,
    follow_up_prompt,
    situation,
)
from characters.judging import NotJudged, aspects, judge_prompt, read_judgement, schema
from characters.speech import speech_prompt

if TYPE_CHECKING:
    from bot.models.chat import Completion
    from bot.models.opened import AnyModel

MOST_FAILURES: Final = 5
"""Failures of a model in a row, after which there is no more asking."""
One = TypeVar("One")


@dataclass(frozen=True)
class Order:
    """What the operator wants."""

    name: str
    model: str
    judges: Sequence[str]
    interviewer: str
    turns: Turns
    questions: int | None
    seed: int
    jobs: int
    out: Path
    resume: bool
    answers: Path | None

    @property
    def run(self) -> Run:
        """What must be the same when the interview goes on."""
        source = self.model or f"the file {self.answers}"
        return Run(source, self.seed, self.interviewer)


@dataclass
class Interviewing:
    """An interview under way."""

    order: Order
    plan: Sequence[Planned]
    models: "Mapping[str, AnyModel]"
    file: ResultsFile
    failures: int = 0
    """In a row."""

    async def hold(self, given: Mapping[Asked, Sequence[Exchange]]) -> None:
        """Ask what is not answered yet, then judge what is not judged yet."""
        known = self.file.results
        for asked, exchanges in given.items():
            if asked not in known.answers:
                self.file.answered(asked, exchanges)
        if self.order.model:
            open_ = [one for one in self.plan if one.asked not in known.answers]
            await self._each(open_, self._ask, f"{self.order.model} answers")
        answered = [one for one in self.plan if one.asked in known.answers]
        for judge in self.order.judges:
            keys = [
                (one, Judged(one.character, one.item.id, judge, aspect))
                for one in answered
                for aspect in aspects(one.item)
            ]
            keys = [pair for pair in keys if pair[1] not in known.judgements]
            await self._each(keys, self._judge, f"{judge} judges")

    async def _each(
        self, work: Sequence[One], do: Callable[[One], Awaitable[None]], label: str
    ) -> None:
        """Do some work, so many at the same time, and show how far it has come."""
        waiting = iter(work)
        with typer.progressbar(length=len(work), label=label, file=sys.stderr) as bar:

            async def worker() -> None:
                for one in waiting:
                    await do(one)
                    bar.update(1)

            try:
                async with asyncio.TaskGroup() as group:
                    for _ in range(self.order.jobs):
                        group.create_task(worker())
            except* OperatorError as why:
                raise why.exceptions[0] from None

    async def _ask(self, one: Planned) -> None:
        try:
            exchanges = await self._talk(one)
        except ModelError as why:
            self._failed(one.asked, why)
        else:
            self.failures = 0
            self.file.answered(one.asked, exchanges)

    async def _talk(self, one: Planned) -> Sequence[Exchange]:
        exchanges: list[Exchange] = []
        for _ in range(one.item.turns):
            question = await self._question(one, exchanges)
            exchanges.append(Exchange(question, await self._answer(one, exchanges, question)))
        return exchanges

    async def _question(self, one: Planned, before: Sequence[Exchange]) -> str:
        """Return the next question: the first stands in the interview."""
        subject = one.item.subject
        if not before or not isinstance(subject, Topic):
            return subject.question
        if not self.order.interviewer:
            return FOLLOW_UPS[len(before) - 1]
        model = self.models[self.order.interviewer]
        prompt = follow_up_prompt(one.card, subject, before)
        said = await _complete(model, prompt, self._seed(one.item, before, "question"))
        return _words(said.text, [INTERVIEWER, "Interviewer"], [one.card.called, one.card.name])

    async def _answer(self, one: Planned, before: Sequence[Exchange], question: str) -> str:
        """Return what the character says, made as in any chat."""
        model, seed = self.models[self.order.model], self._seed(one.item, before, "answer")
        moment = situation(one.card, before, question, str(self.order.seed))
        try:
            prompt = speech_prompt(
                moment, model.settings.context, Random(seed), script=model.settings.script
            )
        except CharacterError as why:
            raise OperatorError(str(why)) from None
        said = await _complete(model, prompt.messages, seed, prompt.stop)
        others = list(moment.names().values())
        return _words(said.text, [one.card.called, one.card.name], others, prompt.stop)

    async def _judge(self, work: tuple[Planned, Judged]) -> None:
        one, key = work
        exchanges = self.file.results.answers[one.asked]
        prompt = judge_prompt(one.card, one.item, exchanges, key.aspect)
        try:
            said = await self.models[key.judge].complete(prompt, schema=schema(key.aspect))
        except ModelError as why:
            self._failed(key, why)
            return
        self.failures = 0
        try:
            self.file.judged(key, read_judgement(key.aspect, said.text, exchanges))
        except NotJudged as fault:
            self.file.unreadable(key, str(fault), said.text)

    def _failed(self, key: Asked | Judged, why: ModelError) -> None:
        """Keep a failure.  Raises OperatorError where there have been too many."""
        self.file.failed(key, str(why))
        self.failures += 1
        if self.failures >= MOST_FAILURES:
            raise OperatorError(
                f"{why} That was {MOST_FAILURES} times in a row: put it right, then go on with "
                "--resume."
            )

    def _seed(self, item: Item, before: Sequence[Exchange], what: str) -> str:
        return f"{self.order.seed}/{item.id}/{len(before)}/{what}"


async def _complete(
    model: "AnyModel", messages: Sequence[Mapping[str, str]], seed: str, stops: Sequence[str] = ()
) -> "Completion":
    """Return a model's answer; one of this machine draws it from the seed."""
    from bot.models.llama.client import LocalModel

    if isinstance(model, LocalModel):
        drawn = Random(seed).getrandbits(31)
        return await model.complete(messages, stops=stops, seed=drawn)
    return await model.complete(messages, stops=stops)


def _words(text: str, me: Sequence[str], others: Sequence[str], stop: Sequence[str] = ()) -> str:
    found = cleaned(text, me, others, stop)
    if not found.words:
        raise ModelError(found.reason)
    return found.words
