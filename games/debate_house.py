"""The motions of debates, and how house bots argue and judge."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from games.core import Event, Level, Seat
from games.debate_events import HalfBegan, MotionSet, Spoken
from games.puzzle_words import Language
from games.word_lists import DATA, runs

Sides = tuple[tuple[str, ...], tuple[str, ...]]
"""Reasons for a motion, and reasons against it."""
SKILL: Final = {Level.EASY: 0.3, Level.MEDIUM: 0.9, Level.HARD: 1.0}
"""How often a bot has a reason to give."""
BLUR: Final = {Level.EASY: 6.0, Level.MEDIUM: 2.0, Level.HARD: 0.0}
"""Points of chance in what a judge sees in the speeches of a side."""
ECHOED: Final = 8
"""Words of the other side that a bot repeats."""
LONGEST_ECHO: Final = 60
"""Characters of them."""
LONG_WORD: Final = 5
"""Letters from which on a word counts when it is taken up by the other side."""


@dataclass(frozen=True, eq=False)
class Motions:
    """What can be debated in one language, with reasons."""

    source: str
    """Where the sentences come from, and under what terms."""
    reasons: Mapping[str, Sides]
    """By motion."""
    phrases: tuple[str, ...]
    """Sentences without a reason."""
    rebuttals: tuple[str, ...]
    """Answers to an {echo} of the other side."""
    verdicts: Mapping[str, str]
    """What a judge says: "better", of a {seat}, or "equal"."""


@dataclass(frozen=True)
class Heard:
    """What has been said in the present half."""

    motion: str
    sides: tuple[Seat, ...]
    """Who is for the motion, and who against it."""
    speeches: Sequence[tuple[Seat, str]]

    def speeches_of(self, seat: Seat) -> Sequence[str]:
        """Return what a seat has said, without what has been forgotten."""
        return [said for speaker, said in self.speeches if speaker == seat and said]


def heard(events: Iterable[Event]) -> Heard:
    """Return what these events tell of the present half."""
    motion = ""
    sides: tuple[Seat, ...] = ()
    speeches: list[tuple[Seat, str]] = []
    for event in events:
        match event:
            case MotionSet():
                motion = event.motion
            case HalfBegan(_, pro, con):
                sides, speeches = (pro, con), []
            case Spoken(seat, words):
                speeches.append((seat, str(words)))
    return Heard(motion, sides, speeches)


@cache
def motions(language: Language) -> Motions:
    """Return the motions of a language, read on first use."""
    raw = json.loads((DATA / f"debate_{language}.json").read_text("utf-8"))
    reasons = {
        motion: (tuple(sides["for"]), tuple(sides["against"]))
        for motion, sides in raw["motions"].items()
    }
    phrases, rebuttals = tuple(raw["phrases"]), tuple(raw["rebuttals"])
    return Motions(raw["source"], reasons, phrases, rebuttals, raw["verdicts"])


def speech(
    known: Motions,
    reasons: Sequence[str],
    own: Sequence[str],
    theirs: Sequence[str],
    level: Level,
    rng: Random,
) -> str:
    """Return a speech: easy seldom has a reason, medium does, hard answers the rival as well."""
    fresh = [reason for reason in reasons if not any(reason in said for said in own)]
    said = rng.choice(known.phrases)
    if fresh and rng.random() < SKILL[level]:
        said = rng.choice(fresh)
    if level is not Level.HARD or not theirs:
        return said
    echo = " ".join(theirs[-1].split()[:ECHOED])[:LONGEST_ECHO].rstrip(".,;:!? ")
    return f"{rng.choice(known.rebuttals).replace('{echo}', echo)} {said}"


def points(reasons: Iterable[str], heard: Heard, seat: Seat, level: Level, rng: Random) -> int:
    """Return the points from 0 to 10 for the speeches of a side.

    What counts: to speak at all, known reasons, long words, and to take up what was said before.
    """
    own = heard.speeches_of(seat)
    given = sum(any(reason in said for said in own) for reason in reasons)
    rich = len(_words(own)) / 20
    answered = 0
    for number, (speaker, said) in enumerate(heard.speeches):
        if speaker == seat:
            before = [text for other, text in heard.speeches[:number] if other != seat]
            answered += len(_words([said]) & _words(before))
    worth = len(own) + 2 * given + min(rich, 2) + min(answered / 3, 2) + BLUR[level] * rng.random()
    return max(0, min(10, round(worth)))


def verdict(known: Motions, points: Mapping[Seat, int]) -> str:
    """Return how a judge explains the points."""
    best = max(points, key=lambda seat: points[seat])
    if len(set(points.values())) == 1:
        return known.verdicts["equal"]
    return known.verdicts["better"].replace("{seat}", best)


def _words(speeches: Sequence[str]) -> set[str]:
    return {run for said in speeches for run in runs(said) if len(run) >= LONG_WORD}
