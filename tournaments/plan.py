"""What is fixed before the first game: the format, the entrants, and how often they play."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, permutations
from math import ceil, comb, factorial, log2
from random import Random
from typing import Any, Final

from games.core import BadSetup, Game, Seat, Text
from tournaments.errors import BadPlan

FILLER: Final = ""
"""Who sits where no entrant does; nobody counts how it plays."""
MOST_ENTRANTS: Final = 64
MOST_GAMES: Final = 10_000
"""In one meeting."""
MOST_MEETINGS: Final = 500
"""In which everybody meets everybody at tables for more than two."""
_MOST_ORDERED: Final = 8
"""Players of whom every order is tried; of more, only the last ones change places."""


class Format(StrEnum):
    """Who meets whom."""

    ROUND_ROBIN = "round-robin"
    """Everybody meets everybody."""
    SWISS = "swiss"
    """In each round those meet who stand alike and have not met."""
    KNOCKOUT = "knockout"
    """Who wins a meeting goes on; the others are out."""
    BATCH = "batch"
    """So many games in all, dealt out to the meetings of a round robin in turn."""


@dataclass(frozen=True)
class Meeting:
    """Entrants who play some games against each other; one alone has a bye."""

    round: int
    """From 1."""
    table: int
    """From 1, in each round."""
    entrants: tuple[str, ...]
    """The best seed or standing first."""

    @property
    def is_bye(self) -> bool:
        """Whether there is nobody to play."""
        return len(self.entrants) == 1


@dataclass(frozen=True)
class Fixture:
    """One game of a meeting."""

    meeting: Meeting
    game: int
    """From 1, in each meeting."""
    seats: tuple[str, ...]
    """Who sits where, in seat order; FILLER for a house bot that only makes up the number."""
    seed: int

    @property
    def name(self) -> str:
        """How it is called in this tournament, such as "r1-t2-g03"."""
        return name_of(self.meeting.round, self.meeting.table, self.game)


@dataclass(frozen=True)
class Plan:
    """A tournament before its first game.  Raises BadPlan."""

    format: Format
    entrants: tuple[str, ...]
    """Each once, the best seed first."""
    table: int = 2
    """Entrants in a meeting."""
    sizes: tuple[int, ...] = tuple(range(2, MOST_ENTRANTS + 1))
    """How many seats the game can have; fillers make up what is missing."""
    games: int = 2
    """Of each meeting; of a batch, in all."""
    rounds: int = 0
    """Of a Swiss tournament; 0 for as many as find a winner."""
    seed: int = 0

    def __post_init__(self) -> None:
        if len(set(self.entrants)) < len(self.entrants):
            raise BadPlan("Each player can enter once only.")
        if not 2 <= len(self.entrants) <= MOST_ENTRANTS:
            told = "A tournament has 2 to {most} players, not {count}."
            raise BadPlan(Text(told, most=MOST_ENTRANTS, count=len(self.entrants)))
        if not 2 <= self.table <= len(self.entrants):
            told = "At a table meet 2 to {most} of these players, not {count}."
            if len(self.entrants) == 2:
                told = "At a table meet both of these players, not {count}."
            raise BadPlan(Text(told, most=len(self.entrants), count=self.table))
        if self.table > max(self.sizes):
            told = "This game has {most} seats at most, so no more can meet."
            raise BadPlan(Text(told, most=max(self.sizes)))
        if not 1 <= self.games <= MOST_GAMES:
            told = "A meeting has 1 to {most} games, not {count}."
            raise BadPlan(Text(told, most=MOST_GAMES, count=self.games))
        self._check_rounds()
        self._check_meetings()

    @property
    def all_rounds(self) -> int:
        """How many rounds a Swiss tournament has: by default as many as a knockout would need."""
        return self.rounds or min(ceil(log2(len(self.entrants))), self.most_rounds)

    @property
    def most_rounds(self) -> int:
        """How many rounds of a Swiss tournament are sure to need no rematch and no second bye.

        Where everybody has yet to meet half of the others, all can be paired.
        Source: G. A. Dirac, Some theorems on abstract graphs (1952).
        """
        return ceil(len(self.entrants) / 2)

    def fixture(self, meeting: Meeting, game: int) -> Fixture:
        """Return the game of a meeting with a number, counted from 1.

        Games in which everybody has had each seat once are dealt alike, and so are the games of
        the same number in all meetings.
        """
        count = len(meeting.entrants)
        size = next(one for one in self.sizes if one >= count)
        party = (*meeting.entrants, *[FILLER] * (size - count))
        deal = (game - 1) // len(party)
        seed = Random(f"{self.seed}/{deal}").getrandbits(32)
        return Fixture(meeting, game, seat_order(party, game - 1), seed)

    def _check_rounds(self) -> None:
        if self.rounds and self.format is not Format.SWISS:
            raise BadPlan("Only a Swiss tournament has a number of rounds to choose.")
        if not 0 <= self.rounds <= self.most_rounds:
            told = "With {players} players a Swiss tournament has {most} rounds at most."
            raise BadPlan(Text(told, players=len(self.entrants), most=self.most_rounds))

    def _check_meetings(self) -> None:
        count = comb(len(self.entrants), self.table)
        everybody = self.format in (Format.ROUND_ROBIN, Format.BATCH)
        if everybody and self.table > 2 and count > MOST_MEETINGS:
            told = (
                "Everybody against everybody with {seats} at a table would be {count} meetings, "
                "more than {most}; choose Swiss, or fewer seats."
            )
            raise BadPlan(Text(told, seats=self.table, count=count, most=MOST_MEETINGS))


def name_of(round_: int, table: int, game: int) -> str:
    """Return how a game is called in its tournament."""
    return f"r{round_}-t{table}-g{game:02}"


def sizes_of(game: Game[Any, Any, Any]) -> tuple[int, ...]:
    """Return with how many seats, two or more, a game can be played; some want an even number."""

    def fits(count: int) -> bool:
        try:
            game.check_seats([Seat(f"Seat {number}") for number in range(count)])
        except BadSetup:
            return False
        return True

    return tuple(count for count in range(2, game.max_seats + 1) if fits(count))


def seat_order(party: Sequence[str], game: int) -> tuple[str, ...]:
    """Return who sits where in a game, counted from 0.

    After each len(party) games everybody has had each seat equally often; after all orders of
    the others behind the first, every order was played once.
    """
    count = len(party)
    turned, base = game % count, game // count
    first, *rest = party
    order = next(islice(permutations(rest), base % factorial(min(count, _MOST_ORDERED) - 1), None))
    whole = (first, *order)
    return (*whole[turned:], *whole[:turned])
