"""`characters interview`: what scores come out for models whose answers are known."""

import asyncio
import csv
import json
import os
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from characters.interview import FOLLOW_UPS
from tests.faulty_model import Mode
from tests.interviewed_model import (
    THE_SAME,
    InterviewedModel,
    always_the_same,
    betrayer,
    in_era,
    judge,
)

ROOT = Path(__file__).parents[3]
UNKNOWN, KNOWN, ALL = "probes of the unknown", "probes of the known", "all probes"


@pytest.fixture
def interview(parlour, tmp_path):
    """Return a function that holds an interview with models that are already listening."""

    async def hold(*arguments, name="newton", **models):
        (tmp_path / "models.toml").write_text(
            "".join(
                f'[{model}]\nbase_url = "{server.url}"\nmodel = "m"\n'
                for model, server in models.items()
            )
        )
        return await asyncio.to_thread(parlour, "characters", "interview", name, *arguments)

    return hold


@asynccontextmanager
async def serving(*replies):
    servers = [InterviewedModel(reply) for reply in replies]
    async with servers[0].running():
        if not servers[1:]:
            yield servers
            return
        async with servers[1].running():
            yield servers


def report(tmp_path, folder="results"):
    """Return the rows by scorer, turns and figure."""
    document = json.loads((tmp_path / folder / "report.json").read_text("utf-8"))
    return {(row["scorer"], row["turns"], row["figure"]): row for row in document["rows"]}


@pytest.mark.parametrize(
    ("reply", "unknown", "known", "undecided"),
    [
        (in_era("newton"), 1.0, 1.0, 0),
        (betrayer("newton"), 0.0, 0.0, 0),
        (always_the_same, 0.0, 0.0, 30),
    ],
)
async def test_probes_are_scored_without_a_judge(
    interview, tmp_path, reply, unknown, known, undecided
):
    async with serving(reply) as (model,):
        done = await interview("--model", "m", m=model)
        assert (done.returncode, done.stderr.count("Traceback")) == (0, 0)
        assert len(model.requests) == 46
    found = report(tmp_path)
    assert set(found) == {("by words", "single", one) for one in (UNKNOWN, KNOWN, ALL)}
    assert found["by words", "single", UNKNOWN]["value"] == unknown
    assert found["by words", "single", KNOWN]["value"] == known
    counted = found["by words", "single", ALL]
    assert (counted["count"], counted["undecided"], counted["failed"]) == (30, undecided, 0)
    assert f"{counted['value']:.0%} (" in done.stdout
    with (tmp_path / "results" / "report.csv").open(encoding="utf-8", newline="") as file:
        assert [row["figure"] for row in csv.DictReader(file)] == [UNKNOWN, KNOWN, ALL]


async def test_a_judge_scores_every_dimension_and_stability_in_talks_only(interview, tmp_path):
    async with serving(in_era("newton"), judge("fail", 3)) as (model, judging):
        done = await interview(
            "--model", "m", "--judge", "j", "--turns", "both", "--jobs", "16", m=model, j=judging
        )
        assert done.returncode == 0, done.stderr
        assert len(judging.requests) == 30 + 16 * 4 + 6 * 5
        assert len(model.requests) == 46 + 6 * 5
    found = report(tmp_path)
    assert found["j", "single", ALL]["value"] == 0
    assert found["by words / j", "", "agreement on probes"]["value"] == 0
    single, multi = found["j", "single", "values"], found["j", "multi", "stability"]
    assert (single["value"], single["low"], single["high"], single["count"]) == (3, 3, 3, 16)
    assert (multi["value"], multi["count"]) == (3, 6)
    assert ("j", "single", "stability") not in found


async def test_a_judge_that_writes_rubbish_or_invents_quotations_gives_no_scores(
    interview, tmp_path
):
    async with serving(in_era("newton"), lambda _: "Seven out of seven!") as (model, judging):
        options = ("--model", "m", "--judge", "j", "--questions", "12")
        done = await interview(*options, m=model, j=judging)
        assert done.returncode == 0, done.stderr
        rubbish = report(tmp_path)["j", "single", ALL]
        judging.reply = judge(quote="I have an aeroplane myself")
        await interview(*options, "--out", "second", m=model, j=judging)
    for row in (rubbish, report(tmp_path, "second")["j", "single", ALL]):
        assert (row["value"], row["count"], row["undecided_rate"]) == (None, 0, 1.0)
        assert row["undecided"] > 0
    assert "nothing to count" in done.stdout


async def test_talks_go_on_with_the_same_questions_or_with_an_interviewer(interview, tmp_path):
    async with serving(lambda _: "So it was.", lambda _: "Visitor: And then?") as (model, leading):
        options = ("--model", "m", "--turns", "multi", "--questions", "1", "--jobs", "1")
        await interview(*options, m=model)
        last = model.requests[-1].messages
        assert [one["role"] for one in last] == ["system", *["user", "assistant"] * 4, "user"]
        assert [question in last[-1]["content"] for question in FOLLOW_UPS] == [False] * 3 + [True]
        await interview(*options, "--interviewer", "i", "--out", "led", m=model, i=leading)
        assert len(leading.requests) == 4
        assert "Visitor: And then?" in model.requests[-1].messages[-1]["content"]
    _, line = (tmp_path / "led" / "interview.jsonl").read_text("utf-8").splitlines()
    asked = [one["question"] for one in json.loads(line)["exchanges"]]
    assert asked[1:] == ["And then?"] * 4


