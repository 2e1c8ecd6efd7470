"""The JSON of a card is kept exactly, and read within limits."""

import pytest

from characters.documents import MOST_BYTES, MOST_DEPTH, read_document, write_document
from characters.errors import BadCard
from tests.characters.samples import EACH


@pytest.mark.parametrize("document", EACH.values(), ids=EACH)
@pytest.mark.parametrize("indent", [None, 2])
def test_what_was_read_is_written_in_its_order_and_with_its_numbers(document, indent):
    written = write_document(document, indent)
    again = read_document(written)
    assert repr(again) == repr(document)
    assert write_document(again, indent) == written


def test_half_a_surrogate_stays_the_escape_that_it_was():
    source = b'{"name":"\\ud800","other":"\\udc00x"}'
    assert write_document(read_document(source)) == source.replace(b":", b": ").replace(b",", b", ")


def test_a_byte_order_mark_is_no_part_of_the_card():
    assert read_document(b'\xef\xbb\xbf{"name": "Bo"}') == {"name": "Bo"}


def test_the_deepest_card_that_is_allowed_is_read():
    deep = b'{"a":' * MOST_DEPTH + b"1" + b"}" * MOST_DEPTH
    assert write_document(read_document(deep))


BAD = {
    "nothing": (b"", "no valid JSON (line 1, column 1)"),
    "no JSON": (b'{"name": "Bo",\n}', "no valid JSON (line 2"),
    "cut off": (b'{"name": "Bo', "no valid JSON (line 1"),
    "a list": (b"[1]", "something else"),
    "a number": (b"7", "something else"),
    "NaN": (b'{"a": NaN}', "NaN where JSON wants a number"),
    "infinity": (b'{"a": -Infinity}', "-Infinity where"),
    "a number too large": (b'{"a": -1e999}', "the number -1e999, which is too large"),
    "very many digits": (b'{"a": ' + b"9" * 5000 + b"}", "thousands of digits"),
    "a key twice": (b'{"a": {"name": 1, "x": 2, "name": 3}}', "'name' twice in one object"),
    "many keys and the last twice": (
        b"{" + b"".join(b'"%d":1,' % number for number in range(100_000)) + b'"99999":1}',
        "'99999' twice in one object",
    ),
    "Latin-1": ('{"name": "Zoë"}'.encode("latin-1"), "no UTF-8"),
    "UTF-16": ('{"name": "Zoë"}'.encode("utf-16"), "no UTF-8"),
    "one level too deep": (b'{"a":' * 65 + b"1" + b"}" * 65, "over 64 levels deep"),
    "far too deep": (b"[" * 1_000_000, "over 64 levels deep"),
    "too deep and closed": (b'{"a":' + b"[" * 9999 + b"]" * 9999 + b"}", "over 64 levels deep"),
    "too large": (b" " * (MOST_BYTES + 1), "4,194,305 bytes, and 4,194,304 is the most"),
}


@pytest.mark.parametrize(("source", "said"), BAD.values(), ids=BAD)
def test_bad_json_is_refused_with_one_sentence(source, said):
    with pytest.raises(BadCard) as refusal:
        read_document(source)
    assert said in str(refusal.value)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 200
