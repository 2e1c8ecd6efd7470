"""What can happen in a game of secret mafia, who may know of it, and how it is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from games.core import Public, Seat, Secret, Text, Words


class Role(StrEnum):
    """What a seat is."""

    MAFIA = "mafia"
    DETECTIVE = "detective"
    DOCTOR = "doctor"
    HUNTER = "hunter"
    VILLAGER = "villager"


@dataclass(frozen=True)
class TownGathered(Public):
    """Everybody knows who plays and how many have each role."""

    telling: ClassVar[str] = "{seats} live in town. How many there are of each role: {counts}."
    seats: tuple[Seat, ...]
    counts: Mapping[Role, int]


@dataclass(frozen=True)
class RoleGiven(Secret):
    """A seat has been told its role, and one of the mafia its partners."""

    role: Role
    partners: tuple[Seat, ...] = ()

    def told(self) -> Text:
        match self.role:
            case Role.MAFIA if self.partners:
                told = "You are in the mafia, together with {partners}. You kill by night."
                return Text(told, partners=self.partners)
            case Role.MAFIA:
                return Text("You are the whole mafia. You kill by night.")
            case Role.DETECTIVE:
                return Text(
                    "You are the detective. Each night you find out about one player whether "
                    "they are in the mafia."
                )
            case Role.DOCTOR:
                return Text(
                    "You are the doctor. Each night you protect one player, but nobody two "
                    "nights in a row."
                )
            case Role.HUNTER:
                return Text("You are the hunter. When you die you may take one player along.")
            case Role.VILLAGER:
                return Text("You are a villager. Talk and vote are your weapons.")


@dataclass(frozen=True)
class NightFell(Public):
    """A night has begun."""

    telling: ClassVar[str] = "Night {day} falls. All living players now answer in secret."
    day: int


@dataclass(frozen=True)
class Aimed(Public):
    """One of the mafia has chosen a victim; the living mafia sees it at once."""

    seat: Seat
    target: Seat | None
    mafia: tuple[Seat, ...]

    def seen_by(self, viewer: Seat) -> bool:
        return viewer in self.mafia

    def told(self) -> Text:
        if self.target is None:
            return Text("For the mafia, {seat} aims at nobody.", seat=self.seat)
        return Text("For the mafia, {seat} aims at {target}.", seat=self.seat, target=self.target)


@dataclass(frozen=True)
class Investigated(Secret):
    """The detective has found out about a player."""

    target: Seat | None
    guilty: bool

    def told(self) -> Text:
        if self.target is None:
            return Text("You find out nothing this night.")
        told = "You find out that {target} is not in the mafia."
        if self.guilty:
            told = "You find out that {target} is in the mafia."
        return Text(told, target=self.target)


@dataclass(frozen=True)
class Protected(Secret):
    """The doctor watches over a player this night."""

    target: Seat | None

    def told(self) -> Text:
        if self.target is None:
            return Text("You protect nobody this night.")
        return Text("You protect {target} this night.", target=self.target)


@dataclass(frozen=True)
class Suspected(Secret):
    """A seat without a task at night has answered as well; nothing follows from it."""

    target: Seat | None

    def told(self) -> Text:
        if self.target is None:
            return Text("You sleep and suspect nobody.")
        return Text("You sleep and suspect {target}.", target=self.target)


@dataclass(frozen=True)
class NightEnded(Public):
    """It is told who has died in the night; the role only where roles are told."""

    victim: Seat | None
    role: Role | None

    def told(self) -> Text:
        if self.victim is None:
            return Text("The night is over, and everybody is still alive.")
        if self.role is None:
            return Text("The night is over. {seat} has been killed.", seat=self.victim)
        told = "The night is over. {seat} has been killed; role: {role}."
        return Text(told, seat=self.victim, role=self.role)


@dataclass(frozen=True)
class DayBroke(Public):
    """A day has begun."""

    telling: ClassVar[str] = "Day {day} begins."
    day: int


@dataclass(frozen=True)
class Spoken(Public):
    """A seat has said something to the town."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Passed(Public):
    """A seat has nothing to say for now; with fifteen at the table, telling it would be noise."""

    seat: Seat

    def told(self) -> Text:
        return Text("")


@dataclass(frozen=True)
class VoteCalled(Public):
    """The talk is over, or the vote was tied, and everybody votes."""

    candidates: tuple[Seat, ...]
    again: bool

    def told(self) -> Text:
        if self.again:
            told = "{seats} are tied: all vote once more, for one of them."
            return Text(told, seats=self.candidates)
        return Text("All living players now vote in secret.")


@dataclass(frozen=True)
class Voted(Secret):
    """A seat has voted; nobody else may know for whom until all have."""

    target: Seat | None

    def told(self) -> Text:
        if self.target is None:
            return Text("You vote for nobody.")
        return Text("You vote for {accused}.", accused=self.target)


@dataclass(frozen=True)
class Tallied(Public):
    """All votes are in and on the table."""

    votes: Mapping[Seat, Seat | None]
    """Who voted for whom, in seat order; None for nobody."""

    def told(self) -> Text:
        counts = []
        for target in dict.fromkeys(self.votes.values()):
            voters = [voter for voter, choice in self.votes.items() if choice == target]
            told = "{count} for {accused} (from {voters})"
            if target is None:
                told = "{count} for nobody (from {voters})"
            counts.append(Text(told, count=len(voters), accused=target, voters=voters))
        return Text("The votes are in: {counts}.", counts=counts)


@dataclass(frozen=True)
class VotedOut(Public):
    """The town has put a player to death; `by_lot` among those who were tied."""

    seat: Seat
    role: Role | None
    by_lot: bool

    def told(self) -> Text:
        lot: Text | str = Text("The lot decides. ") if self.by_lot else ""
        if self.role is None:
            return Text("{lot}{seat} is voted out.", lot=lot, seat=self.seat)
        told = "{lot}{seat} is voted out; role: {role}."
        return Text(told, lot=lot, seat=self.seat, role=self.role)


@dataclass(frozen=True)
class NobodyVotedOut(Public):
    """The vote has hit nobody."""

    telling: ClassVar[str] = "Nobody is voted out."


@dataclass(frozen=True)
class HunterCalled(Public):
    """The hunter is dead and has one shot."""

    telling: ClassVar[str] = "{seat} was the hunter, and may take one player along."
    seat: Seat


@dataclass(frozen=True)
class Shot(Public):
    """The hunter has taken a player along, or nobody."""

    seat: Seat
    target: Seat | None
    role: Role | None

    def told(self) -> Text:
        if self.target is None:
            return Text("{seat} takes nobody along.", seat=self.seat)
        if self.role is None:
            return Text("{seat} takes {target} along.", seat=self.seat, target=self.target)
        told = "{seat} takes {target} along; role: {role}."
        return Text(told, seat=self.seat, target=self.target, role=self.role)


@dataclass(frozen=True)
class Ended(Public):
    """The game is over, and every role is on the table."""

    telling: ClassVar[str] = "The game is over. The roles were: {roles}."
    roles: Mapping[Seat, Role]


MafiaEvent = (
    TownGathered
    | RoleGiven
    | NightFell
    | Aimed
    | Investigated
    | Protected
    | Suspected
    | NightEnded
    | DayBroke
    | Spoken
    | Passed
    | VoteCalled
    | Voted
    | Tallied
    | VotedOut
    | NobodyVotedOut
    | HunterCalled
    | Shot
    | Ended
)
