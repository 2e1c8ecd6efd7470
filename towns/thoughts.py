"""What a resident thinks between its deeds: plans, verdicts, memories; no game time passes."""

from collections.abc import Callable, Mapping
from typing import Final

from games.core import Answer, Seat, Words, listed
from towns import afterthoughts, questions, reflection
from towns.events import (
    Asked,
    Chose,
    Concluded,
    Considered,
    Doing,
    Experienced,
    Judged,
    Noted,
    Planned,
    Pondered,
    Reflected,
    Remembered,
    Said,
    Wondered,
)
from towns.memory import Note, RecordKind
from towns.perception import alone, ask_of, listeners, openings, wanted_offer
from towns.prompts import Briefing
from towns.questions import Question, Verdict, briefing_of
from towns.situation import Situation
from towns.unfolding import Unfolding

Thinking = Callable[[Unfolding, Seat, Situation, Answer], None]


def think(unfolding: Unfolding, seat: Seat, answer: Answer) -> None:
    """Let everything happen that follows from an answer before the next deed."""
    question = unfolding.state.asked[seat]
    now = briefing_of(ask_of(unfolding.state, seat)).situation
    _ANSWERS[question.what](unfolding, seat, now, answer)


def ask_first(unfolding: Unfolding, seat: Seat) -> None:
    """Put the first question of a decision to a resident."""
    resident = unfolding.resident(seat)
    what = resident.asks
    if what is Question.CRITIC and unfolding.rules.merged:
        what = Question.ACT
    if what in (Question.ACT, Question.CRITIC) and resident.met:
        what = Question.NOTES  # after a talk one thinks anew
    if what is Question.NOTES:
        wrap_up(unfolding, seat, succeeded=True)
    elif what is Question.PLAN:
        _begin_plan(unfolding, seat)
    else:
        unfolding.tell(Asked(seat, what))


def wrap_up(unfolding: Unfolding, seat: Seat, *, succeeded: bool) -> None:
    """End a plan; ask what to remember of it where there is anything new."""
    resident = unfolding.resident(seat)
    now = alone(unfolding.state, seat, resident.tick)
    if succeeded and not resident.again and any(act.minutes for act in resident.acts):
        unfolding.tell(Experienced(seat))
    if afterthoughts.worth_asking(now, resident.met, succeeded=succeeded):
        unfolding.tell(Asked(seat, Question.NOTES))
    else:
        _remember(unfolding, seat, now, 0)
        _begin_plan(unfolding, seat)


def _begin_plan(unfolding: Unfolding, seat: Seat) -> None:
    resident = unfolding.resident(seat)
    if reflection.due(resident.memory, unfolding.rules.threshold):
        unfolding.tell(Asked(seat, Question.PONDER))
    elif openings(unfolding.state, seat, resident.tick):
        unfolding.tell(Asked(seat, Question.JOB))
    else:
        _ask_plan(unfolding, seat)


def _ask_plan(unfolding: Unfolding, seat: Seat) -> None:
    what = Question.PLAN if unfolding.rules.merged else Question.WONDER
    unfolding.tell(Asked(seat, what))


def _job(unfolding: Unfolding, seat: Seat, _: Situation, answer: Answer) -> None:
    if questions.field_of(answer, "work"):
        unfolding.tell(Chose(seat, Doing.APPLY))
    else:
        _ask_plan(unfolding, seat)


def _remember(unfolding: Unfolding, seat: Seat, now: Situation, importance: int) -> None:
    resident = unfolding.resident(seat)
    done = [act.operation for act in resident.acts if act.minutes]
    refused = [act.result for act in resident.acts if not act.minutes]
    told = [f"Went to {resident.plan.place}: {resident.plan.purpose}."] if resident.plan else []
    if done:
        told.append(f"Did there: {', '.join(done)}.")
    if resident.met:
        told.append(f"Talked with {listed(resident.met)}.")
    kind = RecordKind.TALKED if resident.met else RecordKind.DID
    if not (done or resident.met):
        kind, told = RecordKind.FAILED, [*told, "Nothing came of it.", *refused[:1]]
    unfolding.tell(Remembered(seat, now.tick, kind, Words(" ".join(told)), importance))


def _wondered(unfolding: Unfolding, seat: Seat, _: Situation, answer: Answer) -> None:
    words = Words(questions.field_of(answer, "questions"))
    unfolding.tell(Wondered(seat, words), Asked(seat, Question.CONSIDER))


