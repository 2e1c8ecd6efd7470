"""What each event does to a town: mechanical, so that a replay needs no decision and no model."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

from games.core import Seat, Secret
from towns import events as happened
from towns.causality import Course, Standing
from towns.events import TownEvent
from towns.floor_plan import Tile
from towns.frontier import Frontier
from towns.ground import Ground, ground_of
from towns.ledger import building_account, resident_account
from towns.memory import NOTHING_SAID, Act, Note, Plan, RecordKind
from towns.paths import path
from towns.questions import Question
from towns.situation import Line, first_memory
from towns.state import Open, Resident, TalkUnderWay, TownState

K = TypeVar("K")
V = TypeVar("V")

_NEAR: Final = 2
"""Tiles between two who talk."""


def after(state: TownState, event: TownEvent) -> TownState:
    """Return the town after an event."""
    if isinstance(event, Secret):
        resident = _THOUGHTS[type(event)](state.residents[event.seat], event)
        asked = _asked(state, event)
        residents = {**state.residents, event.seat: resident}
        return replace(state, residents=residents, asked=asked)
    return _EVENTS[type(event)](state, event)


def _asked(state: TownState, event: Any) -> Mapping[Seat, Open]:
    """Return who is asked after a thought: it answers what stood, unless it is a question."""
    if isinstance(event, happened.Asked):
        return {**state.asked, event.seat: Open(event.what)}
    return _left_out(state.asked, event.seat)


def walk(ground: Ground, start: Tile, targets: tuple[Tile, ...], tick: int) -> Course:
    """Return the way to the nearest of some tiles, which ends in a decision at once."""
    tiles = (start, *path(ground.map, start, targets))
    return Course(tick, tiles, tick + len(tiles) - 1)


def approach(ground: Ground, start: Tile, person: Tile, tick: int) -> Course:
    """Return the way to somebody, which ends a little before, and a tick later at the least."""
    tiles = (start, *path(ground.map, start, (person,)))
    tiles = tiles[: max(1, len(tiles) - _NEAR)]
    return Course(tick, tiles, tick + max(1, len(tiles) - 1))


# ---- thoughts


def _same(resident: Resident, _: Any) -> Resident:
    return resident


def _planned(resident: Resident, event: happened.Planned) -> Resident:
    plan = Plan(event.place, event.purpose)
    memory = resident.memory.recalled(event.recalled, event.tick)
    return replace(
        resident,
        plan=plan,
        memory=memory,
        asks=Question.ACT,
        wondered=NOTHING_SAID,
        considered=NOTHING_SAID,
    )


def _chose(resident: Resident, event: happened.Chose) -> Resident:
    if event.doing is happened.Doing.AGAIN:
        return replace(resident, again=resident.memory.experiences[event.number].acts)
    return replace(resident, chosen=event)


def _noted(resident: Resident, event: happened.Noted) -> Resident:
    note = Note(event.name, event.relationship, event.impression, event.episode)
    people, places = ([note], []) if event.person else ([], [note])
    return replace(resident, memory=resident.memory.noted(event.tick, people, places))


def _remembered(resident: Resident, event: happened.Remembered) -> Resident:
    memory = resident.memory.perceived(event.tick, event.record, event.text, event.importance)
    return replace(
        resident, memory=memory, plan=None, acts=(), met=(), again=(), asks=Question.PLAN
    )


def _experienced(resident: Resident, _: happened.Experienced) -> Resident:
    if resident.plan is None:
        return resident
    acts = [act for act in resident.acts if act.minutes]
    return replace(resident, memory=resident.memory.experienced(resident.plan, acts))


def _concluded(resident: Resident, event: happened.Concluded) -> Resident:
    return replace(
        resident,
        memory=resident.memory.perceived(
            event.tick, RecordKind.INSIGHT, event.text, evidence=event.evidence
        ),
    )


def _reflected(resident: Resident, event: happened.Reflected) -> Resident:
    return replace(resident, memory=resident.memory.reflected(event.tick, ()), pondered=())


def _refused(resident: Resident, event: happened.Refused) -> Resident:
    wanted = resident.chosen
    names = (wanted.equipment, wanted.operation, wanted.good) if wanted else ("", "", "")
    tried = Act(*names, 0, 0, event.why)
    return replace(
        resident,
        course=_stay(resident, event.tick, event.until),
        acts=(*resident.acts, tried),
        asks=Question.ACT,
        chosen=None,
        again=(),
        use=None,
    )


_THOUGHTS: Final[Mapping[type, Callable[[Resident, Any], Resident]]] = {
    happened.Asked: _same,
    happened.Wondered: lambda resident, event: replace(resident, wondered=event.words),
    happened.Considered: lambda resident, event: replace(resident, considered=event.words),
    happened.Planned: _planned,
    happened.Chose: _chose,
    happened.Judged: _same,
    happened.Experienced: _experienced,
    happened.Noted: _noted,
    happened.Remembered: _remembered,
    happened.Pondered: lambda resident, event: replace(
        resident, pondered=(event.first, event.second, event.third)
    ),
    happened.Concluded: _concluded,
    happened.Reflected: _reflected,
    happened.Refused: _refused,
}


# ---- the town


def _founded(state: TownState, event: happened.Founded) -> TownState:
    ground = ground_of(event.data, event.sites)
    ledger = state.ledger
    for site in event.sites:
        ledger = ledger.opened(building_account(site.name))
    return replace(state, data=event.data, sites=event.sites, ground=ground, ledger=ledger)


def _moved_in(state: TownState, event: happened.MovedIn) -> TownState:
    home = state.ground.entrances[event.profile.home][0]
    resident = Resident(
        event.profile,
        Course(event.tick, (home,), event.tick),
        Question.PLAN,
        memory=first_memory(event.profile),
        felt=event.tick,
    )
    ledger = state.ledger.opened(resident_account(event.seat))
    residents = {**state.residents, event.seat: resident}
    return replace(state, ledger=ledger, residents=residents)


def _moved_away(state: TownState, event: happened.MovedAway) -> TownState:
    residents = _left_out(state.residents, event.seat)
    asked = _left_out(state.asked, event.seat)
    users = {place: _without(names, event.seat) for place, names in state.users.items()}
    return replace(state, residents=residents, asked=asked, users=users)


def _built(state: TownState, event: happened.Built) -> TownState:
    sites = (*state.sites, event.site)
    ledger = state.ledger.opened(building_account(event.site.name))
    return replace(state, sites=sites, ground=ground_of(state.data, sites), ledger=ledger)


def _paid(state: TownState, event: happened.Paid) -> TownState:
    return replace(state, ledger=state.ledger.after(event.transfer))


def _time_given(state: TownState, event: happened.TimeGiven) -> TownState:
    return replace(state, horizon=event.until)


def _stepped(state: TownState, event: happened.Stepped) -> TownState:
    standings: dict[str, Standing] = {name: standing(state.residents[name]) for name in event.names}
    return replace(state, frontier=state.frontier.advanced(standings))


def _gathered(state: TownState, _: happened.Gathered) -> TownState:
    standings: dict[str, Standing] = {name: standing(one) for name, one in state.residents.items()}
    return replace(state, frontier=Frontier.begun(state.ground.reach, standings))


def standing(resident: Resident) -> Standing:
    """Return how far a resident has come: it stands at its next decision."""
    return Standing(resident.course.until, resident.course)


# ---- deeds


def _walked(state: TownState, event: happened.Walked) -> TownState:
    resident = state.residents[event.seat]
    course = walk(state.ground, resident.place, state.ground.entrances[event.place], event.tick)
    return state.with_resident(
        event.seat, replace(resident, course=course, chosen=None, use=None, asks=Question.ACT)
    )


def _used(state: TownState, event: happened.Used) -> TownState:
    resident = state.residents[event.seat]
    stands = state.ground.map.buildings[event.place].equipment[event.piece].stands
    course = walk(state.ground, resident.place, stands, event.tick)._replace(until=event.until)
    goods = list(resident.goods)
    if event.takes:
        del goods[[good.name for good in goods].index(event.takes)]
    changed = replace(
        resident,
        course=course,
        chosen=None,
        use=event,
        asks=Question.NOTES if resident.again else Question.CRITIC,
        goods=tuple(goods),
        again=resident.again[1:],
    )
    users = (*state.users.get(event.place, ()), event.seat)
    state = replace(state, users={**state.users, event.place: users})
    return state.with_resident(event.seat, changed)


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
    changed = replace(
        resident,
        use=None,
        acts=(*resident.acts, event.act),
        goods=(*resident.goods, *got),
        needs=resident.needs.after(max(0.0, before)).after(minutes, offer.good_for),
        felt=event.tick,
    )
    users = _without(state.users[use.place], event.seat)
    state = replace(state, users={**state.users, use.place: users})
    return state.with_resident(event.seat, changed)


def _waited(state: TownState, event: happened.Waited) -> TownState:
    resident = state.residents[event.seat]
    course = _stay(resident, event.tick, event.until)
    return state.with_resident(
        event.seat, replace(resident, course=course, chosen=None, use=None, asks=Question.PLAN)
    )


# ---- talks


def _talk_begun(state: TownState, event: happened.TalkBegun) -> TownState:
    name = talk_name(event.tick, event.seat)
    begins, met = state.residents[event.seat], state.residents[event.person]
    course = approach(state.ground, begins.place, met.at(event.tick), event.tick)
    waits = met.course._replace(until=max(met.course.until, event.until))
    members = (event.seat, event.person)
    talk = TalkUnderWay(name, members, event.seat, event.until, event.topic)
    residents = {
        **state.residents,
        event.seat: replace(begins, course=course, chosen=None, talk=name),
        event.person: replace(met, course=waits, chosen=None, talk=name),
    }
    return replace(state, residents=residents, talks={**state.talks, name: talk})


def _talk_joined(state: TownState, event: happened.TalkJoined) -> TownState:
    talk = state.talks[event.talk]
    resident = state.residents[event.seat]
    course = _stay(resident, event.tick, event.tick + 1)
    state = state.with_resident(
        event.seat, replace(resident, course=course, chosen=None, talk=event.talk)
    )
    talk = replace(talk, members=(*talk.members, event.seat))
    return replace(state, talks={**state.talks, talk.name: talk})


def _said(state: TownState, event: happened.Said) -> TownState:
    talk = state.talks[event.talk]
    talk = replace(
        talk,
        lines=(*talk.lines, Line(event.seat, event.words)),
        done=talk.done | {event.seat} if event.done else talk.done,
        said=True,
    )
    asked = _left_out(state.asked, event.seat)
    return replace(state, talks={**state.talks, talk.name: talk}, asked=asked)


def _talk_went_on(state: TownState, event: happened.TalkWentOn) -> TownState:
    talk = state.talks[event.talk]
    going = replace(talk, speaker=talk.next_speaker(), tick=event.tick + 1, said=False)
    residents = {**state.residents, **_held(state, talk, event.tick)}
    return replace(state, residents=residents, talks={**state.talks, talk.name: going})


def _talk_ended(state: TownState, event: happened.TalkEnded) -> TownState:
    talk = state.talks[event.talk]
    members = {seat: state.residents[seat] for seat in talk.members if seat in state.residents}
    held = _held(state, talk, event.tick)
    residents = dict(state.residents)
    for seat, one in members.items():
        others = talk.others(seat)
        told = f"Talked with {', '.join(others)}."
        resident = replace(
            held.get(seat, one),
            talk="",
            met=tuple(dict.fromkeys((*one.met, *others))),
            memory=one.memory.perceived(event.tick, RecordKind.TALKED, told),
            needs=one.needs.talked(),
        )
        residents[seat] = replace(resident, asks=Question.NOTES) if seat in held else resident
    talks = _left_out(state.talks, talk.name)
    return replace(state, residents=residents, talks=talks)


def _held(state: TownState, talk: TalkUnderWay, tick: int) -> Mapping[Seat, Resident]:
    """Return the members who would decide now, each with its decision put off by a tick."""
    found = ((seat, state.residents[seat]) for seat in talk.members if seat in state.residents)
    return {
        seat: replace(one, course=_stay(one, tick, tick + 1))
        for seat, one in found
        if one.tick == tick
    }


def talk_name(tick: int, seat: str) -> str:
    """Return the name of the talk that somebody begins at a tick."""
    return f"{tick} {seat}"


def _stay(resident: Resident, tick: int, until: int) -> Course:
    return Course(tick, (resident.place,), until)


def _left_out(entries: Mapping[K, V], key: K) -> Mapping[K, V]:
    left = dict(entries)
    left.pop(key, None)
    return left


def _without(names: Iterable[Seat], seat: Seat) -> tuple[Seat, ...]:
    return tuple(name for name in names if name != seat)


_EVENTS: Final[Mapping[type, Callable[[TownState, Any], TownState]]] = {
    happened.Founded: _founded,
    happened.MovedIn: _moved_in,
    happened.MovedAway: _moved_away,
    happened.Built: _built,
    happened.Paid: _paid,
    happened.TimeGiven: _time_given,
    happened.Gathered: _gathered,
    happened.Stepped: _stepped,
    happened.Walked: _walked,
    happened.Used: _used,
    happened.Finished: _finished,
    happened.Waited: _waited,
    happened.TalkBegun: _talk_begun,
    happened.TalkJoined: _talk_joined,
    happened.Said: _said,
    happened.TalkWentOn: _talk_went_on,
    happened.TalkEnded: _talk_ended,
}
