"""CHARX archives: unpacked only within limits, and never by a name that could do harm."""

import zipfile
import zlib

import pytest

from characters.charx import LONGEST_PATH, MOST_UNPACKED, read_charx, write_charx
from characters.errors import BadCard
from tests.characters.samples import archive

CARD = b'{"name": "Bo"}'
FILES = {"card.json": CARD, "assets/icon/images/main.png": b"\0\1", "assets/other/a (1).txt": b""}


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_files_of_an_archive_are_read_as_they_were_packed(how):
    assert read_charx(archive(FILES, compression=how)) == FILES
    assert read_charx(archive({**FILES, "assets/": b""}, compression=how)) == FILES


def test_equal_files_give_equal_archives():
    assert write_charx(FILES) == write_charx(FILES)
    assert read_charx(write_charx(FILES)) == FILES


@pytest.mark.parametrize(
    "path",
    ["../a.png", "a/../../b", "/etc/passwd", "C:/a", "a\\b", "a//b", "./a", "a/./b", "é.png",
     "a\nb", "x" * (LONGEST_PATH + 1), "a/" * 101, "nul\0.png", "//a", ".."],
)  # fmt: skip
def test_a_path_that_is_not_plain_is_refused(path):
    packed = archive({"card.json": CARD, path.replace("\0", "?"): b""})
    packed = packed.replace(b"nul?.png", b"nul\0.png")
    with pytest.raises(BadCard, match="such a name is not allowed"):
        read_charx(packed)


def test_a_link_is_refused():
    link = zipfile.ZipInfo("assets/link")
    link.external_attr = 0o120777 << 16
    with pytest.raises(BadCard, match="has a link in it"):
        read_charx(archive({"card.json": CARD, link: b"/etc/passwd"}))


def test_an_archive_of_over_a_thousand_files_is_refused():
    many = archive({"card.json": CARD, **{f"a/{number}": b"" for number in range(1000)}})
    with pytest.raises(BadCard, match="over 1,000 files"):
        read_charx(many)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name_are_refused():
    twice = archive({"card.json": CARD, "card.jso_": CARD}).replace(b"card.jso_", b"card.json")
    with pytest.raises(BadCard, match="two files of the same name"):
        read_charx(twice)


def test_an_encrypted_archive_is_refused():
    packed = bytearray(archive(FILES))
    at = packed.index(b"PK\x01\x02")
    packed[at + 8] |= 1
    with pytest.raises(BadCard, match="is encrypted"):
        read_charx(bytes(packed))


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_unusual_packing_is_refused(how):
    with pytest.raises(BadCard, match="packed in an unusual way"):
        read_charx(archive(FILES, compression=how))


def test_a_bomb_that_says_its_size_is_refused_before_it_is_unpacked():
    zeros = {f"a/{number}": bytes(MOST_UNPACKED // 4 + 1) for number in range(4)}
    bomb = archive({"card.json": CARD, **zeros}, compression=zipfile.ZIP_DEFLATED)
    assert len(bomb) < 100_000
    with pytest.raises(BadCard, match="over 33,554,432 bytes unpacked"):
        read_charx(bomb)


def test_a_bomb_that_lies_about_its_size_is_refused_and_never_unpacked_whole():
    bomb = archive({"card.json": CARD, "a": bytes(50_000_000)}, compression=zipfile.ZIP_DEFLATED)
    lying = bomb.replace((50_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(BadCard, match="is damaged"):
        read_charx(lying)
    of_zeros = zlib.crc32(bytes(50_000_000)).to_bytes(4, "little")
    honest = lying.replace(of_zeros, zlib.crc32(bytes(1000)).to_bytes(4, "little"))
    assert read_charx(honest)["a"] == bytes(1000)  # what is beyond the declared size does not come


def test_a_card_of_too_many_bytes_is_refused_before_it_is_unpacked():
    with pytest.raises(BadCard, match="over 4,194,304 bytes of text"):
        read_charx(archive({"card.json": b" " * 4_194_305}, compression=zipfile.ZIP_DEFLATED))


def test_an_archive_without_a_card_is_refused():
    for files in ({"Card.json": CARD}, {"assets/card.json": CARD}, {"card.json/a": CARD}):
        with pytest.raises(BadCard, match=r"has no card\.json"):
            read_charx(archive(files))


def test_a_damaged_archive_is_refused():
    packed = archive(FILES, compression=zipfile.ZIP_STORED)
    for broken in (packed[:-1], packed[:60], packed.replace(CARD, CARD[::-1]), b"PK\x03\x04"):
        with pytest.raises(BadCard, match="is damaged"):
            read_charx(broken)
