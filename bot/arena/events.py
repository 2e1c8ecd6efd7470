"""The table's own events: who sits where, and what the table did; kept in the same journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final

from games.core import Event, Game, Level, Public, Seat, Text, Words
from games.core.codec import Codec, codec_for, codec_of

_FILLER: Final = "filler:"


def as_filler(player: str) -> str:
    """Return the player spec of somebody who only makes up the number, and is not rated."""
    return f"{_FILLER}{player}"


def is_filler(player: str) -> bool:
    """Return whether a player spec names somebody who only makes up the number."""
    return player.startswith(_FILLER)


def who_plays(player: str) -> str:
    """Return a player spec without the mark of a filler."""
    return player.removeprefix(_FILLER)


def is_person(player: str) -> bool:
    """Return whether a player spec names a person, who is told things and may take time."""
    return player.partition(":")[0] in {"me", "person"}


def is_elsewhere(player: str) -> bool:
    """Return whether a player spec names a person who must be called when it is their turn."""
    return player.startswith("person:")


def words_in(event: Event) -> bool:
    """Return whether an event holds something that somebody said."""
    return any(isinstance(value, Words) for value in vars(event).values())


def player_name(player: str) -> Text:
    """Return how people read a player spec: "house:hard" is a house bot (hard)."""
    kind, _, detail = who_plays(player).partition(":")
    match kind:
        case "house":
            return Text("a house bot ({level})", level=Text(detail or Level.MEDIUM))
        case "model":
            return Text("the model {name}", name=detail)
        case "character":
            return Text("the character {name}", name=detail.partition(":")[0])
        case "script":
            return Text("a script")
        case "referee":
            return Text("the game itself")
    return Text("a person")


@dataclass(frozen=True)
class Seated(Public):
    """A seat is filled for the first time."""

    kind: ClassVar[str] = "table-seated"
    telling: ClassVar[str] = "{seat} is {player}."
    seat: Seat
    player: str

    def told(self) -> Text:
        return Text(self.telling, seat=self.seat, player=player_name(self.player))


@dataclass(frozen=True)
class HandedOver(Public):
    """Somebody else fills the seat from now on."""

    kind: ClassVar[str] = "table-handed-over"
    telling: ClassVar[str] = "{reason} {seat} is played by {player} from now on."
    seat: Seat
    player: str
    reason: Text
    for_good: bool = False
    """Whether the one before cannot take it back."""

    def told(self) -> Text:
        player = player_name(self.player)
        return Text(self.telling, seat=self.seat, player=player, reason=self.reason)


@dataclass(frozen=True)
class Substituted(Public):
    """The table gave this answer in place of the seat's own player."""

    kind: ClassVar[str] = "table-substituted"
    telling: ClassVar[str] = "{reason} The table answers for {seat}."
    seat: Seat
    reason: Text


@dataclass(frozen=True)
class Remarked(Public):
    """A seat said something that is no move."""

    kind: ClassVar[str] = "table-remarked"
    telling: ClassVar[str] = "{seat} (aside): {words}"
    seat: Seat
    words: Words


@dataclass(frozen=True)
class Called(Public):
    """People who are somewhere else hear that it is their turn."""

    kind: ClassVar[str] = "table-called"
    telling: ClassVar[str] = "It is the turn of {seats}."
    seats: Sequence[Seat]


@dataclass(frozen=True)
class Reminded(Public):
    """Somebody's time is nearly up."""

    kind: ClassVar[str] = "table-reminded"
    telling: ClassVar[str] = "{seat}, your time is nearly up."
    seat: Seat


@dataclass(frozen=True)
class Paused(Public):
    """Nobody is asked anything until the match goes on."""

    kind: ClassVar[str] = "table-paused"
    telling: ClassVar[str] = "The match is paused: {reason}"
    reason: Text


@dataclass(frozen=True)
class Resumed(Public):
    """The match goes on."""

    kind: ClassVar[str] = "table-resumed"
    telling: ClassVar[str] = "The match goes on."


@dataclass(frozen=True)
class Aborted(Public):
    """The match ends without a contest."""

    kind: ClassVar[str] = "table-aborted"
    telling: ClassVar[str] = "The match ends without a result: {reason}"
    reason: Text


@dataclass(frozen=True)
class Answered(Public):
    """A resident of a town has answered a question from outside, which changes nothing there."""

    kind: ClassVar[str] = "table-answered"
    telling: ClassVar[str] = "{seat} is asked “{question}”: {words}"
    seat: Seat
    tick: int
    question: str
    """Its name in the file of questions."""
    words: Words
    value: bool | float | None = None
    """What the answer is worth; None where it has no value, and then it is said why."""
    why: str = ""


@dataclass(frozen=True)
class Counted(Public):
    """The model of a seat has used this for its answer, and for what it was asked before it."""

    kind: ClassVar[str] = "table-counted"
    seat: Seat
    calls: int
    tokens_in: int
    tokens_out: int


TABLE_EVENTS = (
    Seated,
    HandedOver,
    Substituted,
    Remarked,
    Called,
    Reminded,
    Paused,
    Resumed,
    Aborted,
    Answered,
    Counted,
)
"""Every event a table can write, for the codec of the journal."""


@cache
def journal_codec(game: type[Game[Any, Any, Any]]) -> Codec:
    """Return the codec of a journal, which holds the game's events and the table's own."""
    return Codec({**codec_of(game).types, **codec_for(*TABLE_EVENTS).types})
