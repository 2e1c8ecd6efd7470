"""Rating options, and embedding texts."""

import numpy as np
import pytest

from bot.models.llama.jobs import Job

OPTIONS = ["rock", "paper", "scissors", "a much longer option, which none of the others is", "x"]
PROMPT = "Rock, paper, or scissors? I take "


def by_hand(asker, prompt, option):
    """Return an option's log-probability per token, by letting a grammar force each token."""
    tokens, total = list(prompt), 0.0
    for token in option:
        answer = asker.say(f"{len(tokens)}", tokens, max_tokens=1, top_logprobs=20)
        known = {one.token: one.logprob for one in answer.logprobs}
        total += known[token]
        tokens.append(token)
    return total / len(option)


def test_a_score_is_the_mean_of_the_log_probabilities_one_by_one(open_engine):
    asker = open_engine("talking.gguf")
    prompt = asker.engine.tokenize(PROMPT, bos=True)
    likely = asker.say("likely", prompt, max_tokens=12, top_logprobs=0)
    option = [one.token for one in likely.logprobs]
    expected = sum(one.logprob for one in likely.logprobs) / len(option)
    found = asker.engine.score(asker.job("score", prompt, options=[option, option[:3], option[:1]]))
    assert found[0] == pytest.approx(expected, abs=1e-3)
    assert found[1] == pytest.approx(by_hand(asker, prompt, option[:3]), abs=1e-3)
    assert found[2] == pytest.approx(likely.logprobs[0].logprob, abs=1e-3)


def test_many_options_are_rated_as_if_each_were_alone(open_engine):
    asker = open_engine()
    options = [asker.engine.tokenize(f"{word} {n}") for n in range(5) for word in OPTIONS]
    together = asker.engine.score(asker.job("all", PROMPT, options=options))
    alone = [
        asker.engine.score(asker.job(f"{n}", PROMPT, options=[option]))[0]
        for n, option in enumerate(options)
    ]
    assert together == pytest.approx(alone, abs=1e-3)


def test_options_are_rated_beside_answers_and_leave_nothing_behind(open_engine):
    asker = open_engine(context=4096)
    options = [asker.engine.tokenize(word) for word in OPTIONS]
    expected = asker.engine.score(asker.job("alone", PROMPT, options=options))
    jobs = [asker.job(f"{n}", f"{n} Hello", max_tokens=40) for n in range(5)]
    texts = [answer.text for answer in asker.ask(*jobs)]
    fresh = open_engine(context=4096)
    rating = [fresh.job(f"rate {n}", PROMPT, options=options) for n in range(5)]
    answers = fresh.ask(*[job for pair in zip(jobs, rating, strict=True) for job in pair])
    assert [answer.text for answer in answers[::2]] == texts
    for answer in answers[1::2]:
        assert answer.pieces[-1].scores == pytest.approx(expected, abs=1e-3)
        assert (answer.text, answer.done) == ("", "stop")
    again = fresh.engine.score(fresh.job("again", PROMPT, options=options))
    assert again == pytest.approx(expected, abs=1e-3)


def test_the_likeliest_answer_has_the_best_score(open_engine):
    asker = open_engine("talking.gguf")
    prompt = asker.engine.tokenize("The", bos=True)
    likely = asker.say("likely", prompt, max_tokens=5, top_logprobs=0)
    option = [one.token for one in likely.logprobs]
    scores = asker.engine.score(asker.job("s", prompt, options=[option, option[::-1], [250] * 5]))
    assert scores[0] == max(scores)


def test_a_full_context_does_not_keep_options_from_being_rated(open_engine):
    asker = open_engine(context=512, sequences=4)
    options = [asker.engine.tokenize(word) for word in OPTIONS]
    expected = asker.engine.score(asker.job("alone", PROMPT, options=options))
    filler = "Something else that takes up room. " * 8
    jobs = [asker.job(f"{n}", f"{n} {filler}", max_tokens=100) for n in range(4)]
    *_, answer = asker.ask(*jobs, asker.job("rate", PROMPT, options=options))
    assert answer.pieces[-1].scores == pytest.approx(expected, abs=1e-3)


def test_a_score_that_cannot_be_had_is_told(open_engine):
    asker = open_engine()
    with pytest.raises(ValueError, match="an option is empty"):
        asker.engine.score(asker.job("odd", PROMPT, options=[[]]))
    with pytest.raises(ValueError, match="deadline"):
        asker.engine.score(asker.job("late", PROMPT, options=[[300]], deadline=-1))


def test_an_embedding_is_the_same_for_the_same_text_and_has_length_one(open_engine):
    asker = open_engine()
    tokens = asker.engine.tokenize("A lighthouse at night", bos=True)
    first = asker.engine.embed(tokens)
    asker.say("between", "Hello")
    assert asker.engine.embed(tokens) == first
    assert len(first) == 128
    assert np.linalg.norm(first) == pytest.approx(1)


def test_texts_that_are_alike_are_nearer_to_each_other(open_engine):
    engine = open_engine().engine
    a, b, c = (
        np.array(engine.embed(engine.tokenize(text)))
        for text in ("the old house on the hill", "the old house on a hill", "9081 @@ {} 7272 ##")
    )
    assert a @ b > a @ c


def test_a_long_text_is_embedded_too_and_an_empty_one_is_refused(open_engine):
    engine = open_engine().engine
    assert np.linalg.norm(engine.embed(engine.tokenize("word " * 500))) == pytest.approx(1)
    with pytest.raises(ValueError, match="the model makes no embedding of this text"):
        engine.embed([])


def test_who_talks_does_not_wait_for_a_long_text_to_be_embedded(open_engine):
    asker = open_engine()
    asker.engine.submit(Job("long", [7] * 256 * 400, embeds=True))
    asker.engine.submit(Job("short", [7] * 300, embeds=True))
    (answer,) = asker.ask(asker.job("talk", "Hello", max_tokens=30))
    assert answer.done == "length"
    assert asker.wait("short")[0].pieces[-1].embedding
    assert "long" not in {piece.job_id for piece in asker.heard}
    assert any(asker.engine.busy_since is not None for _ in range(1_000_000))
    asker.engine.cancel("long")
    assert asker.wait("long")[0].done == "cancelled"


def test_an_embedding_that_takes_too_long_ends_at_its_deadline(open_engine):
    asker = open_engine()
    asker.engine.submit(Job("long", [7] * 256 * 4000, embeds=True, deadline=0.2))
    assert asker.wait("long")[0].done == "deadline"
