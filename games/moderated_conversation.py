"""Moderated conversation: a game made of a description alone, judged by the seat "moderator".

The players answer in turn, or all at once and in secret; after each turn or round the moderator
fills in a form: a note, whether the game is over, and who has won. The form's "over" takes yes or
no and nothing else, and the rules, not the moderator's prose, end the game and keep the score.
Source: ChatArena, environment moderated_conversation (which records no winner and reads any reply
that begins like a yes as the end).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import Any, ClassVar, Final

from games.core import (
    PASS,
    Answer,
    Ask,
    BadSetup,
    Event,
    Game,
    Hidden,
    Level,
    Outcome,
    Public,
    Seat,
    Secret,
    Text,
    View,
    Words,
    quoted,
)
from games.core.ask import SMALL_TALK

MODERATOR: Final = Seat("moderator")
ENDING: Final = "The players have reached the end of the game."
"""What the moderator looks for where nothing else is said."""
LONGEST = 1500
"""Characters in one contribution or note."""
MOST_ROUNDS = 1000


class YesNo(StrEnum):
    """Whether something is so."""

    YES = "yes"
    NO = "no"


class NoWinner(StrEnum):
    """What stands in the place of a winner."""

    NOBODY = "nobody"


NOBODY: Final = NoWinner.NOBODY


class Period(StrEnum):
    """When the moderator judges."""

    TURN = "turn"
    ROUND = "round"


class Audience(StrEnum):
    """Who reads the moderator's notes."""

    ALL = "all"
    MODERATOR = "moderator"


@dataclass(frozen=True)
class RoleGiven(Event):
    """A seat has been told its role; others know of it only when roles are shown."""

    telling: ClassVar[str] = "The role of {seat}: {role}"
    seat: Seat
    role: str
    shown: bool

    def seen_by(self, viewer: Seat) -> bool:
        return self.shown or viewer in (self.seat, MODERATOR)


@dataclass(frozen=True)
class Briefed(Secret):
    """The moderator has been told how to judge."""

    telling: ClassVar[str] = "{briefing}"
    briefing: str


@dataclass(frozen=True)
class Answered(Secret):
    """A seat has answered in a simultaneous round; no other seat may know what."""

    telling: ClassVar[str] = "You say: {words}"
    words: Words

    def told(self) -> Text:
        return super().told() if self.words else Text("You have answered.")


@dataclass(frozen=True)
class HeldBack(Secret):
    """A seat has passed in a simultaneous round; no other seat may know."""

    telling: ClassVar[str] = "You say nothing."


