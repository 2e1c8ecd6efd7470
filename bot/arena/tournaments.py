"""Tournaments in channels: who enters, what is played, and what came of it.  Pure, but for a port.

Each game is a lobby like any other, whose cause says which game of which tournament it is; so
whatever step a restart repeats, every game is played once.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Protocol, Self

from bot.arena.events import as_filler
from bot.arena.lobbies import NAME_LIMIT, Lobby, LobbyState, Place, person_in
from bot.errors import ShownToUser
from games.core import Game, Outcome, Seat, Text, clean
from games.core.codec import game_from_json, game_to_json
from tournaments import BadPlan, Fixture, Format, Plan, Schedule, scheduled, sizes_of

MOST: Final = 32
"""Entrants."""
CAUSE: Final = "tournament"
"""How the cause of a tournament's lobby begins; nobody but the tournament changes such a lobby."""
FILLER: Final = as_filler("house:medium")


class TournamentState(StrEnum):
    """Where a tournament stands."""

    OPEN = "open"
    """Players may enter."""
    RUNNING = "running"
    OVER = "over"
    STOPPED = "stopped"


@dataclass(frozen=True)
class Entrant:
    """Somebody who plays."""

    name: str
    player: str
    """A player spec."""


@dataclass(frozen=True)
class Tournament:
    """A tournament in a channel; servers, channels and people by Discord's ids."""

    tournament_id: str
    guild: int
    channel: int
    creator: int
    """Who has created it, may steer it, and pays for its models."""
    cause: str
    """The interaction that created it; unique."""
    created_at: datetime
    """UTC."""
    game: Game[Any, Any, Any]
    format: Format
    games: int = 1
    """Of each meeting."""
    rounds: int = 0
    """Of a Swiss tournament; 0 for as many as find a winner."""
    seats: int = 0
    """Players of a meeting; 0 for as few as the game needs."""
    minutes: int = 10
    """How long a person may think."""
    seed: int = 0
    entrants: Mapping[str, Entrant] = field(default_factory=dict)
    """By a number that stays, the best seed first."""
    state: TournamentState = TournamentState.OPEN
    results: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By the name of a game: the rank of each entrant; none in an aborted one."""
    message: int = 0
    """The live message; 0 while there is none."""
    result_message: int = 0

    @property
    def plan(self) -> Plan:
        """What is played.  Raises ShownToUser where that is not possible."""
        sizes = sizes_of(self.game)
        try:
            return Plan(
                self.format,
                tuple(self.entrants),
                self.seats or max(2, min(sizes[0], len(self.entrants))),
                sizes,
                self.games,
                self.rounds,
                self.seed,
            )
        except BadPlan as why:
            raise ShownToUser(why.args[0]) from None

    @cached_property
    def schedule(self) -> Schedule:
        """What is to be played, and how all stand.  Raises ShownToUser."""
        return scheduled(self.plan, self.results)

    def entrant_of(self, user: int) -> str | None:
        """Return the number of a person; None for somebody who does not play."""
        spec = f"person:{user}"
        return next((key for key, one in self.entrants.items() if one.player == spec), None)

    def need_open(self) -> None:
        """Refuse what can be done only before the first game.  Raises ShownToUser."""
        if self.state is not TournamentState.OPEN:
            raise ShownToUser("The tournament has begun already, so its players stay as they are.")

    def enter(self, player: str, name: str) -> Self:
        """Let somebody play, under a name that nobody else has.  Raises ShownToUser."""
        self.need_open()
        if any(one.player == player for one in self.entrants.values()):
            if person_in(player):
                raise ShownToUser("You have entered this tournament already.")
            raise ShownToUser("Each player can enter once only.")
        if len(self.entrants) >= MOST:
            told = "This tournament is full: it has {most} players at most."
            raise ShownToUser(Text(told, most=MOST))
        number = str(max(map(int, self.entrants), default=0) + 1)
        entrant = Entrant(self._free_name(name), player)
        return replace(self, entrants={**self.entrants, number: entrant})

    def leave(self, user: int) -> Self:
        """Let a person play no more.  Raises ShownToUser."""
        self.need_open()
        number = self.entrant_of(user)
        if number is None:
            raise ShownToUser("You have not entered this tournament.")
        return self._without(number)

    def remove(self, name: str) -> Self:
        """Let somebody play no more, by name.  Raises ShownToUser."""
        self.need_open()
        for number, one in self.entrants.items():
            if name.strip().casefold() in (one.name.casefold(), one.player.casefold()):
                return self._without(number)
        told = "Nobody called {name} plays in this tournament."
        raise ShownToUser(Text(told, name=clean(name, 40)))

    def start(self) -> Self:
        """Begin to play; no more players are taken.  Raises ShownToUser where nobody could."""
        self._need_alive()
        self.need_open()
        if len(self.entrants) < 2:
            raise ShownToUser("A tournament needs two players at least: let somebody join.")
        _ = self.plan
        return replace(self, state=TournamentState.RUNNING)

    def stop(self) -> Self:
        """Play no more.  Raises ShownToUser where it is over."""
        self._need_alive()
        return replace(self, state=TournamentState.STOPPED)

    def with_result(self, game: str, ranks: Mapping[str, int]) -> Self:
        """Note how a game has ended, the first time that it is told."""
        if self.state is not TournamentState.RUNNING or game in self.results:
            return self
        noted = replace(self, results={**self.results, game: dict(ranks)})
        return replace(noted, state=TournamentState.OVER) if noted.schedule.over else noted

    def next_games(self) -> Sequence[Fixture]:
        """Return what is played now: of the first round with open games, one of each meeting."""
        if self.state is not TournamentState.RUNNING:
            return ()
        first: dict[int, Fixture] = {}
        for fixture in sorted(self.schedule.round_now, key=lambda one: one.game):
            first.setdefault(fixture.meeting.table, fixture)
        return [*first.values()]

    def cause_of(self, fixture: Fixture) -> str:
        """Return the cause of the lobby in which a game is played."""
        return f"{CAUSE}:{self.tournament_id}:{fixture.name}"

    def lobby_for(self, fixture: Fixture, lobby: Lobby) -> Lobby:
        """Return an empty lobby filled with the players of a game, in seat order."""
        for number in fixture.seats:
            if not number:
                lobby = lobby.add(FILLER)
                continue
            entrant = self.entrants[number]
            if user := person_in(entrant.player):
                lobby = lobby.join(user, entrant.name).say_ready(user)
            else:
                lobby = lobby.add(entrant.player, entrant.name)
        return replace(lobby, cause=self.cause_of(fixture))

    def ranks_in(
        self, fixture: Fixture, seats: Sequence[Seat], now: Mapping[Seat, str], outcome: Outcome
    ) -> Mapping[str, int]:
        """Return how the entrants have done in a game; nobody in an aborted one.

        `seats` are in seat order, `now` says who fills them at the end. Whoever is not there any
        more comes last, however well the house bot has played on.
        """
        placed = {
            number: (now[seat] != self.entrants[number].player, outcome.ranks[seat])
            for number, seat in zip(fixture.seats, seats, strict=True)
            if number and seat in outcome.ranks
        }
        ordered = sorted(placed.values())
        return {number: ordered.index(place) + 1 for number, place in placed.items()}

    def to_json(self) -> str:
        """Return all of it."""
        plain = {name: getattr(self, name) for name in (*_PLAIN, "format", "state", "results")}
        entrants = [[number, one.name, one.player] for number, one in self.entrants.items()]
        whole = {
            **plain,
            "created_at": self.created_at.isoformat(),
            "game": game_to_json(self.game),
            "entrants": entrants,
        }
        return json.dumps(whole, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return what `to_json` wrote.  Raises BrokenLog for a game that is not there any more."""
        kept: dict[str, Any] = json.loads(text)
        return cls(
            **{name: kept[name] for name in (*_PLAIN, "results")},
            created_at=datetime.fromisoformat(kept["created_at"]),
            game=game_from_json(kept["game"]),
            format=Format(kept["format"]),
            state=TournamentState(kept["state"]),
            entrants={number: Entrant(name, player) for number, name, player in kept["entrants"]},
        )

    def _need_alive(self) -> None:
        if self.state in (TournamentState.OVER, TournamentState.STOPPED):
            raise ShownToUser("That tournament is over already.")

    def _without(self, gone: str) -> Self:
        kept = {number: one for number, one in self.entrants.items() if number != gone}
        return replace(self, entrants=kept)

    def _free_name(self, wanted: str) -> str:
        name = " ".join(clean(wanted, NAME_LIMIT - 3).split()) or "Guest"
        taken = {one.name.casefold() for one in self.entrants.values()}
        numbered = (name, *(f"{name} {number}" for number in range(2, MOST + 2)))
        return next(one for one in numbered if one.casefold() not in taken)


