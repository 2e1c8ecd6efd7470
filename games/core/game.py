"""The contract between a game and everything else: events, outcome, and the five functions."""

import re
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from random import Random
from typing import (
    Annotated,
    Any,
    ClassVar,
    Final,
    Generic,
    NamedTuple,
    Self,
    TypeVar,
    get_args,
    get_type_hints,
)

from games.core.ask import PASS, Answer, Ask
from games.core.board import Board
from games.core.errors import BadSetup
from games.core.reading import reads_as
from games.core.text import TABLE, Seat, Text, clean, listed

HIDDEN: Final = "hidden"

T = TypeVar("T")
Hidden = Annotated[T | None, HIDDEN]
"""The type of an option that fixes a hidden draw; None leaves the draw to chance.

Players never see such an option: they are given the game `without_hidden`.
"""


@dataclass(frozen=True)
class Event:
    """Something that happened.  Only events change a state, and every event is kept."""

    # No ABC: its `isinstance` is slow, and all that is done with events begins with one.

    kind: ClassVar[str]
    """The name in stored logs; by default the class name in small letters with hyphens."""
    telling: ClassVar[str] = ""
    """What people read, with the event's own fields in braces; "" tells nothing."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.seen_by is Event.seen_by:
            raise TypeError(f"{cls.__name__} must be Public or Secret, or have its own seen_by.")
        if "kind" not in cls.__dict__:
            cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    @abstractmethod
    def seen_by(self, viewer: Seat) -> bool:
        """Return whether `viewer` may know of this event.  There is no default."""

    def told(self) -> Text:
        """Return what those who may see it read."""
        return Text(self.telling, **{part.name: getattr(self, part.name) for part in fields(self)})

    def replaces(self, earlier: "Event") -> bool:
        """Return whether the words of an earlier event are to be forgotten because of this one."""
        return False


@dataclass(frozen=True)
class Public(Event):
    """An event that every seat and every spectator sees."""

    def seen_by(self, viewer: Seat) -> bool:
        return True


@dataclass(frozen=True)
class Limited(Event):
    """An event that only its audience sees; who that is need not be found out seat by seat."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if cls.audience is Limited.audience:
            raise TypeError(f"{cls.__name__} must say who its audience is.")

    @property
    @abstractmethod
    def audience(self) -> Collection[Seat]:
        """All viewers who see it, SPECTATOR for those who sit nowhere.  There is no default."""

    def seen_by(self, viewer: Seat) -> bool:
        return viewer in self.audience


@dataclass(frozen=True)
class Secret(Limited):
    """An event that only its own seat sees."""

    seat: Seat

    @property
    def audience(self) -> Collection[Seat]:
        return (self.seat,)


def known_audience(event: Event) -> Collection[Seat] | None:
    """Return who sees an event where that is known; None where each seat must be asked about."""
    if isinstance(event, Limited) and type(event).seen_by is Limited.seen_by:
        return event.audience
    return None


def seeing(event: Event, seats: Collection[Seat]) -> Iterable[Seat]:
    """Return those of some seats who see an event."""
    audience = known_audience(event)
    some = seats if audience is None else (seat for seat in audience if seat in seats)
    return (seat for seat in some if event.seen_by(seat))


@dataclass(frozen=True)
class Outcome:
    """How a match ended; an aborted one is no contest and has neither scores nor ranks."""

    scores: Mapping[Seat, float]
    reason: Text
    aborted: bool = False

    @property
    def ranks(self) -> Mapping[Seat, int]:
        """1 for the best score; equal scores share a rank, and the next one is left out."""
        ordered = sorted(self.scores.values(), reverse=True)
        return {seat: ordered.index(score) + 1 for seat, score in self.scores.items()}

    @property
    def winners(self) -> Sequence[Seat]:
        """The seats of rank 1; all of them in a draw, none when aborted."""
        return [seat for seat, rank in self.ranks.items() if rank == 1]


