"""How a game from a file stands, and what each event makes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from games.core import Seat, Words
from games.recipes.events import (
    Answered,
    Begun,
    Drawn,
    Ended,
    LeftOut,
    Picks,
    RecipeEvent,
    RoleGiven,
    RoleShown,
    Said,
    Scored,
)
from games.recipes.recipe import MODERATOR


@dataclass(frozen=True)
class Reply:
    """What a seat has answered."""

    words: Words
    picks: Picks


@dataclass(frozen=True)
class Play:
    """Where the game has come to, and all that was dealt, said and won."""

    seats: Sequence[Seat]
    roles: Mapping[Seat, str] = field(default_factory=dict)
    drawn: Mapping[str, Mapping[Seat, int]] = field(default_factory=dict)
    """The rows of each draw, by seat."""
    used: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Rows that have been drawn since the list was last exhausted."""
    phase: int = -1
    """-1 before the first one."""
    round: int = 1
    """How often the loop has been entered in which the phase stands; 1 outside."""
    replies: Mapping[int, Mapping[Seat, Reply]] = field(default_factory=dict)
    """The last answers in each phase, by the seat that gave them or was judged by them."""
    points: Mapping[Seat, float] = field(default_factory=dict)
    over: bool = False

    @property
    def leader(self) -> Seat:
        """The seat whose round it is."""
        return self.seats[(self.round - 1) % len(self.seats)]

    def named(self, who: str) -> Sequence[Seat]:
        """Return the seats that a word or a role means; another one begins each round."""
        first = self.seats.index(self.leader)
        seats = (*self.seats[first:], *self.seats[:first])
        match who:
            case "everyone":
                return seats
            case "leader":
                return seats[:1]
            case "others":
                return seats[1:]
            case "moderator":
                return (MODERATOR,)
        return self.holders(who)

    def holders(self, role: str) -> Sequence[Seat]:
        """Return the seats of a role."""
        return tuple(seat for seat in self.seats if self.roles.get(seat) == role)


def evolved(play: Play, event: RecipeEvent) -> Play:
    """Return how the game stands after an event."""
    match event:
        case RoleGiven(seat, role) | RoleShown(seat, role):
            return replace(play, roles={**play.roles, seat: role})
        case Drawn(draw, rows):
            before = play.used.get(draw, ())
            again = any(row in before for row in rows.values())
            used = tuple(rows.values()) if again else (*before, *rows.values())
            drawn = {**play.drawn, draw: rows}
            return replace(play, drawn=drawn, used={**play.used, draw: used})
        case Begun(phase, number):
            replies = {**play.replies, phase: {}}
            return replace(play, phase=phase, round=number, replies=replies)
        case LeftOut(phase):
            return replace(play, replies={**play.replies, phase: {}})
        case Answered(seat, words, picks) | Said(seat, words, picks):
            return _with_reply(play, seat, Reply(words, picks))
        case Scored(gains):
            points = {seat: play.points.get(seat, 0) + gains.get(seat, 0) for seat in play.seats}
            return replace(play, points=points)
        case Ended():
            return replace(play, over=True)
        case _:
            return play


def _with_reply(play: Play, seat: Seat, reply: Reply) -> Play:
    replies = {**play.replies.get(play.phase, {}), reply.picks.about or seat: reply}
    return replace(play, replies={**play.replies, play.phase: replies})
