"""Questions from outside: put at their moments, with what the resident knew then."""

import pytest

from games.core import Seat
from tests.lived_town import lived
from towns.clock import Clock
from towns.errors import BadTown
from towns.evaluation import EVERYBODY, SHIPPED, Probe, askings, askings_now, read_probes
from towns.house_resident import house_answer
from towns.questions import briefing_of

NAMES = lived().seats
HOUR = 360

GOOD = """
[job]
resident = "Birgit"
query = "Where do you work?"
measurement = 'contains(response, "shop")'
hours = 6

[friends]
query = "How many friends have you?"
measurement = "number(response) >= 1"
"""


def put(*probes):
    match = lived()
    return list(askings(match.game, match.seats, match.turns, probes))


def test_questions_are_read_from_a_file():
    assert read_probes("q.toml", GOOD, NAMES) == [
        Probe("job", "Birgit", "Where do you work?", 'contains(response, "shop")', 6),
        Probe("friends", EVERYBODY, "How many friends have you?", "number(response) >= 1", 0),
    ]


def test_every_fault_of_a_file_is_named_at_once():
    bad = """
[a]
resident = "Birgitt"
query = ""
measurement = "exit()"
hours = -1
[b]
query = "x"
measure = "1"
"""
    with pytest.raises(BadTown) as refused:
        read_probes("q.toml", bad, NAMES)
    told = str(refused.value)
    for part in (
        "did you mean “Birgit”",
        "“query” must be a text",
        "use nothing else",
        "“hours” must be a whole number",
        "“measurement” must be a text",
        "“measure” means nothing here: did you mean “measurement”",
    ):
        assert part in told
    with pytest.raises(BadTown, match="there are no questions"):
        read_probes("q.toml", "", NAMES)
    many = "".join(f'[q{n}]\nquery = "x"\nmeasurement = "1"\n' for n in range(21))
    with pytest.raises(BadTown, match="there are 21 questions, and 20 are the most"):
        read_probes("q.toml", many, NAMES)
    both = '[a]\nquery = "x"\nmeasurement = "1"\nhours = 5\nat = "25:00"\n'
    with pytest.raises(BadTown, match=r"take one of them out.(.|\n)*is no time of day"):
        read_probes("q.toml", both, NAMES)


def test_a_question_is_put_again_after_its_hours():
    asked = put(Probe("mood", "Birgit", "How are you?", "True", 6))
    assert [(one.resident, one.tick) for one in asked] == [
        ("Birgit", hour * HOUR) for hour in (0, 6, 12, 18, 24)
    ]


def test_a_question_is_put_each_day_at_its_time():
    asked = put(Probe("mood", "Birgit", "How are you?", "True", at=20 * 60))
    assert [(one.resident, one.tick) for one in asked] == [("Birgit", 14 * HOUR)]


def test_a_question_knows_its_next_moment():
    clock, end = Clock(10, 6 * 60), 48 * HOUR
    often, daily, once = (
        Probe("a", EVERYBODY, "?", "True", **when) for when in ({"hours": 5}, {"at": 480}, {})
    )
    assert [often.next_moment(clock, since, end) for since in (0, 1, 5 * HOUR + 1)] == [
        0,
        5 * HOUR,
        10 * HOUR,
    ]
    assert often.next_moment(clock, 46 * HOUR, end) is None
    assert daily.next_moment(clock, 0, end) == 2 * HOUR
    assert daily.next_moment(clock, 2 * HOUR + 1, end) == 26 * HOUR
    assert daily.next_moment(clock, 27 * HOUR, end) is None
    assert once.next_moment(clock, 0, end) == end
    assert once.next_moment(clock, end + 1, end) is None


def test_the_questions_that_come_with_parlour_can_be_read_in_any_town():
    probes = read_probes(SHIPPED.name, SHIPPED.read_text("utf-8"), ())
    assert {probe.resident for probe in probes} == {EVERYBODY}
    assert {probe.at for probe in probes} == {20 * 60}


def test_everybody_is_asked_where_they_stand_now():
    match = lived()
    asked = list(askings_now(match.state, [Probe("mood", EVERYBODY, "How are you?", "True")]))
    assert [one.resident for one in asked] == list(match.state.residents)
    assert {one.tick for one in asked} == {24 * HOUR}


def test_without_hours_everybody_is_asked_once_at_the_end():
    asked = put(Probe("mood", EVERYBODY, "How are you?", "True", 0))
    assert [one.resident for one in asked] == list(NAMES)
    assert {one.tick for one in asked} == {24 * HOUR}


def test_a_resident_answers_with_the_memory_of_that_moment():
    early, *_, late = put(Probe("mood", "Ngozi", "How are you?", "True", 12))
    before, after = (briefing_of(one.ask).situation for one in (early, late))
    assert before.memory.stream == ()
    assert after.memory.stream
    assert after.cash != before.cash
    shown = str(late.ask.prompt)
    assert "How are you?" in shown
    assert before.profile.goal[:40] in shown


def test_a_house_resident_can_be_asked():
    (one,) = put(Probe("mood", "Ngozi", "How are you?", "True", 0))
    answer = one.ask.parse(house_answer(one.ask, 7))
    assert answer["answer"]


def test_asking_changes_nothing():
    match = lived()
    turns = list(match.turns)
    put(Probe("mood", EVERYBODY, "How are you?", "True", 1))
    assert match.turns == turns


def test_somebody_who_does_not_live_there_is_not_asked():
    assert put(Probe("mood", Seat("Nobody"), "How are you?", "True", 1)) == []
