"""For Asks of every shape, drawn at random: what is legal is read, and all else is refused."""

import json
from collections.abc import Mapping
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from games.core import PASS, Ask, Kind, UnclearMove

NAMES = st.one_of(
    st.sampled_from(
        ("Player 1", "Player 10", "Ann", "Anna", "yes", "no", "Skip", "1", "42", "石头")
    ),
    st.sampled_from(("salt and pepper", "a, b", "not me", "don’t", "👍", "ß", "-", "none", "[1]")),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).map(str.strip),
)
CHOICES = st.lists(NAMES.filter(bool), min_size=1, max_size=8, unique=True).map(tuple)
PROMPTS = st.sampled_from(("Well?", "Which?", "你呢?"))


@st.composite
def one_of(draw):
    return Ask(draw(PROMPTS), choices=draw(CHOICES), optional=draw(st.booleans()))


@st.composite
def several_of(draw):
    choices = draw(CHOICES)
    most = draw(st.integers(1, len(choices)))
    least = draw(st.integers(0, most))
    optional = draw(st.booleans())
    return Ask(draw(PROMPTS), choices=choices, at_least=least, at_most=most, optional=optional)


@st.composite
def number(draw):
    step = draw(st.sampled_from((1, 1, 2, 5, 0.5, 0.25, 0.1)))
    low = draw(st.integers(-1_000, 10**9))
    high = low + step * draw(st.integers(0, 10_000)) + draw(st.sampled_from((0, step / 2)))
    return Ask(draw(PROMPTS), low=low, high=high, step=step, optional=draw(st.booleans()))


@st.composite
def text(draw):
    return Ask(draw(PROMPTS), max_length=draw(st.integers(1, 300)), optional=draw(st.booleans()))


SIMPLE = st.one_of(one_of(), several_of(), number(), text())
FIELDS = st.dictionaries(st.sampled_from(("over", "note", "points", "winner")), SIMPLE, min_size=1)
ASKS = st.one_of(SIMPLE, FIELDS.map(lambda fields: Ask("Fill in.", fields=fields)))

JUNK = st.one_of(
    st.text(max_size=200),
    st.text(st.sampled_from('0123456789.,-+e 石not[]{}":and\n`'), max_size=60),
    st.recursive(
        st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9)),
        lambda part: st.one_of(
            st.lists(part, max_size=4),
            st.dictionaries(st.sampled_from(("answer", "over", "note", "x")), part),
        ),
        max_leaves=8,
    ).map(json.dumps),
)


def is_legal(ask, answer):
    """Return whether `parse` may give this answer."""
    if answer is None:
        return ask.optional
    match ask.kind:
        case Kind.ONE_OF:
            return answer in ask.choices
        case Kind.SEVERAL_OF:
            known = isinstance(answer, tuple) and set(answer) <= set(ask.choices)
            return (
                known
                and len(set(answer)) == len(answer)
                and ask.at_least <= len(answer) <= ask.at_most
            )
        case Kind.NUMBER:
            return any(answer == ask.number(step) for step in range(ask.steps + 1))
        case Kind.TEXT:
            return isinstance(answer, str) and 1 <= len(answer) <= ask.max_length
        case Kind.FORM:
            return (
                isinstance(answer, Mapping)
                and list(answer) == list(ask.fields)
                and all(is_legal(part, answer[name]) for name, part in ask.fields.items())
            )


def fits(schema, value):
    """Return whether a value fits a JSON schema, as far as an Ask writes schemas."""
    if "anyOf" in schema:
        return any(fits(part, value) for part in schema["anyOf"])
    if "enum" in schema:
        return value in schema["enum"] and not isinstance(value, bool)
    match schema["type"]:
        case "null":
            return value is None
        case "string":
            return isinstance(value, str) and (
                schema["minLength"] <= len(value) <= schema["maxLength"]
            )
        case "array":
            return (
                isinstance(value, list)
                and schema["minItems"] <= len(value) <= schema["maxItems"]
                and all(fits(schema["items"], item) for item in value)
                and len(set(value)) == len(value)
            )
        case "integer" | "number":
            number = int if schema["type"] == "integer" else int | float
            return (
                isinstance(value, number)
                and schema["minimum"] <= value <= schema["maximum"]
                and value % schema.get("multipleOf", value or 1) == 0
            )
        case "object":
            return set(value) == set(schema["required"]) and all(
                fits(part, value[name]) for name, part in schema["properties"].items()
            )
    raise AssertionError(f"An Ask writes no {schema}")


def says_its_steps(ask):
    """Return whether the schema of a number says which numbers between its ends are legal."""
    schema = json.dumps(ask.json_schema())
    return (ask.whole and ask.step == 1) or "multipleOf" in schema or "enum" in schema


def sent(ask, answer):
    """Return the JSON in which a model would give this answer."""
    plain = list(answer) if isinstance(answer, tuple) else answer
    if ask.kind is Kind.FORM:
        return {name: sent(part, answer[name]) for name, part in ask.fields.items()}
    return plain


@settings(deadline=None, max_examples=400)
@given(ASKS, st.integers(0, 99))
def test_any_sample_is_a_legal_answer(ask, seed):
    answer = ask.parse(ask.sample(Random(seed)))
    assert is_legal(ask, answer)
    assert answer is not None or ask.optional


@settings(deadline=None, max_examples=400)
@given(ASKS, st.integers(0, 99))
def test_the_schema_takes_every_legal_answer_and_parse_takes_it_from_there(ask, seed):
    answer = ask.parse(ask.sample(Random(seed)))
    value = sent(ask, answer) if ask.kind is Kind.FORM else {"answer": sent(ask, answer)}
    assert fits(ask.json_schema(), value)
    assert ask.parse(json.dumps(value)) == answer
    assert ask.parse(f"```json\n{json.dumps(value, ensure_ascii=False)}\n```") == answer


@settings(deadline=None, max_examples=600)
@given(ASKS, JUNK)
def test_any_text_is_read_as_a_legal_answer_or_refused_with_a_sentence(ask, junk):
    try:
        answer = ask.parse(junk)
    except UnclearMove as why:
        assert str(why).endswith((".", "”."))  # noqa: PT017
    else:
        assert is_legal(ask, answer)


@settings(deadline=None, max_examples=300)
@given(SIMPLE, JUNK.map(lambda junk: junk[:200]))
def test_what_fits_the_schema_is_read(ask, junk):
    if ask.kind is Kind.TEXT or (ask.kind is Kind.NUMBER and not says_its_steps(ask)):
        return
    try:
        value = {"answer": json.loads(junk)}
    except ValueError:
        return
    if fits(ask.json_schema(), value):
        assert is_legal(ask, ask.parse(json.dumps(value)))


@settings(deadline=None, max_examples=100)
@given(SIMPLE)
def test_an_optional_question_may_always_be_passed(ask):
    if ask.optional and "pass" not in [choice.casefold() for choice in ask.choices]:
        assert ask.parse(PASS) is None


@settings(deadline=None, max_examples=200)
@given(ASKS)
def test_every_ask_has_a_hint_and_a_schema_that_is_json(ask):
    assert ask.hint()
    schema = ask.json_schema()
    assert json.loads(json.dumps(schema)) == schema
