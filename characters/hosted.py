"""What the host of a chat brings about: who comes and goes, and what is done to lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final, cast

from characters.chat_events import (
    ChatEvent,
    Chosen,
    Deleted,
    Edited,
    Ended,
    Joined,
    Left,
    ModeChanged,
    Quieted,
    Said,
    Shown,
    Wanted,
)
from characters.host import HOST, MOST_VERSIONS, Do, Kind
from characters.speakers import Mode
from characters.talk import Kept, Talk
from characters.turns import heard, rearranged
from games.core import Answer, BadSetup, IllegalMove, Seat, Words, quoted

MOST_ALIASES: Final = 50


@dataclass(frozen=True)
class Hosted:
    """One request of the host, and all that its answer depends on."""

    talk: Talk
    request: Mapping[str, Answer]
    check_seats: Callable[[Sequence[Seat]], None]
    """Refuses names that cannot be used together.  Raises BadSetup."""
    most: int
    cooldown: int
    rng: Random

    def events(self) -> Sequence[ChatEvent]:
        """Return what follows.  Raises IllegalMove."""
        return _DEEDS[cast(Do, self.request["do"])](self)

    def join(self) -> Sequence[ChatEvent]:
        """Let somebody in, or call it differently, with its greeting."""
        seat, character = self._seat, self.request["kind"] != Kind.PERSON
        members = self.talk.members
        if seat in members and members[seat].character != character:
            raise IllegalMove(f"Somebody else is called {seat} here; choose another name.")
        try:
            self.check_seats([*(other for other in members if other != seat), seat])
        except BadSetup as why:
            raise IllegalMove(str(why)) from None
        if character and len([one for one in self.talk.names if one != seat]) >= self.most:
            raise IllegalMove(f"At most {self.most} characters can be in this chat; send one away.")
        joined = Joined(seat, character, self._aliases, self._talkativeness)
        if not (words := self.request["words"]):
            return (joined,)
        return (joined, Said(seat, self.talk.next_line, Words(str(words))))

    def leave(self) -> Sequence[ChatEvent]:
        """Let somebody go, who will not speak any more."""
        return (Left(self._member),)

    def say(self) -> Sequence[ChatEvent]:
        """Say something in a person's name."""
        seat, to = self._member, self.request["to"]
        if self.talk.members[seat].character:
            raise IllegalMove(f"{seat} is a character and speaks for itself.")
        called = [one for one in self.talk.names if one == to]
        return heard(self.talk, seat, self._words, called, self.cooldown, self.rng)

    def speak(self) -> Sequence[ChatEvent]:
        """Let a character speak next."""
        return self._next(Wanted(self._character(self._member)))

    def stop(self) -> Sequence[ChatEvent]:
        """Let nobody speak who was to."""
        if not self.talk.queue:
            raise IllegalMove("Nobody is about to speak.")
        return (Chosen(()),)

    def regenerate(self) -> Sequence[ChatEvent]:
        """Let a character say a line anew."""
        number, line = self._line
        if line.versions >= MOST_VERSIONS:
            raise IllegalMove(f"Line {number} has {MOST_VERSIONS} versions, which is the most.")
        return self._next(Wanted(self._character(line.seat), number))

    def go_on(self) -> Sequence[ChatEvent]:
        """Let a character go on with a line."""
        number, line = self._line
        return self._next(Wanted(self._character(line.seat), number, goes_on=True))

    def show(self) -> Sequence[ChatEvent]:
        """Show another version of a line."""
        number, line = self._line
        version = self.request["version"]
        if not isinstance(version, int) or version > line.versions:
            has = "1 version" if line.versions == 1 else f"{line.versions} versions"
            raise IllegalMove(f"Line {number} has {has}; say which one to show.")
        return (Shown(number, version),)

    def edit(self) -> Sequence[ChatEvent]:
        """Put other words in the place of a line's; nobody speaks about the old ones."""
        number, line = self._line
        rest = tuple(wanted for wanted in self.talk.queue if wanted.line != number)
        return (Edited(line.seat, number, Words(self._words)), *rearranged(self.talk.queue, rest))

    def delete(self) -> Sequence[ChatEvent]:
        """Take a line away."""
        number, line = self._line
        return (Deleted(line.seat, number),)

    def quiet(self) -> Sequence[ChatEvent]:
        """Begin quiet hours, or end them."""
        quiet = self.request["quiet"] != "no"
        if quiet == self.talk.quiet:
            raise IllegalMove("It is quiet already." if quiet else "There are no quiet hours now.")
        return (Quieted(quiet),)

    def mode(self) -> Sequence[ChatEvent]:
        """Choose speakers in another way."""
        mode = self.request["mode"]
        if not isinstance(mode, Mode):
            raise IllegalMove(f"Say which mode: {', '.join(Mode)}.")
        return (ModeChanged(mode),)

    def end(self) -> Sequence[ChatEvent]:
        """Close the chat."""
        return (Ended(),)

    @property
    def _seat(self) -> Seat:
        seat = Seat(str(self.request["seat"] or ""))
        if not seat or seat == HOST:
            raise IllegalMove("Say whom it concerns.")
        return seat

    @property
    def _member(self) -> Seat:
        if self._seat not in self.talk.members:
            raise IllegalMove(f"{quoted(self._seat)} is not in this chat.")
        return self._seat

    def _character(self, seat: Seat) -> Seat:
        if seat not in self.talk.names:
            raise IllegalMove(f"{seat} is no character that is here now.")
        return seat

    @property
    def _line(self) -> tuple[int, Kept]:
        number, lines = self.request["line"], self.talk.lines
        if not isinstance(number, int) or number > len(lines) or not lines[number - 1].versions:
            raise IllegalMove("There is no such line in this chat.")
        return number, lines[number - 1]

    @property
    def _words(self) -> str:
        if not (words := self.request["words"]):
            raise IllegalMove("Say which words.")
        return str(words)

    @property
    def _aliases(self) -> tuple[str, ...]:
        given = str(self.request["aliases"] or "").splitlines()
        return tuple(dict.fromkeys(alias for line in given if (alias := line.strip())))[
            :MOST_ALIASES
        ]

    @property
    def _talkativeness(self) -> float:
        given = self.request["talkativeness"]
        return float(given) if isinstance(given, int | float) else 0.5

    def _next(self, wanted: Wanted) -> Sequence[ChatEvent]:
        """Return the choice of one to speak next, after whoever speaks just now."""
        queue = self.talk.queue
        if queue[:1] == (wanted,):
            raise IllegalMove(f"{wanted.seat} is about to do that.")
        rest = [one for one in queue[1:] if one != wanted]
        return (Chosen((*queue[:1], wanted, *rest)),)


_DEEDS: Final[Mapping[Do, Callable[[Hosted], Sequence[ChatEvent]]]] = {
    Do.JOIN: Hosted.join,
    Do.LEAVE: Hosted.leave,
    Do.SAY: Hosted.say,
    Do.SPEAK: Hosted.speak,
    Do.STOP: Hosted.stop,
    Do.REGENERATE: Hosted.regenerate,
    Do.CONTINUE: Hosted.go_on,
    Do.SHOW: Hosted.show,
    Do.EDIT: Hosted.edit,
    Do.DELETE: Hosted.delete,
    Do.QUIET: Hosted.quiet,
    Do.MODE: Hosted.mode,
    Do.END: Hosted.end,
}
