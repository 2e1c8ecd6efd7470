"""What happens in a town.

A resident's thoughts are its own.  What it does is seen by itself and by those who watch the town;
what it says is heard by those near enough as well.  How the clockwork goes on, only the clock sees.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Final, TypeAlias

from games.core import SPECTATOR, Limited, Public, Seat, Secret, Text, Words
from towns.decrees import Governed, HoursSet, MayorAppointed, PriceSet, TaxSet, TermEnded
from towns.grid import Site
from towns.ledger import Transfer, resident_of
from towns.memory import NOTHING_SAID, Act, RecordKind
from towns.questions import Question, Verdict
from towns.start import Profile

CLOCK: Final = Seat("clock")
MAYOR: Final = Seat("mayor")
HOST: Final = Seat("host")
VISITOR: Final = Seat("visitor")
_WATCHING: Final = (SPECTATOR, CLOCK, MAYOR, HOST)


@dataclass(frozen=True)
class Technical(Limited):
    """Something that only the clock sees."""

    @property
    def audience(self) -> Collection[Seat]:
        return (CLOCK,)


@dataclass(frozen=True)
class Deed(Limited):
    """Something that a resident does; the resident sees it, and those who watch the town."""

    seat: Seat
    tick: int

    @property
    def audience(self) -> Collection[Seat]:
        return (self.seat, *_WATCHING)


class Doing(StrEnum):
    """What a resident can want to do next."""

    GO = "go"
    USE = "use"
    TALK = "talk"
    AGAIN = "again"
    APPLY = "apply"
    WAIT = "wait"


# ---- the town


@dataclass(frozen=True)
class Founded(Technical):
    """The town's tables, as `packed` makes them, and its buildings."""

    data: str
    sites: tuple[Site, ...]


@dataclass(frozen=True)
class MovedIn(Public):
    """Somebody lives here from now on."""

    telling: ClassVar[str] = "{seat} lives in town."
    seat: Seat
    tick: int
    profile: Profile


@dataclass(frozen=True)
class MovedAway(Public):
    """Somebody lives here no more."""

    telling: ClassVar[str] = "{seat} has left town."
    seat: Seat
    tick: int


@dataclass(frozen=True)
class Built(Public):
    """The mayor has put up a building."""

    telling: ClassVar[str] = "The town has built {name} for {price} coins."
    tick: int
    site: Site
    price: int

    def told(self) -> Text:
        return Text(self.telling, name=self.site.name, price=f"{self.price:,}")


@dataclass(frozen=True)
class Wished(Technical):
    """What the mayor or the host wants, as soon as everybody has come to a tick."""

    by: Seat
    tick: int
    fields: Mapping[str, str]


@dataclass(frozen=True)
class WishHeard(Technical):
    """The first wish has come true, or it cannot: `why` is "" or the reason."""

    telling: ClassVar[str] = "What the {by} wanted cannot be: {why}"
    by: Seat
    tick: int
    why: str


@dataclass(frozen=True)
class Paid(Limited):
    """An entry of the ledger."""

    transfer: Transfer

    @property
    def audience(self) -> Collection[Seat]:
        accounts = (self.transfer.debit, self.transfer.credit)
        return (*_WATCHING, *filter(None, map(resident_of, accounts)))


@dataclass(frozen=True)
class TimeGiven(Technical):
    """The town may go on to a tick."""

    until: int


@dataclass(frozen=True)
class Gathered(Technical):
    """Those who live here now are the ones who step from now on."""


@dataclass(frozen=True)
class Stepped(Technical):
    """These residents are committed until their next decision."""

    tick: int
    names: tuple[Seat, ...]


# ---- thoughts


@dataclass(frozen=True)
class Asked(Secret):
    """A question is put to a resident."""

    what: Question


@dataclass(frozen=True)
class Wondered(Secret):
    """The questions of the plan system with questions."""

    words: Words


@dataclass(frozen=True)
class Considered(Secret):
    """The answers to them."""

    words: Words


@dataclass(frozen=True)
class Planned(Secret):
    """Where to go, and what for."""

    tick: int
    place: str
    purpose: Words
    recalled: tuple[int, ...]
    """The records that came to mind."""


@dataclass(frozen=True)
class Chose(Secret):
    """What a resident wants to do now; it waits for those who step together with it."""

    doing: Doing
    equipment: str = ""
    """Its kind."""
    operation: str = ""
    good: str = ""
    amount: int = 0
    """Pieces to buy; 0 for none."""
    person: str = ""
    number: int = 0
    """Of an experience."""
    topic: Words = NOTHING_SAID


