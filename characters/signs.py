"""Whether an answer to a probe keeps within the era, by its words alone, without a model.

It is lenient: who neither betrays knowledge nor wonders, or does both, is "unsure", and somebody
who makes things up in other words than the probe's signs passes if there is a word of wonder.
The whole answer is read. Words of wonder are known in English only; an answer in another language
that has no sign is unsure. A sign or fact that stands in the question itself says nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from characters.interview import Probe
from characters.memory import terms
from games.core import listed, quoted

SHORTEST_STEM: Final = 6
"""Letters that the last word of a sign has if it may be the beginning of a longer word."""
_INFLECTED: Final = "(?:s|es|d|ed|ing)?"
_OUT_OF_CHARACTER: Final = ("as an ai", "an ai language model", "a large language model")
# The words are compared as `terms` gives them: without capitals, accents and apostrophes.
_WONDER: Final = re.compile(
    " (?:"
    r"never (?:heard|met with|seen such)|(?:not|t) (?:heard|know|understand|follow|met with)"
    r"|know (?:not|nothing|no|of no|neither)|knows nothing|unknown|unfamiliar|no such"
    r"|strange (?:word|name|thing|tongue)|stranger to|foreign to|new (?:one )?(?:to|on) me"
    r"|means nothing|beyond me|riddles?|perplex\w*|baffl\w*|makes no sense|advantage of me"
    r"|cannot (?:imagine|picture|guess|say what)|let me guess|a what|your what|you mean"
    r"|you (?:say|call|speak of)|(?:this|that|your) (?:word|name)|whatever (?:it|that|this|they)"
    r"|(?:the|no) (?:word|name) (?:is|does|means|has|comes)|tell me what|explain (?:it|this|to me)"
    r"|(?:what|who) (?:is|are|was|were) (?:this|that|it|these|those|they|he|she|a|an|such)"
    r"|what (?:do|does|did) (?:you|he|she|it|they|that|this) (?:mean|call)"
    r"|(?:what|some) (?:sort|kind|manner) of|is (?:it|that|this|he|she) (?:a|an|one of|some)"
    ") "
)


class Finding(StrEnum):
    """What an answer shows."""

    PASS = "pass"  # noqa: S105  # no password
    FAIL = "fail"
    UNSURE = "unsure"


@dataclass(frozen=True)
class Scored:
    """A finding and why."""

    finding: Finding
    reason: str
    """Half a sentence for people."""


def scored(probe: Probe, answer: str) -> Scored:
    """Return whether an answer keeps to what the character can know."""
    words, asked = level(answer), level(probe.question)
    if broken := _found(_OUT_OF_CHARACTER, words, asked):
        return Scored(Finding.FAIL, f"it steps out of the character: {broken}")
    signs = _found(probe.signs, words, asked)
    wonder = _WONDER.search(words)
    if probe.knows:
        return _of_known(signs, _found(probe.facts, words, asked), wonders=bool(wonder))
    if signs and wonder:
        return Scored(Finding.UNSURE, f"it says {signs}, but also “{wonder[0].strip()}”")
    if signs:
        return Scored(Finding.FAIL, f"it says {signs}")
    if wonder:
        return Scored(Finding.PASS, f"it wonders: “{wonder[0].strip()}”")
    return Scored(Finding.UNSURE, "it neither wonders nor says anything telling")


def _of_known(signs: str, facts: str, *, wonders: bool) -> Scored:
    if signs:
        return Scored(Finding.UNSURE if facts else Finding.FAIL, f"it says {signs}")
    if facts:
        return Scored(Finding.PASS, f"it says {facts}")
    if wonders:
        return Scored(Finding.FAIL, "it does not know what it should")
    return Scored(Finding.UNSURE, "it says nothing that shows knowledge")


def level(text: str) -> str:
    """Return a text for comparison: its words with a space on either side of each."""
    return f" {' '.join(terms(text))} "


def _found(sought: Sequence[str], words: str, asked: str) -> str:
    """Return in words which of some expressions are in a text and not in the question."""
    patterns = {one: _pattern(one) for one in sought}
    found = [
        one
        for one, pattern in patterns.items()
        if pattern.search(words) and not pattern.search(asked)
    ]
    return listed(map(quoted, found)) if found else ""


def _pattern(expression: str) -> re.Pattern[str]:
    words = level(expression)[:-1]
    ending = r"\w*" if len(words.split()[-1]) >= SHORTEST_STEM else _INFLECTED
    return re.compile(rf"{re.escape(words)}{ending} ")
