from games.core import Words
from towns.clock import Clock
from towns.memory import Memory, RecordKind
from towns.reflection import MOST_CHARACTERS, MOST_SHOWN, THRESHOLD, due, gathered, latest

CLOCK = Clock()


def lived(records, importance=5, text="talked with Bea about boats"):
    memory = Memory()
    for tick in range(records):
        memory = memory.perceived(tick, RecordKind.TALKED, f"{text} {tick}", importance)
    return memory


def test_a_reflection_is_due_when_the_importance_exceeds_the_threshold():
    assert not due(lived(THRESHOLD // 5))
    assert due(lived(THRESHOLD // 5 + 1))
    assert due(lived(3), threshold=10)


def test_after_a_reflection_none_is_due():
    assert not due(lived(99).reflected(100, []))


def test_insights_do_not_make_the_next_reflection_due():
    memory = Memory()
    for tick in range(100):
        memory = memory.perceived(tick, RecordKind.INSIGHT, "I like boats")
    assert not due(memory)


def test_the_latest_records_are_looked_at_as_far_as_there_is_room():
    found = latest(lived(300, text="x" * 80))
    assert found[-1].number == 300
    assert [one.number for one in found] == list(range(found[0].number, 301))
    assert len(found) > 10 and sum(len(one.text) for one in found) < MOST_CHARACTERS


def test_what_is_gathered_for_several_questions_stands_there_once_and_in_order():
    found = gathered(lived(40), ["boats?", "Bea?", "talks?"], 50, CLOCK)
    numbers = [one.number for one in found]
    assert numbers == sorted(set(numbers))
    assert 0 < len(numbers) <= MOST_SHOWN


def test_forgotten_questions_still_gather_what_is_recent():
    assert gathered(lived(40), [Words("")] * 3, 50, CLOCK)
    assert gathered(lived(40), [], 50, CLOCK)
    assert gathered(Memory(), ["boats?"], 50, CLOCK) == []