_PLAIN: Final = (
    *("tournament_id", "guild", "channel", "creator", "cause", "games", "rounds", "seats"),
    *("minutes", "seed", "message", "result_message"),
)


class TournamentStore(Protocol):
    """Keeps tournaments."""

    async def save(self, tournament: Tournament) -> None:
        """Write a tournament, new or in place of what it was.

        Raises AlreadyDone for a known cause.
        """

    async def tournament(self, tournament_id: str) -> Tournament | None:
        """Return a tournament; None where there is none.

        Raises BrokenLog for one whose game is not there any more.
        """

    async def made_by(self, cause: str) -> Tournament | None:
        """Return the tournament that an interaction has created; None where there is none."""

    async def tournaments(
        self, *states: TournamentState, guild: int | None = None, limit: int = 1000
    ) -> Sequence[Tournament]:
        """Return tournaments in these states, newest first."""


def need_free(lobby: Lobby) -> None:
    """Refuse to change a lobby that belongs to a tournament.  Raises ShownToUser."""
    if lobby.state is LobbyState.OPEN and lobby.cause.startswith(f"{CAUSE}:"):
        raise ShownToUser("This match belongs to a tournament, which begins it by itself.")


def place_of(tournament: Tournament) -> Place:
    """Return where the lobbies of a tournament are shown."""
    return Place(tournament.guild, tournament.channel)
