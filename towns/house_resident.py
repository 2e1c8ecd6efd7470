"""A resident that follows rules of thumb: an answer to every question, without any model.

The answer depends on the question, the seed, the resident and the tick, and on nothing else.
"""

import json
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from random import Random
from typing import Final, TypeAlias

from games.core import Ask, clean
from towns import house_words as said
from towns.afterthoughts import HERE
from towns.catalogue import Need
from towns.house_wishes import (
    Habits,
    bedtime,
    habits_of,
    minutes_left,
    most_wanted,
    on_shift,
    reached,
    worth,
)
from towns.memory import RecordKind
from towns.prompts import Briefing
from towns.questions import (
    LEAVE,
    LONGEST_TOPIC,
    NO,
    STOP,
    YES,
    Approach,
    Question,
    Replay,
    Use,
    Verdict,
    briefing_of,
    choices,
)
from towns.reflection import INSIGHTS, MOST_EVIDENCE
from towns.situation import Situation

Form: TypeAlias = Mapping[str, object]
Doing: TypeAlias = tuple[str, str, str]
"""What an act and an offer have in common."""
_NOISE: Final = 6.0
"""The most that chance adds to what something is worth."""
_ENOUGH: Final = 10.0
"""What something has to be worth to stay for it."""
_LONELY: Final = 25
"""Missing points of company from which on a resident starts a talk."""
_TALKED_OUT: Final = 120
"""Minutes in which a resident does not begin to talk with the same person again."""
_OWN_LINES: Final = 2
"""Lines of a resident in a talk."""
_STOCK: Final = 4
"""Pieces bought of what is used elsewhere."""
_RETIRES: Final = 67
"""Years."""
_FIELDS_OF_PLACE: Final = 3
"""In the question for notes, where nobody was met."""


def house_answer(ask: Ask, seed: int) -> str:
    """Return an answer that the question accepts; `seed` is the town's."""
    briefing = briefing_of(ask)
    rng = Random(f"{seed}/{briefing.who}/{briefing.tick}/{briefing.what}")
    answering = Answering(ask, briefing, habits_of(seed, briefing.who), rng)
    return json.dumps(_RULES[Question(briefing.what)](answering))


