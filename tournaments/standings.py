"""Standings: what the games so far come to, with the tie-breaks of each format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from tournaments.plan import Fixture, Format, Meeting, Plan

Results: TypeAlias = Mapping[str, Mapping[str, int]]
"""By the name of a fixture: the rank of each entrant, 1 for the best; none in an aborted game."""


@dataclass(frozen=True)
class Score:
    """What one entrant has to show."""

    entrant: str
    rank: int = 0
    """1 for the best; equal scores share one."""
    games: int = 0
    """Played to an end."""
    won: int = 0
    """With nobody before, and somebody behind."""
    drawn: int = 0
    """With all level."""
    points: float = 0.0
    """For each game the share of the others that were left behind; a draw with one is half."""
    buchholz: float = 0.0
    """The points of everybody met, each time."""
    aborted: int = 0
    """Games that came to no end, and count for nothing."""
    byes: int = 0
    last_round: int = 0
    """Of a knockout: the last in which it was there; one more for the winner."""

    @property
    def lost(self) -> int:
        """Games with somebody before."""
        return self.games - self.won - self.drawn

    @property
    def rate(self) -> float:
        """Points for each game."""
        return self.points / self.games if self.games else 0.0


def share(entrant: str, ranks: Mapping[str, int]) -> float:
    """Return the points for one game: 1 for having left all others behind."""
    mine = ranks[entrant]
    others = [rank for one, rank in ranks.items() if one != entrant]
    behind = sum(1.0 if rank > mine else 0.5 if rank == mine else 0.0 for rank in others)
    return behind / len(others)


def standings(
    plan: Plan, meetings: Sequence[Meeting], fixtures: Sequence[Fixture], results: Results
) -> Sequence[Score]:
    """Return how all stand, the best first.

    `meetings` are all known so far, `fixtures` their games. A bye of a Swiss tournament is worth
    as much as winning every game of a meeting.
    """
    scores = {entrant: Score(entrant) for entrant in plan.entrants}
    met: dict[str, list[str]] = {entrant: [] for entrant in plan.entrants}
    for meeting in meetings:
        for entrant in meeting.entrants:
            scores[entrant] = replace(scores[entrant], last_round=meeting.round)
        if meeting.is_bye:
            entrant = meeting.entrants[0]
            scores[entrant] = _with_bye(scores[entrant], plan)
    for fixture in fixtures:
        ranks = results.get(fixture.name)
        if ranks is None:
            continue
        for entrant in fixture.meeting.entrants:
            scores[entrant] = _with_game(scores[entrant], ranks)
            met[entrant] += [other for other in ranks if other != entrant]
    return _ranked(
        plan,
        [
            replace(score, buchholz=sum(scores[other].points for other in met[entrant]))
            for entrant, score in scores.items()
        ],
    )


def _with_bye(score: Score, plan: Plan) -> Score:
    points = plan.games if plan.format is Format.SWISS else 0
    return replace(score, byes=score.byes + 1, points=score.points + points)


def _with_game(score: Score, ranks: Mapping[str, int]) -> Score:
    if not ranks:
        return replace(score, aborted=score.aborted + 1)
    level = len(set(ranks.values())) == 1
    best = ranks[score.entrant] == min(ranks.values())
    return replace(
        score,
        games=score.games + 1,
        won=score.won + (best and not level),
        drawn=score.drawn + level,
        points=score.points + share(score.entrant, ranks),
    )


def _ranked(plan: Plan, scores: list[Score]) -> Sequence[Score]:
    def key(score: Score) -> tuple[float, ...]:
        match plan.format:
            case Format.SWISS:
                return (score.points, score.buchholz)
            case Format.KNOCKOUT:
                return (score.last_round,)
            case _:
                return (round(score.rate, 9),)

    scores.sort(key=lambda one: tuple(-part for part in key(one)))  # seeds keep their order
    keys = [key(score) for score in scores]
    return [replace(score, rank=keys.index(key(score)) + 1) for score in scores]
