"""Conversation: free talk for 1 to 20 seats, in turn or on an open floor.

On an open floor every seat may speak at any time; a seat that passes is asked again once somebody
has spoken. The floor is quiet when everybody has passed since the last words. A round is one turn
of each seat; on an open floor, as many contributions as there are seats, or the talk up to a
silence.
Source: ChatArena, environment conversation (which has neither passing nor an end of its own).
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from random import Random
from typing import ClassVar

from games.core import (
    PASS,
    Ask,
    BadSetup,
    Either,
    Game,
    Level,
    Outcome,
    Public,
    Seat,
    Text,
    View,
    Words,
)
from games.core.reading import named

LONGEST = 1500
"""Characters in one contribution."""
MOST_ROUNDS = 10_000
TALKS_ON = 0.8
"""Chance that a table of house bots goes on after somebody has spoken."""
ANSWERS = 0.9
"""Chance that a house bot answers when it is spoken to."""


class Floor(StrEnum):
    """Who may speak."""

    ROUND_ROBIN = "round robin"
    OPEN = "open floor"


class Silence(StrEnum):
    """What follows when everybody has passed since the last words."""

    ENDS = "ends the talk"
    NEXT_ROUND = "next round"


@dataclass(frozen=True)
class Said(Public):
    """A seat has spoken; `addressed` are the other seats whose names it used."""

    telling: ClassVar[str] = "{seat}: {words}"
    seat: Seat
    words: Words
    addressed: tuple[Seat, ...] = ()


@dataclass(frozen=True)
class Passed(Public):
    """A seat has nothing to say for now."""

    telling: ClassVar[str] = "{seat} says nothing."
    seat: Seat


@dataclass(frozen=True)
class Talk:
    """Counters of the talk: nothing of what was said."""

    seats: Sequence[Seat]
    rounds: int = 0
    """Rounds that are over."""
    turns: int = 0
    """Turns taken in this round; on an open floor, contributions."""
    passed: tuple[Seat, ...] = ()
    """Who has passed since the last words."""
    addressed: Mapping[Seat, Seat] = field(default_factory=dict)
    """Who has been spoken to and has not answered yet, and by whom."""
    over: bool = False


TalkEvent = Said | Passed


@dataclass(frozen=True)
class Conversation(Game[Talk, str | None, TalkEvent]):
    """Everybody talks about a topic, in turn or whenever they like."""

    name: ClassVar[str] = "conversation"
    min_seats: ClassVar[int] = 1
    max_seats: ClassVar[int] = 20

    topic: str = ""
    """What the talk is about; everybody reads it."""
    floor: Floor = Floor.ROUND_ROBIN
    """Who may speak: each seat in turn, or every seat at any time."""
    rounds: int = 10
    """Rounds of talk, up to 10000; 0 for an open end, where only a silence ends the talk."""
    silence: Silence = Silence.ENDS
    """What a silence does: it ends the talk, or only the round."""

    def check(self) -> None:
        if not 0 <= self.rounds <= MOST_ROUNDS:
            raise BadSetup(f"The option rounds needs a number from 0 to {MOST_ROUNDS}.")
        if not self.rounds and self.silence is not Silence.ENDS:
            raise BadSetup(
                "A talk needs an end: give it a number of rounds, or let a silence end it."
            )

    def initial(self, seats: Sequence[Seat], /) -> Talk:
        return Talk(tuple(seats))

    def asks(self, talk: Talk, /) -> Mapping[Seat, Ask]:
        if talk.over:
            return {}
        if self.floor is Floor.ROUND_ROBIN:
            seat = talk.seats[talk.turns]
            return {seat: _question(talk.addressed.get(seat), open_floor=False)}
        return {
            seat: _question(talk.addressed.get(seat), open_floor=True)
            for seat in talk.seats
            if seat not in talk.passed
        }

    def decide(
        self, talk: Talk, seat: Seat, words: str | None, rng: Random, /
    ) -> Sequence[TalkEvent]:
        if words is None:
            return (Passed(seat),)
        others = tuple(other for other in talk.seats if other != seat)
        mentioned = named(words, others)
        return (Said(seat, Words(words), tuple(other for other in others if other in mentioned)),)

    def evolve(self, talk: Talk, event: TalkEvent, /) -> Talk:
        waiting = {who: by for who, by in talk.addressed.items() if who != event.seat}
        match event:
            case Said(seat, _, addressed):
                waiting.update(dict.fromkeys(addressed, seat))
                return self._after(
                    replace(talk, turns=talk.turns + 1, passed=(), addressed=waiting)
                )
            case Passed(seat):
                turns = talk.turns + (self.floor is Floor.ROUND_ROBIN)
                passed = (*talk.passed, seat)
                return self._after(replace(talk, turns=turns, passed=passed, addressed=waiting))

    def outcome(self, talk: Talk, /) -> Outcome:
        reason = Text("The talk is over after {rounds} rounds.", rounds=talk.rounds)
        if talk.rounds == 1:
            reason = Text("The talk is over after 1 round.")
        if len(talk.passed) == len(talk.seats):
            reason = Text("Nobody has anything to add.")
        return Outcome(dict.fromkeys(talk.seats, 0.0), reason)

    def rules(self) -> Text:
        topic = Text("The topic: {topic}\n", topic=self.topic) if self.topic else ""
        floor = Text(
            "The floor is open: everybody may speak at any time. Who passes waits until "
            "somebody has spoken."
        )
        if self.floor is Floor.ROUND_ROBIN:
            floor = Text("Everybody speaks in turn and may pass.")
        told = "A conversation. {topic}{floor} It ends {end}."
        return Text(told, topic=topic, floor=floor, end=Either(self._ends()))

    def _ends(self) -> Iterator[Text]:
        """Yield what ends the talk."""
        if self.rounds == 1:
            yield Text("after 1 round")
        elif self.rounds:
            yield Text("after {rounds} rounds", rounds=self.rounds)
        if self.silence is Silence.ENDS:
            yield Text("when everybody passes")

    def house_answer(self, view: View, ask: Ask, level: Level, rng: Random, /) -> str:
        """Make small talk, and pass often enough that an open floor falls quiet.

        Easy says something neutral, medium also reacts to questions, hard takes up what was said.
        """
        said = [event for event in view.events if isinstance(event, Said)]
        if rng.random() >= self._eagerness(view, said):
            return PASS
        if not said:
            return rng.choice(OPENINGS)
        recent = {event.words for event in said[-_REMEMBERED:]}
        replies = _replies(said[-1].words, level)
        return rng.choice([reply for reply in replies if reply not in recent] or replies)

    def _eagerness(self, view: View, said: Sequence[Said]) -> float:
        """Return the chance that a house bot speaks now."""
        if self.floor is Floor.ROUND_ROBIN and self.rounds:
            return 1.0
        if not said:
            return 1.0 - math.pow(0.01, 1 / len(view.seats))
        last = said[-1]
        if last.seat == view.seat:
            return 0.0
        if view.seat in last.addressed:
            return ANSWERS
        all_pass = 1 - TALKS_ON
        return 1.0 - math.pow(all_pass, 1 / (len(view.seats) - 1))

    def _after(self, talk: Talk) -> Talk:
        """Return the talk with its round, and itself, ended where the rules say so."""
        silent = len(talk.passed) == len(talk.seats)
        if silent and self.silence is Silence.ENDS:
            return replace(talk, over=True)
        if silent:
            talk = replace(talk, passed=())
        if talk.turns < len(talk.seats) and not (silent and self.floor is Floor.OPEN):
            return talk
        rounds = talk.rounds + 1
        return replace(
            talk, rounds=rounds, turns=0, over=bool(self.rounds) and rounds == self.rounds
        )


def _question(addressed_by: Seat | None, *, open_floor: bool) -> Ask:
    """Return the Ask for a seat; it may always pass, and a silent one does."""
    prompt = Text("What do you say?")
    if addressed_by is not None:
        prompt = Text("{seat} has spoken to you. What do you say?", seat=addressed_by)
    return Ask(
        prompt,
        max_length=LONGEST,
        optional=True,
        default=PASS,
        public=True,
        open_floor=open_floor,
        awaited=not open_floor,
    )


OPENINGS = (
    "Shall we begin?",
    "I am curious what the others think.",
    "Where would you start?",
    "Let us take it step by step.",
)
NEUTRAL = (
    "I see.",
    "That is one way to look at it.",
    "Go on, please.",
    "I had not thought of that.",
    "Is there more to it?",
    "What do the others say?",
    "Let us look at it from the other side.",
)
TO_QUESTIONS = (
    "Good question. I would say it depends.",
    "I would have to think about that.",
    "It depends on how you look at it.",
    "Perhaps, but I am not sure.",
    "I would rather hear what you think.",
)
ECHOES = (
    "So you say that {echo}. What makes you think so?",
    "Suppose {echo}: what follows from it?",
    "That {echo} is news to me.",
    "I wonder whether {echo}.",
)
MIRRORED = {
    "i am": "you are",
    "am i": "are you",
    "i was": "you were",
    "i'm": "you're",
    "i": "you",
    "me": "you",
    "my": "your",
    "mine": "yours",
    "you are": "I am",
    "are you": "am I",
    "you were": "I was",
    "you're": "I'm",
    "you": "I",
    "your": "my",
    "yours": "mine",
}
_MIRRORED = re.compile(
    rf"\b(?:{'|'.join(sorted(MIRRORED, key=len, reverse=True))})\b", re.IGNORECASE
)
_REMEMBERED = 6
"""Contributions that a bot does not say again at once."""
_ECHOED = 12
"""Words of somebody else that a bot repeats at most."""
_LONGEST_ECHO = 200
"""Characters of them."""


def _replies(words: str, level: Level) -> Sequence[str]:
    """Return what a house bot might say to the last words; they may have been forgotten."""
    if level is Level.EASY or not words:
        return NEUTRAL
    if words.rstrip().endswith("?"):
        return TO_QUESTIONS
    echo = _mirrored(words)
    if level is Level.MEDIUM or not echo:
        return NEUTRAL
    return [template.replace("{echo}", echo) for template in ECHOES]


def _mirrored(words: str) -> str:
    """Return the first sentence as its hearer would say it back; "" where that would be odd."""
    first = re.split(r"[.!?;:\n]", words.replace("’", "'"), maxsplit=1)[0].strip(" ,")
    fits = len(first) <= _LONGEST_ECHO and 2 <= len(first.split()) <= _ECHOED
    if not (fits and _MIRRORED.match(first)):
        return ""
    return _MIRRORED.sub(lambda found: MIRRORED[found.group().casefold()], first)
