"""What a resident perceives when it is asked, and so all that its question is made of."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Final

from games.core import Ask, Seat
from towns import afterthoughts, questions
from towns.floor_plan import Tile
from towns.ground import Ground
from towns.ledger import resident_account
from towns.questions import Question
from towns.reflection import gathered
from towns.sight import EARSHOT, can_see, within_earshot
from towns.situation import Offer, Situation, Talk
from towns.start import Profile
from towns.state import Resident, TalkUnderWay, TownState

MOST_IN_TALK: Final = 5
MOST_PLACES: Final = 30
"""That somebody thinks of beside home and work, the nearest ones."""


def situation_of(state: TownState, seat: Seat, tick: int) -> Situation:
    """Return what a resident knows at a tick at which it decides or is spoken to."""
    people = tuple(sorted(_free_to_talk(state, seat, tick)))
    return replace(alone(state, seat, tick), in_sight=people)


def alone(state: TownState, seat: Seat, tick: int) -> Situation:
    """Return the same without the people in sight."""
    ground, resident = state.ground, state.residents[seat]
    clock = ground.start.clock
    here = ground.place_at(resident.at(tick))
    minutes = max(0, tick - resident.felt) * clock.seconds_per_tick / 60
    return Situation(
        guide=ground.guide,
        profile=resident.profile,
        clock=clock,
        tick=tick,
        cash=state.ledger.balances[resident_account(seat)],
        goods=resident.goods,
        needs=resident.needs.after(minutes),
        memory=resident.memory,
        here=here,
        minutes_to=_minutes(ground, resident.at(tick), resident.profile),
        full=full_at(state, here, tick) if here else frozenset(),
        plan=resident.plan,
        acts=resident.acts,
    )


def ask_of(state: TownState, seat: Seat) -> Ask:
    """Return the question that is put to a resident; it is made once."""
    question = state.asked[seat]
    if question.ask is None:
        question.ask = _ask(state, seat, question.what)
    return question.ask


def _ask(state: TownState, seat: Seat, what: Question) -> Ask:
    resident = state.residents[seat]
    talk = state.talks[resident.talk] if what is Question.TALK else None
    now = situation_of(state, seat, talk.tick if talk else resident.tick)
    match what:
        case Question.WONDER:
            return questions.wonder_ask(now)
        case Question.CONSIDER:
            return questions.consider_ask(now, resident.wondered)
        case Question.PLAN:
            return questions.plan_ask(now, resident.wondered, resident.considered)
        case Question.AMOUNT:
            return questions.amount_ask(now, wanted_offer(state.ground, now, resident))
        case Question.CRITIC:
            return questions.critic_ask(now)
        case Question.TALK:
            assert talk is not None, "who is asked for a line takes part in a talk"
            return questions.talk_ask(now, heard(talk, seat))
        case Question.JOB:
            return questions.job_ask(now, [now.here])
        case Question.NOTES:
            return afterthoughts.notes_ask(now, resident.met)
        case Question.PONDER:
            return afterthoughts.ponder_ask(now)
        case Question.INSIGHTS:
            wondered = resident.pondered
            records = gathered(now.memory, wondered, now.tick, now.clock)
            return afterthoughts.insights_ask(now, wondered, records)
    return questions.act_ask(now)


def heard(talk: TalkUnderWay, seat: Seat) -> Talk:
    """Return a talk as one of its members has heard it."""
    return Talk(talk.others(seat), talk.topic, talk.lines)


def wanted_offer(ground: Ground, now: Situation, resident: Resident) -> Offer:
    """Return what a resident has chosen to use."""
    wanted = resident.chosen
    assert wanted is not None, "an amount is asked for what was chosen"
    offer = ground.offer(now.here, wanted.equipment, wanted.operation, wanted.good)
    assert offer is not None, "only what is on offer can be chosen"
    return offer


def free_pieces(state: TownState, place: str, kind: str, tick: int) -> Iterator[str]:
    """Yield the pieces of a kind of equipment at which somebody else still finds room."""
    users = (state.residents[seat].use for seat in state.users.get(place, ()))
    taken = Counter(use.piece for use in users if use and use.until > tick)
    room = state.ground.start.catalogue.equipment[kind].places
    for name, piece in state.ground.map.buildings[place].equipment.items():
        if piece.kind == kind and taken[name] < room:
            yield name


def full_at(state: TownState, place: str, tick: int) -> frozenset[str]:
    """Return the kinds of equipment at a place that are all in use."""
    kinds = {piece.kind for piece in state.ground.map.buildings[place].equipment.values()}
    if not state.users.get(place):
        return frozenset()
    return frozenset(kind for kind in kinds if not any(free_pieces(state, place, kind, tick)))


def can_talk(state: TownState, seat: Seat, person: Seat, tick: int) -> bool:
    """Return whether somebody can be talked to: awake, in sight, staying, and in no full talk."""
    one, other = state.residents[seat], state.residents.get(person)
    if other is None or other is one or not other.stays(tick) or asleep(state, other, tick):
        return False
    ground, here, there = state.ground.map, one.at(tick), other.at(tick)
    if not other.talk:
        return can_see(ground, here, there)
    talk = state.talks[other.talk]
    open_to_all = talk.tick <= tick + 1 and len(talk.members) < MOST_IN_TALK
    return open_to_all and within_earshot(ground, here, there)


def asleep(state: TownState, resident: Resident, tick: int) -> bool:
    """Return whether somebody sleeps at a tick."""
    use = resident.use
    if use is None or use.until <= tick:
        return False
    return bool(state.ground.start.catalogue.equipment[use.equipment].beds)


def openings(state: TownState, seat: Seat, tick: int) -> Sequence[str]:
    """Return where a resident without work can get a job now: in the building that it is in.

    So only those who are there decide who gets it. One offer a day is enough.
    """
    resident, ground = state.residents[seat], state.ground
    here, clock = ground.place_at(resident.at(tick)), ground.start.clock
    offered = resident.sought >= 0 and clock.at(resident.sought).day == clock.at(tick).day
    if resident.profile.work or not here or offered:
        return ()
    hours = ground.guide.places[here].hours
    return (here,) if hours.has(clock.at(tick)) and free_jobs(state, here) > 0 else ()


def free_jobs(state: TownState, place: str) -> int:
    """Return how many jobs of a building nobody has."""
    jobs = state.ground.map.buildings[place].type.jobs
    return jobs and jobs - sum(one.profile.work == place for one in state.residents.values())


def listeners(state: TownState, talk: TalkUnderWay, speaker: Seat) -> tuple[Seat, ...]:
    """Return who hears a line: the members of the talk, and those who stay within earshot."""
    here = state.residents[speaker].at(talk.tick)
    near = (
        seat
        for seat in map(Seat, state.frontier.near(here, EARSHOT))
        if (other := state.residents[seat]).stays(talk.tick)
        and within_earshot(state.ground.map, here, other.at(talk.tick))
    )
    return tuple(sorted({*talk.members, *near} - {speaker}))


def _free_to_talk(state: TownState, seat: Seat, tick: int) -> Iterator[Seat]:
    near = state.frontier.near(state.residents[seat].at(tick), state.ground.reach.sight)
    yield from (one for one in map(Seat, near) if can_talk(state, seat, one, tick))


def _minutes(ground: Ground, tile: Tile, profile: Profile) -> Mapping[str, int]:
    """Return how long the walk takes to home, to work, and to the nearest other places."""
    every = minutes_from(ground, tile)
    if len(every) <= MOST_PLACES:
        return every
    names = (profile.home, profile.work, *islice(every, MOST_PLACES))
    return {name: every[name] for name in names if name}


@lru_cache(maxsize=10_000)
def minutes_from(ground: Ground, tile: Tile) -> Mapping[str, int]:
    """Return about how long the walk to each building takes, straight across and down.

    The nearest stands first.
    """
    here, clock = ground.place_at(tile), ground.start.clock
    steps = {
        name: min(abs(tile[0] - x) + abs(tile[1] - y) for x, y in entrances)
        for name, entrances in ground.entrances.items()
    }
    return {
        name: 0 if name == here else -(-steps[name] * clock.seconds_per_tick // 60)
        for name in sorted(steps, key=lambda name: (name != here, steps[name]))
    }
