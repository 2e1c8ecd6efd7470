"""Adding a table to the text of models.toml and taking one out; every other line stays.  Pure."""

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any

from bot.errors import OperatorError
from games.core import quoted


def with_table(text: str, name: str, table: Mapping[str, str | int | float]) -> str:
    """Return the text with one more table at its end.  Raises OperatorError."""
    before = _read(text)
    if name in before:
        raise OperatorError(f"There is a model {quoted(name)} already; take another --name.")
    end = "\r\n" if "\r\n" in text else "\n"
    # A string in JSON, of ASCII only, is a string in TOML too; so is a number.
    lines = [f"[{_key(name)}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    gap = "" if not text else end if text.endswith("\n") else end * 2
    after = text + gap + end.join([*lines, ""])
    return _proved(after, {**before, name: dict(table)})


def without_table(text: str, name: str) -> str:
    """Return the text without one table, from its head to its last setting.

    Comments above the head stay. Raises OperatorError.
    """
    before = _read(text)
    if name not in before:
        raise OperatorError(f"There is no model {quoted(name)} to remove.")
    kept: list[str] = []
    waiting: list[str] = []  # after a setting of this table: they may belong to what follows
    inside = False
    for line in text.splitlines(keepends=True):
        if head := _HEAD.match(line):
            inside = _first_key(head["keys"]) == name
        if inside and (head or _is_setting(line)):
            waiting = []
        elif inside:
            waiting.append(line)
        else:
            kept += [*waiting, line]
            waiting = []
    rest = {other: table for other, table in before.items() if other != name}
    return _proved("".join([*kept, *waiting]), rest)


_HEAD = re.compile(r"\s*\[\[?(?P<keys>[^\[\]]+)\]\]?\s*(?:#.*)?$")


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)


def _first_key(keys: str) -> str:
    """Return the first part of a table's name."""
    try:
        found: dict[str, Any] = tomllib.loads(f"{keys} = 1")
    except tomllib.TOMLDecodeError:
        return ""
    return next(iter(found))


def _is_setting(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as why:
        raise OperatorError(f"The file of models is not TOML: {why}.") from None


def _proved(text: str, wanted: Mapping[str, Any]) -> str:
    """Return a text that says exactly what it should.  Raises OperatorError for any other."""
    try:
        right = tomllib.loads(text) == wanted
    except tomllib.TOMLDecodeError:
        right = False
    if not right:
        raise OperatorError("The file of models is written in a way that only a person can change.")
    return text
