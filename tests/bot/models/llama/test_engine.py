"""What an engine answers: the same thing whoever else is asking, in whole characters."""

import os
import threading

import pytest

from bot.models.llama.jobs import Job

PROMPTS = [
    f"Seat {name} says: the {word} is" for name, word in zip("ABCDEFGH", "abcdefgh", strict=True)
]


def test_a_sentence_of_a_talking_model_ends_by_itself(open_engine):
    answer = open_engine("talking.gguf").say("one", "", max_tokens=500, temperature=0.9, seed=3)
    assert answer.done == "stop"
    assert answer.text.strip()[-1] in ".?!"
    assert answer.text.isprintable()


def test_noise_goes_on_until_it_is_long_enough(open_engine):
    answer = open_engine().say("one", "Hello", max_tokens=20)
    assert (answer.done, answer.tokens) == ("length", 20)


def test_the_same_seed_gives_the_same_text_and_another_one_another(open_engine):
    asker = open_engine("talking.gguf")
    given = {"temperature": 1.0, "max_tokens": 60}
    first, second, other = asker.ask(
        asker.job("a", "The", seed=5, **given),
        asker.job("b", "The", seed=5, **given),
        asker.job("c", "The", seed=6, **given),
    )
    assert first.text == second.text != other.text


def test_without_a_seed_answers_differ(open_engine):
    asker = open_engine("talking.gguf")
    texts = {asker.say(f"{n}", "The", temperature=1.0, max_tokens=60).text for n in range(3)}
    assert len(texts) == 3


def test_an_answer_is_the_same_alone_and_in_company(open_engine, agree):
    asker = open_engine()
    alone = [asker.say(f"alone {n}", prompt, max_tokens=24) for n, prompt in enumerate(PROMPTS)]
    fresh = open_engine()
    jobs = [fresh.job(f"{n}", prompt, max_tokens=24) for n, prompt in enumerate(PROMPTS)]
    together = fresh.ask(*jobs)
    assert all(map(agree, together, alone))


def test_a_long_prompt_gives_the_same_in_chunks_of_any_size(open_engine, agree):
    prompt = "Some words, and then some more of them. " * 20
    first, second, third = (open_engine(batch=size).say("one", prompt) for size in (32, 64, 512))
    assert agree(first, second) and agree(first, third)


def test_an_adapter_changes_the_answer_and_only_where_it_is_asked_for(open_engine, models, agree):
    adapters = {"red": (models / "red.gguf", 1.0), "blue": (models / "blue.gguf", 1.0)}
    asker = open_engine(adapters=adapters)
    names = [None, "red", "blue", None, "red"]
    jobs = [asker.job(f"{n}", "Hello", adapter=name) for n, name in enumerate(names)]
    plain, red, blue, plain_again, red_again = asker.ask(*jobs)
    assert agree(plain, plain_again) and agree(plain, open_engine().say("one", "Hello"))
    assert agree(red, red_again)
    assert len({plain.text, red.text, blue.text}) == 3


def test_an_adapter_with_no_weight_changes_nothing(open_engine, models, agree):
    asker = open_engine(adapters={"red": (models / "red.gguf", 0.0)})
    plain, red = asker.ask(asker.job("a", "Hello"), asker.job("b", "Hello", adapter="red"))
    assert agree(plain, red)


def test_nothing_of_a_stop_string_is_told(open_engine):
    asker = open_engine()
    whole = asker.say("whole", "The", max_tokens=40).text
    stop = whole[26:29]
    at = whole.index(stop)
    answer = asker.say("cut", "The", max_tokens=40, stops=(stop,))
    assert (answer.text, answer.done) == (whole[:at], "stop")
    told = [piece.text for piece in answer.pieces]
    assert "".join(told) == whole[:at]


def test_every_piece_is_made_of_whole_characters(open_engine):
    asker = open_engine()
    answers = asker.ask(
        *[asker.job(f"{n}", "é", temperature=1.5, seed=n, max_tokens=100) for n in range(8)]
    )
    for answer in answers:
        for piece in answer.pieces:
            piece.text.encode("utf-8")
        assert answer.tokens == 100


