"""Lobbies: who wants to play what, before a match begins.  Pure; a lobby is never changed.

A lobby's id is also the id of the match that it becomes, so starting it twice starts it once.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol, Self

from bot.errors import ShownToUser
from games import FOREIGN
from games.core import PASS, Game, Outcome, Seat, Text, clean
from games.core.codec import game_from_json, game_to_json
from games.core.reading import reads_as
from games.foreign import ForeignGame

HOUSE_NAMES: Final = ("Ada", "Basho", "Curie", "Darwin", "Euler", "Fermi", "Gauss", "Hypatia")
"""What house bots are called, in the order in which they sit down."""
RESERVED: Final = ("table", "public", "full")
"""Names that no seat may have: the arena's own, and those of the views of a record."""
NAME_LIMIT: Final = 32
"""Characters, Discord's own limit for a nickname."""


class LobbyState(StrEnum):
    """Where a lobby stands."""

    OPEN = "open"
    STARTED = "started"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Place:
    """Where a match is shown: servers, channels and messages by Discord's ids; 0 for none yet."""

    guild: int
    channel: int
    lobby_message: int = 0
    thread: int = 0
    table_message: int = 0
    table_page: int = 0
    """How often the live message was posted anew, further down."""
    old_table_message: int = 0
    """The one before, until it is deleted."""
    read_to: int = 0
    """The last message of the thread that was looked at."""


