"""An answer follows its grammar, to the last token."""

import json
import re

import pytest

FORM = r"""
root ::= "{\"name\": \"" letter letter? letter? "\", \"age\": " age "}"
letter ::= [a-zäöü]
age ::= [1-9] [0-9]? | "100"
"""


@pytest.mark.parametrize("temperature", [0.0, 1.0])
@pytest.mark.parametrize("file", ["tiny.gguf", "talking.gguf"])
def test_even_noise_follows_a_grammar(open_engine, file, temperature):
    asker = open_engine(file)
    jobs = [
        asker.job(f"{n}", "Who?", grammar=FORM, temperature=temperature, seed=n, max_tokens=200)
        for n in range(8)
    ]
    for answer in asker.ask(*jobs):
        assert answer.done == "stop"
        found = json.loads(answer.text)
        assert re.fullmatch("[a-zäöü]{1,3}", found["name"])
        assert 1 <= found["age"] <= 100


def test_an_answer_with_a_grammar_is_the_same_alone_and_in_company(open_engine, agree):
    asker = open_engine()
    given = {"grammar": "root ::= [a-z ]{30}", "max_tokens": 60}
    alone = asker.say("alone", "Who?", **given)
    jobs = [asker.job(f"{n}", f"{n} and {n}") for n in range(5)]
    together, *_ = asker.ask(asker.job("together", "Who?", **given), *jobs)
    assert agree(together, alone)
    assert len(alone.text) == 30


def test_what_a_grammar_allows_is_taken_without_masking(open_engine):
    asker = open_engine("talking.gguf")
    given = {"grammar": "root ::= [^<>]*", "temperature": 0.8, "max_tokens": 50}
    asker.ask(*[asker.job(f"{n}", "The", seed=n, **given) for n in range(8)])
    counts = asker.engine.metrics().counts
    assert counts.grammar_checks > 20
    assert counts.grammar_refusals < counts.grammar_checks / 10


def test_masking_near_the_top_first_changes_no_answer(open_engine, monkeypatch):
    from bot.models.llama import sampling

    texts = []
    for near in (40, 100_000):
        monkeypatch.setattr(sampling, "NEAR_THE_TOP", near)
        asker = open_engine()
        given = {"grammar": "root ::= [a-z ]{40}", "max_tokens": 80}
        jobs = [asker.job(f"{n}", f"{n}", temperature=n / 4, seed=n, **given) for n in range(6)]
        texts.append([answer.text for answer in asker.ask(*jobs)])
    assert texts[0] == texts[1]


def test_a_full_context_does_not_make_a_grammar_begin_again(open_engine):
    words = "Long enough to fill a context that is shared by several. " * 6
    asker = open_engine(context=1024)
    given = {"grammar": "root ::= [a-z]{150}", "temperature": 1.0, "max_tokens": 300}
    jobs = [asker.job(f"{n}", f"{n} {words}", seed=n, **given) for n in range(6)]
    answers = asker.ask(*jobs)
    assert asker.engine.metrics().counts.preempted > 0
    assert [len(answer.text) for answer in answers] == [150] * 6


@pytest.mark.parametrize("grammar", ["root ::= nobody", "leaf ::= [a]", 'x ::= "'])
def test_a_grammar_that_cannot_be_read_is_refused(open_engine, grammar):
    asker = open_engine()
    assert asker.say("bad", "Hello", grammar=grammar).done == "error: the grammar cannot be read"
    assert asker.say("good", "Hello", max_tokens=1).done == "length"


def test_a_repeat_penalty_and_a_grammar_go_together(open_engine):
    asker = open_engine()
    given = {"grammar": "root ::= [a-z]{20}", "repeat_penalty": 2.0, "max_tokens": 60}
    assert re.fullmatch("[a-z]{20}", asker.say("one", "Who?", **given).text)


def test_a_control_token_never_passes_for_the_text_of_its_name(open_engine):
    asker = open_engine("unruly.gguf", context=8192)
    given = {"grammar": "root ::= [a-z<>|_/]{24}", "temperature": 5.0, "top_k": 0, "min_p": 0}
    jobs = [asker.job(f"{n}", "Who?", seed=n, max_tokens=100, **given) for n in range(16)]
    assert {len(answer.text) for answer in asker.ask(*jobs)} == {24}


def test_only_characters_in_their_shortest_form_are_taken(open_engine):
    asker = open_engine(context=8192)
    given = {"grammar": 'root ::= ("ģ" | "म" | "👍" | "\\u0001"){20}', "temperature": 5.0}
    given |= {"top_k": 0, "min_p": 0, "max_tokens": 200}
    answers = asker.ask(*[asker.job(f"{n}", "Who?", seed=n, **given) for n in range(32)])
    assert all(re.fullmatch("[ģम👍\u0001]{20}", answer.text) for answer in answers)


def test_no_half_of_a_surrogate_pair_leads_into_a_dead_end(open_engine):
    asker = open_engine(context=8192)
    given = {"grammar": "root ::= [\\uD000-\\uF000]{20}", "temperature": 5.0, "top_k": 0}
    given |= {"min_p": 0, "max_tokens": 200}
    answers = asker.ask(*[asker.job(f"{n}", "Who?", seed=n, **given) for n in range(32)])
    assert {len(answer.text) for answer in answers} == {20}
    assert not any("\ufffd" in answer.text for answer in answers)
