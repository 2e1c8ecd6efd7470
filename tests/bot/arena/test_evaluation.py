"""When the residents of a town are asked, and what their answers are worth."""

import json
from dataclasses import replace

import pytest

from bot.arena.evaluation import Evaluation, answers_to
from bot.arena.towns import TownPlace
from bot.errors import ModelError
from games.core import Seat
from tests.lived_town import lived
from towns.clock import Clock
from towns.evaluation import Probe, askings_now

CLOCK, END, HOUR = Clock(10, 360), 48 * 360, 360
FILE = """
[often]
query = "How are you?"
measurement = "number(response)"
hours = 5
[other]
query = "And now?"
measurement = "True"
"""
ASKED = Evaluation(FILE, ("Ngozi",))


def due(evaluation, now):
    return [probe.id for probe in evaluation.due(CLOCK, now, END)]


def test_questions_follow_their_own_times_and_all_others_those_of_the_town():
    assert due(ASKED, 0) == ["often"]
    assert due(replace(ASKED, until=1), 5 * HOUR - 1) == []
    assert due(replace(ASKED, until=1), 5 * HOUR) == ["often"]
    assert due(replace(ASKED, until=46 * HOUR), END) == ["other"]
    assert due(replace(ASKED, hours=2, until=1), 2 * HOUR) == ["other"]
    assert due(replace(ASKED, at=20 * 60, until=1), 14 * HOUR) == ["often", "other"]
    assert due(Evaluation(), END) == []


def test_a_town_keeps_its_questions_and_one_of_before_has_none():
    town = TownPlace("t", 1, 2, 3, "i:4", evaluation=replace(ASKED, hours=3, until=7))
    assert TownPlace.from_json(town.to_json()) == town
    before = json.loads(town.to_json())
    del before["evaluation"]
    assert TownPlace.from_json(json.dumps(before)).evaluation == Evaluation()


async def test_an_answer_without_a_value_says_why():
    probes = [
        Probe("a", "Ngozi", "?", "number(response)"),
        Probe("b", "Joaquim", "?", "len(response)"),
    ]
    said = {"Ngozi": "No idea.", "Joaquim": ""}

    async def ask(seat, question):
        if not said[seat]:
            raise ModelError("The model gave no answer.")
        return question.parse(json.dumps({"answer": said[seat]}))

    first, second = await answers_to([*askings_now(lived().state, probes)], ask)
    assert (first.seat, first.words, first.value) == (Seat("Ngozi"), "No idea.", None)
    assert first.why == "There is no number in the answer."
    assert (second.words, second.value, second.why) == ("", None, "The model gave no answer.")
    said["Ngozi"] = "About 7."
    first, _ = await answers_to([*askings_now(lived().state, probes)], ask)
    assert first.value == pytest.approx(7)
    assert first.why == ""
