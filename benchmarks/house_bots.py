"""How house bots of the hardest level do against random play, in every game.

In each match the seats are of two sides: where a game has sides of its own, these, otherwise every
other seat. One side plays with house bots, the other at random, and they change places after each
match. A side wins a match with the better mean score; equal means are half a win for each.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random
from typing import Any, Final

from benchmarks.report import Row, parser, report
from games import GAMES
from games.core import Level, Match, Refused, Seat
from games.core.options import game_with

NAMES: Final = ("Ann", "Bob", "Cy", "Dee", "Eve", "Fay", "Gus", "Hal")
GOAL: Final = "at least 8 in 10"
SEATS: Final = {
    "chameleon": 4,
    "codenames": 4,
    "liars-dice": 2,
    "secret-mafia": 8,
    "taboo": 4,
    "undercover": 5,
    "two-thirds": 4,
    "story-chain": 4,
}
"""How many play, where it is not two or as few as a game needs."""
OPTIONS: Final[Mapping[str, Mapping[str, str]]] = {
    "hangman": {"mode": "race"},
    "wordle": {"mode": "race"},
    "taboo": {"teams": "yes"},
}
"""What makes an opponent of each player."""
NO_CONTEST: Final = frozenset({"conversation", "moderated-conversation", "twenty-questions"})
"""Games in which nobody plays against another."""
UNASKED: Final[Mapping[str, str]] = {
    "rock-paper-scissors": "no throw is better than a random one",
    "matching-pennies": "no side of a coin is better than a random one",
    "prisoners-dilemma": "who defects wins half and draws half, and nothing is better",
    "stag-hunt": "what one gains the other does not lose",
    "bargaining": "a random rival walks away from every third offer, and then nobody wins",
}
"""Games of which nothing is asked, and why."""
RECIPES: Final = "games without code have bots that choose at random"
TRIES: Final = 20

Sides = Callable[[Match[Any, Any, Any]], Collection[Seat]]
"""Returns one side of a match that has just begun."""
ALWAYS_THE_OTHERS: Final = frozenset({"undercover"})
"""Games in which random votes decide over the first side, however well it plays."""
SIDES: Final[Mapping[str, Sides]] = {
    "chameleon": lambda match: [match.state.deal.chameleon],
    "undercover": lambda match: match.state.odd,
    "secret-mafia": lambda match: match.state.mafia,
}


def share(name: str, matches: int) -> float:
    """Return the share of matches that house bots have won."""
    return sum(result(name, seed) for seed in range(matches)) / matches


def result(name: str, seed: int) -> float:
    """Return 1 where the side of the house bots has won, 0.5 for a draw, 0 where it has lost."""
    game = game_with(GAMES[name], OPTIONS.get(name, {}))
    match = Match(game, NAMES[: SEATS.get(name, max(2, game.min_seats))], seed)
    one = set(SIDES[name](match) if name in SIDES else match.seats[::2])
    first = seed % 2 == 0 and name not in ALWAYS_THE_OTHERS
    ours = one if first else set(match.seats) - one
    rng = Random(f"house bots/{seed}")
    while not match.over:
        seat = rng.choice(list(match.asks))
        random = seat in match.seats and seat not in ours
        match.say(seat, drawn(match, seat, rng) if random else answer(match, seat, Level.HARD))
    assert match.outcome
    scores = match.outcome.scores
    own = mean([scores[seat] for seat in match.seats if seat in ours])
    other = mean([scores[seat] for seat in match.seats if seat not in ours])
    return 0.5 + 0.5 * ((own > other) - (own < other))


def answer(match: Match[Any, Any, Any], seat: Seat, level: Level) -> str:
    """Return what the house bot of a seat says."""
    rng = Random(f"{match.seed}/{match.version}/{seat}")
    return match.game.house_answer(match.view_of(seat), match.asks[seat], level, rng)


def drawn(match: Match[Any, Any, Any], seat: Seat, rng: Random) -> str:
    """Return a legal answer drawn at random; where none is found, that of an easy house bot."""
    for _ in range(TRIES):
        text = match.asks[seat].sample(rng)
        try:
            match.propose(seat, text)
        except Refused:
            continue
        return text
    return answer(match, seat, Level.EASY)


def mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)


def asked(name: str) -> str:
    """Return what is to be reached, or why nothing is."""
    why = UNASKED.get(name, RECIPES if GAMES[name].document else "")
    return f"nothing: {why}" if why else GOAL


def main() -> None:
    arguments = parser(__doc__ or "")
    arguments.add_argument("--matches", type=int, default=100, help="of each game")
    arguments.add_argument("--game", choices=[name for name in GAMES if name not in NO_CONTEST])
    given = arguments.parse_args()
    names = [given.game] if given.game else [name for name in GAMES if name not in NO_CONTEST]
    rows = [
        Row(name, share(name, given.matches), "of matches", asked=asked(name)) for name in names
    ]
    report("House bots (hard) against random play", rows, given.json)


if __name__ == "__main__":
    main()
