"""Cards in pictures: found in every kind of text chunk, and nothing else is touched."""

import base64
import struct
import zlib

import pytest

from characters.errors import BadCard
from characters.png import LONGEST_TEXT, MOST_CHUNKS, chunks, read_png, without_card, write_png
from tests.characters.samples import chunk, picture, with_chunks

CARD = b'{"name": "Bo"}'
PACKED = base64.b64encode(CARD)


def text_chunk(keyword, text=PACKED):
    return chunk(b"tEXt", keyword + b"\0" + text)


def header(width, height):
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


@pytest.mark.parametrize("keyword", [b"chara", b"ccv3", b"Chara", b"CCV3"])
@pytest.mark.parametrize(
    "made",
    [
        lambda keyword: text_chunk(keyword),
        lambda keyword: text_chunk(keyword, PACKED[:5] + b"\r\n" + PACKED[5:]),
        lambda keyword: chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(PACKED)),
        lambda keyword: chunk(b"iTXt", keyword + b"\0\0\0en\0name\0" + PACKED),
        lambda keyword: chunk(b"iTXt", keyword + b"\0\1\0\0\0" + zlib.compress(PACKED)),
    ],
    ids=["text", "wrapped", "packed", "international", "international and packed"],
)
def test_a_card_is_found_in_each_kind_of_text_chunk_whatever_its_case(keyword, made):
    assert read_png(with_chunks(made(keyword))) == CARD


def test_of_both_chunks_the_newer_kind_counts_and_of_two_of_a_kind_the_first():
    old, new = base64.b64encode(b"old"), base64.b64encode(b"new")
    assert read_png(with_chunks(text_chunk(b"chara", old), text_chunk(b"ccv3", new))) == b"new"
    assert read_png(with_chunks(text_chunk(b"ccv3", new), text_chunk(b"ccv3", old))) == b"new"


def test_all_else_in_a_picture_stays_byte_for_byte():
    other = [text_chunk(b"Comment", b"mine"), chunk(b"prVt", b"\0\1"), chunk(b"eXIf", b"Exif")]
    image = with_chunks(text_chunk(b"chara"), *other, text_chunk(b"ccv3"))
    assert without_card(image) == with_chunks(*other)
    assert without_card(write_png(image, b"3", b"2")) == with_chunks(*other)


def test_both_chunks_are_written_before_the_pixels_as_many_programs_look_no_further():
    kinds = [(one.kind, one.keyword) for one in chunks(write_png(picture(), b"3", b"2"))]
    assert kinds[1:3] == [(b"tEXt", "ccv3"), (b"tEXt", "chara")]
    assert kinds.index((b"tEXt", "chara")) < kinds.index((b"IDAT", ""))


def test_what_is_behind_the_end_of_a_picture_is_not_handed_on():
    assert without_card(picture() + b"PK\x03\x04 and more") == picture()


BAD = {
    "no picture": (b"GIF89a", "no PNG"),
    "no card": (picture(), "holds no character card"),
    "cut off": (with_chunks(text_chunk(b"chara"))[:-20], "it breaks off"),
    "cut off in a length": (picture()[:-10], "it breaks off"),
    "a length too large": (picture()[:-12] + b"\xff\xff\xff\xffIEND", "it breaks off"),
    "a wrong checksum": (
        with_chunks(text_chunk(b"chara")).replace(PACKED, PACKED[::-1]),
        "a checksum is wrong",
    ),
    "no header": (b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""), "its header is missing"),
    "a short header": (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"1"), "its header is missing"),
    "too many pixels": (
        b"\x89PNG\r\n\x1a\n" + header(4001, 4000),
        "4,001 x 4,000 pixels, and 16,000,000",
    ),
    "no pixels": (b"\x89PNG\r\n\x1a\n" + header(0, 4000), "0 x 4,000 pixels"),
    "too many chunks": (
        with_chunks(*[chunk(b"tEXt", b"")] * MOST_CHUNKS),
        "over 10,000 chunks",
    ),
    "no base64": (with_chunks(text_chunk(b"chara", b"a*b")), "no base64"),
    "base64 cut off": (with_chunks(text_chunk(b"chara", b"abcde")), "no base64"),
    "bad packing": (with_chunks(chunk(b"zTXt", b"chara\0\0nope")), "cannot be unpacked"),
    "a bomb": (
        with_chunks(chunk(b"zTXt", b"chara\0\0" + zlib.compress(b"A" * 300_000_000, 9))),
        "over 4,194,304 bytes of text",
    ),
    "too much text": (
        with_chunks(text_chunk(b"chara", b"A" * (LONGEST_TEXT + 1))),
        "over 4,194,304 bytes of text",
    ),
}


@pytest.mark.parametrize(("image", "said"), BAD.values(), ids=BAD)
def test_a_bad_picture_is_refused_with_one_sentence(image, said):
    with pytest.raises(BadCard) as refusal:
        read_png(image)
    assert said in str(refusal.value)
    assert str(refusal.value).endswith(".") and "\n" not in str(refusal.value)
