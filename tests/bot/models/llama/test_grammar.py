"""What a grammar lets through is a legal answer, and every legal answer gets through."""

import json
import time
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.models.llama.grammar import NoGrammar, grammar
from games.core import Ask, Kind, UnclearMove
from games.core.ask import GRID
from tests.games.core.test_any_ask import ASKS, FIELDS, JUNK, fits, number, sent, several_of
from tests.gbnf import Gbnf

WHOLE = st.integers(-(10**6), 10**6)


def plain(value):
    return json.dumps(value, ensure_ascii=False)


def answers(schema):
    return Gbnf(grammar({"type": "object", "properties": {"answer": schema}}))


def takes(reader, value):
    return reader.accepts(f'{{"answer": {value}}}')


@settings(deadline=None, max_examples=120)
@given(ASKS, st.integers(0, 9999))
def test_whatever_follows_the_grammar_fits_the_schema_and_is_read(ask, seed):
    text = Gbnf(grammar(ask.json_schema())).sample(Random(seed))
    value = json.loads(text)
    assert fits(ask.json_schema(), value)
    try:
        ask.parse(text)
    except UnclearMove as why:
        # Bringing a text into its normal form may make it longer than it was sent.
        assert "characters" in str(why)  # noqa: PT017


@settings(deadline=None, max_examples=120)
@given(ASKS, st.integers(0, 9999))
def test_every_legal_answer_follows_the_grammar(ask, seed):
    answer = ask.parse(ask.sample(Random(seed)))
    value = sent(ask, answer) if ask.kind is Kind.FORM else {"answer": sent(ask, answer)}
    if "uniqueItems" in json.dumps(ask.json_schema()):
        value = in_the_order_of_the_options(ask, value)
    reader = Gbnf(grammar(ask.json_schema()))
    assert reader.accepts(plain(value))
    assert reader.accepts(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def in_the_order_of_the_options(ask, value):
    parts = ask.fields or {"answer": ask}
    return {
        name: sorted(said, key=parts[name].choices.index) if isinstance(said, list) else said
        for name, said in value.items()
    }


@settings(deadline=None, max_examples=120)
@given(ASKS, JUNK)
def test_no_other_text_follows_the_grammar(ask, junk):
    reader = Gbnf(grammar(ask.json_schema()))
    for text in (junk, f'{{"answer": {junk}}}', f'{{"answer": "{junk}"}}'):
        if reader.accepts(text):
            assert fits(ask.json_schema(), json.loads(text))


@settings(deadline=None, max_examples=120)
@given(WHOLE, st.integers(0, 10**6), st.integers(1, 60), st.integers(-3, 3), st.data())
def test_whole_numbers_stay_in_their_range_and_on_their_grid(low, more, step, off, data):
    reader = answers({"type": "integer", "minimum": low, "maximum": low + more, "x-step": step})
    near = [low + off, low + more + off, off, low + step * data.draw(st.integers(0, more // step))]
    for said in [*near, near[-1] + off, data.draw(WHOLE)]:
        legal = low <= said <= low + more and (said - low) % step == 0
        assert takes(reader, said) == legal, said
    for said in ("-0", "00", f"0{low}", f"{low}.0", f"+{low}", f"{low}e0", "", "-", "1_0"):
        assert not takes(reader, said) or said == str(low)


@settings(deadline=None, max_examples=120)
@given(number(), st.integers(0, 10**4), st.sampled_from((-0.5, -0.05, 0, 0.05, 0.001, 0.5)))
def test_decimal_numbers_stay_on_their_grid(ask, steps, off):
    reader = Gbnf(grammar(ask.json_schema()))
    legal = ask.number(min(steps, ask.steps))
    for value in (legal, ask.number(0), ask.number(ask.steps)):
        assert takes(reader, plain(value)) or (ask.optional and value is None)
    said = round(legal + off, 6)
    if off and takes(reader, plain(said)):
        assert ask.parse(plain({"answer": said})) == pytest.approx(said)


def test_small_ranges_let_exactly_their_numbers_through():
    for low in range(-23, 24, 9):
        for high in range(low, 130, 19):
            for step in (1, 3, 7, 10):
                reader = answers(
                    {"type": "integer", "minimum": low, "maximum": high, "x-step": step}
                )
                found = [said for said in range(-140, 140) if takes(reader, said)]
                assert found == list(range(low, high + 1, step))


def test_multiples_are_held_too():
    reader = answers({"type": "integer", "minimum": -7, "maximum": 1_000_000, "multipleOf": 250})
    found = [said for said in range(-1000, 3000) if takes(reader, said)]
    assert found == list(range(0, 3000, 250))
    assert takes(reader, 1_000_000)
    assert not takes(reader, 1_000_250)


def test_zeros_behind_the_point_may_be_left_out():
    reader = answers({"type": "number", "minimum": 0, "maximum": 2, "x-step": 0.25})
    assert all(takes(reader, said) for said in ("0", "0.0", "0.5", "0.50", "1.75", "2.00"))
    assert not any(takes(reader, said) for said in ("0.", ".5", "0.3", "0.500", "2.25", "-0.0"))


def test_a_step_with_too_many_remainders_still_holds_the_range():
    schema = {"type": "integer", "minimum": 5, "maximum": 10**9, "x-step": 99_991}
    reader = answers(schema)
    assert takes(reader, 5 + 99_991)
    assert not takes(reader, 4)
    assert not takes(reader, 10**9 + 1)
    assert len(grammar({"type": "object", "properties": {"answer": schema}})) < 20_000


@pytest.mark.parametrize("length", [1, 2, 300, 500, 501, 1200, 4000])
def test_texts_have_at_most_so_many_characters_whatever_their_bytes(length):
    reader = Gbnf(grammar(Ask("Well?", max_length=length).json_schema()))
    for char in ("a", "é", "石", "👍"):
        assert takes(reader, plain(char * length))
        assert not takes(reader, plain(char * (length + 1)))
    assert takes(reader, plain('"' * length))
    assert not takes(reader, '""')


def test_texts_hold_no_control_characters_and_only_escapes_that_are_needed():
    reader = Gbnf(grammar(Ask("Well?", max_length=9).json_schema()))
    good = ('a"b', "a\\b", "a\nb", "a\tb", "a b", "a/b", "Ünï", "a\u2028b", "[]{}")
    assert all(takes(reader, plain(text)) for text in good)
    raw = [*map(chr, range(32)), *map(chr, range(0x7F, 0xA0)), *"\u202e\u2066\ud800\udfff"]
    assert not any(takes(reader, f'"a{char}b"') for char in raw)
    bad = ('"a\\u0000b"', '"\\ud800"', '"\\q"', '"a\\rb"', '"a', 'a"', '" a"', '"\\n"', '"a"b"')
    assert not any(takes(reader, text) for text in bad)


@settings(deadline=None, max_examples=100)
@given(several_of(), st.data())
def test_a_list_names_no_option_twice(ask, data):
    reader = Gbnf(grammar(ask.json_schema()))
    said = data.draw(st.lists(st.sampled_from(ask.choices), max_size=6))
    if takes(reader, plain(said)):
        assert len(set(said)) == len(said)
        assert ask.at_least <= len(said) <= ask.at_most or (ask.optional and not said)
    ordered = sorted(set(said), key=ask.choices.index)
    if ask.at_least <= len(ordered) <= ask.at_most:
        assert takes(reader, plain(ordered))


def test_a_short_list_may_be_in_any_order():
    reader = Gbnf(grammar(Ask("Who?", choices=tuple("abcdefghijkl"), at_most=2).json_schema()))
    assert takes(reader, '["k", "b"]')
    assert takes(reader, '["b", "k"]')
    assert not takes(reader, '["b", "b"]')
    assert not takes(reader, "[]")


def test_a_long_list_comes_in_the_order_of_its_options():
    ask = Ask("Who?", choices=tuple(map(str, range(25))), at_least=3, at_most=20)
    reader = Gbnf(grammar(ask.json_schema()))
    assert takes(reader, plain([str(at) for at in range(20)]))
    assert takes(reader, '["4", "11", "24"]')
    refused = ('["11", "4", "24"]', '["4", "4", "5"]', '["4", "5"]')
    assert not any(takes(reader, said) for said in refused)
    assert not takes(reader, plain([str(at) for at in range(21)]))


def test_options_that_begin_alike_are_told_apart():
    ask = Ask("Who?", choices=("Player 1", "Player 10", "Player", 'the "x"', "a\\b", "tab\there"))
    reader = Gbnf(grammar(ask.json_schema()))
    assert all(takes(reader, plain(choice)) for choice in ask.choices)
    others = ("Player 2", "Player 100", "Play", "", "player 1", "Player 1 ")
    assert not any(takes(reader, plain(text)) for text in others)


def test_an_open_text_is_bounded_by_nothing_but_tokens():
    reader = answers({"type": "string"})
    assert takes(reader, plain("x" * 3000))
    assert takes(reader, '""')


def test_lists_of_anything_named_keep_their_lengths():
    reader = answers(
        {"type": "array", "items": {"type": ["boolean", "null"]}, "minItems": 2, "maxItems": 3}
    )
    assert takes(reader, "[true, null]")
    assert takes(reader, "[true,null, false]")
    assert not any(takes(reader, said) for said in ("[true]", "[1, 2]", "[true,true,true,true]"))


@pytest.mark.parametrize(
    ("schema", "why"),
    [
        ({"type": "string", "pattern": "a+"}, "'pattern'"),
        ({"type": "integer", "minimum": 2, "maximum": 1}, "cannot be"),
        ({"type": "thing"}, "'thing'"),
        ({"type": "array"}, "anything"),
        ({"type": "object", "additionalProperties": True}, "does not name"),
        ({"$ref": "#/x"}, "None"),
        ({"type": "string", "minLength": 5, "maxLength": 4}, "impossible"),
        ({"enum": [str(at) * 40 for at in range(10**4)]}, "too big"),
    ],
)
def test_what_no_grammar_can_hold_is_refused_with_a_sentence(schema, why):
    with pytest.raises(NoGrammar, match=why) as refusal:
        answers(schema)
    assert str(refusal.value).endswith(".")


KEYWORDS = st.sampled_from([
    *("type", "enum", "const", "anyOf", "properties", "required", "additionalProperties", "items"),
    *("minItems", "maxItems", "uniqueItems", "minLength", "maxLength"),
    *("minimum", "maximum", "multipleOf", GRID),
])  # fmt: skip
TYPES = st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "null"])
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3) | TYPES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYWORDS, inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(KEYWORDS, VALUES, max_size=4), TYPES)
def test_any_nonsense_is_refused_or_makes_a_grammar(schema, kind):
    for asked in (schema, {"type": kind, **schema}):
        try:
            assert grammar(asked)
        except NoGrammar as why:
            assert str(why).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": 5},
        {"enum": []},
        {"anyOf": []},
        {"type": "string", "minLength": "a"},
        {"type": "string", "minLength": 10**7},
        {"type": "integer", "minimum": 0, "maximum": 2**100},
        {"type": "integer", "minimum": None},
        {"type": "number", "multipleOf": 1e-300},
        {"type": "object", "properties": [1]},
        {"type": "array", "items": {"enum": []}, "uniqueItems": True},
    ],
)
def test_a_value_of_the_wrong_kind_is_named(schema):
    with pytest.raises(NoGrammar, match=r"The schema's '\w+' has a value that no grammar is made"):
        grammar(schema)


