"""The moment of a chat in which a character is to speak, as far as a prompt depends on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from characters.card import Card
from characters.lines import Line
from characters.macros import Macros
from characters.persona import label
from games.core import Seat


@dataclass(frozen=True)
class Summary:
    """What was said in the older lines, in short."""

    upto: int
    """The number of the last line it covers."""
    text: str


@dataclass(frozen=True)
class Situation:
    """Who speaks, with whom, after what."""

    card: Card
    me: Seat
    people: Sequence[Seat]
    """Who is there; in texts that last {{user}} is the first of them."""
    lines: Sequence[Line]
    """All that was said, oldest first; a line that is to be said anew is not among them."""
    company: Sequence[Seat] = ()
    """The other characters that are there."""
    memories: Sequence[str] = ()
    """What the character remembers, the most important first."""
    summary: Summary | None = None
    greeting: int | None = None
    """Which greeting the chat began with: 0 the first message, 1 the first alternative ..."""
    goes_on: bool = False
    """Whether the character is to go on with the last line, which is its own."""
    seed: str = ""
    """Of the chat; a `{{pick}}` stays the same with it."""

    def lasting(self) -> Macros:
        """Return what macros stand for in texts that are the same in every prompt of the chat."""
        return Macros(self.card.called, self._user(self.people), self.seed)

    def passing(self, rng: Random) -> Macros:
        """Return what macros stand for in this prompt, in which {{user}} is who spoke last."""
        spoke = (line.speaker for line in reversed(self.lines) if line.speaker in self.people)
        return Macros(self.card.called, self._user([*spoke, *self.people]), self.seed, rng)

    def _user(self, people: Sequence[Seat]) -> str:
        return label(people[0]) if people else "somebody"

    def names(self) -> Mapping[Seat, str]:
        """Return what stands before the messages of everybody but the character itself."""
        speakers = (line.speaker for line in reversed(self.lines))
        others = dict.fromkeys([*speakers, *self.people, *self.company])
        return {seat: self._name(seat) for seat in others if seat != self.me}

    def _name(self, seat: Seat) -> str:
        name = label(seat)
        own = {label(self.me).casefold(), label(self.card.called).casefold()}
        return f"The other {name}" if name.casefold() in own else name

    def unsummarised(self) -> Sequence[Line]:
        """Return the lines that no summary covers and whose words are not forgotten."""
        upto = self.summary.upto if self.summary else 0
        return [line for line in self.lines if line.number > upto and line.words]
