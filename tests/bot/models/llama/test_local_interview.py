"""An interview in which a model of this machine answers and another one judges."""

import json

from characters.interview import FOLLOW_UPS


def test_local_models_hold_a_whole_interview(parlour, settings, models, tmp_path):
    settings.models.write_text(
        '[tiny]\nfile = "tiny.gguf"\nmax_tokens = 20\ncontext = 4000\ncache = 40000\n'
        '[talking]\nfile = "talking.gguf"\nmax_tokens = 600\ncontext = 4000\ncache = 40000\n'
    )

    def held(out, *arguments):
        done = parlour(
            *("characters", "interview", "newton", "--model", "tiny", "--questions", "1"),
            *("--out", out, *arguments),
            PARLOUR_MODELS_FOLDER=str(models),
        )
        assert done.returncode == 0, done.stderr
        folder = tmp_path / out
        lines = (folder / "interview.jsonl").read_text("utf-8").splitlines()
        return [*map(json.loads, lines)], json.loads((folder / "report.json").read_text("utf-8"))

    (_, talk), _ = held("talk", "--turns", "multi")
    asked = [one["question"] for one in talk["exchanges"]]
    assert len(asked) == 5 and tuple(asked[1:]) == FOLLOW_UPS
    (_, answer, _), report = held("probe", "--judge", "talking")
    assert answer["exchanges"][0]["answer"]
    by_words, judged = report["rows"][0], report["rows"][-1]
    assert (by_words["count"], by_words["failed"]) == (1, 0)
    # Random letters are no judgement: the form lacks a true quotation, or never ends.
    assert (judged["count"], judged["undecided"] + judged["failed"]) == (0, 1)


def test_the_same_seed_gives_the_same_answers_of_a_local_model(parlour, settings, models, tmp_path):
    settings.models.write_text(
        '[tiny]\nfile = "tiny.gguf"\nmax_tokens = 20\ncontext = 4000\ncache = 40000\n'
    )
    for out in ("first", "second"):
        done = parlour(
            *("characters", "interview", "newton", "--model", "tiny", "--questions", "2"),
            *("--jobs", "1", "--out", out, "--seed", "4"),
            PARLOUR_MODELS_FOLDER=str(models),
        )
        assert done.returncode == 0, done.stderr
    first, second = (tmp_path / out / "interview.jsonl" for out in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
