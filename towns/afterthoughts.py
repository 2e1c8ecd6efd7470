"""The questions in which a resident takes something along: after a plan or a talk, and at times."""

from collections.abc import Mapping, Sequence
from typing import Final

from games.core import Answer, Ask, Text, Words
from towns.memory import (
    LONGEST_EPISODE,
    LONGEST_IMPRESSION,
    LONGEST_RELATIONSHIP,
    Insight,
    Note,
    Record,
)
from towns.prompts import marked
from towns.questions import Question, field_of, form, text_field
from towns.reflection import INSIGHTS, MOST_EVIDENCE, QUESTIONS, latest
from towns.situation import Situation

MOST_MET: Final = 4
"""People that one question asks about."""
HERE: Final = "this place"
"""How the question calls the place of the plan."""
_PARTS: Final = ("relationship", "impression", "episode")


def worth_asking(now: Situation, met: Sequence[str], *, succeeded: bool) -> bool:
    """Return whether there is anything new: somebody met, a failure, or a place never seen."""
    return bool(met) or not succeeded or now.here not in now.memory.places


def notes_ask(now: Situation, met: Sequence[str]) -> Ask:
    """Return the question what to remember of people met and, on no street, of the place."""
    people = met[:MOST_MET]
    fields = {
        _key("relationship", name): text_field(
            "What you are to each other.", LONGEST_RELATIONSHIP, optional=True
        )
        for name in people
    }
    for name in [*people, HERE] if now.here else people:
        fields |= {
            _key("impression", name): text_field(
                "How it strikes you now.", LONGEST_IMPRESSION, optional=True
            ),
            _key("episode", name): text_field(
                "What happened, in a sentence.", LONGEST_EPISODE, optional=True
            ),
        }
    fields["importance"] = Ask("From 1 for everyday to 10 for what changes a life.", low=1, high=10)
    prompt = Text("What do you remember of what just happened? Pass what has nothing new.")
    return form(now, Question.NOTES, prompt, fields)


def notes_in(now: Situation, answer: Answer, met: Sequence[str]) -> tuple[Sequence[Note], Note]:
    """Return the notes on people and the note on the place in an answer to `notes_ask`."""
    people = [_note_in(answer, name, name) for name in met[:MOST_MET]]
    return people, _note_in(answer, HERE, now.here)


def importance_in(answer: Answer) -> int:
    """Return the importance in an answer to `notes_ask`, from 1 to 10."""
    assert isinstance(answer, Mapping), "Every question to a resident wants a form."
    value = answer["importance"]
    assert isinstance(value, int), "The question allows whole numbers only."
    return value


def ponder_ask(now: Situation) -> Ask:
    """Return the first question of a reflection."""
    fields = {f"question {n}": text_field("A question.", 120) for n in range(1, QUESTIONS + 1)}
    prompt = Text("Which three larger questions can you answer from what has happened lately?")
    return form(now, Question.PONDER, prompt, fields, records=latest(now.memory))


def pondered_in(answer: Answer) -> Sequence[Words]:
    """Return the questions in an answer to `ponder_ask`."""
    return [Words(field_of(answer, f"question {n}")) for n in range(1, QUESTIONS + 1)]


def insights_ask(now: Situation, questions: Sequence[Words], records: Sequence[Record]) -> Ask:
    """Return the second question of a reflection, on the records gathered for the first.

    Each insight rests on one of them at least; to conclude nothing is an answer too.
    """
    numbers = tuple(str(one.number) for one in records)
    evidence = Ask(
        "The numbers of what it rests on.",
        choices=numbers,
        at_most=min(MOST_EVIDENCE, len(numbers)),
        optional=True,
    )
    fields: dict[str, Ask] = {}
    for n in range(1, INSIGHTS + 1):
        fields[f"insight {n}"] = text_field("What you conclude.", LONGEST_EPISODE, optional=True)
        fields[f"evidence {n}"] = evidence
    prompt = Text("What do you conclude from what comes to mind?")
    more = [f"You wonder: {marked(one, 120)}" for one in questions if one]
    return form(now, Question.INSIGHTS, prompt, fields, more, records=records)


def insights_in(answer: Answer) -> Sequence[Insight]:
    """Return the insights in an answer to `insights_ask`; one without evidence is left out."""
    assert isinstance(answer, Mapping), "Every question to a resident wants a form."
    found = []
    for n in range(1, INSIGHTS + 1):
        text, evidence = field_of(answer, f"insight {n}"), answer.get(f"evidence {n}")
        if text and isinstance(evidence, tuple):
            found.append(Insight(Words(text), tuple(int(number) for number in evidence)))
    return found


def _note_in(answer: Answer, asked: str, name: str) -> Note:
    parts = [Words(field_of(answer, _key(part, asked))) for part in _PARTS]
    return Note(name, *parts)


def _key(part: str, name: str) -> str:
    return f"{part} with {name}" if part != "impression" else f"impression of {name}"
