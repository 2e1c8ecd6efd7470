"""A town whose residents follow rules of thumb: what it asks, and what it costs to go on."""

from collections.abc import Sequence
from random import Random
from time import process_time
from typing import Any, Final, TypeAlias

from benchmarks.town_large import large_town
from games.core import Level, Match, Seat, View
from towns.events import CLOCK
from towns.questions import PlanSystem
from towns.town import Town

HOUR: Final = 360
"""Ticks."""
Living: TypeAlias = Match[Any, Any, Any]


def calls_a_day(plans: PlanSystem, seeds: Sequence[int]) -> float:
    """Return how many questions a resident of the town that comes with Parlour answers a day."""
    answers = people = 0
    for seed in seeds:
        game = Town(days=1, seed=seed, plans=plans)
        town: Living = Match(game, list(game.start.residents), seed)
        lived(town, game.end)
        answers += sum(turn.seat != CLOCK for turn in town.turns)
        people += len(town.seats)
    return answers / people


def hour_of_many(residents: int) -> float:
    """Return the CPU time of an hour of a large town in seconds, without a journal or views."""
    game = Town(data=large_town(residents), days=1, seed=1)
    town: Living = Match(game, list(game.start.residents), 1)
    began = process_time()
    lived(town, HOUR)
    return process_time() - began


def lived(town: Living, until: int) -> None:
    """Give time up to a tick, and answer by rules of thumb whatever is asked before it."""
    town.say(CLOCK, str(until))
    while asked := [seat for seat in town.asks if seat != CLOCK]:
        for seat in asked:
            town.say(seat, _answer(town, seat))


def _answer(town: Living, seat: Seat) -> str:
    view = View(town.game, seat, town.seats, ())  # rules of thumb look at the question only
    return town.game.house_answer(view, town.asks[seat], Level.HARD, Random(0))
