"""Which memories come to mind first, and how many."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from characters.memory import Memory, MemoryKind, Scope, Source
from characters.recall import (
    ago,
    distinct,
    fused,
    ranked,
    recency,
    scaled,
    tokens_of,
    told,
    within,
)

NOW = datetime(2026, 1, 2, 12, tzinfo=UTC)


def memory(number, text="", importance=3, age=timedelta(), accessed=None):
    at = NOW - age
    return Memory(
        number,
        Scope(1, "socrates", 2),
        MemoryKind.FACT,
        "",
        text or f"fact {number}",
        importance,
        at,
        accessed or at,
        Source("m1", number),
    )


def test_rankings_are_fused_by_reciprocal_rank():
    found = fused([[7, 8], [8, 9], []])
    assert found == {7: 1 / 61, 8: 1 / 62 + 1 / 61, 9: 1 / 62}
    assert fused([]) == {}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({1: 2.0, 2: 4.0, 3: 3.0}, {1: 0.0, 2: 1.0, 3: 0.5}),
        ({1: 5.0, 2: 5.0}, {1: 0.5, 2: 0.5}),
        ({1: 0.0}, {1: 0.5}),
        ({}, {}),
    ],
)
def test_values_are_scaled_to_between_0_and_1_and_equal_ones_tell_nothing(values, expected):
    assert scaled(values) == expected


@pytest.mark.parametrize(
    ("hours", "left"), [(0, 1.0), (1, 0.995), (24, 0.995**24), (-5, 1.0), (10**7, 0.0)]
)
def test_recency_fades_by_the_hour_and_is_never_more_than_1(hours, left):
    found = recency(NOW - timedelta(hours=hours), NOW)
    assert math.isfinite(found)
    assert found == pytest.approx(left)


@pytest.mark.parametrize(
    ("memories", "relevance", "order"),
    [
        ([memory(1), memory(2)], {2: 0.1}, [2, 1]),
        ([memory(1), memory(2, importance=9)], {}, [2, 1]),
        ([memory(1, age=timedelta(days=9)), memory(2)], {}, [2, 1]),
        ([memory(1, age=timedelta(days=9), accessed=NOW), memory(2, age=timedelta(1))], {}, [1, 2]),
        ([memory(3), memory(1), memory(2)], {}, [1, 2, 3]),
        ([memory(1, importance=9), memory(2, age=timedelta(9))], {2: 0.1}, [1, 2]),
        ([memory(1), memory(1)], {1: 0.1}, [1]),
        ([], {}, []),
    ],
)
def test_recency_importance_and_relevance_count_alike_and_ties_go_by_id(memories, relevance, order):
    assert [one.id for one in ranked(memories, relevance, NOW)] == order


def test_of_memories_that_say_the_same_the_first_stays():
    kept = distinct([memory(1, "has a dog"), memory(2, "Has a dog!"), memory(3, "has a cat")])
    assert [one.id for one in kept] == [1, 3]
    assert distinct([memory(1), replace(memory(1), text="another text")]) == [memory(1)]


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(seconds=-9), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=8), "1 week ago"),
        (timedelta(days=61), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
    ],
)
def test_how_long_ago_is_said_in_words(age, said):
    assert ago(NOW - age, NOW) == said
    assert told(memory(1, "has a dog", age=age), "ann", NOW) == f"ann, {said}: has a dog"


def test_texts_are_taken_whole_as_long_as_there_is_room():
    texts = ["a" * 30, "b" * 300, "c" * 30]
    assert within(texts, 25) == [texts[0], texts[2]]
    assert within(texts, 11) == [texts[0]]
    assert within(texts, 0) == []
    assert tokens_of("猫" * 10) == 11