@dataclass(frozen=True)
class Judged(Secret):
    """What the critic says of the plan."""

    tick: int
    verdict: Verdict


@dataclass(frozen=True)
class Experienced(Secret):
    """The plan and its acts can be done again."""


@dataclass(frozen=True)
class Noted(Secret):
    """What a resident remembers of somebody or of a place."""

    tick: int
    name: str
    person: bool
    relationship: Words
    impression: Words
    episode: Words


@dataclass(frozen=True)
class Remembered(Secret):
    """A plan is over and stands in the stream of memory."""

    tick: int
    record: RecordKind
    text: Words
    importance: int
    """1 to 10; 0 for that of its kind."""


@dataclass(frozen=True)
class Pondered(Secret):
    """The questions of a reflection."""

    first: Words
    second: Words
    third: Words


@dataclass(frozen=True)
class Concluded(Secret):
    """An insight."""

    tick: int
    text: Words
    evidence: tuple[int, ...]


@dataclass(frozen=True)
class Reflected(Secret):
    """A reflection is over."""

    tick: int


# ---- deeds


@dataclass(frozen=True)
class Walked(Deed):
    """A resident goes to a building, by the way that the map gives."""

    telling: ClassVar[str] = "{seat} goes to {place}."
    place: str


@dataclass(frozen=True)
class Used(Deed):
    """A resident goes to a piece of equipment and uses it."""

    telling: ClassVar[str] = "{seat}, at {place}: {operation}."
    place: str
    piece: str
    equipment: str
    """Its kind."""
    operation: str
    good: str
    amount: int
    takes: str
    """The good that is used up; "" for none."""
    until: int
    paid: int = 0
    """Coins, taxes among them."""


@dataclass(frozen=True)
class Finished(Deed):
    """The use is over; what it gives is there."""

    act: Act


@dataclass(frozen=True)
class Waited(Deed):
    """A resident stays where it is."""

    until: int


@dataclass(frozen=True)
class Hired(Deed):
    """A resident has taken a job where it is."""

    telling: ClassVar[str] = "{seat} works at {place} from now on."
    place: str
    until: int


@dataclass(frozen=True)
class Refused(Secret):
    """What a resident wanted cannot be; it knows why, and has lost some time."""

    tick: int
    why: str
    until: int


# ---- talks


@dataclass(frozen=True)
class TalkBegun(Deed):
    """A resident goes to somebody and begins to talk."""

    telling: ClassVar[str] = "{seat} begins to talk with {person}."
    person: Seat
    topic: Words
    until: int
    """The tick of the first line."""


@dataclass(frozen=True)
class TalkJoined(Deed):
    """A resident takes part in a talk from the next line on."""

    telling: ClassVar[str] = "{seat} joins the talk with {person}."
    person: Seat
    talk: str


@dataclass(frozen=True)
class Said(Limited):
    """A line of a talk."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    tick: int
    talk: str
    words: Words
    done: bool
    heard_by: tuple[Seat, ...]

    @property
    def audience(self) -> Collection[Seat]:
        return (self.seat, *self.heard_by, *_WATCHING)


@dataclass(frozen=True)
class Visited(Limited):
    """Somebody from outside has talked to a resident."""

    telling: ClassVar[str] = "{name}, to {resident}: {words}"
    seat: Seat
    """VISITOR, in whose name all of it was said."""
    tick: int
    resident: Seat
    player: str
    """Who it was, as the shell calls people."""
    name: Words
    words: Words
    answer: Words

    @property
    def audience(self) -> Collection[Seat]:
        return (self.resident, *_WATCHING)


@dataclass(frozen=True)
class TalkWentOn(Technical):
    """Somebody else in the talk is to speak."""

    tick: int
    talk: str


@dataclass(frozen=True)
class TalkEnded(Technical):
    """Nobody in the talk has more to say."""

    tick: int
    talk: str


TownEvent: TypeAlias = (
    Founded
    | MovedIn
    | MovedAway
    | Built
    | Wished
    | WishHeard
    | PriceSet
    | TaxSet
    | HoursSet
    | MayorAppointed
    | Governed
    | TermEnded
    | Paid
    | TimeGiven
    | Gathered
    | Stepped
    | Asked
    | Wondered
    | Considered
    | Planned
    | Chose
    | Judged
    | Experienced
    | Noted
    | Remembered
    | Pondered
    | Concluded
    | Reflected
    | Walked
    | Used
    | Finished
    | Waited
    | Hired
    | Refused
    | TalkBegun
    | TalkJoined
    | Said
    | Visited
    | TalkWentOn
    | TalkEnded
)