class Level(StrEnum):
    """How well a house bot plays."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


S = TypeVar("S")
A = TypeVar("A", bound=Answer)
E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class View:
    """All that one seat may know, and so all that its player, prompt or house bot is given."""

    game: "Game[Any, Any, Any]"
    """The rules and public options; hidden ones are None."""
    seat: Seat
    seats: Sequence[Seat]
    """The players, in seat order; a seat of the environment is not among them."""
    events: Sequence[Event]
    """What the seat has seen, oldest first."""


class Game(ABC, Generic[S, A, E]):
    """The rules of one game, as pure functions of an immutable state.

    A subclass is a frozen dataclass whose fields are its options, each with a docstring. No
    method reads a clock, the network, or any chance but `rng`.
    """

    name: ClassVar[str]
    min_seats: ClassVar[int] = 2
    max_seats: ClassVar[int] = 2
    environment: ClassVar[Sequence[Seat]] = ()
    """Seats of the arena itself, such as a moderator; nobody else may take their names."""
    document: ClassVar[str] = ""
    """What the rules were read from where they are no code; it is kept with every match."""
    snapshots: ClassVar[bool] = True
    """Whether its states can be stored; those of a game without are always made by replay."""

    @classmethod
    def read(cls, document: str) -> "type[Game[Any, Any, Any]] | None":
        """Return the game with these rules, as far as this class has them or can read them.

        Raises BadSetup for a document that is not one of its kind.
        """
        return cls if document == cls.document else None

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Refuse options that do not fit together.  Raises BadSetup."""

    def check_seats(self, seats: Sequence[Seat]) -> None:
        """Refuse seats that cannot play.  Raises BadSetup."""
        if not self.min_seats <= len(seats) <= self.max_seats:
            wanted = listed([str(n) for n in sorted({self.min_seats, self.max_seats})], "to")
            raise BadSetup(f"{self.name} needs {wanted} seats; {len(seats)} were given.")
        reserved = {seat.casefold() for seat in (TABLE, *self.environment)}
        seen: set[str] = set()
        for seat in seats:
            folded = seat.casefold()
            if not 1 <= len(seat) <= 40 or not seat.isprintable() or seat != clean(seat):
                wrong = ascii(seat[:20])  # shows also what cannot be seen
                raise BadSetup(f"A seat needs a name of 1 to 40 visible characters, not {wrong}.")
            if folded in reserved or folded in seen:
                taken = "is the arena's own" if folded in reserved else "is taken twice"
                raise BadSetup(f"The name {seat!r} {taken}; choose another.")
            seen.add(folded)

    @abstractmethod
    def initial(self, seats: Sequence[Seat], /) -> S:
        """Return the state before anything has happened."""

    def opening(self, state: S, rng: Random, /) -> Sequence[E]:
        """Return what the table itself does before anyone is asked: deals, draws, announcements."""
        return ()

    @abstractmethod
    def asks(self, state: S, /) -> Mapping[Seat, Ask]:
        """Return what each seat may now answer; nobody asked means the game is over."""

    def parse(self, state: S, seat: Seat, text: str, /) -> A:
        """Read an answer, for games with a notation of their own.  Raises UnclearMove."""
        return self.asks(state)[seat].parse(text)  # type: ignore[return-value]  # the Ask decides

    @abstractmethod
    def decide(self, state: S, seat: Seat, action: A, rng: Random, /) -> Sequence[E]:
        """Return what follows from an action.  Raises IllegalMove."""

    @abstractmethod
    def evolve(self, state: S, event: E, /) -> S:
        """Return the state after an event.  Total: a logged event is never refused."""

    @abstractmethod
    def outcome(self, state: S, /) -> Outcome:
        """Return how the game ended, for a state in which nobody is asked."""

    def rules(self) -> Text | str:
        """Return the rules that players and models read, with this game's options."""
        return (type(self).__doc__ or "").strip()

    def board(self, events: Sequence[E], /) -> Board | None:
        """Return what these events show; None where there is nothing to draw.

        It is given what one viewer has seen and no state, so it cannot show anything else.
        """
        return None

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Return what the house bot of a seat says; by default any legal answer."""
        return ask.sample(rng)

    def without_hidden(self) -> Self:
        """Return the game as players may know it: every option that fixes a hidden draw is None."""
        hidden = hidden_options(type(self))
        return replace(self, **dict.fromkeys(hidden)) if hidden else self  # type: ignore[type-var]


def check_names(seats: Sequence[Seat]) -> None:
    """Refuse names that stored matches may hold, but no new one.  Raises BadSetup.

    Whoever is called like a pass would be voted for by everybody's silence.
    """
    for seat in seats:
        if reads_as(seat, PASS):
            raise BadSetup(f"The name {seat!r} is what one says to pass; choose another.")


def hidden_options(game: type[Game[Any, Any, Any]]) -> tuple[str, ...]:
    """Return the names of the options that fix a hidden draw."""
    hints = get_type_hints(game, include_extras=True)
    return tuple(name for name, hint in hints.items() if HIDDEN in get_args(hint)[1:])


class Turn(NamedTuple, Generic[E]):
    """What one answer led to: the seat that gave it, and the events, in order."""

    seat: Seat
    events: Sequence[E] = ()
