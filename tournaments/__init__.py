"""Who plays whom, in which seats and with which deals, and how they stand.  Pure."""

from tournaments.errors import BadPlan, TournamentError
from tournaments.plan import Fixture, Format, Meeting, Plan, sizes_of
from tournaments.schedule import Schedule, scheduled
from tournaments.standings import Results, Score, standings

__all__ = [
    "BadPlan",
    "Fixture",
    "Format",
    "Meeting",
    "Plan",
    "Results",
    "Schedule",
    "Score",
    "TournamentError",
    "scheduled",
    "sizes_of",
    "standings",
]
