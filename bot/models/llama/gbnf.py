"""The parts of a grammar in llama.cpp's notation: literals, repetition, alternatives, rules.  Pure.

Source: llama.cpp, grammars/README.md.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

LONGEST_REPEAT: Final = 500
"""What stands in braces at most: llama.cpp writes a rule for each, and refuses many."""
MOST_REPEATS: Final = 20_000
"""Where an upper bound is cut, so that the grammar stays small."""
_DEEPEST: Final = 20
"""Brackets within brackets; llama.cpp reads them by recursion."""


class Rules:
    """The rules of one grammar; equal ones are kept once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self._names)

    def name(self, body: str) -> str:
        """Return the name of the rule with this right side."""
        return self._names.setdefault(body, f"r{len(self._names)}")

    def text(self, root: str) -> str:
        """Return the whole grammar; `root` is the right side of its first rule."""
        rules = [f"{name} ::= {body}\n" for body, name in self._names.items()]
        return "".join([f"root ::= {root}\n", *rules])


def json_text(value: object) -> str:
    """Return a value as JSON in its shortest spelling; what UTF-8 cannot hold is escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in text)


def literal(text: str) -> str:
    """Return what stands for exactly this text."""
    return f'"{"".join(map(_quoted, text))}"'


def _quoted(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char.isascii() and char.isprintable():
        return char
    return f"\\U{ord(char):08X}"


def repeated(item: str, low: int, high: int | None) -> str:
    """Return `item` at least `low` and at most `high` times; None for no bound."""
    parts = [f"{item}{{{LONGEST_REPEAT}}}"] * (low // LONGEST_REPEAT)
    if rest := low % LONGEST_REPEAT:
        parts.append(item if rest == 1 else f"{item}{{{rest}}}")
    if high is None:
        parts.append(f"{item}*")
    elif high > low:
        parts.append(_up_to(item, min(high - low, MOST_REPEATS)))
    return " ".join(parts)


def _up_to(item: str, most: int) -> str:
    """Return `item` up to so many times, so that a reader never has more than two ways to go."""
    if most <= LONGEST_REPEAT:
        return f"{item}{{0,{most}}}"
    whole = f"{item}{{{LONGEST_REPEAT}}} {_up_to(item, most - LONGEST_REPEAT)}"
    return f"( {whole} | {item}{{0,{LONGEST_REPEAT - 1}}} )"


def either(texts: Iterable[str], depth: int = 0) -> str:
    """Return alternatives for these texts, in which a beginning that some share stands once."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for text in dict.fromkeys(texts):
        by_first[text[:1]].append(text)
    ending = by_first.pop("", [])
    if depth == _DEEPEST:
        parts = [literal(text) for group in by_first.values() for text in group]
    else:
        parts = [_one_beginning(group, depth) for group in by_first.values()]
    body = " | ".join(parts)
    return f"( {body} )?" if ending and parts else body or '""'


def _one_beginning(texts: Collection[str], depth: int) -> str:
    shared = _shared(min(texts), max(texts))  # what these two share, all between them share too
    rests = [text[len(shared) :] for text in texts]
    if len(rests) == 1:
        return literal(shared)
    inner = either(rests, depth + 1)
    return f"{literal(shared)} {inner if inner.endswith(')?') and '' in rests else f'( {inner} )'}"


def _shared(one: str, other: str) -> str:
    """Return the beginning that two texts have in common."""
    for at, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return one[:at]
    return one if len(one) < len(other) else other