@dataclass(frozen=True)
class Answering:
    """One question, and all that its answer depends on."""

    ask: Ask
    briefing: Briefing
    habits: Habits
    rng: Random

    @property
    def now(self) -> Situation:
        return self.briefing.situation

    def wonder(self) -> Form:
        return {"questions": "What do I need most? What is open? Whom could I meet?"}

    def consider(self) -> Form:
        return {"answers": f"My needs: {self.now.needs}."}

    def plan(self) -> Form:
        now = self.now
        wishes: list[tuple[float, str, str]] = []
        for name in self.ask.fields["place"].choices:
            place = now.guide.places[name]
            for offer in now.offers_at(place):
                wanted = reached(now, place, offer, self.habits) + _NOISE * self.rng.random()
                wishes.append((wanted, name, offer.operation.name))
        _, name, purpose = max(wishes, default=(0.0, now.profile.home, "wait"))
        return {"place": name, "purpose": purpose}

    def act(self) -> Form:
        now, possible = self.now, choices(self.now)
        uses = {label: one.offer for label, one in possible.items() if isinstance(one, Use)}
        talks = [
            label
            for label, one in possible.items()
            if isinstance(one, Approach) and not _talked_lately(now, one.person)
        ]
        if talks and _talks(now, self.habits, self.rng):
            topic = self.rng.choice(now.profile.likes or said.TOPICS)[:LONGEST_TOPIC]
            return {"act": self.rng.choice(talks), "topic": topic}
        if now.acts and not _goes_on(now, self.habits):
            return {"act": STOP, "topic": None}
        if not uses:
            return {"act": LEAVE, "topic": None}
        worths = {label: worth(now, one, self.habits) for label, one in uses.items()}
        wishes = {label: found + _NOISE * self.rng.random() for label, found in worths.items()}
        best = max(wishes, key=wishes.__getitem__)
        good = {
            uses[label].doing for label, wish in wishes.items() if wish >= wishes[best] - _NOISE
        }
        bad = {uses[label].doing for label, found in worths.items() if not found}
        return {"act": self._again(good, bad) or best, "topic": None}

    def _again(self, good: Set[Doing], bad: Set[Doing]) -> str:
        """Return the longest experience that fits; "" for none.

        It begins with something good, holds nothing bad, and is over in time.
        """
        left, best, longest = minutes_left(self.now, self.habits), "", 0
        for label, one in choices(self.now).items():
            acts = self.now.memory.experiences[one.number].acts if isinstance(one, Replay) else ()
            lasts = sum(act.minutes for act in acts)
            fits = acts and acts[0].doing in good and not bad & {act.doing for act in acts}
            if fits and longest < lasts <= left:
                best, longest = label, lasts
        return best

    def amount(self) -> Form:
        """Buy one piece where it can be used at once, and a stock elsewhere."""
        now, most = self.now, self.ask.fields["pieces"].high
        place = now.guide.places.get(now.here)
        at_once = place and any(one.operation.takes for one in place.offers)
        return {"pieces": 1 if at_once else min(_STOCK, int(most or 1))}

    def critic(self) -> Form:
        now, possible = self.now, self.ask.fields["verdict"].choices
        if not now.acts:
            return {"verdict": Verdict.FAIL}
        more = Verdict.NOT_YET in possible and _goes_on(now, self.habits)
        return {"verdict": Verdict.NOT_YET if more else Verdict.SUCCESS}

    def talk(self) -> Form:
        talk = self.briefing.talk
        assert talk is not None
        own = sum(line.speaker == self.briefing.who for line in talk.lines)
        if own + 1 >= _OWN_LINES:
            line = f"{self.rng.choice(said.REPLIES)} {self.rng.choice(said.GOODBYES)}"
        else:
            line = self.rng.choice(said.ABOUT if talk.lines else said.GREETINGS)
        topic = talk.topic or self.rng.choice(said.TOPICS)
        words = line.format(name=talk.others[0], topic=topic)
        return {"words": words, "done": YES if own + 1 >= _OWN_LINES else NO}

    def notes(self) -> Form:
        now, fields = self.now, self.ask.fields
        notes: dict[str, object] = dict.fromkeys(fields)
        for name in fields:
            part, _, who = name.partition(" of ")
            if part == "impression":
                known = now.here in now.memory.places if who == HERE else who in now.memory.people
                told = said.PLACES if who == HERE else said.IMPRESSIONS
                notes[name] = None if known else self.rng.choice(told)
        with_people = len(fields) > _FIELDS_OF_PLACE
        return {
            **notes,
            "importance": self.rng.randint(3, 5) if with_people else self.rng.randint(1, 3),
        }

    def ponder(self) -> Form:
        return dict(zip(self.ask.fields, said.QUESTIONS, strict=True))

    def insights(self) -> Form:
        """Conclude from what there is most of, by kind of record."""
        found: dict[RecordKind, list[str]] = {}
        for record in self.briefing.records:
            found.setdefault(record.kind, []).append(str(record.number))
        form: dict[str, object] = dict.fromkeys(self.ask.fields)
        commonest = sorted(found, key=lambda kind: -len(found[kind]))[:INSIGHTS]
        for n, kind in enumerate(commonest, 1):
            form[f"insight {n}"] = said.INSIGHTS[kind]
            form[f"evidence {n}"] = found[kind][-MOST_EVIDENCE:]
        return form

    def job(self) -> Form:
        """Take any job before one is old."""
        takes = self.now.profile.age < _RETIRES
        return {"work": self.rng.choice(self.ask.fields["work"].choices) if takes else None}

    def interview(self) -> Form:
        recalled = self.briefing.recalled()
        answer = recalled[0].text if recalled else self.now.profile.goal
        return {"answer": clean(answer, self.ask.fields["answer"].max_length) or said.REPLIES[0]}


def _talks(now: Situation, habits: Habits, rng: Random) -> bool:
    lonely = now.needs.short(Need.COMPANY) >= _LONELY
    free = not on_shift(now) and not bedtime(now, habits)
    return lonely and free and rng.random() < habits.talkative


def _talked_lately(now: Situation, person: str) -> bool:
    known = now.memory.people.get(person)
    if known is None or not known.tick:  # never met since the town began
        return False
    return now.tick - known.tick < now.clock.ticks(_TALKED_OUT)


def _goes_on(now: Situation, habits: Habits) -> bool:
    """Return whether there is more to do here, and nothing elsewhere that is wanted more."""
    here, elsewhere = most_wanted(now, habits)
    return here >= max(_ENOUGH, elsewhere - _NOISE)


_RULES: Final[Mapping[Question, Callable[[Answering], Form]]] = {
    Question.WONDER: Answering.wonder,
    Question.CONSIDER: Answering.consider,
    Question.PLAN: Answering.plan,
    Question.ACT: Answering.act,
    Question.AMOUNT: Answering.amount,
    Question.CRITIC: Answering.critic,
    Question.TALK: Answering.talk,
    Question.NOTES: Answering.notes,
    Question.PONDER: Answering.ponder,
    Question.INSIGHTS: Answering.insights,
    Question.JOB: Answering.job,
    Question.INTERVIEW: Answering.interview,
}
