"""Talks: how they begin, who joins, and when they are over."""

from games.core import Seat
from towns.acts import refuse
from towns.courses import approach
from towns.events import Chose, TalkBegun, TalkEnded, TalkJoined, TalkWentOn
from towns.perception import can_talk
from towns.unfolding import Unfolding


def talk_to(unfolding: Unfolding, seat: Seat, tick: int, wanted: Chose) -> None:
    """Begin a talk with somebody or join the one it is in, or say why that cannot be."""
    person = Seat(wanted.person)
    if not can_talk(unfolding.state, seat, person, tick):
        refuse(unfolding, seat, tick, f"{person} has no time for you now.")
        return
    other = unfolding.resident(person)
    if other.talk:
        unfolding.tell(TalkJoined(seat, tick, person, other.talk))
        return
    here, there = unfolding.resident(seat).place, other.at(tick)
    course = approach(unfolding.state.ground, here, there, tick)
    unfolding.tell(TalkBegun(seat, tick, person, wanted.topic, course.until))


def go_on(unfolding: Unfolding, name: str) -> None:
    """Let the next one in a talk speak, or end it."""
    talk = unfolding.state.talks[name]
    over = len(talk.lines) >= unfolding.rules.lines or talk.done.issuperset(talk.members)
    what = TalkEnded if over else TalkWentOn
    unfolding.tell(what(talk.tick, name))
