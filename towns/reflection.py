"""Reflection: when enough has happened, a resident asks what it means.

Source: Park et al., Generative Agents (2023).
"""

from collections.abc import Iterable, Sequence
from typing import Final

from towns.clock import Clock
from towns.memory import Memory, Record
from towns.recall import PER_RECORD, recall

THRESHOLD: Final = 150
"""Importance of all that was perceived since the last reflection, which has to be exceeded."""
MOST_LOOKED_AT: Final = 100
MOST_CHARACTERS: Final = 2100
"""Latest records that the questions are about, and their length as a prompt shows them."""
QUESTIONS: Final = 3
INSIGHTS: Final = 5
MOST_EVIDENCE: Final = 5
"""Records that one insight may rest on."""
MOST_SHOWN: Final = 24
"""Records from which the insights are drawn."""


def due(memory: Memory, threshold: int = THRESHOLD) -> bool:
    """Return whether it is time to reflect."""
    return memory.unreflected > threshold


def latest(memory: Memory) -> Sequence[Record]:
    """Return the records to ask questions about, as many of the last as fit, oldest first."""
    kept: list[Record] = []
    room = MOST_CHARACTERS
    for one in reversed(memory.stream[-MOST_LOOKED_AT:]):
        room -= len(one.text) + PER_RECORD
        if room < 0:
            break
        if one.text:
            kept.append(one)
    return kept[::-1]


def gathered(memory: Memory, questions: Iterable[str], tick: int, clock: Clock) -> Sequence[Record]:
    """Return what comes to mind for the questions together, oldest first.

    What was forgotten of the questions leaves what is recent and important.
    """
    each = MOST_SHOWN // QUESTIONS
    found = {
        one.number: one
        for question in list(questions)[:QUESTIONS] or [""]
        for one in recall(memory, question, tick, clock, most=each)
    }
    return [found[number] for number in sorted(found)]
