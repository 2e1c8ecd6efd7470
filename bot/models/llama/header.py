"""Looks through the header of a GGUF file before native code sees it.

A cut-off download or a damaged file is refused here with a reason; what llama.cpp reads unchecked
has crashed it before.  Source of the layout and the sizes: GGUF's specification, version 3.
"""

import math
import os
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, TypeVar

from bot.errors import OperatorError

Found = TypeVar("Found")
_NUMBERS: Final = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?"} | {
    10: "Q",
    11: "q",
    12: "d",
}
"""Kinds of values, as struct knows them."""
_TEXT, _LIST = 8, 9
_VOCABULARY: Final = "tokenizer.ggml.tokens"
"""Its texts must differ, or llama.cpp ends the process."""
_BLOCKS: Final = (  # kinds of weights, numbers in a block, bytes of a block
    ((24,), 1, 1),
    ((1, 25, 30), 1, 2),
    ((0, 26), 1, 4),
    ((27, 28), 1, 8),
    ((39,), 32, 17),
    ((2, 20), 32, 18),
    ((3,), 32, 20),
    ((6,), 32, 22),
    ((7,), 32, 24),
    ((8,), 32, 34),
    ((40,), 64, 36),
    ((41,), 128, 18),
    ((19,), 256, 50),
    ((34,), 256, 54),
    ((29,), 256, 56),
    ((16, 35), 256, 66),
    ((17,), 256, 74),
    ((22,), 256, 82),
    ((10,), 256, 84),
    ((18,), 256, 98),
    ((11, 21), 256, 110),
    ((23,), 256, 136),
    ((12,), 256, 144),
    ((13,), 256, 176),
    ((14,), 256, 210),
)
_BLOCK_OF: Final = {kind: sizes for kinds, *sizes in _BLOCKS for kind in kinds}
_MOST_ENTRIES: Final = 1 << 20
_MOST_VALUES: Final = 1 << 24
_LONGEST_TEXT: Final = 1 << 26
_RANGES: Final = {
    "block_count": (1, 1 << 12),
    "embedding_length": (1, 1 << 18),
    "feed_forward_length": (0, 1 << 22),
    "attention.head_count": (0, 1 << 14),
    "attention.head_count_kv": (0, 1 << 14),
    "attention.key_length": (1, 1 << 16),
    "attention.value_length": (1, 1 << 16),
    "attention.layer_norm_rms_epsilon": (0, 1),
    "context_length": (1, 1 << 30),
    "rope.dimension_count": (0, 1 << 16),
    "rope.freq_base": (0, 1e12),
    "expert_count": (0, 1 << 12),
    "expert_used_count": (0, 1 << 12),
    "vocab_size": (1, 1 << 24),
}
"""What the sizes of an architecture can be; others let llama.cpp divide by zero, or worse."""


class BrokenModel(OperatorError):
    """A model file cannot be used; the sentence says which and why."""


@dataclass(frozen=True)
class Header:
    """What a file says about itself."""

    values: Mapping[str, Any]
    """By key; a list of more than 64 values is shown by its length."""
    tensors: Sequence[str]
    """Names."""


def read_header(path: Path) -> Header:
    """Return a file's header, if all of it holds together.  Raises BrokenModel."""
    return _looked_through(path, _Reader.header)


def trained_context(path: Path) -> int | None:
    """Return how long the texts were that a model has learnt from, in tokens; None if unsaid.

    Reads no further than to that value. Raises BrokenModel.
    """
    return _looked_through(path, _Reader.trained_context)


def _looked_through(path: Path, look: Callable[["_Reader"], Found]) -> Found:
    try:
        with path.open("rb") as file:
            return look(_Reader(file))
    except OSError as why:
        raise BrokenModel(f"The model {path.name} cannot be read: {why.strerror}.") from None
    except _Wrong as why:
        raise BrokenModel(f"The model {path.name} cannot be used: {why}.") from None


class _Wrong(Exception):
    """Something does not hold together."""


