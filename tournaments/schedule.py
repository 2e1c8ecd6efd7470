"""What is to be played next, given what was played: a pure fold over the results so far."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from tournaments.pairings import knockout, round_robin, swiss, swiss_tables
from tournaments.plan import Fixture, Format, Meeting, Plan
from tournaments.standings import Results, Score, share, standings

PLAY_OFFS: Final = 2
"""How often a knockout meeting that is level goes on; after that the better seed does."""


@dataclass(frozen=True)
class Schedule:
    """A tournament as far as its results go."""

    rounds: Sequence[Sequence[Meeting]]
    """All that are known: those played, and those that can be."""
    fixtures: Sequence[Fixture]
    """The games of all these rounds, in the order in which they are best played."""
    open: Sequence[Fixture]
    """Those of them that are not played."""
    over: bool
    scores: Sequence[Score]
    """How all stand, the best first."""

    @property
    def winner(self) -> str | None:
        """Who has won; None while it goes on, and where the first place is shared."""
        first = [score.entrant for score in self.scores if score.rank == 1]
        return first[0] if self.over and len(first) == 1 else None

    @property
    def round_now(self) -> Sequence[Fixture]:
        """The open games of the first round that has any."""
        first = min((one.meeting.round for one in self.open), default=0)
        return [one for one in self.open if one.meeting.round == first]


def scheduled(plan: Plan, results: Results) -> Schedule:
    """Return what is to be played, and how all stand; the same results give the same."""
    match plan.format:
        case Format.ROUND_ROBIN | Format.BATCH:
            rounds = round_robin(plan.entrants, plan.table)
            return _schedule(plan, rounds, results, over=True)
        case Format.SWISS:
            return _swiss(plan, results)
        case Format.KNOCKOUT:
            return _knockout(plan, results)


def _swiss(plan: Plan, results: Results) -> Schedule:
    rounds: list[Sequence[Meeting]] = []
    while True:
        so_far = _schedule(plan, rounds, results, over=len(rounds) == plan.all_rounds)
        if so_far.open or so_far.over:
            return so_far
        before = [meeting for one in rounds for meeting in one]
        points = {score.entrant: score.points for score in so_far.scores}
        number = len(rounds) + 1
        if plan.table == 2:
            rounds.append(swiss(number, points, before))
        else:
            rounds.append(swiss_tables(number, [*points], before, plan.table))


def _knockout(plan: Plan, results: Results) -> Schedule:
    rounds: list[Sequence[Meeting]] = []
    alive = list(plan.entrants)
    while len(alive) > 1:
        rounds.append(knockout(len(rounds) + 1, alive, plan.table))
        so_far = _schedule(plan, rounds, results, over=False)
        if so_far.open:
            return so_far
        alive = sorted(map(partial(_goes_on, plan, results), rounds[-1]), key=plan.entrants.index)
    crowned = Meeting(len(rounds) + 1, 1, tuple(alive))  # so that the winner stands alone
    found = _schedule(plan, [*rounds, [crowned]], results, over=True)
    return Schedule(rounds, found.fixtures, found.open, found.over, found.scores)


def _goes_on(plan: Plan, results: Results, meeting: Meeting) -> str:
    """Return who has won a meeting that is played; the better seed where it is level."""
    points = _points(plan, results, meeting, _wanted(plan, results, meeting))
    return max(meeting.entrants, key=lambda one: (points[one], -plan.entrants.index(one)))


def _schedule(
    plan: Plan, rounds: Sequence[Sequence[Meeting]], results: Results, *, over: bool
) -> Schedule:
    """Return these rounds with their games; `over` says whether no round follows them."""
    meetings = [meeting for one in rounds for meeting in one]
    played = [meeting for meeting in meetings if not meeting.is_bye]
    if plan.format is Format.BATCH:
        counts = [len(range(at, plan.games, len(played))) for at in range(len(played))]
    else:
        counts = [_wanted(plan, results, meeting) for meeting in played]
    fixtures = [
        plan.fixture(meeting, number + 1)
        for meeting, count in zip(played, counts, strict=True)
        for number in range(count)
    ]
    # Whole sets of seat orders, one meeting after the other: so it is fair wherever it is stopped.
    fixtures.sort(key=lambda one: ((one.game - 1) // len(one.seats), one.meeting.round))
    open_ = [one for one in fixtures if one.name not in results]
    scores = standings(plan, meetings, fixtures, results)
    return Schedule(rounds, fixtures, open_, over and not open_, scores)


def _wanted(plan: Plan, results: Results, meeting: Meeting) -> int:
    """Return how many games a meeting has; more where a knockout needs a decision."""
    count = plan.games
    if plan.format is not Format.KNOCKOUT or meeting.is_bye:
        return count
    for _ in range(PLAY_OFFS):
        names = [plan.fixture(meeting, number + 1).name for number in range(count)]
        points = sorted(_points(plan, results, meeting, count).values())
        if any(name not in results for name in names) or points[-1] > points[-2]:
            break
        count += len(plan.fixture(meeting, 1).seats)
    return count


def _points(plan: Plan, results: Results, meeting: Meeting, count: int) -> dict[str, float]:
    points = dict.fromkeys(meeting.entrants, 0.0)
    for number in range(count):
        ranks = results.get(plan.fixture(meeting, number + 1).name, {})
        for entrant in ranks:
            points[entrant] += share(entrant, ranks)
    return points
