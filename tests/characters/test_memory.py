"""Words that find a memory, likeness, and what is kept of a text."""

from datetime import UTC, datetime

import pytest

from characters.memory import (
    Learnt,
    Memory,
    MemoryKind,
    Scope,
    Source,
    alike,
    key_of,
    marked,
    says_again,
    terms,
    tidy,
)

NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Has a DOG, called Bo!", ["has", "a", "dog", "called", "bo"]),
        ("Cléopâtre straße", ["cleopatre", "strasse"]),
        ("snake_case 3.14", ["snake", "case", "3", "14"]),
        ("Сократ любит её", ["сократ", "любит", "ее"]),
        ("我喜欢茶", ["我喜", "喜欢", "欢茶"]),
        ("茶", ["茶"]),
        ("ﬁne ＡＢＣ", ["fine", "abc"]),
        ("안녕 친구", ["안녕", "친구"]),
        ("I like 茶 a lot", ["i", "like", "茶", "a", "lot"]),
        ("🙂 ?! \u200b", []),
        ("", []),
    ],
)
def test_words_are_compared_without_case_accents_and_signs(text, found):
    assert terms(text) == found


def test_terms_are_marked_with_their_scope():
    scopes = [Scope(g, c, u) for g in (0, 1, 11) for c in ("a", "1") for u in (1, 11)]
    marks = {marked(scope, ["dog"])[0] for scope in scopes}
    assert len(marks) == len(scopes)
    assert all(mark.endswith("dog") and mark.isalnum() for mark in marks)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("has a dog called Bo", "Has a dog, called BO.", True),
        ("has a dog called Bo", "called Bo has a dog", True),
        ("has 2 dogs", "has 3 dogs", False),
        ("lives in Rome", "lives in Rome with a very old cat", False),
        ("🙂", "🙂", True),
        ("🙂", "🙁", False),
        ("", "dog", False),
    ],
)
def test_texts_of_nearly_the_same_words_are_alike(one, other, same):
    assert alike(one, other) is same
    assert alike(other, one) is same


def test_a_long_text_ends_in_dots_and_stands_on_one_line():
    assert tidy(" a\n\tb\u2028c\0d ") == "a b c d"
    assert tidy("x" * 600) == f"{'x' * 499}…"


@pytest.mark.parametrize("about", ["Favourite food", " favourite_food: ", "FAVOURITE  FOOD."])
def test_what_a_fact_is_about_is_told_apart_by_its_words_alone(about):
    assert key_of(about) == "favourite food"


def test_an_update_is_kept_however_alike_and_the_same_again_is_not():
    text = "is 30 years old now and lives in the old part of Rome with two cats"
    known = Memory(1, Scope(1, "s", 2), MemoryKind.FACT, "age", text, 3, NOON, NOON, Source("m", 1))

    def fact(text, about):
        return Learnt(MemoryKind.FACT, text, about=about)

    assert not says_again(fact(text.replace("30", "31"), "age"), known)
    assert says_again(fact(text.upper(), "age"), known)
    assert says_again(fact(text.upper(), "home"), known)
    assert not says_again(fact("has a dog", "pet"), known)
