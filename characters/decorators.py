"""Decorators: the `@@name value` lines at the top of a lorebook entry.

All conditions that they set must hold together. Of two with one name the first counts, but every
`additional_keys` does. One that is unknown, has no valid value, or means nothing where the prompt
is made, is ignored, and then the `@@@name value` lines right below it are tried from top to bottom.

Where the specification leaves a choice: `instruct_depth`, `reverse_instruct_depth` and
`instruct_scan_depth` mean nothing in a chat, and the decorators that count messages mean nothing
in plain text. `reverse_depth` is one of the latter: the text says that a chat ignores it, but it
counts messages and is defined by `depth`. `is_user_icon` is always ignored, as people keep their
own pictures here. `@@role` without a place of its own changes nothing, as before.
Source: the Character Card V3 specification, "Decorators".
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Raw = tuple[str, str]
"""A decorator's name and value as they were written."""
Chain = tuple[Raw, ...]
"""A decorator and its fallbacks, in order."""

LARGEST_NUMBER: Final = 1_000_000
_LINE: Final = re.compile(r"(@{2,3})([A-Za-z_][A-Za-z0-9_]*)(?:[ \t]+(.*))?\s*$")


class Role(StrEnum):
    """In whose name a text stands in the prompt."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"


class Position(StrEnum):
    """A place that a decorator may name."""

    BEFORE_DESCRIPTION = "before_desc"
    AFTER_DESCRIPTION = "after_desc"
    PERSONALITY = "personality"
    SCENARIO = "scenario"


class UiPrompt(StrEnum):
    """A text of the house that an entry may switch off."""

    SYSTEM = "system_prompt"
    POST_HISTORY = "post_history_instructions"


@dataclass(frozen=True)
class Decorators:
    """What an entry's decorators say, as far as they are understood."""

    activate_only_after: int | None = None
    activate_only_every: int | None = None
    keep_activate_after_match: bool = False
    dont_activate_after_match: bool = False
    depth: int | None = None
    instruct_depth: int | None = None
    reverse_depth: int | None = None
    reverse_instruct_depth: int | None = None
    role: Role | None = None
    scan_depth: int | None = None
    instruct_scan_depth: int | None = None
    is_greeting: int | None = None
    position: Position | None = None
    ignore_on_max_context: bool = False
    additional_keys: Sequence[Sequence[str]] = ()
    """One of each must be found; the only decorator that may stand there more than once."""
    exclude_keys: Sequence[str] = ()
    dont_activate: bool = False
    activate: bool = False
    disable_ui_prompt: UiPrompt | None = None

    @property
    def looks_back(self) -> bool:
        """Whether it matters if the entry has matched before."""
        return self.keep_activate_after_match or self.dont_activate_after_match

    @property
    def has_conditions(self) -> bool:
        """Whether an entry that is always meant to be there may come and go all the same."""
        return bool(
            self.looks_back
            or self.activate_only_after is not None
            or self.activate_only_every is not None
            or self.additional_keys
            or self.exclude_keys
            or self.ignore_on_max_context
        )


NO_DECORATORS: Final = Decorators()


def split_decorators(content: str) -> tuple[Sequence[Chain], str]:
    """Return the decorators at the top of an entry's content, and the content without them."""
    chains: list[Chain] = []
    lines = content.strip().split("\n")
    for at, line in enumerate(lines):
        if found := _LINE.match(line.strip()):
            raw = (found[2].lower(), (found[3] or "").strip())
            if found[1] == "@@@":
                # A fallback of nothing is no decorator: it is dropped with the others.
                chains = [*chains[:-1], (*chains[-1], raw)] if chains else chains
            else:
                chains.append((raw,))
        elif line.strip():
            return chains, "\n".join(lines[at:]).strip()
    return chains, ""


def understood(chains: Sequence[Chain], *, chat: bool) -> Decorators:
    """Return what the decorators say where the prompt is a chat, or else plain text."""
    known = _IN_A_CHAT if chat else _IN_TEXT
    said: dict[str, object] = {}
    more: list[object] = []
    for chain in chains:
        for name, written in chain:
            value = known[name](written) if name in known else None
            if value is not None:
                if name == "additional_keys":
                    more.append(value)
                said.setdefault(name, value)
                break
    if more:
        said["additional_keys"] = tuple(more)
    return Decorators(**said)  # type: ignore[arg-type]  # _READERS gives each name its type


def _flag(written: str) -> bool | None:
    return None if written.lower() == "false" else True


def _count(written: str) -> int | None:
    """Return a whole number from 0; a negative one counts as 0, as "less than 1" is one case."""
    if not re.fullmatch(r"[+-]?\d{1,9}(\.0*)?", written, re.ASCII):
        return None
    return min(max(int(float(written)), 0), LARGEST_NUMBER)


def _step(written: str) -> int | None:
    return _count(written) or None


def _strings(written: str) -> Sequence[str] | None:
    return tuple(part for one in written.split(",") if (part := one.strip())) or None


def _one_of(kind: type[StrEnum]) -> Callable[[str], StrEnum | None]:
    values = {str(one): one for one in kind}
    return lambda written: values.get(written.strip("\"'").lower())


_EVERYWHERE: Final[Mapping[str, Callable[[str], object]]] = {
    "keep_activate_after_match": _flag,
    "dont_activate_after_match": _flag,
    "is_greeting": _count,
    "position": _one_of(Position),
    "ignore_on_max_context": _flag,
    "additional_keys": _strings,
    "exclude_keys": _strings,
    "dont_activate": _flag,
    "activate": _flag,
    "disable_ui_prompt": _one_of(UiPrompt),
}
_IN_A_CHAT: Final[Mapping[str, Callable[[str], object]]] = {
    **_EVERYWHERE,
    "activate_only_after": _count,
    "activate_only_every": _step,
    "depth": _count,
    "reverse_depth": _count,
    "role": _one_of(Role),
    "scan_depth": _count,
}
_IN_TEXT: Final[Mapping[str, Callable[[str], object]]] = {
    **_EVERYWHERE,
    "instruct_depth": _count,
    "reverse_instruct_depth": _count,
    "instruct_scan_depth": _count,
}
