"""Getting a model file from a hub, when somebody asks for it: resumable, and checked."""

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import aiohttp

from bot.errors import OperatorError
from bot.models.llama.hub import AGAIN, RANGE, Hub, Source, address_of, refuse_others

SPARE: Final = 64 << 20
"""Bytes that stay free on the disk."""
_PIECE: Final = 1 << 20
_MAGIC: Final = b"GGUF"

Tell = Callable[[int, int | None], None]
"""Takes how many bytes there are, and how many there will be; None where nobody knows."""


@dataclass(frozen=True)
class Fetched:
    """A file that has come whole."""

    path: Path
    size: int
    sha256: str
    checked: bool
    """Whether the hub has told the checksum, and it is this one."""


async def fetch(
    hub: str,
    repo: str,
    file: str,
    folder: Path,
    tell: Tell = lambda _have, _all: None,
    token: str = "",
) -> Fetched:
    """Get a file of a repository into a folder; what came before an interruption is kept.

    `hub` is where addresses begin; `token` is sent there and nowhere else.
    Raises OperatorError.
    """
    address = address_of(hub, repo, file)
    target = folder / file.rpartition("/")[2]
    part = _Part(target)
    try:
        part.prepare()
        limits = aiohttp.ClientTimeout(total=None, connect=30, sock_read=60)
        async with aiohttp.ClientSession(timeout=limits, auto_decompress=False) as session:
            return await _fetched(Hub(session, address, token), part, tell)
    except (aiohttp.ClientError, TimeoutError) as why:
        host = urlsplit(address).netloc
        raise OperatorError(
            f"The connection to {host} failed ({str(why) or type(why).__name__}). {AGAIN}"
        ) from None
    except OSError as why:
        raise OperatorError(f"{target} cannot be written: {why.strerror}.") from None


@dataclass
class _Part:
    """What has come so far, beside the place of the whole file."""

    target: Path

    def __post_init__(self) -> None:
        self.path = self.target.with_name(f"{self.target.name}.part")
        self._tag = self.target.with_name(f"{self.target.name}.part.tag")

    def prepare(self) -> None:
        """Make the folder.  Raises OperatorError where the file is there already."""
        if self.target.exists():
            raise OperatorError(f"{self.target} is there already; remove it to get it again.")
        self.target.parent.mkdir(parents=True, exist_ok=True)

    def size(self, source_tag: str | None = None) -> int:
        """Return how many bytes are there; 0 where they are of another version of the file."""
        try:
            tag = self._tag.read_text("utf-8")
            return self.path.stat().st_size if source_tag in (None, tag) and tag else 0
        except (FileNotFoundError, UnicodeDecodeError):
            return 0

    def begin(self, tag: str) -> None:
        self.path.write_bytes(b"")
        self._tag.write_text(tag, "utf-8")

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def finish(self) -> None:
        self.path.replace(self.target)
        self._tag.unlink(missing_ok=True)


async def _fetched(hub: Hub, part: _Part, tell: Tell) -> Fetched:
    """Get what is missing, and put the file in its place once it has proved whole."""
    offset = part.size()
    response, source = await hub.open(offset)
    if offset and part.size(source.tag) == offset == source.size:
        response.close()  # all of it came before; only the end of the last run is missing
    else:
        if offset and not _goes_on(response, part.size(source.tag)):
            response.close()
            offset = 0
            response, source = await hub.open(0)
        refuse_others(response.status, 206 if offset else 200)
        async with response:
            await _save(response, source, part, offset, tell)
    return await asyncio.to_thread(_checked, part, source)


def _goes_on(response: aiohttp.ClientResponse, have: int) -> bool:
    """Return whether an answer begins where the bytes of the same file end."""
    found = RANGE.fullmatch(response.headers.get("Content-Range", ""))
    return response.status == 206 and found is not None and int(found["first"]) == have > 0


async def _save(
    response: aiohttp.ClientResponse, source: Source, part: _Part, have: int, tell: Tell
) -> None:
    if have == 0:
        part.begin(source.tag)
    _need_room(part.path, (source.size or have) - have)
    with part.path.open("ab") as file:
        async for piece in response.content.iter_chunked(_PIECE):
            if _MAGIC[have : have + len(piece)] != piece[: max(len(_MAGIC) - have, 0)]:
                part.remove()
                raise OperatorError("What the hub sends is no GGUF file.")
            _need_room(part.path, len(piece))
            file.write(piece)
            have += len(piece)
            if source.size is not None and have > source.size:
                raise OperatorError("The hub sends more than the file it has announced.")
            tell(have, source.size)
    if have < (source.size or 0):
        raise OperatorError(f"The hub broke off after {have} of {source.size} bytes. {AGAIN}")


def _need_room(path: Path, more: int) -> None:
    free = shutil.disk_usage(path.parent).free
    if free < more + SPARE:
        raise OperatorError(
            f"The disk has {free / 1e9:.1f} GB free, where {more / 1e9:.1f} GB are missing; make "
            f"room in {path.parent}. {AGAIN}"
        )


def _checked(part: _Part, source: Source) -> Fetched:
    """Return the whole file in its place, after its checksum was compared."""
    with part.path.open("r+b") as file:
        os.fsync(file)
        found = hashlib.file_digest(file, "sha256").hexdigest()
        size = file.tell()
    if source.sha256 not in (None, found) or size < len(_MAGIC):
        part.remove()
        raise OperatorError(
            f"What came is not the file of the hub (its SHA-256 is {found}), and was removed; give "
            "the same command again."
        )
    part.finish()
    return Fetched(part.target, size, found, checked=source.sha256 is not None)