def test_tokens_come_with_their_log_probabilities(open_engine):
    answer = open_engine().say("one", "Hello", max_tokens=5, top_logprobs=3)
    assert len(answer.logprobs) == answer.tokens == 5
    for one in answer.logprobs:
        assert one.logprob == one.top[0][1]  # without chance, the likeliest is taken
        assert [value for _, value in one.top] == sorted((v for _, v in one.top), reverse=True)
        assert one.logprob < 0


def test_a_repeat_penalty_avoids_what_was_said(open_engine):
    asker = open_engine()
    plain = asker.say("plain", "The", max_tokens=150)
    varied = asker.say("varied", "The", max_tokens=150, repeat_penalty=3.0)
    different = [len({one.token for one in answer.logprobs}) for answer in (plain, varied)]
    assert different[0] < different[1]


def test_control_tokens_are_read_only_where_that_is_wanted(open_engine):
    engine = open_engine().engine
    assert engine.tokenize("<|im_end|>", special=True) == [4]
    typed = engine.tokenize("<|im_end|>")
    assert 4 not in typed and len(typed) > 1
    assert engine.tokenize("a", bos=True) == [1, *engine.tokenize("a")]


def test_any_text_can_be_tokenized(open_engine):
    engine = open_engine().engine
    for text in ("", "\0", "\ud800", "ẗ̷̢" * 1000, "x" * 100_000):
        assert isinstance(engine.tokenize(text), list)


def test_a_model_tells_about_itself(open_engine):
    facts = open_engine(context=1024).engine.facts
    assert (facts.name, facts.bos, facts.eos, facts.adds_bos) == ("made up", "<s>", "</s>", True)
    assert "im_start" in facts.chat_template
    assert (facts.longest, facts.trained_context) == (1024, 32768)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"tokens": []}, "the prompt is empty"),
        (
            {"tokens": [1] * 300},
            (
                "the prompt has 300 tokens, and a conversation may have 256; a smaller context in "
                "models.toml makes prompts shorter"
            ),
        ),
        ({"tokens": [1, 511]}, "a token is not in the model's vocabulary"),
        ({"tokens": [1, -1]}, "a token is not in the model's vocabulary"),
        ({"tokens": [1], "adapter": "green"}, "the model has no adapter 'green'"),
        ({"tokens": [1], "options": [[2], []]}, "an option is empty"),
        ({"tokens": [1], "options": [[9999]]}, "a token is not in the model's vocabulary"),
    ],
)
def test_a_job_that_cannot_be_done_is_told_in_a_sentence(open_engine, given, said):
    asker = open_engine(context=256)
    (answer,) = asker.ask(Job("odd", **given))
    assert answer.done == f"error: {said}"
    assert asker.say("next", "Hello", max_tokens=2).done == "length"


def test_an_answer_ends_where_the_context_does(open_engine):
    asker = open_engine(context=256)
    answer = asker.say("one", "Hello", max_tokens=1000)
    assert answer.done == "length"
    assert 200 < answer.tokens < 256


def test_jobs_of_a_closed_engine_are_told(open_engine):
    asker = open_engine()
    asker.engine.submit(asker.job("long", "Hello", max_tokens=1500))
    asker.next()
    asker.engine.close()
    (answer,) = asker.wait("long")
    (late,) = asker.ask(asker.job("late", [1]))
    assert answer.done == late.done == "error: the engine was closed"


def test_a_look_does_not_wait_for_the_end_of_a_long_step(open_engine, monkeypatch):
    from bot.models.llama.library import lib

    compute = lib.llama_decode
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def compute_long(*given):
        begun.set()
        go_on.wait(60)
        ended.set()
        return compute(*given)

    asker = open_engine()
    asker.say("one", "Hello", max_tokens=16)
    assert asker.engine.metrics().counts.tokens_out == 16
    monkeypatch.setattr(lib, "llama_decode", compute_long)
    asker.engine.submit(asker.job("two", "Hello", max_tokens=16))
    assert begun.wait(60)
    assert asker.engine.metrics().counts.tokens_out == 16
    assert not ended.is_set()
    go_on.set()
    assert asker.wait("two")[0].tokens == 16
    assert asker.engine.metrics().counts.tokens_out == 32


def test_where_the_system_does_not_say_which_processors_are_ours_all_compute(
    open_engine, monkeypatch
):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert open_engine().say("one", "Hello", max_tokens=2).done == "length"