async def test_an_interview_that_was_killed_goes_on_where_it_was(interview, tmp_path):
    async with serving(in_era("newton")) as (model,):
        await interview("--model", "m", "--questions", "1", "--out", "other", m=model)
        command = ("characters", "interview", "newton", "--model", "m", "--jobs", "1")
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "bot.py"),
            *command,
            cwd=tmp_path,
            env={**os.environ, "PARLOUR_DATA": str(tmp_path / "data")},
            stderr=asyncio.subprocess.DEVNULL,
        )
        while len(model.requests) < 13:
            await asyncio.sleep(0.005)
        process.kill()
        await process.wait()
        kept = len((tmp_path / "results" / "interview.jsonl").read_bytes().splitlines()) - 1
        before = len(model.requests)
        refused = await interview("--model", "m", m=model)
        assert (refused.returncode, len(model.requests)) == (1, before)
        done = await interview("--model", "m", "--resume", m=model)
        assert done.returncode == 0, done.stderr
        assert 11 <= kept < 46
        assert len(model.requests) - before == 46 - kept
    assert report(tmp_path)["by words", "single", ALL]["value"] == 1.0


async def test_a_model_that_fails_is_counted_apart_and_asked_again(interview, tmp_path):
    async with serving(in_era("newton")) as (model,):
        model.mode, model.times = Mode.FILTERED, 3
        done = await interview("--model", "m", "--jobs", "1", m=model)
        found = report(tmp_path)["by words", "single", ALL]
        assert (found["count"], found["failed"], found["value"]) == (27, 3, 1.0)
        assert "Without any answer of a model: 3; --resume asks again." in done.stdout
        assert "The model m was stopped by its provider's content filter" in done.stdout
        done = await interview("--model", "m", "--resume", m=model)
        assert "Without any answer" not in done.stdout
    found = report(tmp_path)["by words", "single", ALL]
    assert (found["count"], found["failed"]) == (30, 0)


async def test_a_model_that_always_fails_stops_the_interview_with_one_sentence(interview, tmp_path):
    async with serving(in_era("newton")) as (model,):
        model.mode = Mode.BAD_KEY
        done = await interview("--model", "m", "--jobs", "2", m=model)
        assert done.returncode == 1
        assert done.stderr.splitlines()[-1].endswith(
            "That was 5 times in a row: put it right, then go on with --resume."
        )
        assert len(model.requests) <= 6
    assert not (tmp_path / "results" / "report.json").exists()


async def test_answers_from_elsewhere_are_scored_and_nobody_is_asked(interview, tmp_path):
    (tmp_path / "mine.jsonl").write_text(
        "".join(
            json.dumps({"character": "newton", "item": item, "answer": answer}) + "\n"
            for item, answer in {
                "probe:car": "What is that?",
                "probe:film": "Hollywood, of course.",
                "probe:coffee": THE_SAME,
                "probe:none": "What?",
            }.items()
        )
    )
    done = await interview("--answers", "mine.jsonl")
    assert done.returncode == 0, done.stderr
    found = report(tmp_path)["by words", "single", ALL]
    assert (found["count"], found["passed"], found["undecided"]) == (3, 1, 1)
    async with serving(judge()) as (judging,):
        again = await interview(
            *("--answers", "results/interview.jsonl", "--judge", "j", "--jobs", "1"),
            *("--out", "second"),
            j=judging,
        )
        assert again.returncode == 0, again.stderr
        assert len(judging.requests) == 3
        material = json.loads(judging.requests[0].messages[-1]["content"])
        assert material["talk"][0]["question"].startswith("Do you come out to Kensington by car")
    assert report(tmp_path, "second")["j", "single", ALL]["value"] == 1.0


async def test_all_characters_have_rows_of_their_own_and_one_for_all(interview, tmp_path):
    async with serving(always_the_same) as (model,):
        done = await interview(
            "--model", "m", "--questions", "2", "--jobs", "16", name="all", m=model
        )
        assert done.returncode == 0, done.stderr
    rows = json.loads((tmp_path / "results" / "report.json").read_text("utf-8"))["rows"]
    of_all = [row for row in rows if row["figure"] == ALL]
    *own, everybody = of_all
    assert everybody["character"] == "all"
    assert everybody["count"] == sum(row["count"] for row in own) > 0


async def test_each_mistake_gets_one_sentence_and_nothing_is_written(interview, tmp_path):
    (tmp_path / "empty.jsonl").write_text("")
    async with serving(always_the_same) as (model,):
        for arguments, name, said in (
            ((), "newton", "Say which model answers with --model, or give a file with --answers."),
            (("--model", "m", "--answers", "x"), "newton", "Say which model answers"),
            (("--model", "none"), "newton", "models.toml has no model 'none'; it has m."),
            (("--model", "m"), "nobody", "There is no character 'nobody' here"),
            (("--model", "m", "--judge", "m", "--judge", "m"), "newton", "once only"),
            (("--answers", "empty.jsonl"), "newton", "answers nothing of what Newton is asked"),
            (("--answers", "gone.jsonl"), "newton", "gone.jsonl: No such file"),
        ):
            done = await interview(*arguments, name=name, m=model)
            assert done.returncode in {1, 2} and done.stdout == ""
            assert said in done.stderr and done.stderr.count("\n") == 1
        assert model.requests == []
    assert not (tmp_path / "results").exists()
