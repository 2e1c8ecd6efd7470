"""A town that has lived with house residents, once for all tests that look at it."""

from functools import cache

from games.core import Match
from towns.events import CLOCK
from towns.house_resident import house_answer
from towns.town import Town


@cache
def lived(residents=4, days=1):
    """Return the match of a town whose days are over."""
    town = Town(days=days, seed=7)
    match = Match(town, list(town.start.residents)[:residents], 7)
    match.say(CLOCK, str(town.end))
    while not match.over:
        seat = next(iter(match.asks))
        match.say(seat, house_answer(match.asks[seat], 7))
    return match
