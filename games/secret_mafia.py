"""Secret mafia: a town must find the mafia in its midst before it is no longer outnumbered.

By night the mafia kills, the detective (the seer of werewolf) finds out about one player and the
doctor protects one; all living players are asked at the same time, so that nobody sees who has a
task. By day the town talks on an open floor, then all vote in secret for whom to put to death.
Source: TextArena, environment SecretMafia, for the numbers of each role. There, ties are broken
at random, talk comes in three fixed rounds, and an unreadable vote kills the voter.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import lru_cache
from random import Random
from typing import ClassVar, Final

from games import secret_mafia_house as house
from games.core import (
    PASS,
    Ask,
    BadSetup,
    Board,
    Game,
    Hidden,
    Level,
    Outcome,
    Seat,
    Text,
    View,
    Words,
    listed,
)
from games.core.changing import changed
from games.secret_mafia_board import board_of
from games.secret_mafia_events import (
    Aimed,
    DayBroke,
    Ended,
    HunterCalled,
    Investigated,
    MafiaEvent,
    NightEnded,
    NightFell,
    NobodyVotedOut,
    Passed,
    Protected,
    Role,
    RoleGiven,
    Shot,
    Spoken,
    Suspected,
    Tallied,
    TownGathered,
    VoteCalled,
    Voted,
    VotedOut,
)
from games.secret_mafia_questions import TALK, asked_by_night, ballots, last_shot, night_questions

MOST_TALK: Final = 10
LAST_DAY: Final = 20
"""The day after which a mafia that still lives has won, so that every game ends."""


class Tie(StrEnum):
    """What follows when several players have the most votes."""

    REVOTE = "revote"
    NOBODY = "nobody"
    LOT = "lot"


class Stage(Enum):
    """What the town is doing."""

    NIGHT = "night"
    TALK = "talk"
    VOTE = "vote"


@dataclass(frozen=True)
class Town:
    """Who is what, who is dead, and what has been answered so far."""

    seats: tuple[Seat, ...]
    roles: Mapping[Seat, Role] = field(default_factory=dict)
    dead: tuple[Seat, ...] = ()
    day: int = 0
    stage: Stage = Stage.NIGHT
    answers: Mapping[Seat, Seat | None] = field(default_factory=dict)
    """Those of the present night or vote, still hidden; None for a pass."""
    guarded: Seat | None = None
    """Whom the doctor has protected last."""
    talked: int = 0
    """Contributions to the talk of this day."""
    silent: tuple[Seat, ...] = ()
    """Who has passed since the last words."""
    candidates: tuple[Seat, ...] = ()
    voting_again: bool = False
    shooter: Seat | None = None
    """The dead hunter who may take somebody along."""
    over: bool = False

    @property
    def living(self) -> tuple[Seat, ...]:
        """The living seats, in seat order."""
        return _living(self.seats, self.dead)

    @property
    def mafia(self) -> tuple[Seat, ...]:
        """The living mafia, in seat order."""
        return tuple([seat for seat in self.living if self.roles.get(seat) is Role.MAFIA])


@dataclass(frozen=True)
class SecretMafia(Game[Town, str | None, MafiaEvent]):
    """A few are the mafia and kill by night; by day the town votes somebody out."""

    name: ClassVar[str] = "secret-mafia"
    min_seats: ClassVar[int] = 6
    max_seats: ClassVar[int] = 15

    detective: bool = True
    """Whether one player is the detective, whom werewolf calls the seer."""
    doctor: bool = True
    """Whether one player is the doctor."""
    hunter: bool = False
    """Whether one player is the hunter, who may take somebody along when killed."""
    talk: int = 2
    """Contributions to the talk of a day for each living player on average, from 0 to 10."""
    tie: Tie = Tie.REVOTE
    """What a tied vote leads to: one more vote among the tied, nobody's death, or a lot."""
    tell_roles: bool = True
    """Whether the role of a player is told when they die."""
    roles: Hidden[tuple[Role, ...]] = None
    """The roles in seat order, instead of drawn ones."""

    def check(self) -> None:
        if not 0 <= self.talk <= MOST_TALK:
            raise BadSetup(f"The option talk needs a number from 0 to {MOST_TALK}.")

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        wanted = self._cast(len(seats))
        if self.roles is not None and Counter(self.roles) != Counter(wanted):
            raise BadSetup(
                f"The option roles needs one role for each of the {len(seats)} seats: "
                f"{listed(wanted)}, in any order."
            )

    def initial(self, seats: Sequence[Seat], /) -> Town:
        return Town(tuple(seats))

    def opening(self, town: Town, rng: Random, /) -> Sequence[MafiaEvent]:
        cast = self._cast(len(town.seats))
        drawn = self.roles or tuple(rng.sample(cast, len(cast)))
        given = dict(zip(town.seats, drawn, strict=True))
        mafia = [seat for seat, role in given.items() if role is Role.MAFIA]

        def told(seat: Seat, role: Role) -> RoleGiven:
            partners = [other for other in mafia if other != seat and role is Role.MAFIA]
            return RoleGiven(seat, role, tuple(partners))

        secrets = [told(seat, role) for seat, role in given.items()]
        return (TownGathered(town.seats, dict(Counter(cast))), *secrets, NightFell(1))

    def asks(self, town: Town, /) -> Mapping[Seat, Ask]:
        if town.over:
            return {}
        if town.shooter is not None:
            return {town.shooter: last_shot(town.living)}
        living = town.living
        if town.stage is Stage.TALK:
            return dict.fromkeys([seat for seat in living if seat not in town.silent], TALK)
        if town.stage is Stage.VOTE:
            questions = ballots(living, town.candidates)
        else:
            roles = tuple([town.roles[seat] for seat in living])
            questions = night_questions(living, roles, town.guarded)
        return {seat: ask for seat, ask in questions.items() if seat not in town.answers}

    def decide(
        self, town: Town, seat: Seat, said: str | None, rng: Random, /
    ) -> Sequence[MafiaEvent]:
        if town.shooter is not None:
            target = None if said is None else Seat(said)
            shot = Shot(seat, target, self._told(town, target))
            return (shot, *self._onward(self._after(town, shot)))
        if town.stage is Stage.TALK:
            if said is None:
                return (Passed(seat), *self._after_words(town, town.talked, len(town.silent) + 1))
            return (Spoken(seat, Words(said)), *self._after_words(town, town.talked + 1, 0))
        answer = _answer(town, seat, None if said is None else Seat(said))
        if len(town.answers) + 1 < len(town.living):
            return (answer,)
        town = self._after(town, answer)
        ends = self._counted if town.stage is Stage.VOTE else self._dawn
        return (answer, *ends(town, rng))

    def evolve(self, town: Town, event: MafiaEvent, /) -> Town:
        match event:
            case Spoken():
                return changed(town, talked=town.talked + 1, silent=())
            case Voted() | Suspected() | Aimed() | Investigated() | Protected():
                return _with_answer(town, event)
            case Passed(seat):
                return changed(town, silent=(*town.silent, seat))
            case RoleGiven(seat, role):
                return changed(town, roles={**town.roles, seat: role})
            case NightFell(day):
                return changed(town, day=day, stage=Stage.NIGHT, answers={})
            case DayBroke():
                return changed(town, stage=Stage.TALK, talked=0, silent=())
            case VoteCalled(candidates, again):
                voting = changed(town, stage=Stage.VOTE, answers={})
                return changed(voting, candidates=candidates, voting_again=again)
            case HunterCalled(seat):
                return changed(town, shooter=seat)
            case NightEnded(victim) | VotedOut(victim) | Shot(_, victim):
                dead = town.dead if victim is None else (*town.dead, victim)
                return changed(town, dead=dead, shooter=None)
            case Ended():
                return changed(town, over=True)
            case TownGathered() | Tallied() | NobodyVotedOut():
                return town

    def outcome(self, town: Town, /) -> Outcome:
        mafia_wins = bool(town.mafia)
        scores = {
            seat: float((town.roles[seat] is Role.MAFIA) is mafia_wins) for seat in town.seats
        }
        if not mafia_wins:
            return Outcome(scores, Text("Nobody of the mafia is left alive: the town wins."))
        if _outnumbered(town):
            told = "There are {count} of the mafia among the {living} living: the mafia wins."
            return Outcome(scores, Text(told, count=len(town.mafia), living=len(town.living)))
        return Outcome(
            scores, Text("{days} days are over and the mafia lives: it wins.", days=town.day)
        )

    def rules(self) -> Text:
        extras = [
            Text("The detective finds out about one player each night. ") if self.detective else "",
            Text("The doctor protects one player each night, but nobody two nights in a row. ")
            if self.doctor
            else "",
            Text("The hunter, when killed, may take one player along. ") if self.hunter else "",
        ]
        talk: Text | str = ""
        if self.talk:
            told = "the town talks, up to {count} messages per living player, and then "
            talk = Text(told, count=self.talk)
        dead = Text("Nobody learns the roles of the dead before the end.")
        if self.hunter:
            dead = Text("Nobody learns the roles of the dead but the hunter's before the end.")
        if self.tell_roles:
            dead = Text("The role of whoever dies is told.")
        return Text(
            "Secret mafia. Some players are the mafia and know each other; all others are the "
            "town. Each night all living players answer in secret at the same time: the mafia "
            "chooses whom to kill (the most named; a lot among several), and those without a task "
            "only say whom they suspect, so that nobody gives themselves away. "
            "{detective}{doctor}{hunter}Each day {talk}all living players vote in secret; whoever "
            "has the most votes dies. {tie} {dead} The town wins when the whole mafia is dead; the "
            "mafia wins when it is no longer outnumbered, or lives after day {days}.",
            detective=extras[0],
            doctor=extras[1],
            hunter=extras[2],
            talk=talk,
            tie=TIES[self.tie],
            dead=dead,
            days=LAST_DAY,
        )

    def board(self, events: Sequence[MafiaEvent], /) -> Board | None:
        return board_of(events)

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Easy knows only its role, medium weighs what happened loosely, hard closely."""
        known = house.knowledge(view, level)
        if ask == TALK:
            return house.remark(known, rng)
        targets = tuple(map(Seat, ask.choices))
        if not targets:
            return PASS
        choose = house.TASKS.get(asked_by_night(ask), house.suspect)
        return choose(known, targets, rng)

    def _cast(self, seats: int) -> tuple[Role, ...]:
        """Return the roles of a table of so many seats."""
        cast = [Role.MAFIA] * (2 if seats <= 10 else 3 if seats <= 13 else 4)
        extras = {Role.DETECTIVE: self.detective, Role.DOCTOR: self.doctor}
        cast += [role for role, wanted in (extras | {Role.HUNTER: self.hunter}).items() if wanted]
        return (*cast, *[Role.VILLAGER] * (seats - len(cast)))

    def _told(self, town: Town, dead: Seat | None) -> Role | None:
        """Return the role of the dead as everybody reads it; None where it is not told."""
        return town.roles[dead] if dead is not None and self.tell_roles else None

    def _after(self, town: Town, *events: MafiaEvent) -> Town:
        for event in events:
            town = self.evolve(town, event)
        return town

    def _dawn(self, town: Town, rng: Random) -> Sequence[MafiaEvent]:
        """Return what the answers of a night lead to."""
        aims = Counter(town.answers[seat] for seat in town.mafia)
        del aims[None]
        guarded = {town.answers[seat] for seat in town.living if town.roles[seat] is Role.DOCTOR}
        victim = _one_of(_most(aims, town.seats), rng)
        if victim in guarded:
            victim = None
        ended = NightEnded(victim, self._told(town, victim))
        return (ended, *self._after_death(self._after(town, ended), victim))

    def _counted(self, town: Town, rng: Random) -> Sequence[MafiaEvent]:
        """Return what the votes lead to."""
        votes = {seat: town.answers[seat] for seat in town.living}
        counts = Counter(votes.values())
        del counts[None]
        top = _most(counts, town.seats)
        if len(top) > 1 and self.tie is Tie.REVOTE and not town.voting_again:
            return (Tallied(votes), VoteCalled(top, again=True))
        if not top or (len(top) > 1 and self.tie is not Tie.LOT):
            return (Tallied(votes), NobodyVotedOut(), *self._onward(town))
        victim = top[0] if len(top) == 1 else rng.choice(top)
        out = VotedOut(victim, self._told(town, victim), by_lot=len(top) > 1)
        return (Tallied(votes), out, *self._after_death(self._after(town, out), victim))

    def _after_words(self, town: Town, talked: int, silent: int) -> Sequence[MafiaEvent]:
        """Return the call to vote once everybody is silent or enough has been said."""
        living = town.living
        if talked >= self.talk * len(living) or silent == len(living):
            return (VoteCalled(living, again=False),)
        return ()

    def _after_death(self, town: Town, victim: Seat | None) -> Sequence[MafiaEvent]:
        if victim is not None and town.roles[victim] is Role.HUNTER:
            return (HunterCalled(victim),)
        return self._onward(town)

    def _onward(self, town: Town) -> Sequence[MafiaEvent]:
        """Return what comes after a night or a vote: the end, a day, or a night."""
        by_day = town.stage is Stage.VOTE
        if not town.mafia or _outnumbered(town) or (by_day and town.day == LAST_DAY):
            return (Ended(town.roles),)
        if by_day:
            return (NightFell(town.day + 1),)
        return (DayBroke(town.day), *self._after_words(town, 0, 0))


TIES: Final = {
    Tie.REVOTE: Text("After a tie all vote once more among the tied; a second tie kills nobody."),
    Tie.NOBODY: Text("A tie kills nobody."),
    Tie.LOT: Text("A tie is decided by lot."),
}


@lru_cache(maxsize=1024)
def _living(seats: tuple[Seat, ...], dead: tuple[Seat, ...]) -> tuple[Seat, ...]:
    return tuple(seat for seat in seats if seat not in dead)


def _answer(town: Town, seat: Seat, target: Seat | None) -> MafiaEvent:
    """Return the event of one answer in a vote or a night, hidden from all who may not know."""
    if town.stage is Stage.VOTE:
        return Voted(seat, target)
    match town.roles[seat]:
        case Role.MAFIA:
            return Aimed(seat, target, town.mafia)
        case Role.DETECTIVE:
            return Investigated(seat, target, guilty=target in town.mafia)
        case Role.DOCTOR:
            return Protected(seat, target)
        case _:
            return Suspected(seat, target)


def _with_answer(town: Town, event: Aimed | Suspected | Investigated | Protected | Voted) -> Town:
    guarded = event.target if isinstance(event, Protected) else town.guarded
    return changed(town, answers={**town.answers, event.seat: event.target}, guarded=guarded)


def _outnumbered(town: Town) -> bool:
    """Return whether the town no longer outnumbers the mafia."""
    return 2 * len(town.mafia) >= len(town.living)


def _most(counts: Mapping[Seat | None, int], seats: Sequence[Seat]) -> tuple[Seat, ...]:
    """Return who is named most often, in seat order; nobody where nobody is named."""
    most = max(counts.values(), default=0)
    return tuple([seat for seat in seats if most and counts.get(seat) == most])


def _one_of(seats: Sequence[Seat], rng: Random) -> Seat | None:
    if len(seats) > 1:
        return rng.choice(seats)
    return seats[0] if seats else None
