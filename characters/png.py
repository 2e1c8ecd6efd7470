"""Cards in PNG pictures: chunks are read, checked and kept; nothing is ever decoded.

Source: W3C, Portable Network Graphics, third edition; Character Card V3.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from struct import pack, unpack_from
from typing import Final

from characters.documents import MOST_BYTES
from characters.errors import BadCard

SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
MOST_PIXELS: Final = 16_000_000
MOST_CHUNKS: Final = 10_000
LONGEST_TEXT: Final = MOST_BYTES * 4 // 3 + 4
"""Bytes of a text chunk, unpacked: the largest card in base64."""
KEYWORDS: Final = ("ccv3", "chara")
"""Where cards stand; the first that is there is read."""
_HEAD: Final = 8
_CRC: Final = 4
_DAMAGED: Final = "The PNG file is damaged (%s): save or download it once more."


@dataclass(frozen=True)
class Chunk:
    """A part of a PNG file."""

    kind: bytes
    data: bytes

    @property
    def keyword(self) -> str:
        """What a text chunk is about, in lower case; "" for other chunks."""
        if self.kind not in {b"tEXt", b"zTXt", b"iTXt"}:
            return ""
        return self.data.partition(b"\0")[0].decode("latin-1").lower()

    def packed(self) -> bytes:
        """Return the chunk as it stands in a file."""
        body = self.kind + self.data
        return pack(">I", len(self.data)) + body + pack(">I", zlib.crc32(body))


def chunks(picture: bytes) -> Sequence[Chunk]:
    """Return the chunks of a PNG file up to its end.  Raises BadCard."""
    if not picture.startswith(SIGNATURE):
        raise BadCard("The picture is no PNG, the only kind that can hold a card: export a PNG.")
    found: list[Chunk] = []
    for chunk in _walk(picture):
        found.append(chunk)
        if len(found) == 1:
            _check_size(chunk)
        if len(found) > MOST_CHUNKS:
            raise BadCard(
                f"The PNG file has over {MOST_CHUNKS:,} chunks: save the picture anew in an editor."
            )
    return found


def read_png(picture: bytes) -> bytes:
    """Return the JSON of the card in a PNG file.  Raises BadCard."""
    found = {chunk.keyword: chunk for chunk in reversed(chunks(picture))}  # the first one counts
    for keyword in KEYWORDS:
        if keyword in found:
            return _decoded(_text(found[keyword]))
    raise BadCard(
        "The picture holds no character card: get the original file, as sites and chats that "
        "convert pictures drop the card."
    )


def write_png(picture: bytes, ccv3: bytes, chara: bytes) -> bytes:
    """Return a picture that holds a card, as V3 and for older programs; all else in it stays."""
    kept = chunks(without_card(picture))
    first = next(at for at, chunk in enumerate(kept) if chunk.kind in {b"IDAT", b"IEND"})
    cards = [_card_chunk(name, text) for name, text in zip(KEYWORDS, (ccv3, chara), strict=True)]
    return _file([*kept[:first], *cards, *kept[first:]])


def without_card(picture: bytes) -> bytes:
    """Return a picture without the cards in it, and without what stands behind its end."""
    return _file([chunk for chunk in chunks(picture) if chunk.keyword not in KEYWORDS])


def _file(parts: Sequence[Chunk]) -> bytes:
    return SIGNATURE + b"".join(chunk.packed() for chunk in parts)


def _card_chunk(keyword: str, text: bytes) -> Chunk:
    return Chunk(b"tEXt", keyword.encode() + b"\0" + base64.b64encode(text))


def _walk(picture: bytes) -> Iterator[Chunk]:
    at, kind = len(SIGNATURE), b""
    while kind != b"IEND":
        if at + _HEAD > len(picture):
            raise BadCard(_DAMAGED % "it breaks off")
        length, kind = unpack_from(">I4s", picture, at)
        end = at + _HEAD + length
        if end + _CRC > len(picture):
            raise BadCard(_DAMAGED % "it breaks off")
        if unpack_from(">I", picture, end)[0] != zlib.crc32(picture[at + 4 : end]):
            raise BadCard(_DAMAGED % "a checksum is wrong")
        yield Chunk(kind, picture[at + _HEAD : end])
        at = end + _CRC


def _check_size(head: Chunk) -> None:
    """Refuse a picture by what its header says, long before anybody unpacks it."""
    if head.kind != b"IHDR" or len(head.data) != 13:
        raise BadCard(_DAMAGED % "its header is missing")
    width, height = unpack_from(">II", head.data)
    if not 0 < width * height <= MOST_PIXELS:
        raise BadCard(
            f"The picture has {width:,} x {height:,} pixels, and {MOST_PIXELS:,} in all is the "
            "most: make it smaller."
        )


def _text(chunk: Chunk) -> bytes:
    """Return what a text chunk says, whichever of the three kinds it is."""
    rest = chunk.data.partition(b"\0")[2]
    packed = chunk.kind == b"zTXt"
    if packed:
        rest = rest[1:]
    elif chunk.kind == b"iTXt":
        packed = rest[:1] == b"\1"
        rest = rest[2:].partition(b"\0")[2].partition(b"\0")[2]  # behind language and translation
    text = _unpacked(rest) if packed else rest
    if len(text) > LONGEST_TEXT:
        raise BadCard(
            f"The card in the picture has over {MOST_BYTES:,} bytes of text: "
            "shorten its texts or its lorebook."
        )
    return text


def _unpacked(data: bytes) -> bytes:
    """Return unpacked text, of which no more than a little too much is ever made."""
    try:
        return zlib.decompressobj().decompress(data, LONGEST_TEXT + 1)
    except zlib.error:
        raise BadCard(_DAMAGED % "its text cannot be unpacked") from None


def _decoded(text: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(text.split()), validate=True)
    except binascii.Error:
        raise BadCard(_DAMAGED % "the card in it is no base64") from None
