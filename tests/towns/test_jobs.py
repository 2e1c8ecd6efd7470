"""Residents without work are offered a job in the building they are in, which hires some."""

import json
from collections import Counter

import pytest

from games.core import Match, Seat
from tests.towns.living import Living, Order, answer, furthest_first, in_lock_step
from towns.catalogue import CATALOGUE
from towns.events import CLOCK, Asked, Hired
from towns.events import Refused as NotDone
from towns.files import DATA
from towns.ground import packed
from towns.questions import LEAVE, Question, briefing_of
from towns.state import final_hash
from towns.town import Town

NAMES = ("Ann", "Bea", "Cai")
HAMLET = """
name = "Two Wells"
about = "A hamlet with more people than jobs."
[time]
seconds_per_tick = 10
starts = "09:00"
[money]
town = 0
invitation = 0
[map]
width = 64
height = 22
columns = [4, 34]
rows = [4]
[buildings]
"Well House" = { type = "shared house", plot = { column = 1, row = 1 } }
"Lark" = { type = "cafe", plot = { column = 2, row = 1 } }
"""
RESIDENT = """
[residents.{name}]
age = {age}
home = "Well House"
bio = "Somebody."
goal = "Earn something."
cash = 800
"""


def hamlet(age: int = 30) -> Living:
    texts = {name: (DATA / name).read_text("utf-8") for name in CATALOGUE}
    people = "".join(RESIDENT.format(name=name, age=age) for name in NAMES)
    data = packed({**texts, "town.toml": HAMLET + people}, "town.toml")
    return Match(Town(data=data, days=1), NAMES, seed=1)


def wants_work(town: Living, seat: Seat, takes: frozenset[str]) -> str:
    """Go to the café, do nothing there, and take a job or leave it."""
    fields = town.asks[seat].fields
    if "work" in fields:
        return json.dumps({"work": "Lark" if seat in takes else None})
    if "place" in fields and "Lark" in fields["place"].choices:
        return json.dumps({"place": "Lark", "purpose": "work"})
    if "act" in fields:
        return json.dumps({"act": LEAVE, "topic": None})
    return answer(town, seat)


def live(town: Living, order: Order, until: int, takes: frozenset[str] = frozenset(NAMES)) -> None:
    town.say(CLOCK, str(until))
    while asks := {seat: ask for seat, ask in town.asks.items() if seat != CLOCK}:
        seat = order(asks)
        town.say(seat, wants_work(town, seat, takes))


@pytest.mark.parametrize("order", [in_lock_step, furthest_first])
def test_a_building_hires_as_many_as_it_has_jobs_in_the_order_of_names(order: Order) -> None:
    town = hamlet()
    live(town, order, 700)
    assert [event.seat for event in town.log if isinstance(event, Hired)] == ["Ann", "Bea"]
    works = [town.state.residents[seat].profile.work for seat in town.seats]
    assert works == ["Lark", "Lark", ""]
    told = [event.why for event in town.log if isinstance(event, NotDone)]
    assert told == ["There is no job at Lark now: somebody was faster."]


def test_who_asks_for_the_last_job_first_makes_no_difference() -> None:
    towns = [hamlet(), hamlet()]
    for town, order in zip(towns, (min, max), strict=True):
        live(town, order, 700)
    assert len({final_hash(town.state) for town in towns}) == 1


def test_whoever_is_hired_remembers_it_and_can_work_there() -> None:
    town = hamlet()
    live(town, in_lock_step, 700)
    ann = town.state.residents[Seat("Ann")]
    assert "Took a job at Lark." in [record.text for record in ann.memory.stream]
    town.say(CLOCK, "800")
    asks = [ask for seat, ask in town.asks.items() if seat == "Ann"]
    assert "You work at Lark." in str(asks[0].prompt)


def test_an_old_house_resident_leaves_the_job_to_others() -> None:
    for age, hired in ((30, True), (70, False)):
        town = hamlet(age)
        town.say(CLOCK, "700")
        while asks := {seat: ask for seat, ask in town.asks.items() if seat != CLOCK}:
            seat = in_lock_step(asks)
            job = briefing_of(asks[seat]).what == Question.JOB
            town.say(seat, answer(town, seat) if job else wants_work(town, seat, frozenset()))
        assert any(isinstance(event, Hired) for event in town.log) is hired


def test_a_town_that_has_hired_somebody_is_read_back_as_it_was() -> None:
    town = hamlet()
    live(town, in_lock_step, 700)
    assert final_hash(Match.from_json(town.to_json()).state) == final_hash(town.state)


def test_a_job_that_was_declined_is_offered_again_on_the_next_day_only() -> None:
    town = hamlet()
    live(town, in_lock_step, town.game.end, takes=frozenset())
    asked = [event for event in town.log if isinstance(event, Asked)]
    offered = Counter(event.seat for event in asked if event.what is Question.JOB)
    assert offered == dict.fromkeys(NAMES, 2)
    assert not any(isinstance(event, Hired) for event in town.log)
