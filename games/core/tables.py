"""Reading the tables of a TOML file that people write: every fault is noted, reading goes on."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Final, TypeVar

from games.core.text import clean, listed

E = TypeVar("E", bound=StrEnum)
LONGEST_NAME: Final = 60
"""Characters, of a building or a thing."""


@dataclass
class Table:
    """A TOML table, where it stands, and the faults found so far in all the files."""

    values: Mapping[str, object]
    file: str
    path: str
    """Such as "bed" or "residents.Ann"; "" for the whole file."""
    faults: list[str]
    _read: set[str] = field(default_factory=set)

    def fault(self, said: str) -> None:
        """Note that something is wrong here."""
        where = f"{self.file}, [{self.path}]" if self.path else self.file
        self.faults.append(f"{where}: {said}")

    def value(self, name: str, default: object = None) -> object:
        """Return whatever stands there."""
        self._read.add(name)
        return self.values.get(name, default)

    def text(self, name: str, default: str | None = None, longest: int = 200) -> str:
        """Return a text; one that has no default has to be there."""
        value = self.value(name, default)
        if isinstance(value, str) and (default is not None or value.strip()):
            if len(value) > longest:
                self.fault(f"“{name}” has over {longest:,} characters: shorten it.")
            return clean(value, longest)
        self.fault(f"“{name}” must be a text: write one.")
        return ""

    def whole(self, name: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within bounds; one that has no default has to be there."""
        value = self.value(name, default)
        if _is_whole(value, least, most):
            return value  # type: ignore[return-value]  # just asked
        self.fault(f"“{name}” must be a whole number from {least:,} to {most:,}: correct it.")
        return least

    def number(self, name: str, least: float, most: float, default: float | None = None) -> float:
        """Return a number within bounds; one that has no default has to be there."""
        value = self.value(name, default)
        if type(value) in (int, float) and least <= value <= most:  # type: ignore[operator]
            return value  # type: ignore[return-value]  # just asked
        self.fault(f"“{name}” must be a number from {least:,g} to {most:,g}: correct it.")
        return least

    def flag(self, name: str, *, default: bool) -> bool:
        """Return a yes or no."""
        value = self.value(name, default)
        if isinstance(value, bool):
            return value
        self.fault(f"“{name}” must be true or false: choose one.")
        return default

    def wholes(self, name: str, least: int, most: int) -> Sequence[int]:
        """Return a list of whole numbers within bounds, at least one."""
        value = self.value(name, None)
        if isinstance(value, list) and value and all(_is_whole(v, least, most) for v in value):
            return tuple(value)
        self.fault(f"“{name}” must list whole numbers from {least:,} to {most:,}: correct it.")
        return ()

    def choice(self, name: str, among: type[E], default: E) -> E:
        """Return one of the values of an enum."""
        value = self.value(name, default)
        for one in among:
            if value == one:
                return one
        self.fault(f"“{name}” must be {listed(among, 'or')}: choose one.")
        return default

    def texts(self, name: str, longest: int = 200) -> Sequence[str]:
        """Return a list of texts; none where there is no list."""
        value = self.value(name, [])
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            if any(len(one) > longest for one in value):
                self.fault(f"“{name}” has a text of over {longest:,} characters: shorten it.")
            return tuple(clean(one, longest) for one in value)
        self.fault(f'“{name}” must be a list of texts: write it as ["one", "two"].')
        return ()

    def within(self, name: str) -> "Table":
        """Return a table within this one; an empty one where there is none."""
        value = self.value(name, {})
        if not isinstance(value, dict):
            self.fault(f"“{name}” must be a table: write it as {name} = {{ … }}.")
            value = {}
        return self._inner(name, value)

    def rows(self, name: str) -> "Iterator[Table]":
        """Yield each table of a list; none where there is no list."""
        value = self.value(name, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            above = re.sub(r" \d+(?=\.)", "", f"{self.path}.") if self.path else ""
            self.fault(f"“{name}” must be a list of tables: write each as [[{above}{name}]].")
            return
        for number, one in enumerate(value, 1):
            row = self._inner(f"{name} {number}", one)
            yield row
            row.close()

    def named(self) -> "Iterator[tuple[str, Table]]":
        """Yield each table in this one with its name."""
        for name in self.values:
            table = self.within(name)
            if not name or name != clean(name, LONGEST_NAME) or not name.isprintable():
                table.fault(f"such a name is not possible: choose 1 to {LONGEST_NAME} characters.")
            yield name, table
            table.close()

    def known(self, name: str, among: Mapping[str, object], what: str) -> bool:
        """Return whether a name is known; note it as a fault if it is not."""
        if name in among:
            return True
        if name:
            self.fault(f"there is no {what} “{name}”: {_instead(name, among)}.")
        return False

    def close(self) -> None:
        """Note each entry that nobody has read."""
        for name in self.values:
            if name not in self._read:
                self.fault(f"“{name}” means nothing here: {_instead(name, self._read)}.")

    def _inner(self, name: str, values: Mapping[str, object]) -> "Table":
        return Table(values, self.file, f"{self.path}.{name}" if self.path else name, self.faults)


def parsed(text: str) -> Mapping[str, object]:
    """Return what a TOML text holds.  Raises ValueError, which says where it is broken."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _instead(name: str, among: Mapping[str, object] | set[str]) -> str:
    near = get_close_matches(name, among, 1)
    if near:
        return f"did you mean “{near[0]}”"
    return f"use {listed(sorted(among), 'or')}" if among else "take it out"
