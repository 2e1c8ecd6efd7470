"""What happens in a chat, and the lines that follow from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import ClassVar

from characters.lines import Line
from characters.speakers import Mode
from games.core import Event, Public, Seat, Text, Words


@dataclass(frozen=True)
class Wanted:
    """One thing that a character is to say."""

    seat: Seat
    line: int = 0
    """The line that is to be said anew or gone on with; 0 for a new one."""
    goes_on: bool = False
    """Whether the line is gone on with."""


@dataclass(frozen=True)
class Joined(Public):
    """Somebody takes part from now on, or is called differently from now on."""

    telling: ClassVar[str] = "{seat} joins the chat."
    seat: Seat
    character: bool
    aliases: tuple[str, ...] = ()
    """Other names by which it is called."""
    talkativeness: float = 0.5
    """The chance that a character speaks unasked, 0 to 1."""


@dataclass(frozen=True)
class Left(Public):
    """Somebody takes part no more."""

    telling: ClassVar[str] = "{seat} leaves the chat."
    seat: Seat


@dataclass(frozen=True)
class Said(Public):
    """A new line."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    line: int
    words: Words


@dataclass(frozen=True)
class Retold(Public):
    """A character has said a line anew; the new version is shown, the others are kept."""

    telling: ClassVar[str] = "{seat}, anew: {words}"
    seat: Seat
    line: int
    words: Words


@dataclass(frozen=True)
class Continued(Public):
    """A character has gone on with a line, in the version that is shown."""

    telling: ClassVar[str] = "{seat} goes on: {words}"
    seat: Seat
    line: int
    words: Words


@dataclass(frozen=True)
class Passed(Public):
    """A character says nothing this time."""

    telling: ClassVar[str] = "{seat} stays silent."
    seat: Seat


@dataclass(frozen=True)
class Chosen(Public):
    """Who is to speak, one after the other, in place of all who were to speak before."""

    queue: tuple[Wanted, ...]

    def told(self) -> Text:
        return Text("")


@dataclass(frozen=True)
class Shown(Public):
    """Another version of a line is shown."""

    telling: ClassVar[str] = "Line {line} is shown in version {version}."
    line: int
    version: int
    """From 1, in the order in which they were said."""


@dataclass(frozen=True)
class Edited(Public):
    """A line has other words; every version before is to be forgotten."""

    telling: ClassVar[str] = "{seat}, corrected: {words}"
    seat: Seat
    line: int
    words: Words

    def replaces(self, earlier: Event) -> bool:
        return _is_of(earlier, self.line)


@dataclass(frozen=True)
class Deleted(Public):
    """A line is gone, and every version of it is to be forgotten."""

    telling: ClassVar[str] = "A line of {seat} was deleted."
    seat: Seat
    line: int

    def replaces(self, earlier: Event) -> bool:
        return _is_of(earlier, self.line)


@dataclass(frozen=True)
class Quieted(Public):
    """Only those answer whom a person calls; or that is over."""

    quiet: bool

    def told(self) -> Text:
        if self.quiet:
            return Text("Quiet hours: characters answer only when they are called by name.")
        return Text("The quiet hours are over.")


@dataclass(frozen=True)
class ModeChanged(Public):
    """The next speakers are chosen in another way."""

    telling: ClassVar[str] = "Speakers are chosen in the mode {mode} from now on."
    mode: Mode


@dataclass(frozen=True)
class Ended(Public):
    """The chat is over."""

    telling: ClassVar[str] = "The chat is over."


Spoken = Said | Retold | Continued | Edited
ChatEvent = (
    Joined
    | Left
    | Said
    | Retold
    | Continued
    | Passed
    | Chosen
    | Shown
    | Edited
    | Deleted
    | Quieted
    | ModeChanged
    | Ended
)


def history(events: Iterable[Event]) -> list[Line]:
    """Return the lines as they stand after these events, oldest first; no deleted ones."""
    people: set[Seat] = set()
    told: dict[int, _Told] = {}
    for event in events:
        match event:
            case Joined(seat, character=False):
                people.add(seat)
            case Said(seat, number, words) | Edited(seat, number, words):
                told[number] = _Told(seat, (words,))
            case Retold(_, number, words):
                versions = (*told[number].versions, words)
                told[number] = replace(told[number], versions=versions, shown=len(versions))
            case Continued(_, number, words):
                told[number] = told[number].continued(words)
            case Shown(number, version):
                told[number] = replace(told[number], shown=version)
            case Deleted(line=number):
                del told[number]
    return [
        Line(number, one.seat, one.words, one.seat not in people) for number, one in told.items()
    ]


@dataclass(frozen=True)
class _Told:
    """A line with all its versions."""

    seat: Seat
    versions: tuple[str, ...]
    shown: int = 1

    @property
    def words(self) -> str:
        return str(self.versions[self.shown - 1])

    def continued(self, words: str) -> "_Told":
        at = self.shown - 1
        whole = f"{self.words} {words}".strip()
        return replace(self, versions=(*self.versions[:at], whole, *self.versions[at + 1 :]))


def _is_of(event: Event, line: int) -> bool:
    return isinstance(event, Spoken) and event.line == line
