"""A model server on loopback that is interviewed, or judges, in one of a few ways."""

import json
from collections.abc import Callable

from characters.interview import Probe, shipped_interview
from tests.faulty_model import FaultyModel, Received

WONDERS = "I have never heard of such a thing; what is it?"
THE_SAME = "A good day to you all."

Reply = Callable[[Received], str]


class InterviewedModel(FaultyModel):
    """Answers as `reply` says, which a test may change between requests."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply

    def _says(self, mode, received):
        return self.reply(received)


def in_era(character: str) -> Reply:
    """Return a model that wonders at the unknown and tells what it knows."""
    return _of_probes(character, lambda one: ", ".join(one.facts) if one.knows else WONDERS)


def betrayer(character: str) -> Reply:
    """Return a model that has modern knowledge of everything."""
    return _of_probes(character, lambda one: f"I love it: {', '.join(one.signs or ['wifi'])}.")


def always_the_same(received: Received) -> str:
    """Say the same to every question."""
    return THE_SAME


def _of_probes(character: str, answer: Callable[[Probe], str]) -> Reply:
    probes = shipped_interview(character).probes

    def reply(received: Received) -> str:
        asked = received.messages[-1]["content"]
        return next((answer(one) for one in probes if one.question in asked), THE_SAME)

    return reply


def judge(verdict: str = "pass", score: int = 6, quote: str = "") -> Reply:
    """Return a judge that says the same of every answer, and quotes its first words."""

    def reply(received: Received) -> str:
        talk = json.loads(received.messages[-1]["content"])["talk"]
        quoted = quote or " ".join(talk[-1]["answer"].split()[:3])
        form = {"reason": "So it seems.", "quote": quoted}
        return json.dumps({**form, "verdict": verdict, "score": score})

    return reply
