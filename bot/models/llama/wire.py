"""Frames between the bot and a worker: a length in four bytes, then as much JSON.

Both ends wait where the other one does not read, as pipes hold only so much.
"""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, BinaryIO, Final, TypeAlias

LONGEST: Final = 1 << 26
"""Bytes of one frame; a prompt of a million tokens needs less."""
_HEAD: Final = 4

Frame: TypeAlias = dict[str, Any]


class WireBroken(Exception):
    """What came is no frame, or only a part of one."""


def packed(frame: Mapping[str, Any]) -> bytes:
    """Return a frame as it travels."""
    body = json.dumps(frame, separators=(",", ":")).encode("ascii")
    if len(body) > LONGEST:
        raise ValueError("what is asked is far too long")
    return len(body).to_bytes(_HEAD, "big") + body


def receive(pipe: BinaryIO) -> Frame | None:
    """Wait for a frame; None where the other end is gone.  Raises WireBroken."""
    head = pipe.read(_HEAD)
    if len(head) < _HEAD:
        return None
    size = _size(head)
    body = pipe.read(size)
    return _unpacked(body) if len(body) == size else None


async def received(pipe: asyncio.StreamReader) -> Frame | None:
    """Wait for a frame; None where the other end is gone.  Raises WireBroken."""
    try:
        return _unpacked(await pipe.readexactly(_size(await pipe.readexactly(_HEAD))))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def _size(head: bytes) -> int:
    size = int.from_bytes(head, "big")
    if size > LONGEST:
        raise WireBroken("a frame is too long")
    return size


def _unpacked(body: bytes) -> Frame:
    try:
        frame = json.loads(body)
    except (ValueError, RecursionError):
        raise WireBroken("a frame is no JSON") from None
    if not isinstance(frame, dict):
        raise WireBroken("a frame is no object")
    return frame
