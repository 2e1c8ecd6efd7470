"""How the house bots of secret mafia talk, suspect, kill and protect."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from games.core import PASS, Level, Seat, View
from games.core.reading import named
from games.secret_mafia_events import (
    Aimed,
    DayBroke,
    Ended,
    Investigated,
    NightEnded,
    Passed,
    Role,
    RoleGiven,
    Shot,
    Spoken,
    Tallied,
    TownGathered,
    VotedOut,
)

DOUBT: Final = {Level.EASY: 1000.0, Level.MEDIUM: 12.0, Level.HARD: 0.5}
"""How much chance is mixed into a suspicion, in the units of `suspicions`."""
SURE: Final = 100.0
CLAIM: Final = "I am the detective, and {seat} is in the mafia."
CLEARING: Final = "I am the detective, and {seat} is not in the mafia."
SUSPICION: Final = "I suspect {seat}."
SMALL_TALK: Final = ("I have no idea yet.", "I slept badly.", "Who could it be?", "Not me.")


@dataclass(frozen=True)
class Claim:
    """A seat has said that it is the detective, and what it has found out about another."""

    seat: Seat
    about: Seat
    guilty: bool


@dataclass
class Knowledge:
    """What a house bot knows when it is asked; it is all in its seat's view."""

    seat: Seat
    level: Level
    seats: tuple[Seat, ...] = ()
    role: Role = Role.VILLAGER
    found: dict[Seat, bool] = field(default_factory=dict)
    """Whether a seat is in the mafia, as far as it is certain."""
    roles: dict[Seat, Role] = field(default_factory=dict)
    """The roles of the dead, where they were told."""
    dead: set[Seat] = field(default_factory=set)
    claims: list[Claim] = field(default_factory=list)
    votes: list[Mapping[Seat, Seat | None]] = field(default_factory=list)
    spoke: bool = False
    """Whether the seat has spoken or passed on this day."""
    aimed: list[Seat] = field(default_factory=list)
    """At whom partners aim since the last day."""

    def is_mafia(self, seat: Seat) -> bool:
        """Return whether a seat is certainly in the mafia."""
        return self.found.get(seat, False)

    def take(self, event: object) -> None:
        """Learn from one event."""
        match event:
            case TownGathered(seats):
                self.seats = seats
            case RoleGiven(seat, role, partners):
                self.role = role
                mine = role is Role.MAFIA
                self.found |= dict.fromkeys((seat, *partners), mine)
            case Investigated(_, Seat() as target, guilty):
                self.found[target] = guilty
            case Aimed(seat, Seat() as target) if seat != self.seat:
                self.aimed.append(target)
            case NightEnded(Seat() as seat, role) | VotedOut(seat, role):
                self._bury(seat, role)
            case Shot(_, Seat() as seat, role):
                self._bury(seat, role)
            case DayBroke():
                self.spoke, self.aimed = False, []
            case Passed(seat) if seat == self.seat:
                self.spoke = True
            case Spoken(seat, words):
                self.spoke |= seat == self.seat
                self._hear(seat, words)
            case Tallied(votes):
                self.votes.append(votes)
            case Ended(roles):
                self.roles |= roles

    def _bury(self, seat: Seat, role: Role | None) -> None:
        self.dead.add(seat)
        if role is not None:
            self.roles[seat] = role
            self.found[seat] = role is Role.MAFIA

    def _hear(self, seat: Seat, words: str) -> None:
        """Note a claim; what has been forgotten or says anything else is passed over."""
        about = named(words, tuple(other for other in self.seats if other != seat))
        said = words.casefold()
        if len(about) == 1 and "i am the detective" in said and "in the mafia" in said:
            claim = Claim(seat, Seat(about[0]), guilty="not in the mafia" not in said)
            if claim not in self.claims:
                self.claims.append(claim)


def knowledge(view: View, level: Level) -> Knowledge:
    """Return what a view tells a house bot."""
    known = Knowledge(view.seat, level)
    for event in view.events:
        known.take(event)
    return known


def remark(known: Knowledge, rng: Random) -> str:
    """Return what a bot says to the town, once a day; then it leaves the floor to others.

    A detective tells whom it has found out; one of the mafia who is accused claims the same of
    who accuses it.
    """
    if known.spoke:
        return PASS
    if known.level is Level.EASY:
        return rng.choice((*SMALL_TALK, PASS))
    if accused := _to_accuse(known):
        return CLAIM.format(seat=accused)
    if known.role is Role.DETECTIVE and (cleared := _to_clear(known)):
        return CLEARING.format(seat=cleared)
    living = tuple(s for s in known.seats if s not in known.dead and s != known.seat)
    doubts = suspicions(known)
    worst = max(living, key=lambda seat: (doubts[seat], rng.random()))
    if doubts[worst] > 0 and rng.random() < 0.5:
        return SUSPICION.format(seat=worst)
    return PASS


