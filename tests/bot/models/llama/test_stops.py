"""What may be shown of an answer while it is being made."""

import pytest

from bot.models.llama.stops import Spoken


def shown(stops, *tokens):
    spoken = Spoken(stops)
    return [spoken.hear(token) for token in tokens if not spoken.stopped], spoken


def test_text_without_stops_is_shown_at_once():
    said, _ = shown([], b"Hello", b" there")
    assert said == ["Hello", " there"]


def test_a_character_is_shown_when_its_last_byte_has_come():
    said, _ = shown([], *[bytes([byte]) for byte in "€".encode()])
    assert said == ["", "", "€"]


def test_bytes_that_are_no_characters_become_replacement_characters():
    said, _ = shown([], b"\xff", b"a\xc3", b"b")
    assert "".join(said) == "\ufffda\ufffdb"


def test_nothing_of_a_stop_string_is_ever_shown():
    said, spoken = shown(["\nAnn:"], b"Yes", b"\n", b"A", b"nn", b":", b" no")
    assert "".join(said) == "Yes"
    assert spoken.stopped


def test_what_only_began_like_a_stop_string_is_shown_later():
    said, spoken = shown(["\nAnn:"], b"Yes\n", b"And")
    assert said == ["Yes", "\nAnd"]
    assert not spoken.stopped


def test_the_first_of_several_stop_strings_ends_the_answer():
    said, _ = shown(["END", "!"], b"one! two END")
    assert said == ["one"]


def test_what_was_held_back_is_shown_when_the_answer_ends_by_itself():
    said, spoken = shown(["abc"], b"xab")
    assert (said, spoken.end()) == (["x"], "ab")


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_it_does_not_matter_how_the_text_is_cut_into_tokens(size):
    raw = "Grüße aab aabaac, und aus.".encode()
    said, _ = shown(["aabaac"], *[raw[at : at + size] for at in range(0, len(raw), size)])
    assert "".join(said) == "Grüße aab "


@pytest.mark.parametrize("wrong", [b"\xe0\x82\xa9", b"\xf0\x80\x82\xa9", b"\xed\xa0\x80", b"\xff"])
def test_a_character_that_is_none_is_replaced_once(wrong):
    said, _ = shown([], b"a", *(bytes([byte]) for byte in wrong), b"b")
    assert "".join(said) == "a\ufffdb"
