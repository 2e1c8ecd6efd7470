"""`characters interview`: a model is asked as a character, and its answers are scored."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.cli.character_commands import Turns
from bot.cli.characters import HERE, with_cast
from bot.cli.interview_report import EVERYBODY, Planned, legend, rows, table, write_report
from bot.cli.interview_results import Asked, ResultsFile, answers_in, opened
from bot.cli.interviewing import Interviewing, Order
from bot.errors import ShownToUser
from bot.settings import Settings
from characters.card import Card
from characters.interview import Exchange, Interview, sample, shipped_interview
from characters.shipped import shipped
from games.core import listed, quoted


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
        await Interviewing(order, plan, models, file).hold(given)
    finally:
        file.close()
        for model in models.values():
            await model.close()
        await engines.close()
    _report(order, plan, file)


def _report(order: Order, plan: Sequence[Planned], file: ResultsFile) -> None:
    found = rows(plan, file.results, order.judges)
    paths = write_report(order.out, file.results.run, found)
    for line in [*table(found), *legend(found), f"Written to {listed(map(str, paths))}."]:
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