@dataclass(frozen=True)
class Said(Public):
    """What a seat says is on the table."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Passed(Public):
    """A seat has said nothing."""

    telling: ClassVar[str] = "{seat} says nothing."
    seat: Seat


@dataclass(frozen=True)
class Judged(Event):
    """The moderator has judged; `shown` says whether everybody may read it."""

    telling: ClassVar[str] = "{moderator}: {note}"
    note: Words
    over: bool
    winner: Seat | None
    shown: bool

    def seen_by(self, viewer: Seat) -> bool:
        return self.shown or viewer == MODERATOR

    def told(self) -> Text:
        return Text(self.telling if self.note else "", moderator=MODERATOR, note=self.note)


@dataclass(frozen=True)
class Ended(Public):
    """The game is over, with the winner on record."""

    winner: Seat | None
    rounds: int

    def told(self) -> Text:
        if self.winner is None:
            return Text("The game is over in round {round}: nobody wins.", round=self.rounds)
        values: dict[str, Any] = {"round": self.rounds, "seat": self.winner}
        return Text("The game is over in round {round}: {seat} wins.", **values)


@dataclass(frozen=True)
class Bout:
    """Whose turn it is; only an unfinished simultaneous round holds words."""

    seats: Sequence[Seat]
    round: int = 1
    turns: int = 0
    """Seats that have spoken in this round."""
    hidden: Mapping[Seat, Words | None] = field(default_factory=dict)
    """Answers of a simultaneous round, before they are shown; None for a pass."""
    judging: bool = False
    over: bool = False
    winner: Seat | None = None


BoutEvent = RoleGiven | Briefed | Answered | HeldBack | Said | Passed | Judged | Ended


DEBATE: Final = (
    "A debate. The question is: which invention has changed daily life the most? Each player "
    "argues for one, in a sentence or two a turn, and answers the others. The moderator keeps "
    "order, and in the end names whoever was most convincing."
)


@dataclass(frozen=True)
class ModeratedConversation(Game[Bout, Answer, BoutEvent]):
    """The players follow a description of the game, and a moderator judges them."""

    name: ClassVar[str] = "moderated-conversation"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 20
    environment: ClassVar[Sequence[Seat]] = (MODERATOR,)

    description: str = DEBATE
    """What is played, as all players are told."""
    roles: Hidden[str] = None
    """Roles, one line "Name: role" for each; several lines with one name make one role."""
    shown_roles: bool = False
    """Whether everybody may read the roles; otherwise a role is its own seat's secret."""
    briefing: Hidden[str] = None
    """How the moderator is to judge; nobody else reads it."""
    ending: Hidden[str] = None
    """The condition under which the moderator ends the game; nobody else reads it."""
    simultaneous: bool = False
    """Whether all answer in secret, and the answers of a round are shown together."""
    period: Period = Period.ROUND
    """Whether the moderator judges after each turn or after each round."""
    verdicts: Audience = Audience.ALL
    """Who reads the moderator's notes: all, or only the moderator."""
    max_rounds: int = 10
    """Rounds after which the game is over in any case, from 1 to 1000."""

    def check(self) -> None:
        if not 1 <= self.max_rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option max_rounds needs a number from 1 to {MOST_ROUNDS}.")
        if self.simultaneous and self.period is Period.TURN:
            raise BadSetup("A simultaneous round has no turns to judge; set period to round.")

    def check_seats(self, seats: Sequence[Seat]) -> None:
        super().check_seats(seats)
        for seat in seats:
            if seat.casefold() == NOBODY:
                raise BadSetup(f"The name {seat!r} stands for no winner; choose another.")
        roles_by_seat(self.roles or "", seats)

    def initial(self, seats: Sequence[Seat], /) -> Bout:
        return Bout(tuple(seats))

    def opening(self, bout: Bout, rng: Random, /) -> Sequence[BoutEvent]:
        roles = roles_by_seat(self.roles or "", bout.seats).items()
        given = [RoleGiven(seat, role, self.shown_roles) for seat, role in roles]
        return (*given, Briefed(MODERATOR, self.briefing)) if self.briefing else given

    def asks(self, bout: Bout, /) -> Mapping[Seat, Ask]:
        if bout.over:
            return {}
        if bout.judging:
            return {MODERATOR: self._form(bout)}
        ask = Ask(
            Text("Round {round}: what do you say?", round=bout.round),
            max_length=LONGEST,
            optional=True,
            default=PASS,
        )
        if self.simultaneous:
            return {seat: ask for seat in bout.seats if seat not in bout.hidden}
        return {bout.seats[bout.turns]: ask}

    def decide(self, bout: Bout, seat: Seat, answer: Answer, rng: Random, /) -> Sequence[BoutEvent]:
        if isinstance(answer, Mapping):
            return self._judge(bout, answer)
        words = None if answer is None else Words(answer)
        if not self.simultaneous:
            return (_spoken(seat, words),)
        secret = HeldBack(seat) if words is None else Answered(seat, words)
        answers = {**bout.hidden, seat: words}
        if len(answers) < len(bout.seats):
            return (secret,)
        return (secret, *(_spoken(one, answers[one]) for one in bout.seats))

    def evolve(self, bout: Bout, event: BoutEvent, /) -> Bout:
        match event:
            case Answered(seat, words):
                return replace(bout, hidden={**bout.hidden, seat: words})
            case HeldBack(seat):
                return replace(bout, hidden={**bout.hidden, seat: None})
            case Said() | Passed():
                turns = bout.turns + 1
                judging = self.period is Period.TURN or turns == len(bout.seats)
                return replace(bout, turns=turns, hidden={}, judging=judging)
            case Judged():
                bout = replace(bout, judging=False)
                if bout.turns < len(bout.seats):
                    return bout
                return replace(bout, turns=0, round=bout.round + 1)
            case Ended(winner, rounds):
                return replace(bout, round=rounds, over=True, winner=winner)
            case RoleGiven() | Briefed():
                return bout

    def outcome(self, bout: Bout, /) -> Outcome:
        scores = {seat: float(seat == bout.winner) for seat in bout.seats}
        return Outcome(scores, Ended(bout.winner, bout.round).told())

    def rules(self) -> Text:
        how = Text("All answer in secret, and the answers of a round are shown together.")
        if not self.simultaneous:
            how = Text("The players speak in turn.")
        judged = Text("The moderator judges after each round, ends the game, and names the winner.")
        if self.period is Period.TURN:
            judged = Text(
                "The moderator judges after each turn, ends the game, and names the winner."
            )
        return Text(
            "{description}\n{how} {judged} After round {last} the game is over in any case.",
            description=self._description(),
            how=how,
            judged=judged,
            last=self.max_rounds,
        )

    def _description(self) -> Text | str:
        """Return what is played; a text of our own can be translated."""
        if self.description == DEBATE:
            return Text(DEBATE)
        return self.description or Text("A conversation with a moderator.")

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Make small talk; as the moderator, let the game run to its last round and name nobody."""
        return str(ask.default) if view.seat == MODERATOR else rng.choice(SMALL_TALK)

    def _form(self, bout: Bout) -> Ask:
        """Return the form that the moderator fills in."""
        prompt = Text("Judge round {round}.", round=bout.round)
        if self._is_last(bout):
            prompt = Text("Judge round {round}; it is the last one.", round=bout.round)
        return Ask(
            prompt,
            fields={
                "note": Ask("What do you tell the players?", max_length=LONGEST, optional=True),
                "over": Ask(
                    Text(
                        "Is the game over? It is when: {ending}",
                        ending=self.ending or Text(ENDING),
                    ),
                    choices=tuple(YesNo),
                ),
                "winner": Ask(
                    "If the game is over, who has won?",
                    choices=(*bout.seats, NOBODY),
                    optional=True,
                ),
            },
            default="over: no",
        )

    def _judge(self, bout: Bout, form: Mapping[str, Answer]) -> Sequence[BoutEvent]:
        """Return a verdict, and the end where it or the last round brings it.

        A winner named while the game goes on does not count: the form asks for one at the end.
        """
        over = form["over"] == YesNo.YES
        named = form["winner"]
        ends = over or self._is_last(bout)
        winner = Seat(named) if ends and named not in (None, NOBODY) else None
        shown = self.verdicts is Audience.ALL
        judged = Judged(Words(form["note"] or ""), over, winner, shown)
        return (judged, Ended(winner, bout.round)) if ends else (judged,)

    def _is_last(self, bout: Bout) -> bool:
        """Return whether no turn can follow the verdict that is due."""
        return bout.round == self.max_rounds and bout.turns == len(bout.seats)


def roles_by_seat(lines: str, seats: Sequence[Seat]) -> Mapping[Seat, str]:
    """Return the roles in "Name: role" lines.  Raises BadSetup for a line without a seat."""
    roles: dict[Seat, str] = {}
    for line in filter(str.strip, lines.splitlines()):
        owners = [seat for seat in seats if line.strip().startswith(f"{seat}:")]
        if not owners:
            raise BadSetup(
                f"Each line of the roles begins with a seat and a colon, not like {quoted(line)}."
            )
        seat = max(owners, key=len)  # one seat may be named "Dr", and another "Dr: Who"
        role = line.strip()[len(seat) + 1 :].strip()
        roles[seat] = f"{roles[seat]}\n{role}" if seat in roles else role
    return roles


def _spoken(seat: Seat, words: Words | None) -> Said | Passed:
    return Passed(seat) if words is None else Said(seat, words)
