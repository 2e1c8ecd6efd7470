"""Whether a file is still the one that it was, without reading it."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeAlias

Stamp: TypeAlias = tuple[int, int, int]
"""Size in bytes, time of the last change in nanoseconds, number in the file system."""
Stamps: TypeAlias = Mapping[Path, Stamp]


def stamp(path: Path) -> Stamp:
    """Return what changes when a file does.  Raises OSError."""
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def still_there(stamps: Stamps) -> bool:
    """Return whether none of these files has changed or gone."""
    try:
        return all(stamp(path) == then for path, then in stamps.items())
    except OSError:
        return False


def agree(one: Stamps, other: Stamps) -> bool:
    """Return whether the files that both know have not changed in between."""
    both: Iterable[Path] = one.keys() & other.keys()
    return all(one[path] == other[path] for path in both)
