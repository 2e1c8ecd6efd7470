"""Sentences with named values, and the cleaning of what people write."""

import unicodedata

import pytest

from games.core import Seat, Text, clean, listed
from games.core.text import TEXT_LIMIT, shown


def test_values_stand_where_the_template_names_them():
    text = Text(
        "{seat} has {count} of {words}.", seat=Seat("ann"), count=2.0, words=("a", "b", "c")
    )
    assert str(text) == "ann has 2 of a, b and c."


def test_a_shell_names_seats_and_translates_templates_also_within_other_texts():
    inner = Text("by {seat}", seat=Seat("ann"))
    text = Text("told {how}", how=inner)
    german = {"told {how}": "erzählt {how}", "by {seat}": "von {seat}"}
    assert text.render(str.title, lambda template: german[template]) == "erzählt von Ann"


def test_a_value_is_never_read_as_a_template():
    text = Text("{seat}: {words}", seat=Seat("{words}"), words="{seat} {0} {nobody}")
    assert str(text) == "{words}: {seat} {0} {nobody}"


def test_a_name_without_a_value_stays_as_it_is():
    assert str(Text("{nobody} wins")) == "{nobody} wins"


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (3.0, "3"), (0.5, "0.5"), ({"ann": 1.0, "bob": 2}, "ann 1, bob 2"), ((), "")],
)
def test_values_are_shown_as_people_read_them(value, text):
    assert shown(value) == text


def test_a_list_ends_with_its_word():
    assert [listed([]), listed("a"), listed("ab"), listed("abc", "or")] == [
        "",
        "a",
        "a and b",
        "a, b or c",
    ]


def test_equal_texts_are_equal_values():
    assert Text("{n}", n=1) == Text("{n}", n=1) != Text("{n}", n=2)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("  plain  ", "plain"),
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("safe\u202egnp.exe", "safegnp.exe"),
        ("\u2066\u2069", ""),
        ("\ud800lone", "?lone"),
        ("e\u0301", "é"),
        ("Z\u0351\u036b\u036a\u0302\u036b\u033d", "Z\u0351\u036b\u036a"),
        ("a" + "\u0323\u0301" * 9_000, "\u1ea1\u0301\u0323"),
    ],
)
def test_what_is_written_is_cleaned(said, kept):
    assert clean(said) == unicodedata.normalize("NFC", kept)
    assert clean(clean(said)) == clean(said)


@pytest.mark.parametrize("said", ["नमस्ते", "שָׁלוֹם", "👩‍👩‍👧", "Tiếng Việt", "สวัสดี", "ｆｕｌｌ"])
def test_no_script_is_harmed(said):
    assert clean(said) == unicodedata.normalize("NFC", said)


def test_only_so_many_characters_are_looked_at():
    assert len(clean("é" * 100_000)) == TEXT_LIMIT
    assert clean("abc", limit=2) == "ab"
