from math import isfinite
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from games.core import Words
from towns.clock import Clock
from towns.memory import MOST_RECORDS, Memory, Record, RecordKind
from towns.recall import FADING, PER_RECORD, ranked, recall, relevances, scaled, terms

CLOCK = Clock(seconds_per_tick=3600)  # a tick an hour
TEXTS = st.sampled_from(
    ["", "tea with Bea", "the bridge", "Bea at the bridge", "茶を飲む", "ö" * 50]
)
RECORDS = st.lists(st.tuples(TEXTS, st.integers(1, 10), st.integers(0, 10**6)), max_size=30).map(
    lambda rows: [
        Record(number, tick, RecordKind.DID, Words(text), importance, tick)
        for number, (text, importance, tick) in enumerate(rows, 1)
    ]
)


def record(number, text="x", importance=3, accessed=0):
    return Record(number, 0, RecordKind.DID, Words(text), importance, accessed)


def numbers(records):
    return [one.number for one in records]


def test_the_latest_comes_first_where_all_else_is_equal():
    old, new = record(1, accessed=0), record(2, accessed=50)
    assert numbers(ranked([old, new], "", 60, CLOCK)) == [2, 1]


def test_what_came_to_mind_lately_counts_as_fresh():
    assert numbers(ranked([record(1, accessed=59), record(2, accessed=50)], "", 60, CLOCK)) == [
        1,
        2,
    ]


def test_the_important_comes_first_where_all_else_is_equal():
    assert numbers(ranked([record(1, importance=9), record(2)], "", 60, CLOCK)) == [1, 2]


def test_the_relevant_comes_first_where_all_else_is_equal():
    records = [record(1, "tea with Bea"), record(2, "mended the pump"), record(3, "a walk")]
    assert numbers(ranked(records, "Who mended my PUMP?", 60, CLOCK))[0] == 2


def test_recency_importance_and_relevance_have_equal_weight():
    records = [
        record(1, "tea", importance=10, accessed=100),
        record(2, "pump", importance=10, accessed=0),
        record(3, "walk", importance=1, accessed=100),
    ]
    assert numbers(ranked(records, "pump", 100, CLOCK)) == [2, 1, 3]  # 2, 2 and 1: the later first


def test_a_rare_word_tells_more_than_a_common_one():
    texts = ["Bea and tea", "Bea and Bob", "Bea and Cy", "the pump"]
    found = relevances(texts, "Bea pump")
    assert found[3] > found[0] > 0


def test_recency_fades_to_the_share_of_the_paper_in_each_hour():
    ages = [FADING**hours for hours in (0, 24)]
    assert ages == [1, pytest.approx(0.8867, abs=1e-4)]


def test_values_that_are_all_equal_tell_nothing():
    assert scaled([4.0, 4.0]) == [0.0, 0.0]
    assert scaled([]) == []
    assert scaled([1.0, 3.0, 2.0]) == [0.0, 1.0, 0.5]


def test_of_equals_the_later_record_comes_first():
    assert numbers(ranked([record(n) for n in (1, 2, 3)], "", 9, CLOCK)) == [3, 2, 1]


def test_what_was_forgotten_never_comes_to_mind():
    memory = Memory(stream=(record(1, ""), record(2)))
    assert numbers(recall(memory, "x", 9, CLOCK)) == [2]


def test_a_record_too_long_for_the_room_gives_way_to_shorter_ones():
    memory = Memory(stream=(record(1, "short"), record(2, "x" * 200)))
    assert numbers(recall(memory, "", 9, CLOCK, characters=PER_RECORD + 5)) == [1]


def test_scripts_without_spaces_are_compared_by_their_characters():
    assert terms("茶 Tea") == {"茶", "tea"}
    assert numbers(ranked([record(1, "橋を渡る"), record(2, "散歩")], "橋", 9, CLOCK))[0] == 1


@given(RECORDS, TEXTS, st.integers(0, 10**6))
def test_any_records_are_ranked_without_loss_and_in_one_order(records, about, tick):
    found = ranked(records, about, tick, CLOCK)
    assert sorted(numbers(found)) == numbers(records)
    assert found == ranked(records[::-1], about, tick, CLOCK)


@given(st.lists(st.floats(0, 1e9), max_size=20))
def test_scaled_values_are_never_nan_and_lie_between_0_and_1(values):
    assert all(isfinite(value) and 0 <= value <= 1 for value in scaled(values))


@given(RECORDS, st.integers(0, 12), st.integers(0, 900))
def test_what_is_recalled_never_outgrows_its_number_and_its_length(records, most, characters):
    found = recall(Memory(stream=tuple(records)), "Bea", 10**6, CLOCK, most, characters)
    assert len(found) <= most
    assert sum(len(one.text) + PER_RECORD for one in found) <= characters


def test_a_full_stream_is_searched_within_milliseconds():
    memory = Memory()
    for tick in range(MOST_RECORDS):
        memory = memory.perceived(tick, RecordKind.DID, f"talked with P{tick} about tea and boats")
    recall(memory, "boats", 900, CLOCK)
    start = process_time()
    for _ in range(10):
        recall(memory, "boats with P7", 900, CLOCK)
    assert (process_time() - start) / 10 < 0.05