def _considered(unfolding: Unfolding, seat: Seat, _: Situation, answer: Answer) -> None:
    words = Words(questions.field_of(answer, "answers"))
    unfolding.tell(Considered(seat, words), Asked(seat, Question.PLAN))


def _planned(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    plan = questions.plan_in(answer)
    briefing = Briefing(Question.PLAN, seat, now.tick, now, about=plan.place)
    recalled = tuple(sorted(record.number for record in briefing.recalled()))
    unfolding.tell(Planned(seat, now.tick, plan.place, plan.purpose, recalled))
    if plan.place == now.here:
        unfolding.tell(Asked(seat, Question.ACT))
    else:
        unfolding.tell(Chose(seat, Doing.GO))


def _acted(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    match questions.choice_in(now, answer):
        case questions.Use(offer):
            wanted = Chose(seat, Doing.USE, *offer.doing, amount=min(1, offer.operation.buys))
            unfolding.tell(wanted)
            if questions.most(now, offer) > 1:
                unfolding.tell(Asked(seat, Question.AMOUNT))
        case questions.Approach(person):
            topic = questions.topic_in(answer)
            unfolding.tell(Chose(seat, Doing.TALK, person=person, topic=topic))
        case questions.Replay(number):
            unfolding.tell(Chose(seat, Doing.AGAIN, number=number))
        case questions.Leave(verdict):
            if now.acts:
                _conclude(unfolding, seat, now, verdict)
            else:
                unfolding.tell(Chose(seat, Doing.WAIT))


def _amount(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    offer = wanted_offer(unfolding.state.ground, now, unfolding.resident(seat))
    assert isinstance(answer, Mapping), "every question to a resident wants a form"
    amount = answer["pieces"]
    assert isinstance(amount, int), "the question allows whole numbers only"
    unfolding.tell(Chose(seat, Doing.USE, *offer.doing, amount=amount))


def _judged(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    verdict = questions.verdict_in(answer)
    if verdict is Verdict.NOT_YET:
        unfolding.tell(Judged(seat, now.tick, verdict), Asked(seat, Question.ACT))
    else:
        _conclude(unfolding, seat, now, verdict)


def _conclude(unfolding: Unfolding, seat: Seat, now: Situation, verdict: Verdict) -> None:
    unfolding.tell(Judged(seat, now.tick, verdict))
    wrap_up(unfolding, seat, succeeded=verdict is Verdict.SUCCESS)


def _noted(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    people, place = afterthoughts.notes_in(now, answer, unfolding.resident(seat).met)
    for note, person in [*((one, True) for one in people), (place, False)]:
        if note.name:
            unfolding.tell(_note(seat, now.tick, note, person=person))
    _remember(unfolding, seat, now, afterthoughts.importance_in(answer))
    _begin_plan(unfolding, seat)


def _note(seat: Seat, tick: int, note: Note, *, person: bool) -> Noted:
    parts = (note.relationship, note.impression, note.episode)
    return Noted(seat, tick, note.name, person, *parts)


def _pondered(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    unfolding.tell(Pondered(seat, *afterthoughts.pondered_in(answer)))
    wondered = unfolding.resident(seat).pondered
    if reflection.gathered(now.memory, wondered, now.tick, now.clock):
        unfolding.tell(Asked(seat, Question.INSIGHTS))
    else:
        _reflected(unfolding, seat, now)


def _concluded(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    for insight in afterthoughts.insights_in(answer):
        unfolding.tell(Concluded(seat, now.tick, insight.text, insight.evidence))
    _reflected(unfolding, seat, now)


def _reflected(unfolding: Unfolding, seat: Seat, now: Situation) -> None:
    unfolding.tell(Reflected(seat, now.tick))
    _begin_plan(unfolding, seat)


def _said(unfolding: Unfolding, seat: Seat, now: Situation, answer: Answer) -> None:
    talk = unfolding.state.talks[unfolding.resident(seat).talk]
    line, done = questions.line_in(now, answer)
    hearing = listeners(unfolding.state, talk, seat)
    unfolding.tell(Said(seat, now.tick, talk.name, line.words, done, hearing))


_ANSWERS: Final[Mapping[Question, Thinking]] = {
    Question.WONDER: _wondered,
    Question.CONSIDER: _considered,
    Question.PLAN: _planned,
    Question.ACT: _acted,
    Question.AMOUNT: _amount,
    Question.CRITIC: _judged,
    Question.NOTES: _noted,
    Question.PONDER: _pondered,
    Question.INSIGHTS: _concluded,
    Question.TALK: _said,
    Question.JOB: _job,
}
