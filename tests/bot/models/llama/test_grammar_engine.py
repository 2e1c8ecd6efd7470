"""llama.cpp holds a model to the grammars made from Asks: even one that says nothing but noise."""

import ctypes
import json
import time
from random import Random

import pytest
from hypothesis import Phase, given, settings

from bot.models.llama.grammar import grammar
from games.core import Ask, Kind, UnclearMove
from tests.games.core.test_any_ask import ASKS, fits, sent
from tests.gbnf import Gbnf

SCHEMAS = 1000
NOISE = '\\"{}[],:0123456789.-eE+ \n\tanull\x00\x7fé石👍\u202e'


def asks(count):
    """Return random Asks, the same ones each time."""
    drawn = []

    @settings(max_examples=count, database=None, derandomize=True, phases=[Phase.generate])
    @given(ASKS)
    def draw(ask):
        drawn.append(ask)

    draw()
    return drawn


class Judge:
    """llama.cpp's own reader of grammars, asked about one text at a time."""

    def __init__(self, engine):
        self._tokenize = engine.tokenize
        self._vocabulary = engine._opened.model.vocabulary
        self._end = engine._opened.model.eos

    def accepts(self, rules, text):
        from bot.models.llama.library import lib

        reader = lib.llama_sampler_init_grammar(self._vocabulary, rules.encode(), b"root")
        assert reader, rules
        try:
            for token in [*self._tokenize(text), self._end]:
                one = (lib.llama_token_data * 1)(lib.llama_token_data(token, 1.0, 0.0))
                found = lib.llama_token_data_array(data=one, size=1, selected=-1, sorted=False)
                lib.llama_sampler_apply(reader, ctypes.byref(found))
                if one[0].logit == float("-inf"):
                    return False
                if token != self._end:
                    lib.llama_sampler_accept(reader, token)
        finally:
            lib.llama_sampler_free(reader)
        return True


def near_misses(text, rng):
    """Return texts that differ from a legal one in a character."""
    for _ in range(4):
        at = rng.randrange(len(text))
        yield text[:at] + text[at + 1 :]
        yield text[:at] + rng.choice(NOISE) + text[at:]
        yield text[:at] + rng.choice(NOISE) + text[at + 1 :]


def test_llama_cpp_reads_these_grammars_as_they_are_meant(open_engine):
    judge, rng = Judge(open_engine().engine), Random(0)
    for seed, ask in enumerate(asks(150)):
        rules = grammar(ask.json_schema())
        reader = Gbnf(rules)
        text = reader.sample(Random(seed))
        assert judge.accepts(rules, text), (ask, text)
        for other in near_misses(text, rng):
            assert judge.accepts(rules, other) == reader.accepts(other), (ask, other)


def test_every_legal_answer_passes_llama_cpp(open_engine):
    judge = Judge(open_engine().engine)
    for seed, ask in enumerate(asks(150)):
        if "uniqueItems" in json.dumps(ask.json_schema()):
            continue  # long lists come in one order only
        answer = ask.parse(ask.sample(Random(seed)))
        value = sent(ask, answer) if ask.kind is Kind.FORM else {"answer": sent(ask, answer)}
        rules = grammar(ask.json_schema())
        assert judge.accepts(rules, json.dumps(value, ensure_ascii=False)), ask


def test_every_completed_answer_to_a_thousand_random_asks_validates(open_engine):
    asker = open_engine(context=16 * 1100, sequences=16)
    jobs, put = [], {}
    for number, ask in enumerate(asks(SCHEMAS)):
        rules = grammar(ask.json_schema())
        given = {"temperature": 0.0 if number % 5 == 0 else 1.0, "max_tokens": 1000}
        job = asker.job(f"{number}", f"{number}", grammar=rules, seed=number, **given)
        put[job.job_id] = ask
        jobs.append(job)
    completed = 0
    for job, answer in zip(jobs, asker.ask(*jobs), strict=True):
        ask = put[job.job_id]
        if answer.done != "stop":
            assert answer.done == "length"
            continue
        completed += 1
        assert fits(ask.json_schema(), json.loads(answer.text)), (ask, answer.text)
        try:
            ask.parse(answer.text)
        except UnclearMove as why:
            assert "characters" in str(why), (ask, answer.text)  # noqa: PT017
    assert completed > 0.95 * SCHEMAS


@pytest.mark.parametrize(
    "ask",
    [
        Ask("?", max_length=500),
        Ask("?", max_length=20_000),
        Ask("?", choices=tuple(f"Player {at}" for at in range(100))),
        Ask("?", choices=tuple(map(str, range(25))), at_least=2, at_most=24),
        Ask("?", low=0, high=10**9, step=0.1),
        Ask("?", low=3, high=10**9, step=577),
    ],
)
def test_the_biggest_grammars_are_read_in_a_moment(open_engine, ask):
    judge, rules = Judge(open_engine().engine), grammar(ask.json_schema())
    text = Gbnf(rules).sample(Random(1)) if ask.kind is not Kind.TEXT else '{"answer": "石"}'
    judge.accepts(rules, text)
    began = time.process_time()
    assert judge.accepts(rules, text)
    assert time.process_time() - began < 5
