"""Nobody waits for ever: cancelling, deadlines, groups, adapters, long prompts."""

import time

import pytest


def test_a_cancelled_answer_ends_at_once_and_the_others_go_on(open_engine):
    asker = open_engine(context=8192)
    for name in ("a", "b"):
        asker.engine.submit(asker.job(name, "Hello", max_tokens=300))
    while asker.next().job_id != "a":
        pass
    asker.engine.cancel("a")
    first, second = asker.wait("a", "b")
    assert first.done == "cancelled" and first.tokens < 300
    assert (second.done, second.tokens) == ("length", 300)


def test_a_job_that_waits_can_be_cancelled(open_engine):
    asker = open_engine(sequences=1)
    asker.engine.submit(asker.job("a", "Hello", max_tokens=100))
    asker.engine.submit(asker.job("b", "Hello", max_tokens=100))
    asker.engine.cancel("b")
    first, second = asker.wait("a", "b")
    assert (first.tokens, second.done, second.tokens) == (100, "cancelled", 0)


def test_cancelling_what_has_ended_or_never_was_changes_nothing(open_engine):
    asker = open_engine()
    asker.say("a", "Hello", max_tokens=2)
    asker.engine.cancel("a")
    asker.engine.cancel("nobody")
    assert asker.say("b", "Hello", max_tokens=2).done == "length"
    assert len([piece for piece in asker.heard if piece.done]) == 2


@pytest.mark.parametrize("most", [1, 25, 200])
def test_as_many_conversations_are_held_as_a_table_may_want(open_engine, most):
    asker = open_engine(sequences=most, context=8192)
    jobs = [asker.job(str(number), f"I am {number}.", max_tokens=2) for number in range(most)]
    assert {answer.done for answer in asker.ask(*jobs)} == {"length"}


def test_an_answer_ends_at_its_deadline(open_engine):
    asker = open_engine(context=16384)
    began = time.monotonic()
    answer = asker.say("a", "Hello", max_tokens=15000, deadline=0.3)
    assert answer.done == "deadline"
    assert 0.3 <= time.monotonic() - began < 8


def test_a_deadline_counts_from_the_submission(open_engine):
    asker = open_engine(sequences=1, context=8192)
    asker.engine.submit(asker.job("a", "Hello", max_tokens=2000))
    (answer,) = asker.ask(asker.job("b", "Hello", deadline=0.05))
    assert (answer.done, answer.tokens) == ("deadline", 0)
    asker.engine.cancel("a")


def ends(asker):
    return [piece.job_id for piece in asker.heard if piece.done]


def test_a_group_with_many_jobs_does_not_hold_up_one_with_few(open_engine):
    asker = open_engine(sequences=2)
    crowd = [asker.job(f"crowd {n}", f"{n} Hello", group="crowd") for n in range(20)]
    late = asker.job("late", "Hello", group="quiet")
    asker.ask(*crowd, late)
    assert ends(asker).index("late") <= 4


def test_jobs_of_one_group_keep_their_order(open_engine):
    asker = open_engine(sequences=1)
    asker.ask(*[asker.job(f"{n}", f"{n} Hello", group="one", max_tokens=2) for n in range(8)])
    assert ends(asker) == [str(n) for n in range(8)]


def test_adapters_take_turns(open_engine, models):
    names = {"red": (models / "red.gguf", 1.0), "blue": (models / "blue.gguf", 1.0)}
    asker = open_engine(adapters=names, context=8192)
    jobs = [
        asker.job(f"{name} {n}", f"{n} Hello", adapter=name, max_tokens=60)
        for name in ("red", "blue", None)
        for n in range(3)
    ]
    asker.ask(*jobs)
    order = [str(piece.job_id).split()[0] for piece in asker.heard if piece.tokens]
    longest = max(len(run) for run in runs(order))
    assert longest <= 3 * 8 + 3  # three answers, eight steps in a row
    assert asker.engine.metrics().counts.adapter_switches < len(order) / 8


def runs(order):
    found = [[order[0]]]
    for one in order[1:]:
        if one == found[-1][-1]:
            found[-1].append(one)
        else:
            found.append([one])
    return found


def test_answers_under_way_go_on_while_a_long_prompt_is_read(open_engine):
    asker = open_engine(context=16384, chunk=64)
    asker.engine.submit(asker.job("talker", "Hello", max_tokens=300))
    while asker.next().tokens == 0:
        pass
    asker.engine.submit(asker.job("reader", "Some words to read. " * 300, max_tokens=1))
    asker.wait("talker", "reader")
    names = [piece.job_id for piece in asker.heard]
    meanwhile = names[: names.index("reader")].count("talker")
    assert meanwhile >= 20  # the prompt is some 2,000 tokens or more, read 64 at a time
