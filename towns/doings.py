"""What deeds and talks do to a town."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from games.core import Seat
from games.core.changing import changed
from towns import events as happened
from towns.courses import approach, stay, walk
from towns.memory import RecordKind
from towns.questions import Question
from towns.situation import Line
from towns.state import Resident, TalkUnderWay, TownState, left_out, without

_NEWS: Final = 8
"""How important a new job is."""


def _walked(state: TownState, event: happened.Walked) -> TownState:
    resident = state.residents[event.seat]
    course = walk(state.ground, resident.place, state.ground.entrances[event.place], event.tick)
    return state.with_resident(
        event.seat, changed(resident, course=course, chosen=None, use=None, asks=Question.ACT)
    )


def _used(state: TownState, event: happened.Used) -> TownState:
    resident = state.residents[event.seat]
    stands = state.ground.map.buildings[event.place].equipment[event.piece].stands
    course = walk(state.ground, resident.place, stands, event.tick)._replace(until=event.until)
    goods = list(resident.goods)
    if event.takes:
        del goods[[good.name for good in goods].index(event.takes)]
    after = changed(
        resident,
        course=course,
        chosen=None,
        use=event,
        asks=Question.NOTES if resident.again else Question.CRITIC,
        goods=tuple(goods),
        again=resident.again[1:],
    )
    users = (*state.users.get(event.place, ()), event.seat)
    state = changed(state, users={**state.users, event.place: users})
    return state.with_resident(event.seat, after)


def _finished(state: TownState, event: happened.Finished) -> TownState:
    resident = state.residents[event.seat]
    use = resident.use
    assert use is not None, "only what was begun can be finished"
    offer = state.ground.offer(use.place, use.equipment, use.operation, use.good)
    assert offer is not None, "only what is on offer can be begun"
    got = [offer.good] * use.amount if offer.good else []
    got += [offer.operation.gives] if offer.operation.gives else []
    minutes = offer.operation.minutes
    before = (event.tick - resident.felt) * state.ground.start.clock.seconds_per_tick / 60 - minutes
    after = changed(
        resident,
        use=None,
        acts=(*resident.acts, event.act),
        goods=(*resident.goods, *got),
        needs=resident.needs.after(max(0.0, before)).after(minutes, offer.good_for),
        felt=event.tick,
    )
    users = without(state.users[use.place], event.seat)
    state = changed(state, users={**state.users, use.place: users})
    return state.with_resident(event.seat, after)


def _waited(state: TownState, event: happened.Waited) -> TownState:
    resident = state.residents[event.seat]
    course = stay(resident, event.tick, event.until)
    return state.with_resident(
        event.seat, changed(resident, course=course, chosen=None, use=None, asks=Question.PLAN)
    )


def _hired(state: TownState, event: happened.Hired) -> TownState:
    resident = state.residents[event.seat]
    told = f"Took a job at {event.place}."
    after = changed(
        resident,
        profile=changed(resident.profile, work=event.place),
        course=stay(resident, event.tick, event.until),
        chosen=None,
        asks=Question.PLAN,
        memory=resident.memory.perceived(event.tick, RecordKind.DID, told, _NEWS),
    )
    return state.with_resident(event.seat, after)


def _talk_begun(state: TownState, event: happened.TalkBegun) -> TownState:
    name = talk_name(event.tick, event.seat)
    begins, met = state.residents[event.seat], state.residents[event.person]
    course = approach(state.ground, begins.place, met.at(event.tick), event.tick)
    waits = met.course._replace(until=max(met.course.until, event.until))
    members = (event.seat, event.person)
    talk = TalkUnderWay(name, members, event.seat, event.until, event.topic)
    residents = {
        **state.residents,
        event.seat: changed(begins, course=course, chosen=None, talk=name),
        event.person: changed(met, course=waits, chosen=None, talk=name),
    }
    return changed(state, residents=residents, talks={**state.talks, name: talk})


def _talk_joined(state: TownState, event: happened.TalkJoined) -> TownState:
    talk = state.talks[event.talk]
    resident = state.residents[event.seat]
    course = stay(resident, event.tick, event.tick + 1)
    state = state.with_resident(
        event.seat, changed(resident, course=course, chosen=None, talk=event.talk)
    )
    talk = changed(talk, members=(*talk.members, event.seat))
    return changed(state, talks={**state.talks, talk.name: talk})


def _said(state: TownState, event: happened.Said) -> TownState:
    talk = state.talks[event.talk]
    talk = changed(
        talk,
        lines=(*talk.lines, Line(event.seat, event.words)),
        done=talk.done | {event.seat} if event.done else talk.done,
        said=True,
    )
    asked = left_out(state.asked, event.seat)
    return changed(state, talks={**state.talks, talk.name: talk}, asked=asked)


def _talk_went_on(state: TownState, event: happened.TalkWentOn) -> TownState:
    talk = state.talks[event.talk]
    going = changed(talk, speaker=talk.next_speaker(), tick=event.tick + 1, said=False)
    residents = {**state.residents, **_held(state, talk, event.tick)}
    return changed(state, residents=residents, talks={**state.talks, talk.name: going})


def _talk_ended(state: TownState, event: happened.TalkEnded) -> TownState:
    talk = state.talks[event.talk]
    members = {seat: state.residents[seat] for seat in talk.members if seat in state.residents}
    held = _held(state, talk, event.tick)
    residents = dict(state.residents)
    for seat, one in members.items():
        others = talk.others(seat)
        told = f"Talked with {', '.join(others)}."
        resident = changed(
            held.get(seat, one),
            talk="",
            met=tuple(dict.fromkeys((*one.met, *others))),
            memory=one.memory.perceived(event.tick, RecordKind.TALKED, told),
            needs=one.needs.talked(),
        )
        residents[seat] = changed(resident, asks=Question.NOTES) if seat in held else resident
    talks = left_out(state.talks, talk.name)
    return changed(state, residents=residents, talks=talks)


def _held(state: TownState, talk: TalkUnderWay, tick: int) -> Mapping[Seat, Resident]:
    """Return the members who would decide now, each with its decision put off by a tick."""
    found = ((seat, state.residents[seat]) for seat in talk.members if seat in state.residents)
    return {
        seat: changed(one, course=stay(one, tick, tick + 1))
        for seat, one in found
        if one.tick == tick
    }


def talk_name(tick: int, seat: str) -> str:
    """Return the name of the talk that somebody begins at a tick."""
    return f"{tick} {seat}"


DEEDS: Final[Mapping[type, Callable[[TownState, Any], TownState]]] = {
    happened.Walked: _walked,
    happened.Used: _used,
    happened.Finished: _finished,
    happened.Waited: _waited,
    happened.Hired: _hired,
    happened.TalkBegun: _talk_begun,
    happened.TalkJoined: _talk_joined,
    happened.Said: _said,
    happened.TalkWentOn: _talk_went_on,
    happened.TalkEnded: _talk_ended,
}