@dataclass(frozen=True)
class Lobby:
    """A table that is being filled, and afterwards what its match was made from."""

    lobby_id: str
    place: Place
    creator: int
    """Who may start, cancel and change it, by user id."""
    game: Game[Any, Any, Any]
    cause: str
    """The interaction that created it; unique."""
    created_at: datetime
    """UTC."""
    seats: Mapping[Seat, str] = field(default_factory=dict)
    """Who sits where, as player specs, in seat order."""
    ready: frozenset[Seat] = frozenset()
    state: LobbyState = LobbyState.OPEN
    fixed_by: frozenset[int] = frozenset()
    """Who has set what the game hides, by user id; they may not play."""

    @property
    def people(self) -> Mapping[Seat, int]:
        """The seats of people, with their user ids."""
        return {seat: user for seat, spec in self.seats.items() if (user := person_in(spec))}

    @property
    def full(self) -> bool:
        """Whether no seat is free."""
        return len(self.seats) >= self.game.max_seats

    @property
    def all_ready(self) -> bool:
        """Whether the match can begin: enough seats, and every person has said to be ready."""
        return len(self.seats) >= self.game.min_seats and set(self.people) <= self.ready

    def need_open(self) -> None:
        """Refuse what can be done only before the match begins.  Raises ShownToUser."""
        if self.state is LobbyState.CANCELLED:
            raise ShownToUser("This lobby was cancelled; create another with /arena create.")
        if self.state is not LobbyState.OPEN:
            raise ShownToUser("The match has begun already.")

    def need_begun(self) -> None:
        """Refuse what needs a match.  Raises ShownToUser."""
        if self.state is LobbyState.CANCELLED:
            raise ShownToUser("This lobby was cancelled; create another with /arena create.")
        if self.state is LobbyState.OPEN:
            raise ShownToUser("That match has not begun.")

    def seat_of(self, user: int) -> Seat | None:
        """Return where a person sits; None for somebody who does not."""
        return next((seat for seat, who in self.people.items() if who == user), None)

    def join(self, user: int, name: str) -> Self:
        """Sit a person down under a name that nobody else has.  Raises ShownToUser."""
        self.need_open()
        if self.seat_of(user):
            raise ShownToUser("You sit at this table already.")
        if user in self.fixed_by:
            raise ShownToUser("You have set what this game hides, so you cannot play it.")
        return self._with(name, f"person:{user}")

    def leave(self, user: int) -> Self:
        """Free a person's seat.  Raises ShownToUser."""
        self.need_open()
        seat = self.seat_of(user)
        if not seat:
            raise ShownToUser("You do not sit at this table.")
        return self._without(seat)

    def add(self, player: str, name: str = "") -> Self:
        """Sit a house bot or a model down.  Raises ShownToUser."""
        self.need_open()
        spare = (one for one in HOUSE_NAMES if one.casefold() not in self._names())
        return self._with(name or next(spare, "Guest"), player)

    def remove(self, name: str) -> Self:
        """Free a seat by its name.  Raises ShownToUser."""
        self.need_open()
        for seat in self.seats:
            if seat.casefold() == name.casefold():
                return self._without(seat)
        raise ShownToUser(Text("Nobody called {name} sits at this table.", name=clean(name, 40)))

    def say_ready(self, user: int) -> Self:
        """Note that a person is ready, or is not any more.  Raises ShownToUser."""
        self.need_open()
        seat = self.seat_of(user)
        if not seat:
            raise ShownToUser("Join the table first.")
        return replace(self, ready=self.ready ^ {seat})

    def with_game(self, game: Game[Any, Any, Any], user: int) -> Self:
        """Play with other options, set by a user; whoever was ready is asked again."""
        self.need_open()
        changed = game != game.without_hidden() and game != self.game
        fixed_by = self.fixed_by | {user} if changed else self.fixed_by
        return replace(self, game=game, ready=frozenset(), fixed_by=fixed_by)

    def start(self) -> Self:
        """Begin the match.  Raises ShownToUser while seats are missing."""
        self.need_open()
        missing = self.game.min_seats - len(self.seats)
        if missing > 0:
            told = "{game} needs {seats} more seats: let somebody join, or add a house bot."
            if missing == 1:
                told = "{game} needs one more seat: let somebody join, or add a house bot."
            raise ShownToUser(Text(told, game=self.game.name, seats=missing))
        return replace(self, state=LobbyState.STARTED)

    def reopen(self) -> Self:
        """Wait for players again: the match could not be opened."""
        return replace(self, state=LobbyState.OPEN)

    def close(self) -> Self:
        """Note that the match is over."""
        return replace(self, state=LobbyState.CLOSED)

    def cancel(self) -> Self:
        """Give the lobby up.  Raises ShownToUser once it has started."""
        self.need_open()
        return replace(self, state=LobbyState.CANCELLED)

    def rotated(self, lobby_id: str, cause: str, creator: int, now: datetime) -> Self:
        """Return a lobby for a rematch: the same players, each one seat on."""
        order = list(self.seats.items())
        seats = dict(order[1:] + order[:1])
        place = Place(self.place.guild, self.place.channel)
        return replace(
            self,
            lobby_id=lobby_id,
            place=place,
            game=self.game.without_hidden(),  # who has played knows what was drawn
            creator=creator,
            cause=cause,
            created_at=now,
            seats=seats,
            ready=frozenset(),
            state=LobbyState.OPEN,
            fixed_by=frozenset(),
        )

    def at(self, **places: int) -> Self:
        """Return the lobby shown somewhere else; the names are those of Place."""
        return replace(self, place=replace(self.place, **places))

    def to_json(self) -> str:
        """Return all of it as JSON."""
        whole = {
            "creator": self.creator,
            "created_at": self.created_at.isoformat(),
            "game": game_to_json(self.game),
            "seats": list(self.seats.items()),
            "ready": sorted(self.ready),
            "fixed_by": sorted(self.fixed_by),
        }
        return json.dumps(whole, ensure_ascii=False)

    @classmethod
    def from_json(
        cls, lobby_id: str, place: Place, cause: str, state: LobbyState, text: str
    ) -> Self:
        """Return a lobby as `to_json` left it."""
        whole = json.loads(text)
        return cls(
            lobby_id,
            place,
            whole["creator"],
            game_from_json(whole["game"]),
            cause,
            datetime.fromisoformat(whole["created_at"]),
            {Seat(seat): player for seat, player in whole["seats"]},
            frozenset(map(Seat, whole["ready"])),
            state,
            frozenset(whole.get("fixed_by", ())),
        )

    def _names(self) -> set[str]:
        return {name.casefold() for name in (*self.seats, *self.game.environment, *RESERVED)}

    def _with(self, name: str, player: str) -> Self:
        if self.full:
            told = "Every seat is taken: {game} has {seats} at most."
            raise ShownToUser(Text(told, game=self.game.name, seats=self.game.max_seats))
        return replace(self, seats={**self.seats, self._free_name(name): player})

    def _without(self, gone: Seat) -> Self:
        seats = {seat: player for seat, player in self.seats.items() if seat != gone}
        return replace(self, seats=seats, ready=self.ready - {gone})

    def _free_name(self, wanted: str) -> Seat:
        """Return a name nobody has: the wanted one, or with a number behind it."""
        return free_name(" ".join(clean(wanted, NAME_LIMIT).split()) or "Guest", self._names())


