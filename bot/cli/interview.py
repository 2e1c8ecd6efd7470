"""`characters interview`: a model is asked as a character, and its answers are scored."""

import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final, TypeVar

import typer

from bot.cli import Turns
from bot.cli.characters import HERE, with_cast
from bot.cli.interview_report import Planned, legend, rows, table, write_report
from bot.cli.interview_results import (
    Asked,
    Judged,
    ResultsFile,
    Run,
    answers_in,
    opened,
)
from bot.errors import ModelError, OperatorError, ShownToUser
from bot.settings import Settings
from characters.card import Card
from characters.cleaning import cleaned
from characters.errors import CharacterError
from characters.interview import (
    FOLLOW_UPS,
    INTERVIEWER,
    Exchange,
    Interview,
    Item,
    Topic,
    follow_up_prompt,
    sample,
    shipped_interview,
    situation,
)
from characters.judging import NotJudged, aspects, judge_prompt, read_judgement, schema
from characters.prompt import chat_prompt
from characters.shipped import shipped
from games.core import listed, quoted

if TYPE_CHECKING:
    from bot.models.chat import Completion
    from bot.models.opened import AnyModel

MOST_FAILURES: Final = 5
"""Failures of a model in a row, after which there is no more asking."""
EVERYBODY: Final = "all"
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


def hold_interview(order: Order) -> None:
    """Ask, judge, and print what comes of it.  Raises ShownToUser, OperatorError."""
    if bool(order.model) == bool(order.answers):
        raise ShownToUser("Say which model answers with --model, or give a file with --answers.")
    if len(set(order.judges)) < len(order.judges):
        raise ShownToUser("Each judge can be named once only.")
    plan = _plan(order)
    given = _given(order.answers, plan) if order.answers else {}
    asyncio.run(_hold(order, plan, given))


def _plan(order: Order) -> Sequence[Planned]:
    """Return what is asked of whom."""
    single, multi = order.turns is not Turns.MULTI, order.turns is not Turns.SINGLE
    found = []
    for character, card, interview in _interviewed(order.name):
        items = interview.items(single=single, multi=multi)
        if order.questions:
            items = sample(items, order.questions, order.seed)
        found += [Planned(character, card, item) for item in items]
    return found


def _interviewed(name: str) -> Sequence[tuple[str, Card, Interview]]:
    if name == EVERYBODY:
        interviews = {character: shipped_interview(character) for character in shipped()}
        return [(one, shipped()[one], found) for one, found in interviews.items() if found]
    member = with_cast(lambda cast: cast.find(HERE, name))
    interview = None if member.own else shipped_interview(member.character)
    if interview is None:
        raise ShownToUser(
            f"There are no questions for {member.card.called}: only the characters that come with "
            "Parlour have some."
        )
    return [(member.character, member.card, interview)]


def _given(path: Path, plan: Sequence[Planned]) -> Mapping[Asked, Sequence[Exchange]]:
    """Return the answers of a file to what is planned."""
    answers = answers_in(path)
    found = {}
    for one in plan:
        if exchanges := answers.get(one.asked):
            question = one.item.subject.question
            found[one.asked] = [Exchange(e.question or question, e.answer) for e in exchanges]
    if not found:
        wanted = listed([one.asked.item for one in plan[:3]], "or")
        raise ShownToUser(
            f"{path} answers nothing of what {plan[0].card.called} is asked, such as {wanted} "
            f"of {quoted(plan[0].character)}."
        )
    return found


async def _hold(
    order: Order, plan: Sequence[Planned], given: Mapping[Asked, Sequence[Exchange]]
) -> None:
    from bot.models.config import find_model
    from bot.models.opened import local_engines
    from bot.models.opened import opened as opened_model

    settings = Settings()
    engines = local_engines(settings)
    wanted = dict.fromkeys(filter(None, [order.model, order.interviewer, *order.judges]))
    models = {name: opened_model(find_model(name, settings.models), engines) for name in wanted}
    file = opened(order.out, order.run, resume=order.resume)
    try:
        await _Held(order, plan, models, file).hold(given)
    finally:
        file.close()
        for model in models.values():
            await model.close()
        await engines.close()
    _report(order, plan, file)


@dataclass
class _Held:
    """An interview under way."""

    order: Order
    plan: Sequence[Planned]
    models: "Mapping[str, AnyModel]"
    file: ResultsFile
    failures: dict[str, int] = field(default_factory=dict)
    """In a row, by model."""

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
            self._failed(self.order.model, one.asked, why)
        else:
            self.failures.clear()
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
        model, prompt = (
            self.models[self.order.interviewer],
            follow_up_prompt(one.card, subject, before),
        )
        said = await _complete(model, prompt, self._seed(one.item, before, "question"))
        return _words(said.text, [INTERVIEWER, "Interviewer"], [one.card.called, one.card.name])

    async def _answer(self, one: Planned, before: Sequence[Exchange], question: str) -> str:
        """Return what the character says, made as in any chat."""
        model, seed = self.models[self.order.model], self._seed(one.item, before, "answer")
        moment = situation(one.card, before, question, str(self.order.seed))
        try:
            prompt = chat_prompt(moment, model.settings.context, Random(seed))
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
            self._failed(key.judge, key, why)
            return
        self.failures.clear()
        try:
            self.file.judged(key, read_judgement(key.aspect, said.text, exchanges))
        except NotJudged as fault:
            self.file.unreadable(key, str(fault), said.text)

    def _failed(self, model: str, key: Asked | Judged, why: ModelError) -> None:
        """Keep a failure.  Raises OperatorError where there have been too many."""
        self.file.failed(key, str(why))
        self.failures[model] = self.failures.get(model, 0) + 1
        if self.failures[model] >= MOST_FAILURES:
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


def _report(order: Order, plan: Sequence[Planned], file: ResultsFile) -> None:
    found = rows(plan, file.results, order.judges)
    paths = write_report(order.out, file.results.run, found)
    for line in [*table(found), "", *legend(found), f"Written to {listed(map(str, paths))}."]:
        sys.stdout.write(f"{line}\n")
    planned = {one.asked for one in plan}
    failed = [
        key
        for key in file.results.failures
        if Asked(key.character, key.item) in planned
        and (isinstance(key, Asked) or key.judge in order.judges)
    ]
    if failed:
        sys.stdout.write(
            f"Without any answer of a model: {len(failed)}; --resume asks again.\n"
            f"The first: {file.results.failures[failed[0]]}\n"
        )
