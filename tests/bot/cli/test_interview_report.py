"""What an interview comes to, counted by hand."""

import pytest

from bot.cli.interview_report import Planned, rows, table
from bot.cli.interview_results import Asked, Judged, Results, Run
from characters.intervals import wilson
from characters.interview import Exchange, shipped_interview
from characters.judging import Aspect, Judgement
from characters.shipped import shipped


def planned(character, *wanted):
    items = shipped_interview(character).items(single=True, multi=True)
    return [Planned(character, shipped()[character], one) for one in items if one.id in wanted]


PLAN = [
    *planned("newton", "probe:car", "probe:film", "fact:college", "fact:chair", "fact:niece"),
    *planned("socrates", "probe:car"),
]


@pytest.fixture
def results():
    """Return answers with the verdicts of two judges; one form of the second is unreadable."""
    found = Results(Run("parrot", 1))
    for one in PLAN[:-1]:
        found.answers[one.asked] = [Exchange("A car?", "What is that?")]
    found.answers[PLAN[1].asked] = [Exchange("A film?", "Hollywood.")]
    found.failures[PLAN[-1].asked] = "The model parrot was silent."
    for item, aspect, first, second in (
        ("probe:car", Aspect.ERA, 1, 0),
        ("probe:film", Aspect.ERA, 0, 0),
        ("fact:college", Aspect.VALUES, 5, 6),
        ("fact:chair", Aspect.VALUES, 1, 3),
        ("fact:niece", Aspect.VALUES, 6, None),
    ):
        for judge, value in (("j", first), ("k", second)):
            judgement = None if value is None else Judgement(value, "So.", "What is that?")
            found.judgements[Judged("newton", item, judge, aspect)] = judgement
    return found


@pytest.fixture
def counted(results):
    return {(row.character, row.scorer, row.figure): row for row in rows(PLAN, results, ["j", "k"])}


def test_a_rate_counts_passes_and_leaves_failures_out(counted):
    everything = counted["all", "by words", "all probes"]
    assert (everything.value, everything.count, everything.failed) == (0.5, 2, 1)
    assert (everything.low, everything.high) == wilson(1, 2)
    nobody = counted["socrates", "by words", "all probes"]
    assert (nobody.value, nobody.count, nobody.passed, nobody.failed) == (None, 0, 0, 1)


def test_a_mean_leaves_out_what_could_not_be_read_and_says_how_much(counted):
    first, second = (counted["newton", judge, "values"] for judge in "jk")
    assert (first.value, first.count, first.undecided) == (4, 3, 0)
    assert (second.value, second.count, second.undecided) == (4.5, 2, 1)
    assert second.undecided_rate == pytest.approx(1 / 3)
    assert (second.low, second.high) == (3, 6)


def test_two_judges_agree_on_probes_exactly_and_on_points_within_one(counted):
    probes = counted["newton", "j / k", "agreement on probes"]
    points = counted["newton", "j / k", "agreement within 1"]
    assert (probes.value, probes.count) == (0.5, 2)
    assert (points.value, points.count, points.passed) == (0.5, 2, 1)
    assert counted["newton", "by words / j", "agreement on probes"].value == 1.0


def test_only_what_was_planned_and_judged_has_a_row(results):
    alone = rows(PLAN[:1], results, [])
    assert [(row.character, row.scorer) for row in alone] == [("newton", "by words")] * 2
    results.answers[Asked("newton", "probe:none")] = [Exchange("?", "!")]
    assert rows(PLAN[:1], results, []) == alone
    assert list(table([])) == []


def test_the_table_is_as_wide_as_its_longest_cells(results):
    lines = list(table(rows(PLAN, results, ["j", "k"])))
    assert len({len(line) for line in lines}) == 1
    assert "4.50 (3.00 to 6.00)" in "\n".join(lines)
    assert "nothing to count" in "\n".join(lines)
