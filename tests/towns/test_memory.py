from dataclasses import replace

import pytest

from games.core import Words
from games.core.codec import decoder, encoder
from towns.memory import (
    IMPORTANCE,
    LONGEST_EPISODE,
    LONGEST_RECORD,
    MOST_EPISODES,
    MOST_EXPERIENCES,
    MOST_KNOWN,
    MOST_RECORDS,
    Act,
    Insight,
    Memory,
    Note,
    Plan,
    RecordKind,
)

SOUP = Act("counter", "order a meal", "soup", 1, 30, "paid 25")
EAT = Act("table", "eat", "", 0, 60, "")
LUNCH = Plan("Anchor", Words("lunch"))


def filled(number):
    memory = Memory()
    for tick in range(number):
        memory = memory.perceived(tick, RecordKind.DID, f"record {tick}")
    return memory


def test_what_happens_stands_in_the_stream_with_its_time_and_the_importance_of_its_kind():
    memory = Memory().perceived(9, RecordKind.TALKED, "talked with Bea")
    (record,) = memory.stream
    assert (record.number, record.tick, record.accessed) == (1, 9, 9)
    assert record.importance == IMPORTANCE[RecordKind.TALKED]
    assert isinstance(record.text, Words)


@pytest.mark.parametrize(("given", "kept"), [(7, 7), (99, 10), (-5, 1)])
def test_a_judged_importance_goes_before_that_of_the_kind_and_stays_within_bounds(given, kept):
    assert Memory().perceived(0, RecordKind.SAW, "a dog", given).stream[0].importance == kept


def test_a_full_stream_drops_the_least_important_record_of_its_older_half():
    memory = Memory().perceived(0, RecordKind.FAILED, "the office was closed")
    for tick in range(MOST_RECORDS + 5):
        memory = memory.perceived(tick, RecordKind.SAW, f"a bird {tick}")
    assert len(memory.stream) == MOST_RECORDS
    assert memory.stream[0].text == "the office was closed"
    assert memory.stream[1].text == "a bird 6"
    assert memory.stream[-1].number == memory.records == MOST_RECORDS + 6


def test_a_long_text_is_cut_to_what_a_record_holds():
    assert len(Memory().perceived(0, RecordKind.SAW, "x" * 999).stream[0].text) == LONGEST_RECORD


def test_what_comes_to_mind_is_as_fresh_as_new_and_nothing_else_changes():
    memory = filled(3)
    after = memory.recalled([2, 77], 50)
    assert [one.accessed for one in after.stream] == [0, 50, 2]
    assert replace(after, stream=memory.stream) == memory


def test_a_person_keeps_the_latest_impression_and_the_last_episodes():
    memory = Memory()
    for tick in range(MOST_EPISODES + 3):
        memory = memory.noted(tick, [Note("Bea", episode=Words(f"walk {tick}"))])
    memory = memory.noted(50, [Note("Bea", Words("friend"), Words("warm"))])
    memory = memory.noted(60, [Note("Bea")])
    bea = memory.people["Bea"]
    assert (bea.relationship, bea.impression, bea.tick) == ("friend", "warm", 60)
    assert [one.text for one in bea.episodes] == [f"walk {n}" for n in range(3, MOST_EPISODES + 3)]


def test_places_are_remembered_as_people_are():
    memory = Memory().noted(4, places=[Note("Anchor", impression=Words("warm light"))])
    assert memory.places["Anchor"].impression == "warm light"
    assert not memory.people


def test_of_too_many_people_the_one_not_met_for_longest_is_forgotten():
    memory = Memory()
    for tick in range(MOST_KNOWN):
        memory = memory.noted(tick, [Note(f"P{tick}")])
    memory = memory.noted(900, [Note("P0")]).noted(901, [Note("new")])
    assert len(memory.people) == MOST_KNOWN
    assert "P0" in memory.people and "new" in memory.people
    assert "P1" not in memory.people


def test_a_note_is_cut_to_what_is_kept():
    memory = Memory().noted(0, [Note("Bea", episode=Words("x" * 999))])
    assert len(memory.people["Bea"].episodes[0].text) == LONGEST_EPISODE


def test_an_experience_that_did_the_same_makes_way_for_the_new_one():
    memory = Memory().experienced(LUNCH, [SOUP, EAT])
    memory = memory.experienced(LUNCH, [EAT]).experienced(LUNCH, [SOUP, EAT])
    assert [(number, len(one.acts)) for number, one in memory.experiences.items()] == [
        (2, 1),
        (3, 2),
    ]


def test_a_plan_without_acts_is_no_experience():
    assert Memory().experienced(LUNCH, []) == Memory()


def test_only_so_many_experiences_are_kept():
    memory = Memory()
    for number in range(MOST_EXPERIENCES + 2):
        memory = memory.experienced(Plan(f"house {number}", Words("")), [EAT])
    assert list(memory.experiences) == list(range(3, MOST_EXPERIENCES + 3))


def test_a_reflection_leaves_insights_with_evidence_and_starts_to_count_anew():
    memory = filled(3)
    after = memory.reflected(5, [Insight(Words("I work too much"), (1, 3))])
    assert (memory.unreflected, after.unreflected) == (6, 0)
    assert after.stream[-1].evidence == (1, 3)
    assert after.stream[-1].importance == IMPORTANCE[RecordKind.INSIGHT]


def test_memories_share_what_has_not_changed():
    memory = filled(3).noted(1, [Note("Bea")])
    after = memory.perceived(9, RecordKind.SAW, "a cat")
    assert after.people is memory.people
    assert after.stream[0] is memory.stream[0]


def test_a_memory_survives_being_stored_also_when_its_words_were_forgotten():
    memory = filled(2).noted(1, [Note("Bea", Words("friend"))]).experienced(LUNCH, [SOUP])
    kept = encoder(Memory)(memory, str)
    assert decoder(Memory)(kept, str) == memory
    forgotten = decoder(Memory)(kept, lambda words: "")
    assert [one.text for one in forgotten.stream] == ["", ""]
    assert forgotten.people["Bea"].relationship == ""
