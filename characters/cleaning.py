"""What a character said, out of what its model wrote.

Models put the speaker's name before the words, think aloud, go on with what others say, and stop
in the middle of the next speaker's name.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from characters.completion import END_OF_TURN
from games.core import clean

_THOUGHT: Final = re.compile(r"<(think|thinking|thought)>.*?(</\1>|\Z)", re.DOTALL | re.IGNORECASE)
_THOUGHT_BEFORE: Final = re.compile(r"\A.*</(think|thinking|thought)>", re.DOTALL | re.IGNORECASE)
_ACTION: Final = r"(?:\s*\((?P<action>[^()\n]{1,40})\))?"
_SAID: Final = frozenset({"speaking", "saying", "says"})


@dataclass(frozen=True)
class Cleaned:
    """Words, or why there are none."""

    words: str
    reason: str = ""
    """One sentence for people where the words are empty."""


def cleaned(
    reply: str, me: Iterable[str], others: Iterable[str], stop: Iterable[str] = ()
) -> Cleaned:
    """Return what the speaker said; `me` are its names, `others` those of everybody else."""
    text = _THOUGHT_BEFORE.sub("", _THOUGHT.sub("", clean(reply)))
    own = _labels(me)
    words = _first_said(text, own) if own else text
    words = _until(words, others, stop).strip()
    if words:
        return Cleaned(words)
    if not text.strip():
        why = "only thought" if reply.strip() else "wrote nothing"
    else:
        why = "spoke for others only"
    return Cleaned("", f"The model {why}: ask it again.")


def _first_said(text: str, own: str) -> str:
    """Return the first turn that is said aloud, without the name before it."""
    for turn in text.split(END_OF_TURN):
        found = re.match(rf"\s*{own}", turn, re.IGNORECASE)
        action = (found["action"] or "").strip().lower() if found else ""
        if found and action and action not in _SAID:
            continue  # a thought, or a deed that the format keeps apart
        if said := turn[found.end() if found else 0 :].strip():
            return re.sub(rf"(?m)^{own}", "", said, flags=re.IGNORECASE)
    return ""


def _until(text: str, others: Iterable[str], stop: Iterable[str]) -> str:
    """Return the text up to where somebody else speaks or a stop string stands."""
    ends = [text.find(one) for one in stop if one]
    names = [name for name in others if name]
    if names:
        labelled = re.search(rf"(?m)^{_labels(names)}", text, re.IGNORECASE)
        ends.append(labelled.start() if labelled else -1)
        half = re.search(rf"\n\s*{_names(names)}{_ACTION}\s*\Z", text, re.IGNORECASE)
        ends.append(half.start() if half else -1)
    return text[: min([end for end in ends if end >= 0], default=len(text))]


def _labels(names: Iterable[str]) -> str:
    """Return a pattern for a name as it stands before what somebody says; "" without names."""
    named = _names(names)
    return rf"[ \t]*[*_\[\"]*{named}{_ACTION}[*_\]\"]*[ \t]*:[*_]*[ \t]*" if named else ""


def _names(names: Iterable[str]) -> str:
    known = sorted({name for name in names if name}, key=len, reverse=True)
    return f"(?:{'|'.join(map(re.escape, known))})" if known else ""