def suspect(known: Knowledge, targets: Sequence[Seat], rng: Random) -> Seat:
    """Return whom a bot votes for, or takes along: for one of the mafia, never a partner."""
    doubts = suspicions(known)
    blur = DOUBT[known.level]
    sign = -1 if known.role is Role.MAFIA else 1

    def worth(seat: Seat) -> float:
        certain = sign * SURE * known.is_mafia(seat) * (10 if known.level is Level.EASY else 1)
        return doubts[seat] + certain + blur * rng.random()

    return max(targets, key=worth)


def victim(known: Knowledge, targets: Sequence[Seat], rng: Random) -> Seat:
    """Return whom the mafia kills: as a partner does, else who claims to be the detective."""
    if known.level is Level.EASY:
        return rng.choice(targets)
    if agreed := [seat for seat in known.aimed if seat in targets]:
        return agreed[0]
    if claiming := [claim.seat for claim in known.claims if claim.seat in targets]:
        return claiming[-1]
    useful = Counter(voter for votes in known.votes for voter in _good_votes(known, votes))
    blur = DOUBT[known.level]
    return max(targets, key=lambda seat: useful[seat] + blur * rng.random())


def investigated(known: Knowledge, targets: Sequence[Seat], rng: Random) -> Seat:
    """Return whom the detective looks at: first those it knows nothing about."""
    unknown = [seat for seat in targets if seat not in known.found] or targets
    if known.level is Level.EASY:
        return rng.choice(targets)
    return suspect(known, unknown, rng)


def protected(known: Knowledge, targets: Sequence[Seat], rng: Random) -> Seat:
    """Return whom the doctor protects: the detective, where one has come forward."""
    if known.level is Level.EASY:
        return rng.choice(targets)
    doubts = suspicions(known)
    trusted = [claim.seat for claim in known.claims if claim.seat in targets]
    blur = DOUBT[known.level]
    return min(targets, key=lambda seat: doubts[seat] - 5 * (seat in trusted) + blur * rng.random())


TASKS: Final[Mapping[Role | None, Callable[[Knowledge, Sequence[Seat], Random], Seat]]] = {
    Role.MAFIA: victim,
    Role.DETECTIVE: investigated,
    Role.DOCTOR: protected,
}
"""How a target is chosen by night, by role; whoever has no task says whom it suspects."""


def suspicions(known: Knowledge) -> dict[Seat, float]:
    """Return for each seat how much speaks against it, as the town sees it.

    Claims weigh most, those of two who contradict each other half; then how one has voted on
    those whose role is known by now.
    """
    doubts = dict.fromkeys(known.seats, 0.0)
    claiming = {claim.seat for claim in known.claims if not _is_false(known, claim)}
    for claim in known.claims:
        sign = 1 if claim.guilty else -1
        if _is_false(known, claim):
            doubts[claim.seat] += 20
        elif known.roles.get(claim.seat) is Role.DETECTIVE:
            doubts[claim.about] += 60 * sign
        else:
            doubts[claim.about] += 20 * sign / len(claiming)
            doubts[claim.seat] -= 20 / len(claiming) - 10 * (len(claiming) > 1)
    for votes in known.votes:
        for voter in votes:
            doubts[voter] += 0.5
        for voter in _good_votes(known, votes):
            doubts[voter] -= 2
    if known.role is not Role.MAFIA:
        for seat, mafia in known.found.items():
            doubts[seat] = SURE if mafia else -SURE
    return doubts


def _good_votes(known: Knowledge, votes: Mapping[Seat, Seat | None]) -> list[Seat]:
    """Return who has voted for a seat that certainly is in the mafia."""
    return [voter for voter, seat in votes.items() if seat is not None and known.is_mafia(seat)]


def _is_false(known: Knowledge, claim: Claim) -> bool:
    """Return whether a claim is known to be a lie."""
    real = known.roles.get(claim.seat, Role.DETECTIVE)
    mine = known.role is Role.DETECTIVE and claim.seat != known.seat
    return (
        mine
        or real is not Role.DETECTIVE
        or known.found.get(claim.about, claim.guilty) is not claim.guilty
    )


def _to_accuse(known: Knowledge) -> Seat | None:
    """Return whom a bot says it has found out as the detective."""
    if known.role is Role.DETECTIVE:
        guilty = [s for s, mafia in known.found.items() if mafia and s not in known.dead]
        return guilty[0] if guilty else None
    against = [
        c.seat
        for c in known.claims
        if c.guilty and c.about == known.seat and c.seat not in known.dead
    ]
    liar = known.role is Role.MAFIA and known.level is Level.HARD
    return against[0] if liar and against else None


def _to_clear(known: Knowledge) -> Seat | None:
    """Return whom a detective says to be harmless: the last one found so, and still alive."""
    cleared = [s for s, mafia in known.found.items() if not (mafia or s in known.dead)]
    others = [seat for seat in cleared if seat != known.seat]
    told = {claim.about for claim in known.claims if claim.seat == known.seat}
    fresh = [seat for seat in others if seat not in told]
    return fresh[-1] if fresh else None
