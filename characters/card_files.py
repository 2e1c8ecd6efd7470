"""Cards as files: JSON, PNG and CHARX in, and each of them out."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from characters import charx, png
from characters.card import Card, read_card
from characters.documents import MOST_BYTES, children, read_document, write_document
from characters.errors import BadCard
from characters.versions import Document, as_v1, as_v2, as_v3

LARGEST_FILE: Final = 8 * 1024 * 1024
"""Bytes."""
DEFAULT: Final = "ccdefault:"
"""An asset that is the picture of the card itself."""
EMBEDDED: Final = "embeded://"
"""Spelled as the specification spells it; the path in the archive follows."""
PORTRAIT: Final = "assets/icon/images/main.png"
_PNG_DATA: Final = "data:image/png;base64,"


class Format(StrEnum):
    """How a card can be written."""

    JSON = "json"
    """As it was imported, whichever version that is."""
    PNG = "png"
    CHARX = "charx"
    V2 = "v2"
    V1 = "v1"

    @property
    def ending(self) -> str:
        """What the name of such a file ends in."""
        return ".json" if self in {Format.JSON, Format.V2, Format.V1} else f".{self}"


@dataclass(frozen=True)
class CardFile:
    """A card and what came with it."""

    card: Card
    picture: bytes = b""
    """The character's portrait as a PNG file without a card in it; empty where none came along."""
    archive: bytes = b""
    """The CHARX file it came as; empty for other kinds."""


def read_file(data: bytes) -> CardFile:
    """Return the card in a file, whose first bytes tell its kind.  Raises BadCard."""
    if len(data) > LARGEST_FILE:
        raise BadCard(
            f"The file has over {LARGEST_FILE:,} bytes, the most that is read: "
            "make its pictures smaller."
        )
    if data.startswith(png.SIGNATURE):
        return CardFile(_card(png.read_png(data)), png.without_card(data))
    if data.startswith(charx.SIGNATURE):
        files = charx.read_charx(data)
        card = _card(files[charx.CARD])
        return CardFile(card, _portrait(card, files), data)
    if _is_binary(data):
        raise BadCard("The file is no character card: a card is a JSON, PNG or CHARX file.")
    card = _card(data)
    return CardFile(card, _portrait(card, {}))


def write_file(file: CardFile, wanted: Format, picture: bytes) -> bytes:
    """Return a card as a file; `picture` is a PNG for a card that has none.  Raises BadCard."""
    written = _written(file, wanted, file.picture or picture)
    if len(written) > LARGEST_FILE:
        raise BadCard(
            f"As {wanted} the card would have {len(written):,} bytes, and {LARGEST_FILE:,} is the "
            "most: export it in another format."
        )
    return written


def _written(file: CardFile, wanted: Format, picture: bytes) -> bytes:
    card = file.card
    match wanted:
        case Format.JSON:
            return write_document(_alone(file, card.document), indent=2)
        case Format.V2:
            return write_document(_alone(file, as_v2(card)), indent=2)
        case Format.V1:
            return write_document(as_v1(card), indent=2)
        case Format.PNG:
            v3 = _alone(file, as_v3(card), portrait=DEFAULT)
            return png.write_png(picture, write_document(v3), write_document(as_v2(card)))
        case Format.CHARX:
            return _charx(file, picture)


def _card(text: bytes) -> Card:
    return read_card(read_document(text))


def _is_binary(data: bytes) -> bool:
    return b"\0" in data or data.startswith((b"\xff\xd8", b"RIFF", b"GIF8"))


def _portrait(card: Card, files: Mapping[str, bytes]) -> bytes:
    """Return the main icon, where it is a PNG that came along; else nothing."""
    uri = next((asset.uri for asset in card.assets if asset.is_portrait), "")
    if uri.startswith(_PNG_DATA):
        try:
            picture = base64.b64decode(uri.removeprefix(_PNG_DATA), validate=True)
        except ValueError:
            raise BadCard(
                "The card's main icon is no base64: export the card anew, or take the icon out."
            ) from None
    else:
        picture = files.get(uri.removeprefix(EMBEDDED), b"") if uri.startswith(EMBEDDED) else b""
    return png.without_card(picture) if picture.startswith(png.SIGNATURE) else b""


def _alone(file: CardFile, document: Document, portrait: str = "") -> Document:
    """Return a document that needs no archive: what was embedded stands in it as data."""
    if not file.archive:
        return document
    files = charx.read_charx(file.archive)

    def uri_of(asset: Document, uri: str) -> str:
        data = files.get(uri.removeprefix(EMBEDDED)) if uri.startswith(EMBEDDED) else None
        if data is None:
            return uri
        if portrait and file.picture and (asset.get("type"), asset.get("name")) == ("icon", "main"):
            return portrait
        begin = _PNG_DATA if data.startswith(png.SIGNATURE) else "data:;base64,"
        return begin + base64.b64encode(data).decode()

    alone = _with_uris(document, uri_of)
    if len(write_document(alone)) > MOST_BYTES:
        raise BadCard("With its pictures the card is too large for this: export it as charx.")
    return alone


def _charx(file: CardFile, picture: bytes) -> bytes:
    """Return a card as CHARX: with the files it came with, or else with its portrait."""
    document = as_v3(file.card)
    if file.archive:
        kept = charx.read_charx(file.archive)
        return charx.write_charx({**kept, charx.CARD: write_document(document)})

    def uri_of(asset: Document, uri: str) -> str:
        default = asset.get("type") == "icon" and uri == DEFAULT
        return EMBEDDED + PORTRAIT if default else uri

    if not file.card.assets:
        icon = {"type": "icon", "uri": DEFAULT, "name": "main", "ext": "png"}
        document = {**document, "data": {**_data(document), "assets": [icon]}}
    text = write_document(_with_uris(document, uri_of))
    return charx.write_charx({charx.CARD: text, PORTRAIT: picture})


def _data(document: Document) -> Document:
    return cast("Document", document["data"])


def _with_uris(document: Document, uri_of: Callable[[Document, str], str]) -> Document:
    """Return a V2 or V3 document in which each asset has the URI that `uri_of` returns."""
    data = document.get("data")
    if not isinstance(data, Mapping):  # of V1, which has no assets
        return document
    assets = [
        {**one, "uri": uri_of(one, str(one.get("uri") or ""))} if isinstance(one, Mapping) else one
        for one in children(data.get("assets"))
    ]
    return {**document, "data": {**data, "assets": assets}} if assets else document
