"""How a chat stands: who is here, who is to speak, and which lines there are.  No words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from characters.chat_events import (
    ChatEvent,
    Chosen,
    Continued,
    Deleted,
    Edited,
    Ended,
    Joined,
    Left,
    ModeChanged,
    Passed,
    Quieted,
    Retold,
    Said,
    Shown,
    Wanted,
)
from characters.speakers import Floor, Mode
from games.core import IllegalMove, Seat

MOST_LINES: Final = 100_000
_RECENT: Final = 50
"""Lines back in which the last speaker is looked for."""


@dataclass(frozen=True)
class Member:
    """Somebody who takes part."""

    character: bool = True
    aliases: tuple[str, ...] = ()
    talkativeness: float = 0.5


@dataclass(frozen=True)
class Kept:
    """All that is kept of a line."""

    seat: Seat
    character: bool
    versions: int = 1
    """How many ways of saying it there are; 0 for a line that is gone."""


@dataclass(frozen=True)
class Talk:
    """The state of a chat."""

    members: Mapping[Seat, Member]
    mode: Mode
    lines: tuple[Kept, ...] = ()
    """Line 1 is the first."""
    queue: tuple[Wanted, ...] = ()
    quiet: bool = False
    over: bool = False

    @property
    def names(self) -> Mapping[Seat, Sequence[str]]:
        """What each character is called that is here."""
        return {
            seat: (seat, *member.aliases)
            for seat, member in self.members.items()
            if member.character
        }

    @property
    def next_line(self) -> int:
        """The number of the next line.  Raises IllegalMove."""
        if len(self.lines) >= MOST_LINES:
            raise IllegalMove("This chat is full; end it and begin another one.")
        return len(self.lines) + 1

    @property
    def spoken(self) -> Sequence[Seat]:
        """Which characters have spoken since the last person did, the newest first."""
        seats = []
        for line in reversed(self.lines):
            if not line.character:
                break
            seats.append(line.seat)
        return seats

    def floor(self, cooldown: int, speaker: Seat) -> Floor:
        """Return what the choice of the next speakers depends on, once somebody has spoken."""
        talkative = {seat: self.members[seat].talkativeness for seat in self.names}
        speakers = [line.seat for line in self.lines[-_RECENT:] if line.versions]
        return Floor(self.mode, talkative, (*speakers, speaker), cooldown, self.quiet)


def after(talk: Talk, event: ChatEvent) -> Talk:
    """Return how a chat stands after an event."""
    match event:
        case Joined(seat, character, aliases, talkativeness):
            member = Member(character, aliases, talkativeness)
            return replace(talk, members={**talk.members, seat: member})
        case Left(seat):
            members = {one: member for one, member in talk.members.items() if one != seat}
            queue = tuple(wanted for wanted in talk.queue if wanted.seat != seat)
            return replace(talk, members=members, queue=queue)
        case Chosen(queue):
            return replace(talk, queue=queue)
        case Quieted(quiet):
            return replace(talk, quiet=quiet)
        case ModeChanged(mode):
            return replace(talk, mode=mode)
        case Ended():
            return replace(talk, over=True, queue=())
        case Passed() | Continued():
            return replace(talk, queue=talk.queue[1:])
    return _after_line(talk, event)


def _after_line(talk: Talk, event: ChatEvent) -> Talk:
    match event:
        case Said(seat):
            member = talk.members.get(seat, Member())
            lines = (*talk.lines, Kept(seat, member.character))
            return replace(talk, lines=lines, queue=_without(talk.queue, Wanted(seat)))
        case Retold(line=number):
            talk = _with_versions(talk, number, talk.lines[number - 1].versions + 1)
            return replace(talk, queue=talk.queue[1:])
        case Edited(line=number):
            return _with_versions(talk, number, 1)
        case Deleted(line=number):
            queue = tuple(wanted for wanted in talk.queue if wanted.line != number)
            return replace(_with_versions(talk, number, 0), queue=queue)
    assert isinstance(event, Shown)  # which version is shown, only the words need to know
    return talk


def _without(queue: tuple[Wanted, ...], head: Wanted) -> tuple[Wanted, ...]:
    return queue[1:] if queue[:1] == (head,) else queue


def _with_versions(talk: Talk, number: int, versions: int) -> Talk:
    kept = replace(talk.lines[number - 1], versions=versions)
    return replace(talk, lines=(*talk.lines[: number - 1], kept, *talk.lines[number:]))
