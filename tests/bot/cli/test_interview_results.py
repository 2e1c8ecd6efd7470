"""The file of an interview: whole lines only, and only of the same interview."""

import json

import pytest

from bot.cli.interview_results import FILE, Asked, Judged, Run, answers_in, opened
from bot.errors import OperatorError
from characters.interview import Exchange
from characters.judging import Aspect, Judgement

RUN = Run("parrot", 1)
CAR, FILM = Asked("socrates", "probe:car"), Asked("socrates", "probe:film")
VERDICT = Judged("socrates", "probe:car", "j", Aspect.ERA)
SAID = [Exchange("A car?", "What is\u2028that? \ud83d")]


@pytest.fixture
def path(tmp_path):
    """Return a results file with an answer, two verdicts and a failure."""
    file = opened(tmp_path / "out", RUN, resume=False)
    file.answered(CAR, SAID)
    file.judged(VERDICT, Judgement(1, "It asks.", "what is"))
    file.unreadable(Judged("socrates", "probe:car", "k", Aspect.ERA), "no JSON", "rubbish")
    file.failed(FILM, "The model parrot was silent.")
    file.close()
    return tmp_path / "out" / FILE


def resumed(path, run=RUN):
    file = opened(path.parent, run, resume=True)
    file.close()
    return file.results


def test_all_that_was_written_is_there_again(path):
    found = resumed(path)
    assert found.answers == {CAR: SAID}
    assert list(found.judgements.values()) == [Judgement(1, "It asks.", "what is"), None]
    assert found.failures == {FILM: "The model parrot was silent."}


def test_a_file_cut_off_anywhere_has_its_whole_lines_and_can_be_added_to(path):
    data = path.read_bytes()
    for length in range(0, len(data), 7):
        path.write_bytes(data[:length])
        file = opened(path.parent, RUN, resume=True)
        file.answered(FILM, SAID)
        file.close()
        lines = path.read_bytes().splitlines()
        assert len(lines) == max(1, data[:length].count(b"\n")) + 1
        assert all(json.loads(line) for line in lines)
        assert FILM in resumed(path).answers


def test_what_failed_counts_no_longer_once_it_is_answered(path):
    file = opened(path.parent, RUN, resume=True)
    file.answered(FILM, SAID)
    file.close()
    assert resumed(path).failures == {}


def test_a_new_interview_does_not_write_over_an_old_one(path):
    before = path.read_bytes()
    with pytest.raises(OperatorError, match="exists already: go on with it by --resume, or name"):
        opened(path.parent, RUN, resume=False)
    with pytest.raises(OperatorError, match="is about 'parrot' with the seed 1: go on with"):
        resumed(path, Run("parrot", 2))
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("line", "why"),
    [("x", "line 2: this is no JSON object"), ('{"item": "a"}', "line 2: this is no result")],
)
def test_a_line_that_is_none_is_named(path, line, why):
    first, *_ = path.read_text("utf-8").splitlines()
    path.write_text(f"{first}\n{line}\n", "utf-8")
    with pytest.raises(OperatorError, match=why):
        resumed(path)


def test_answers_are_read_from_anywhere_and_from_results(path, tmp_path):
    assert answers_in(path) == {CAR: SAID}
    own = tmp_path / "mine.jsonl"
    own.write_text('{"character": "socrates", "item": "probe:car", "answer": "What?"}\n\n')
    assert answers_in(own) == {CAR: [Exchange("", "What?")]}
    own.write_text('{"character": "socrates", "item": "probe:car", "answer": 1}\n')
    with pytest.raises(OperatorError, match="line 1: an answer has “character”"):
        answers_in(own)
