"""What thoughts do to a resident."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from games.core.changing import changed
from towns import events as happened
from towns.courses import stay
from towns.memory import NOTHING_SAID, Act, Note, Plan, RecordKind
from towns.questions import Question
from towns.state import Resident


def _same(resident: Resident, _: Any) -> Resident:
    return resident


def _asked(resident: Resident, event: happened.Asked) -> Resident:
    return changed(resident, sought=resident.tick) if event.what is Question.JOB else resident


def _planned(resident: Resident, event: happened.Planned) -> Resident:
    plan = Plan(event.place, event.purpose)
    memory = resident.memory.recalled(event.recalled, event.tick)
    return changed(
        resident,
        plan=plan,
        memory=memory,
        asks=Question.ACT,
        wondered=NOTHING_SAID,
        considered=NOTHING_SAID,
    )


def _chose(resident: Resident, event: happened.Chose) -> Resident:
    if event.doing is happened.Doing.AGAIN:
        return changed(resident, again=resident.memory.experiences[event.number].acts)
    return changed(resident, chosen=event)


def _noted(resident: Resident, event: happened.Noted) -> Resident:
    note = Note(event.name, event.relationship, event.impression, event.episode)
    people, places = ([note], []) if event.person else ([], [note])
    return changed(resident, memory=resident.memory.noted(event.tick, people, places))


def _remembered(resident: Resident, event: happened.Remembered) -> Resident:
    memory = resident.memory.perceived(event.tick, event.record, event.text, event.importance)
    return changed(
        resident, memory=memory, plan=None, acts=(), met=(), again=(), asks=Question.PLAN
    )


def _experienced(resident: Resident, _: happened.Experienced) -> Resident:
    if resident.plan is None:
        return resident
    acts = [act for act in resident.acts if act.minutes]
    return changed(resident, memory=resident.memory.experienced(resident.plan, acts))


def _concluded(resident: Resident, event: happened.Concluded) -> Resident:
    return changed(
        resident,
        memory=resident.memory.perceived(
            event.tick, RecordKind.INSIGHT, event.text, evidence=event.evidence
        ),
    )


def _reflected(resident: Resident, event: happened.Reflected) -> Resident:
    return changed(resident, memory=resident.memory.reflected(event.tick, ()), pondered=())


def _refused(resident: Resident, event: happened.Refused) -> Resident:
    wanted = resident.chosen
    if wanted and wanted.doing is happened.Doing.APPLY:  # no act of a plan
        course = stay(resident, event.tick, event.until)
        return changed(resident, course=course, asks=Question.PLAN, chosen=None)
    names = (wanted.equipment, wanted.operation, wanted.good) if wanted else ("", "", "")
    tried = Act(*names, 0, 0, event.why)
    return changed(
        resident,
        course=stay(resident, event.tick, event.until),
        acts=(*resident.acts, tried),
        asks=Question.ACT,
        chosen=None,
        again=(),
        use=None,
    )


THOUGHTS: Final[Mapping[type, Callable[[Resident, Any], Resident]]] = {
    happened.Asked: _asked,
    happened.Wondered: lambda resident, event: changed(resident, wondered=event.words),
    happened.Considered: lambda resident, event: changed(resident, considered=event.words),
    happened.Planned: _planned,
    happened.Chose: _chose,
    happened.Judged: _same,
    happened.Experienced: _experienced,
    happened.Noted: _noted,
    happened.Remembered: _remembered,
    happened.Pondered: lambda resident, event: changed(
        resident, pondered=(event.first, event.second, event.third)
    ),
    happened.Concluded: _concluded,
    happened.Reflected: _reflected,
    happened.Refused: _refused,
}
