"""The file .env: one line is changed, all others stay, and nobody else may read it."""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from bot.errors import OperatorError

PRIVATE: Final = 0o600
OTHERS: Final = 0o077
"""The rights of everybody but the owner."""


def value_in(path: Path, name: str) -> str:
    """Return what a file gives for a name; "" where it gives nothing.  Raises OperatorError."""
    found = [match for line in _lines(path) if (match := _line(name).match(line))]
    return found[-1]["value"].strip().strip("'\"") if found else ""


def put(path: Path, name: str, value: str) -> None:
    """Write NAME=value in place of the older lines for that name.  Raises OperatorError."""
    kept = [line for line in _lines(path) if not _line(name).match(line)]
    write_private(path, "\n".join([*kept, f"{name}={value}", ""]))


def write_private(path: Path, text: str) -> None:
    """Write a whole file that only its owner may read, or leave all as it was.

    Raises OperatorError.
    """
    target = path.resolve()
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        try:
            opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
            with open(opened, "w", encoding="utf-8") as file:  # noqa: PTH123  # made with its mode
                file.write(text)
                file.flush()
                os.fsync(opened)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as why:
        raise OperatorError(f"{path} cannot be written: {why.strerror}.") from None


def open_to_others(path: Path) -> bool:
    """Return whether somebody other than its owner may do something with a file."""
    return os.name == "posix" and path.is_file() and bool(path.stat().st_mode & OTHERS)


def _line(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*(?:export\s+)?{re.escape(name)}\s*=(?P<value>.*)")


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError):
        raise OperatorError(f"{path} cannot be read; correct it or move it away.") from None
