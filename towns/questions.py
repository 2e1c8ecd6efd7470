"""The questions to a resident, each with the options that are possible, and how answers are read.

Every answer is a form. No price, wage or time is ever taken from one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from games.core import Answer, Ask, Text, Words
from towns.memory import NOTHING_SAID, Plan, Record
from towns.prompts import Briefing, marked
from towns.situation import MOST_ACTS, Line, Offer, Situation, Talk

MOST_CHOICES: Final = 25
"""As many as a menu of Discord can show."""
_MOST_PEOPLE: Final = 5
_MOST_REPLAYS: Final = 3
LONGEST_PURPOSE: Final = 80
LONGEST_TOPIC: Final = 120
LONGEST_LINE: Final = 300
LONGEST_THOUGHT: Final = 400
"""Characters, as all of these."""
LEAVE: Final = "nothing here: give the plan up"
STOP: Final = "stop here: the plan has succeeded"
YES: Final = "yes"
NO: Final = "no"


class Question(StrEnum):
    """What a resident is asked."""

    WONDER = "wonder"
    CONSIDER = "consider"
    PLAN = "plan"
    ACT = "act"
    AMOUNT = "amount"
    CRITIC = "critic"
    TALK = "talk"
    NOTES = "notes"
    PONDER = "ponder"
    INSIGHTS = "insights"
    JOB = "job"
    INTERVIEW = "interview"


class PlanSystem(StrEnum):
    """How a resident comes to a plan."""

    QUESTIONS = "questions"
    """Three questions to itself, their answers, and then the plan: 3 calls.  A critic judges."""
    MERGED = "merged"
    """The plan at once: 1 call.  The next act, or to stop, is the verdict on those before it."""


class Verdict(StrEnum):
    """What the critic says of a plan."""

    SUCCESS = "success"
    FAIL = "fail"
    NOT_YET = "not yet"


@dataclass(frozen=True)
class Use:
    """To do what is on offer."""

    offer: Offer


@dataclass(frozen=True)
class Approach:
    """To talk to somebody."""

    person: str


@dataclass(frozen=True)
class Replay:
    """To do again what an experience did."""

    number: int


@dataclass(frozen=True)
class Leave:
    """To do nothing more for this plan."""

    verdict: Verdict


Choice: TypeAlias = Use | Approach | Replay | Leave


def wonder_ask(now: Situation) -> Ask:
    """Return the first question of the plan system with questions."""
    prompt = Text("Which three questions should you answer before you decide what to do next?")
    return form(now, Question.WONDER, prompt, {"questions": text_field("Your three questions.")})


def consider_ask(now: Situation, wondered: Words) -> Ask:
    """Return the second question of the plan system with questions."""
    prompt = Text("Answer your questions from what you know.")
    fields = {"answers": text_field("Your answers.")}
    return form(now, Question.CONSIDER, prompt, fields, (_own("You wonder", wondered),))


def plan_ask(
    now: Situation, wondered: Words = NOTHING_SAID, considered: Words = NOTHING_SAID
) -> Ask:
    """Return the question for a plan; home can always be planned, as the last resort."""
    near = sorted(now.goals(), key=lambda place: now.minutes_to[place.name])
    places = tuple(place.name for place in near[:MOST_CHOICES]) or (now.profile.home,)
    fields = {
        "place": Ask("Where you go.", choices=places),
        "purpose": text_field("What for, in a few words.", LONGEST_PURPOSE),
    }
    more = (_own("You wonder", wondered), _own("You think", considered))
    prompt = Text("Where do you go now, and what for? You may also stay where you are.")
    return form(now, Question.PLAN, prompt, fields, more)


def act_ask(now: Situation) -> Ask:
    """Return the question what to do in the place of the plan."""
    fields = {
        "act": Ask("What you do.", choices=tuple(choices(now))),
        "topic": Ask("If you talk: about what.", max_length=LONGEST_TOPIC, optional=True),
    }
    return form(now, Question.ACT, Text("What do you do now for your plan?"), fields)


def choices(now: Situation) -> Mapping[str, Choice]:
    """Return what can be done now, by the words that stand for it in the question.

    An experience can be done again only from its beginning, and where it was made. After the last
    act of a plan one can only stop.
    """
    ends = {LEAVE: Leave(Verdict.FAIL)}
    if now.acts:
        ends[STOP] = Leave(Verdict.SUCCESS)
    if len(now.acts) >= MOST_ACTS:
        return ends
    talks = {f"talk to {name}": Approach(name) for name in now.in_sight[:_MOST_PEOPLE]}
    again = {} if now.acts else _replays(now)
    room = MOST_CHOICES - len(talks) - len(again) - len(ends)
    uses = {offer.label: Use(offer) for offer in now.offers_here()[:room]}
    return {**uses, **talks, **again, **ends}


def _replays(now: Situation) -> Mapping[str, Replay]:
    possible = {offer.doing for offer in now.offers_here()}
    found = {
        f"do again as in experience {one.number}: {', '.join(act.operation for act in one.acts)}": (
            Replay(one.number)
        )
        for one in now.memory.experiences.values()
        if one.plan.place == now.here and one.acts[0].doing in possible
    }
    return dict(list(found.items())[-_MOST_REPLAYS:])


def amount_ask(now: Situation, offer: Offer) -> Ask:
    """Return the question how many pieces to buy."""
    field = Ask("How many pieces you buy.", low=1, high=most(now, offer))
    prompt = Text("How much do you buy? {offer}", offer=offer.label)
    return form(now, Question.AMOUNT, prompt, {"pieces": field})


def most(now: Situation, offer: Offer) -> int:
    """Return how many pieces of an offer can be bought at once; 0 where nothing is bought."""
    affordable = now.cash // offer.costs if offer.costs else offer.operation.buys
    return min(offer.operation.buys, affordable)


def critic_ask(now: Situation) -> Ask:
    """Return the question whether the plan has succeeded; it can last for five acts only."""
    possible = tuple(Verdict) if len(now.acts) < MOST_ACTS else (Verdict.SUCCESS, Verdict.FAIL)
    prompt = Text("Has your plan succeeded with what you have done so far?")
    fields = {"verdict": Ask("How your plan stands.", choices=possible)}
    return form(now, Question.CRITIC, prompt, fields)


def talk_ask(now: Situation, talk: Talk) -> Ask:
    """Return the question for the next line of a talk."""
    fields = {
        "words": text_field("What you say.", LONGEST_LINE),
        "done": Ask("Whether the talk is over for you with this.", choices=(YES, NO)),
    }
    return form(now, Question.TALK, Text("What do you say next?"), fields, talk=talk)


def job_ask(now: Situation, openings: Sequence[str]) -> Ask:
    """Return the question whether to take a job; openings are the names of places."""
    fields = {"work": Ask("Where you would work.", choices=tuple(openings), optional=True)}
    return form(
        now,
        Question.JOB,
        Text("They look for somebody here. Do you take the job?"),
        fields,
    )


def interview_ask(now: Situation, question: str) -> Ask:
    """Return a question from outside, which the resident answers from its memory."""
    fields = {"answer": text_field("Your answer.")}
    briefing = Briefing(Question.INTERVIEW, now.profile.name, now.tick, now, about=question)
    return Ask(
        Text("{briefing}\n\n{question}", briefing=briefing, question=question), fields=fields
    )


def plan_in(answer: Answer) -> Plan:
    """Return the plan in an answer to `plan_ask`."""
    return Plan(field_of(answer, "place"), Words(field_of(answer, "purpose")))


def choice_in(now: Situation, answer: Answer) -> Choice:
    """Return the choice in an answer to `act_ask`."""
    return choices(now)[field_of(answer, "act")]


def topic_in(answer: Answer) -> Words:
    """Return the topic in an answer to `act_ask`; "" for none."""
    return Words(field_of(answer, "topic"))


def line_in(now: Situation, answer: Answer) -> tuple[Line, bool]:
    """Return what is said in an answer to `talk_ask`, and whether the talk is over."""
    words = Words(field_of(answer, "words"))
    return Line(now.profile.name, words), field_of(answer, "done") == YES


def verdict_in(answer: Answer) -> Verdict:
    """Return the verdict in an answer to `critic_ask`."""
    return Verdict(field_of(answer, "verdict"))


def field_of(answer: Answer, name: str) -> str:
    """Return one field of a form as text; "" where it was passed."""
    assert isinstance(answer, Mapping), "Every question to a resident wants a form."
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def briefing_of(ask: Ask) -> Briefing:
    """Return what a question to a resident stands on."""
    assert isinstance(ask.prompt, Text), "Every question to a resident has a briefing."
    briefing = ask.prompt.values["briefing"]
    assert isinstance(briefing, Briefing)
    return briefing


def form(
    now: Situation,
    what: Question,
    prompt: Text,
    fields: Mapping[str, Ask],
    more: Iterable[str] = (),
    talk: Talk | None = None,
    records: Sequence[Record] = (),
) -> Ask:
    """Return a question behind its briefing."""
    who, lines = now.profile.name, tuple(line for line in more if line)
    briefing = Briefing(what, who, now.tick, now, str(prompt), talk, lines, tuple(records))
    values = {**prompt.values, "briefing": briefing}
    return Ask(Text(f"{{briefing}}\n\n{prompt.template}", **values), fields=fields)


def text_field(prompt: str, longest: int = LONGEST_THOUGHT, *, optional: bool = False) -> Ask:
    """Return a field of a form for free text."""
    return Ask(prompt, max_length=longest, optional=optional)


def _own(title: str, words: Words) -> str:
    return f"{title}: {marked(words, LONGEST_THOUGHT)}" if words else ""