def test_a_list_of_very_many_options_is_refused_at_once():
    many = {"enum": [str(number) for number in range(20_000)]}
    with pytest.raises(NoGrammar, match="too big"):
        grammar({"type": "array", "items": many, "uniqueItems": True})


def test_schemas_nested_without_end_are_refused():
    schema = {"type": "string"}
    for _ in range(2000):
        schema = {"type": "object", "properties": {"x": schema}}
    with pytest.raises(NoGrammar, match="too deeply"):
        grammar(schema)


def test_grammars_are_small_and_quickly_made():
    wide = {f"points {at}": Ask("?", low=-(10**9), high=10**9) for at in range(10)}
    asks = [
        Ask("?", max_length=20_000),
        Ask("?", choices=tuple(f"Player {at}" for at in range(100))),
        Ask("?", choices=tuple(map(str, range(25))), at_least=2, at_most=24),
        Ask("?", low=0, high=10**9, step=0.1),
        Ask("?", fields=wide),
    ]
    began = time.process_time()
    sizes = [len(grammar(ask.json_schema())) for ask in asks]
    assert time.process_time() - began < 10
    assert max(sizes) < 60_000, sizes


@settings(deadline=None, max_examples=60)
@given(FIELDS, st.integers(0, 9999))
def test_forms_keep_the_order_of_their_fields(fields, seed):
    ask = Ask("Fill in.", fields=fields)
    assert list(json.loads(Gbnf(grammar(ask.json_schema())).sample(Random(seed)))) == list(fields)
