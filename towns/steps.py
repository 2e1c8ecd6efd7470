"""The clockwork: who steps together does so as soon as the last of them has chosen."""

from collections import deque
from collections.abc import Iterable, Iterator

from games.core import Seat
from towns.acts import act, finish
from towns.causality import Group
from towns.events import Asked, Doing, Stepped, TimeGiven
from towns.questions import Question
from towns.talks import go_on, talk_to
from towns.thoughts import ask_first
from towns.unfolding import Unfolding


def give_time(unfolding: Unfolding, until: int) -> None:
    """Let the town go on to a tick, and ask all who may decide before it."""
    before = unfolding.state.limit
    unfolding.tell(TimeGiven(until))
    go_on_from(unfolding, before)


def go_on_from(unfolding: Unfolding, tick: int) -> None:
    """Ask all who may decide now, and have waited at a tick that was the limit until now."""
    groups = dict.fromkeys(unfolding.state.frontier.free.values())
    _open(unfolding, [group for group in groups if _tick(unfolding, group) >= tick])


def settle(unfolding: Unfolding, seat: Seat) -> None:
    """Let those step who have waited for this one only."""
    resident, state = unfolding.resident(seat), unfolding.state
    members = state.talks[resident.talk].members if resident.talk else (seat,)
    groups = dict.fromkeys(
        state.frontier.free[member] for member in members if member in state.frontier.free
    )
    for group in groups:
        if _settled(unfolding, group):
            _open(unfolding, _step(unfolding, group))


def _open(unfolding: Unfolding, groups: Iterable[Group]) -> None:
    """Ask those who are free now; where nobody has to be asked, step on."""
    waiting = deque(groups)
    while waiting:
        group = waiting.popleft()
        if _tick(unfolding, group) >= unfolding.state.limit:
            continue
        for name in group:
            _begin(unfolding, Seat(name))
        if _settled(unfolding, group):
            waiting.extend(_step(unfolding, group))


def _begin(unfolding: Unfolding, seat: Seat) -> None:
    """Begin the decision of a resident: what it did is over, and it is asked what comes next."""
    resident = unfolding.resident(seat)
    tick = resident.tick
    if resident.use and resident.use.until <= tick:
        finish(unfolding, seat, tick)
    if resident.talk:
        talk = unfolding.state.talks[resident.talk]
        if talk.tick == tick and talk.speaker not in unfolding.state.asked:
            unfolding.tell(Asked(talk.speaker, Question.TALK))
    elif not resident.again:
        ask_first(unfolding, seat)


def _settled(unfolding: Unfolding, group: Group) -> bool:
    """Return whether nobody in a group, or in the talk of one of them, is still asked."""
    asked = unfolding.state.asked
    return not any(seat in asked for seat in _awaited(unfolding, group))


def _awaited(unfolding: Unfolding, group: Group) -> Iterator[Seat]:
    for name in group:
        talk = unfolding.resident(Seat(name)).talk
        yield unfolding.state.talks[talk].speaker if talk else Seat(name)


def _step(unfolding: Unfolding, group: Group) -> Iterable[Group]:
    """Let a group do what it has chosen, and return the groups that are free then."""
    tick = _tick(unfolding, group)
    talks = (unfolding.resident(Seat(name)).talk for name in group)
    for talk in sorted({name for name in talks if name}):
        if unfolding.state.talks[talk].tick == tick:
            go_on(unfolding, talk)
    for name in group:
        _do(unfolding, Seat(name), tick)
    moved = {*group, *_put_off(unfolding, group)}
    unfolding.tell(Stepped(tick, tuple(sorted(map(Seat, moved)))))
    return unfolding.state.frontier.freed


def _do(unfolding: Unfolding, seat: Seat, tick: int) -> None:
    resident = unfolding.resident(seat)
    if resident.tick > tick:  # it talks, or has been spoken to
        return
    wanted = resident.chosen
    if wanted and wanted.doing is Doing.TALK:
        talk_to(unfolding, seat, tick, wanted)
    else:
        act(unfolding, seat, tick)


def _put_off(unfolding: Unfolding, group: Group) -> Iterator[Seat]:
    """Yield those who decide later than they would have, because somebody talks to them."""
    standings = unfolding.state.frontier.standings
    for name in group:
        talk = unfolding.resident(Seat(name)).talk
        for member in unfolding.state.talks[talk].members if talk else ():
            if unfolding.resident(member).tick != standings[member].tick:
                yield member


def _tick(unfolding: Unfolding, group: Group) -> int:
    return unfolding.resident(Seat(group[0])).tick