class _Reader:
    """Reads a header from its beginning, never past the end of the file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = os.fstat(file.fileno()).st_size

    def header(self) -> Header:
        tensors, entries = self._begin()
        values: dict[str, Any] = {}
        for key, value in self._entries(entries):
            if key in values:
                raise _Wrong(f"it says {key!r} twice")
            values[key] = value
        _check_sizes(values)
        return Header(values, self._tensors(tensors, values))

    def trained_context(self) -> int | None:
        _, entries = self._begin()
        for key, value in self._entries(entries):
            if key.endswith(".context_length") and isinstance(value, int):
                return value
        return None

    def _begin(self) -> tuple[int, int]:
        """Read how many tensors and entries there are."""
        if self._take(4) != b"GGUF":
            raise _Wrong("it is not a GGUF file")
        version = self._number("I")
        if version not in (2, 3):
            raise _Wrong(f"it is of GGUF version {version}, and only 2 and 3 are known")
        return self._count(_MOST_ENTRIES), self._count(_MOST_ENTRIES)

    def _entries(self, count: int) -> Iterator[tuple[str, Any]]:
        for _ in range(count):
            key = self._text()
            yield key, self._value(self._number("I"), distinct=key == _VOCABULARY)

    def _tensors(self, count: int, values: Mapping[str, Any]) -> Sequence[str]:
        alignment = values.get("general.alignment", 32)
        if not isinstance(alignment, int) or alignment < 8 or alignment.bit_count() != 1:
            raise _Wrong("its alignment is no power of two")
        ends: dict[str, int] = {}
        for _ in range(count):
            name = self._text()
            if name in ends or len(name) > 127:
                raise _Wrong(f"it names a tensor badly: {name[:40]!r}")
            ends[name] = self._end_of_tensor(name, alignment)
        begin = -(-self._file.tell() // alignment) * alignment
        if begin + max(ends.values(), default=0) > self._size:
            raise _Wrong("it ends before its last weights do; load it down again")
        return tuple(ends)

    def _end_of_tensor(self, name: str, alignment: int) -> int:
        shape = [self._number("Q") for _ in range(self._count(4, "I"))]
        kind, offset = self._number("I"), self._number("Q")
        if not shape or not all(0 < length < 1 << 40 for length in shape):
            raise _Wrong(f"its tensor {name!r} has no shape")
        if offset % alignment:
            raise _Wrong(f"its tensor {name!r} lies at a crooked place")
        block, size = _BLOCK_OF.get(kind, (1, 0))  # newer kinds are left to llama.cpp
        if shape[0] % block:
            raise _Wrong(f"its tensor {name!r} ends within a block")
        return int(offset + math.prod(shape) // block * size)

    def _value(self, kind: int, *, distinct: bool) -> Any:
        if kind in _NUMBERS:
            return self._number(_NUMBERS[kind])
        if kind == _TEXT:
            return self._text()
        if kind != _LIST:
            raise _Wrong(f"it holds a value of the unknown kind {kind}")
        inner = self._number("I")
        count = self._count(_MOST_VALUES)
        if inner in _NUMBERS:
            raw = self._take(count * struct.calcsize("<" + _NUMBERS[inner]))
            return list(struct.unpack(f"<{count}{_NUMBERS[inner]}", raw)) if count <= 64 else count
        if inner != _TEXT:
            raise _Wrong(f"it holds a list of the unknown kind {inner}")
        texts = [self._text() for _ in range(count)]
        if distinct and len(set(texts)) < count:
            raise _Wrong("its vocabulary has the same token twice")
        return texts if count <= 64 else count

    def _text(self) -> str:
        return self._take(self._count(_LONGEST_TEXT)).decode("utf-8", "replace")

    def _count(self, most: int, kind: str = "Q") -> int:
        found: int = self._number(kind)
        if found > most:
            raise _Wrong(f"it announces {found} parts where {most} are plenty")
        return found

    def _number(self, kind: str) -> Any:
        return struct.unpack("<" + kind, self._take(struct.calcsize("<" + kind)))[0]

    def _take(self, size: int) -> bytes:
        if size > self._size - self._file.tell():
            raise _Wrong("it ends within its header; load it down again")
        return self._file.read(size)


def _check_sizes(values: Mapping[str, Any]) -> None:
    family = values.get("general.architecture")
    if not isinstance(family, str) or not family:
        raise _Wrong("it does not say of which architecture it is")
    if values.get("general.type", "model") != "model":
        return  # an adapter has no sizes of its own
    for name, (least, most) in _RANGES.items():
        found = values.get(f"{family}.{name}", least)
        for one in found if isinstance(found, list) else [found]:
            if not isinstance(one, int | float) or not least <= one <= most:
                raise _Wrong(f"its {name} cannot be {one!r}")
    if f"{family}.embedding_length" not in values:
        raise _Wrong("it does not say how wide it is")
