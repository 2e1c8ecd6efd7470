"""CHARX: a card and its files in a zip, unpacked within limits and never onto a disk.

Source: Character Card V3.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO
from struct import error as struct_error
from typing import Final

from characters.documents import MOST_BYTES
from characters.errors import BadCard

SIGNATURE: Final = b"PK\x03\x04"
CARD: Final = "card.json"
MOST_FILES: Final = 1_000
MOST_UNPACKED: Final = 32 * 1024 * 1024
"""Bytes of all files together."""
LONGEST_PATH: Final = 200
_PATH: Final = re.compile(r"[\w .()+,=@~\[\]'&!#-]+(?:/[\w .()+,=@~\[\]'&!#-]+)*/?", re.ASCII)
_ENTRY: Final = b"PK\x01\x02"
_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can say, so that the same card gives the same bytes."""
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct_error,
    EOFError,
    OSError,
    RuntimeError,  # also a method of packing that nobody has
    ValueError,
    OverflowError,
)


def read_charx(archive: bytes) -> Mapping[str, bytes]:
    """Return the files of a CHARX by path, the card among them.  Raises BadCard."""
    if archive.count(_ENTRY) > MOST_FILES:  # before a list of them is made
        raise BadCard(f"The CHARX file has over {MOST_FILES:,} files in it: take some out.")
    try:
        with zipfile.ZipFile(BytesIO(archive)) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir()]
            _check(opened.infolist())
            found = {entry.filename: _unpacked(opened, entry) for entry in entries}
    except BadCard:
        raise
    except _BROKEN:
        raise BadCard(
            "The CHARX file is damaged or packed in a way that is not allowed: "
            "export or download it once more."
        ) from None
    if CARD not in found:
        raise BadCard(f"The CHARX file has no {CARD}: export it anew from where it was made.")
    return found


def write_charx(files: Mapping[str, bytes]) -> bytes:
    """Return files as an archive; equal files give equal bytes."""
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, _DATE)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _check(entries: Sequence[zipfile.ZipInfo]) -> None:
    """Refuse an archive by what it says of itself, before anything is unpacked."""
    for entry in entries:
        _check_entry(entry)
    if len({entry.filename for entry in entries}) < len(entries):
        raise BadCard("The CHARX file has two files of the same name: export it anew.")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise BadCard(
            f"The CHARX file has over {MOST_UNPACKED:,} bytes unpacked: take pictures out or "
            "make them smaller."
        )


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = entry.orig_filename
    if not _PATH.fullmatch(path) or len(path) > LONGEST_PATH or {".", ".."} & {*path.split("/")}:
        raise BadCard(
            f"The CHARX file has a file {path[:40]!a}, and such a name is not allowed: "
            "use plain letters, digits and folders."
        )
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise BadCard("The CHARX file has a link in it: put the file itself there.")
    if entry.flag_bits & 1:
        raise BadCard("The CHARX file is encrypted: export it without a password.")
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise BadCard("The CHARX file is packed in an unusual way: pack it as a plain zip.")
    if entry.filename == CARD and entry.file_size > MOST_BYTES:
        raise BadCard(
            f"The card in the CHARX file has over {MOST_BYTES:,} bytes of text: "
            "shorten its texts or its lorebook."
        )


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Return a file, of which no more is made than was declared; the checksum refuses a lie."""
    with archive.open(entry) as file:
        return file.read(entry.file_size + 1)
