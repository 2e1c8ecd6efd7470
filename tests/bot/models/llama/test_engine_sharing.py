"""What was computed once is not computed again, and nobody gets what is not theirs."""

import pytest

CARD = "You are Ann, who keeps the lighthouse and speaks of ships and storms. " * 8
"""Some hundreds of tokens that conversations begin with."""


def figures(asker):
    return asker.engine.metrics().counts


def test_a_beginning_is_computed_once_for_all_that_arrive_together(open_engine):
    asker = open_engine(context=8192)
    card = len(asker.engine.tokenize(CARD))
    answers = asker.ask(*[asker.job(f"{n}", CARD + f"Guest {n} asks.") for n in range(12)])
    reused = sorted(answer.reused for answer in answers)
    assert reused[0] == 0
    assert all(card <= one <= card + 10 for one in reused[1:])
    assert figures(asker).tokens_reused >= 11 * card


def test_without_sharing_everything_is_computed(open_engine):
    asker = open_engine(context=8192, share=False)
    asker.ask(*[asker.job(f"{n}", CARD + f"Guest {n} asks.") for n in range(4)])
    assert figures(asker).tokens_reused == 0


def test_sharing_does_not_change_an_answer(open_engine, agree):
    asked = []
    for share in (True, False):
        asker = open_engine(context=8192, share=share)
        jobs = [asker.job(f"{n}", CARD + f"Guest {n} asks.") for n in range(6)]
        asked.append(asker.ask(*jobs))
    assert all(map(agree, *asked))


@pytest.mark.parametrize("share", [True, False])
def test_a_conversation_that_goes_on_is_extended_in_place(open_engine, share):
    asker = open_engine(share=share)
    first = asker.job("first", CARD, max_tokens=10)
    (answer,) = asker.ask(first)
    said = [one.token for one in asker.say("look", CARD, max_tokens=10, top_logprobs=0).logprobs]
    more = asker.engine.tokenize(" And then?")
    assert answer.done == "length"
    second = asker.say("second", [*first.tokens, *said, *more], max_tokens=10)
    assert second.reused >= len(first.tokens) + len(said) - 1


def test_nothing_is_shared_between_adapters(open_engine, models):
    asker = open_engine(adapters={"red": (models / "red.gguf", 1.0)}, context=4096)
    asker.ask(*[asker.job(f"{name}", CARD, adapter=name) for name in (None, "red")])
    assert figures(asker).tokens_reused == 0
    again = asker.ask(*[asker.job(f"{name} again", CARD, adapter=name) for name in (None, "red")])
    assert all(answer.reused > 100 for answer in again)


def test_the_one_used_longest_ago_makes_room(open_engine):
    asker = open_engine(sequences=2)
    for name in ("a", "b", "c"):
        asker.say(name, f"{name} begins differently. {CARD}", max_tokens=2)
    assert figures(asker).evicted == 1
    assert asker.say("b again", f"b begins differently. {CARD}", max_tokens=2).reused > 100
    assert asker.say("a again", f"a begins differently. {CARD}", max_tokens=2).reused < 10


def test_a_conversation_that_left_comes_back_from_disk_with_the_same_answer(
    open_engine, agree, tmp_path
):
    def play(asker):
        prompts = [f"{name} begins differently. {CARD}" for name in ("a", "b", "c")]
        before = [asker.say(f"{prompt[0]} before", prompt) for prompt in prompts]
        after = [asker.say(f"{prompt[0]} after", prompt) for prompt in prompts]
        assert all(map(agree, before, after))
        return [one.reused for one in after]

    spilling = open_engine(sequences=1, spill=tmp_path / "spill")
    assert all(reused > 100 for reused in play(spilling))
    assert figures(spilling).restored == 3
    assert spilling.engine.metrics().spilled_bytes > 0
    plain = open_engine(sequences=1)
    assert all(reused < 10 for reused in play(plain))
    assert (tmp_path / "spill").stat().st_mode & 0o077 == 0
    assert not list((tmp_path / "spill").iterdir())


def test_what_cannot_be_cut_comes_back_whole_or_not_at_all(open_engine, tmp_path):
    asker = open_engine(sequences=1, share=False, spill=tmp_path / "spill")
    asker.say("one", f"{CARD} And so it was.")
    asker.say("other", "Something else")
    assert asker.say("beginning", f"{CARD} And").reused == 0
    assert figures(asker).restored == 0
    asker.say("again", f"{CARD} And so it was.", max_tokens=1)
    asker.say("yet another", "Something else again")
    tokens = asker.engine.tokenize(f"{CARD} And so it was.", bos=True)
    assert asker.say("on", [*tokens, 7, 8]).reused == len(tokens)
    assert figures(asker).restored == 1


def test_restoring_makes_room_in_a_full_context(open_engine, agree, tmp_path):
    asker = open_engine(sequences=8, context=1024, spill=tmp_path / "spill")
    prompts = [f"{name} begins differently. {CARD}" for name in "abcd"]
    before = [asker.say(f"{prompt[0]} before", prompt) for prompt in prompts]
    after = [asker.say(f"{prompt[0]} after", prompt) for prompt in prompts]
    assert all(map(agree, before, after))
    assert figures(asker).restored >= 3


def test_a_full_context_delays_answers_and_changes_none(open_engine):
    prompts = [f"{name} begins differently. {CARD}" for name in "abcdefgh"]
    given = {"temperature": 1.0, "seed": 1, "grammar": "root ::= [a-z ]{150}", "max_tokens": 200}
    roomy = open_engine("talking.gguf", context=16384)
    jobs = [roomy.job(prompt[0], prompt, **given) for prompt in prompts]
    expected = [answer.text for answer in roomy.ask(*jobs)]
    tight = open_engine("talking.gguf", context=2048)
    answers = tight.ask(*jobs)
    assert figures(tight).preempted > 0
    assert [answer.text for answer in answers] == expected
    assert all(answer.done == "stop" and len(answer.text) == 150 for answer in answers)


def test_shared_tokens_are_counted_once(open_engine):
    asker = open_engine(context=8192)
    asker.ask(*[asker.job(f"{n}", CARD + f"Guest {n} asks.", max_tokens=1) for n in range(8)])
    found = asker.engine.metrics()
    card = len(asker.engine.tokenize(CARD))
    assert card < found.cells_used < 2 * card
    assert found.cells == 8192
