"""Ratings: how well each player of a game plays, reckoned anew from the outcomes of matches.

Nothing is kept of them, so they follow the journal: a match that is deleted or made anonymous
leaves them as if it had never been.
Source: Vivek Joshy, OpenSkill: A faster asymmetric multi-team, multiplayer rating system (2024).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import Final

from openskill.models import PlackettLuce, PlackettLuceRating

from bot.arena.events import is_filler, is_person
from bot.arena.lobbies import Result, person_in
from games.core import Seat

MODEL: Final = PlackettLuce()


class Pool(StrEnum):
    """Who has played with whom; house bots, models and characters of models are all machines."""

    PEOPLE = "people"
    MODELS = "models"
    MIXED = "mixed"


@dataclass(frozen=True)
class Standing:
    """How one player stands in a ladder."""

    player: str
    """A player spec such as "person:42" or "model:bard"."""
    name: str
    """What the player was called when last seen."""
    rating: float
    """25 for one who has not played."""
    sigma: float
    """The standard deviation of the rating."""
    matches: int = 0
    won: int = 0
    """Matches in which nobody came before the player, and somebody behind."""

    @property
    def least(self) -> float:
        """The rating that the player has at least, as good as certainly; ladders go by it."""
        return self.rating - 3 * self.sigma

    @property
    def margin(self) -> float:
        """How far the true rating may lie from this one, 19 times in 20."""
        return 1.96 * self.sigma


@dataclass(frozen=True)
class Record:
    """How one player has done against another."""

    won: int = 0
    drawn: int = 0
    lost: int = 0


@dataclass(frozen=True)
class Ladder:
    """All players of one game in one pool, the best first; empty while nobody has won."""

    pool: Pool
    standings: Sequence[Standing]
    changes: Mapping[str, Mapping[int, float]]
    """The rating after each match that somebody was in, by player and number of the match."""
    records: Mapping[tuple[str, str], Record]
    """By player and rival."""
    matches: int = 0

    def line_of(self, player: str) -> Sequence[float]:
        """Return the rating of a player before the first match and after each of all."""
        line = [MODEL.mu]
        for number in range(1, self.matches + 1):
            line.append(self.changes[player].get(number, line[-1]))
        return line


def rated(result: Result) -> Mapping[str, Seat]:
    """Return the seats that a match counts for, by player; none for a match without a contest.

    Who fills several seats counts for the first of them; who was forgotten for none, nor does who
    only makes up the number.
    """
    found: dict[str, Seat] = {}
    for seat, player in result.players.items():
        counts = person_in(player) != 0 and not is_filler(player)
        if counts and seat in result.outcome.ranks:
            found.setdefault(player, seat)
    return found if len(found) > 1 and not result.outcome.aborted else {}


def pool_of(players: Iterable[str]) -> Pool:
    """Return the pool of a match between these players."""
    people = {is_person(player) for player in players}
    if len(people) > 1:
        return Pool.MIXED
    return Pool.PEOPLE if True in people else Pool.MODELS


def ladder(results: Iterable[Result], pool: Pool) -> Ladder:
    """Return how the players of one game stand after these matches, which are oldest first."""
    matches = [
        (result, seats) for result in results if (seats := rated(result)) and pool_of(seats) is pool
    ]
    table = _Reckoning()
    for result, seats in matches:
        table.add({player: result.outcome.ranks[seat] for player, seat in seats.items()}, seats)
    return table.ladder(pool)


class _Reckoning:
    """Ratings as they change from match to match."""

    def __init__(self) -> None:
        self._ratings: dict[str, PlackettLuceRating] = {}
        self._names: dict[str, str] = {}
        self._changes: dict[str, dict[int, float]] = {}
        self._won: dict[str, int] = {}
        self._matches: dict[str, int] = {}
        self._records: dict[tuple[str, str], Record] = {}
        self._count = 0

    def add(self, ranks: Mapping[str, int], names: Mapping[str, Seat]) -> None:
        """Rate one more match."""
        before = [[self._ratings.get(player) or MODEL.rating()] for player in ranks]
        after = MODEL.rate(before, ranks=[float(rank) for rank in ranks.values()])
        self._ratings.update(zip(ranks, (team[0] for team in after), strict=True))
        self._names.update({player: str(seat) for player, seat in names.items()})
        self._count += 1
        parted = len(set(ranks.values())) > 1
        best = min(ranks.values())
        for player, rank in ranks.items():
            self._changes.setdefault(player, {})[self._count] = self._ratings[player].mu
            self._matches[player] = self._matches.get(player, 0) + 1
            self._won[player] = self._won.get(player, 0) + (parted and rank == best)
        for one, other in combinations(ranks, 2):
            self._meet(one, other, ranks[other] - ranks[one])
            self._meet(other, one, ranks[one] - ranks[other])

    def ladder(self, pool: Pool) -> Ladder:
        """Return how all stand now."""
        if not any(self._won.values()):
            return Ladder(pool, (), {}, {})
        standings = [
            Standing(
                player,
                self._names[player],
                rating.mu,
                rating.sigma,
                self._matches[player],
                self._won[player],
            )
            for player, rating in self._ratings.items()
        ]
        standings.sort(key=lambda one: (-one.least, one.player))
        return Ladder(pool, standings, self._changes, self._records, self._count)

    def _meet(self, one: str, other: str, ahead: int) -> None:
        was = self._records.get((one, other), Record())
        self._records[one, other] = Record(
            was.won + (ahead > 0), was.drawn + (ahead == 0), was.lost + (ahead < 0)
        )