@dataclass(frozen=True)
class Result:
    """How a match has ended, and who played."""

    players: Mapping[Seat, str]
    """Who was seated at the start, as player specs."""
    outcome: Outcome
    game: str
    """Its name, as `rated_as` gives it."""


def free_name(wanted: str, taken: Collection[str]) -> Seat:
    """Return a name that nobody has: the wanted one, or with a number behind it.

    `taken` are names in small letters. Nobody is called what one says to pass.
    """
    numbered = (wanted, *(f"{wanted} {number}" for number in range(2, len(taken) + 4)))
    free = (one for one in numbered if one.casefold() not in taken and not reads_as(one, PASS))
    return Seat(next(free))


def title_of(game: Game[Any, Any, Any]) -> str:
    """Return what a game is called, which of a library's games it is included."""
    return f"{game.name} {game.env}" if isinstance(game, ForeignGame) else game.name


def rated_as(game: Mapping[str, Any]) -> str:
    """Return the name of a stored game; of a library of games, each is one of its own."""
    library = FOREIGN.get(game["name"])
    return f"{library.name} {game['options'].get('env', library.env)}" if library else game["name"]


def person_in(player: str) -> int | None:
    """Return the user id in a player spec; None for a house bot or a model."""
    kind, _, user = player.partition(":")
    return int(user) if kind == "person" and user.isdecimal() else None


def seat_lines(lobby: Lobby, name: Mapping[Seat, Text | str]) -> Sequence[Text]:
    """Return one line a seat; `name` says who sits there in words."""
    return [
        Text("{number}. {who}{ready}", number=number, who=name[seat], ready=_readiness(lobby, seat))
        for number, seat in enumerate(lobby.seats, start=1)
    ]


def _readiness(lobby: Lobby, seat: Seat) -> Text | str:
    return Text(" — ready") if seat in lobby.ready else ""


def seats_wanted(game: Game[Any, Any, Any]) -> Text | int:
    """Return how many seats a game has, such as "3 to 6"."""
    if game.min_seats == game.max_seats:
        return game.min_seats
    return Text("{least} to {most}", least=game.min_seats, most=game.max_seats)


class LobbyStore(Protocol):
    """Keeps lobbies."""

    async def save_lobby(self, lobby: Lobby) -> None:
        """Write a lobby, new or in place of what it was.  Raises AlreadyDone for a known cause."""

    async def lobby(self, lobby_id: str) -> Lobby | None:
        """Return a lobby; None where there is none."""

    async def lobby_in(self, thread: int) -> Lobby | None:
        """Return the newest lobby shown in a thread; None where there is none."""

    async def lobby_made_by(self, cause: str) -> Lobby | None:
        """Return the lobby that an interaction has created; None where there is none."""

    async def lobbies(
        self, *states: LobbyState, guild: int | None = None, limit: int = 1000
    ) -> Sequence[Lobby]:
        """Return lobbies in these states, newest first."""

    async def results(self, guild: int, game: str | None = None) -> Sequence[Result]:
        """Return how the matches of a game, or of all, have ended in a server, oldest first."""
