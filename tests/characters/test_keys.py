"""How plain keys are found in what was said."""

import pytest

from characters.keys import heard, keys


@pytest.mark.parametrize(
    ("key", "text", "found"),
    [
        ("war", "The wars of Athens", True),
        ("war", "a warship", True),
        ("war", "toward the harbour", False),
        ("Ada", "Canada", False),
        ("42", "in 1942", False),
        ("the cup", "Take the cups away", True),
        ("the cup", "Bathe cups", False),
        ("Сократ", "сократа казнили", True),
        ("孔子", "我問孔子一事", True),
        ("كتاب", "قرأت الكتاب", True),
        ("Σωκράτης", "ΣΩΚΡΆΤΗΣ", True),
        ("café", "cafe\u0301s", True),
        ("Straße", "STRASSE", True),
        ("-ism", "marx-ism", True),
        ("o'brien", "O'Brien!", True),
        ("🔥", "so 🔥🔥", True),
    ],
)
def test_a_key_is_found_where_a_word_begins_with_it(key, text, found):
    assert (keys([key], case_sensitive=None).found_in(heard(text)) == key) is found


def test_the_key_is_named_as_it_was_written():
    assert keys([" ", "x", " Owl "], case_sensitive=None).found_in(heard("owls")) == "Owl"


def test_text_that_is_no_text_does_no_harm():
    assert keys(["owl"], case_sensitive=True).found_in(heard("\ud800 owl \0")) == "owl"
    assert keys(["o.l"], case_sensitive=None, patterns=True).found_in(heard("\ud800 owl")) == "o.l"
