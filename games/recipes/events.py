"""What happens in a game from a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from games.core import Event, Public, Seat, Secret, Text, Words
from games.recipes.recipe import ANSWER


@dataclass(frozen=True)
class Picks:
    """All of an answer that is no free text, by part; the rules look at nothing else."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Choices and numbers."""
    votes: Mapping[str, Seat] = field(default_factory=dict)
    about: Seat | None = None
    """Whose answer is judged by this one."""
    passed: bool = False

    def said(self, words: Words) -> tuple[object, ...]:
        """Return the parts of the answer, those of a form with their names."""
        parts: dict[str, object] = {**self.values, **self.votes}
        told = [
            value if name == ANSWER else Text("{part}: {value}", part=name, value=value)
            for name, value in parts.items()
        ]
        if not words:
            return tuple(told)
        return (*told, Text("“{words}”", words=words) if told else words)

    def told(self, seat: Seat, words: Words) -> Text:
        """Return the whole answer as people read it."""
        said = self.said(words)
        named: dict[str, Any] = {"seat": seat, "about": self.about, "said": said}
        if self.passed:
            return Text("{seat} says nothing.", seat=seat)
        if self.about is not None:
            return Text("{seat} about {about}: {said}", **named)
        return Text("{seat}: {said}", **named)


@dataclass(frozen=True)
class RoleGiven(Secret):
    """A seat has been told what it is."""

    role: str
    text: Text

    def told(self) -> Text:
        return self.text


@dataclass(frozen=True)
class RoleShown(Public):
    """Everybody has been told what a seat is."""

    telling: ClassVar[str] = "{seat} is the {role}."
    seat: Seat
    role: str


@dataclass(frozen=True)
class Drawn(Event):
    """Something has been drawn; what of it anybody may know is told them in words."""

    telling: ClassVar[str] = "Rows of “{draw}”: {rows}"
    draw: str
    rows: Mapping[Seat, int]

    def seen_by(self, viewer: Seat) -> bool:
        return False


@dataclass(frozen=True)
class Begun(Public):
    """A phase has begun."""

    phase: int
    round: int
    anew: bool
    """Whether a round of several begins with it."""

    def told(self) -> Text:
        return Text("Round {round}.", round=self.round) if self.anew else Text("")


@dataclass(frozen=True)
class LeftOut(Public):
    """A phase has been left out this time, so the answers that it had before count no more."""

    phase: int

    def told(self) -> Text:
        return Text("")


@dataclass(frozen=True)
class Told(Public):
    """Everybody has been told something."""

    telling: ClassVar[str] = "{text}"
    text: Text


@dataclass(frozen=True)
class Whispered(Secret):
    """One seat has been told something."""

    telling: ClassVar[str] = "{text}"
    text: Text


@dataclass(frozen=True)
class Answered(Secret):
    """A seat has answered, and nobody else may know what."""

    words: Words
    picks: Picks

    def told(self) -> Text:
        if self.picks.passed:
            return Text("You pass.")
        about, said = self.picks.about, self.picks.said(self.words)
        if about is not None:
            return Text("You say about {about}: {said}", about=about, said=said)
        return Text("You say: {said}" if self.words else "You answer: {said}.", said=said)


@dataclass(frozen=True)
class Confided(Event):
    """A seat's answer has been told to another one; who else hears it, neither knows."""

    seat: Seat
    to: Seat
    words: Words
    picks: Picks

    def seen_by(self, viewer: Seat) -> bool:
        return viewer == self.to

    def told(self) -> Text:
        return self.picks.told(self.seat, self.words)


@dataclass(frozen=True)
class Said(Public):
    """What a seat has answered is on the table."""

    seat: Seat
    words: Words
    picks: Picks

    def told(self) -> Text:
        return self.picks.told(self.seat, self.words)


@dataclass(frozen=True)
class Scored(Public):
    """Seats have got points."""

    gains: Mapping[Seat, float]
    because: Text

    def told(self) -> Text:
        if self.because.template:
            return Text("{because} {gains}.", because=self.because, gains=self.gains)
        return Text("Points: {gains}.", gains=self.gains)


@dataclass(frozen=True)
class Ended(Public):
    """The game is over."""

    points: Mapping[Seat, float]

    def told(self) -> Text:
        if not any(self.points.values()):
            return Text("The game is over.")
        return Text("The game is over. Points: {points}.", points=self.points)


RecipeEvent = (
    RoleGiven
    | RoleShown
    | Drawn
    | Begun
    | LeftOut
    | Told
    | Whispered
    | Answered
    | Confided
    | Said
    | Scored
    | Ended
)
