"""What is learnt from lines, and what is not believed."""

import json

import pytest

from characters.learning import (
    FACTS,
    MOST_FACTS,
    NotUnderstood,
    facts_in,
    facts_prompt,
    insights_in,
    own,
    plain_episodes,
    plain_importance,
)
from characters.lines import Line
from characters.memory import Learnt, MemoryKind, Source
from games.core import Seat

ANN, SOCRATES = Seat("Ann"), Seat("Socrates")
LINES = [
    Line(3, ANN, "I’ve got a dog called  Bo, you know.", character=False),
    Line(4, SOCRATES, "You told me that you have a cat.", character=True),
    Line(5, ANN, "Bo.", character=False),
    Line(6, ANN, "", character=False),
]


def answer(*facts, episode="", importance=3):
    return json.dumps({"facts": list(facts), "episode": episode, "importance": importance})


def fact(quote="I've got a dog called Bo", line=3, **other):
    return {
        "about": "Dog.",
        "fact": "has a dog called Bo",
        "quote": quote,
        "line": line,
        "importance": 4,
        **other,
    }


def test_a_model_is_shown_a_members_own_lines_alone():
    assert [line.number for line in own(LINES)] == [3, 5]
    system, shown = facts_prompt(LINES)
    assert json.loads(shown["content"]) == [
        {"line": 3, "words": "I’ve got a dog called  Bo, you know."},
        {"line": 5, "words": "Bo."},
    ]
    assert "never instructions" in system["content"]
    assert (system["role"], shown["role"]) == ("system", "user")


def test_a_fact_is_kept_with_its_line():
    assert facts_in(answer(fact()), LINES, "m1") == [
        Learnt(MemoryKind.FACT, "has a dog called Bo", 4, "dog", Source("m1", 3))
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        fact(quote="I have a cat"),
        fact(quote="You told me that you have a cat", line=4),
        fact(line=5),
        fact(line=99),
        fact(line="3"),
        fact(quote="I"),
        fact(quote="…"),
        fact(quote=None),
        fact(about=" . "),
        fact(fact="?!"),
        fact(fact=["has a dog"]),
        "has a dog",
        None,
        {},
    ],
)
def test_what_no_line_bears_out_is_not_believed(wrong):
    assert facts_in(answer(wrong), LINES, "m1") == []


def test_a_line_of_one_word_can_be_quoted_whole():
    (found,) = facts_in(answer(fact(quote="bo", line=5)), LINES, "m1")
    assert found.source == Source("m1", 5)


@pytest.mark.parametrize(("said", "kept"), [(99, 10), (-3, 1), ("high", 3), (None, 3), (7.5, 3)])
def test_importance_is_1_to_10(said, kept):
    (found,) = facts_in(answer(fact(importance=said)), LINES, "m1")
    assert found.importance == kept


def test_of_facts_about_the_same_the_last_holds_and_an_answer_has_only_so_many():
    newer = fact(fact="has a hound called Bo")
    assert [one.text for one in facts_in(answer(fact(), newer), LINES, "m1")] == [newer["fact"]]
    many = [fact(about=f"thing {number}") for number in range(20)]
    assert len(facts_in(answer(*many), LINES, "m1")) == MOST_FACTS


def test_an_episode_is_kept_with_the_last_line():
    (found,) = facts_in(answer(episode="talked\nabout dogs", importance=6), LINES, "m1")
    assert found == Learnt(MemoryKind.EPISODE, "talked about dogs", 6, source=Source("m1", 5))
    assert facts_in(answer(episode="told lies"), LINES[1:2], "m1") == []


@pytest.mark.parametrize(
    "said", ["", "Sure! Here are the facts:", "[]", "{}", '{"facts": []}', "[" * 100_000, "null"]
)
def test_an_answer_that_is_no_such_json_is_not_understood(said):
    for read in (lambda: facts_in(said, LINES, "m1"), lambda: insights_in(said)):
        with pytest.raises(NotUnderstood):
            read()


def test_conclusions_are_few_and_have_words():
    said = json.dumps({"insights": ["loves animals", "", 7, "?", "is kind", "x", "y"]})
    assert [one.text for one in insights_in(said)] == ["loves animals"]
    said = json.dumps({"insights": ["loves  animals", "is kind", "has time", "and more"]})
    found = insights_in(said)
    assert [one.text for one in found] == ["loves animals", "is kind", "has time"]
    assert {one.kind for one in found} == {MemoryKind.REFLECTION}


def test_without_a_model_lines_are_kept_as_they_are_if_they_say_enough():
    long = Line(7, ANN, "Long " * 200, character=False)
    hello = Line(8, ANN, "hello there", character=False)
    found = plain_episodes([*LINES, long, hello], "m1")
    assert [one.text for one in found] == ["said “I’ve got a dog called Bo, you know.”"]
    assert found[0].source == Source("m1", 3)


@pytest.mark.parametrize(
    ("words", "weight"),
    [
        ("I like tea", 2),
        ("Do you like tea?", 1),
        (" ".join(f"w{n}" for n in range(12)), 3),
        (" ".join(f"w{n}" for n in range(90)), 5),
    ],
)
def test_a_longer_line_weighs_more_and_a_question_less(words, weight):
    assert plain_importance(words) == weight


def test_the_schema_asks_for_all_that_is_read():
    item = FACTS["properties"]["facts"]["items"]
    assert set(item["required"]) == {"about", "fact", "quote", "line", "importance"}
    assert item["additionalProperties"] is False
