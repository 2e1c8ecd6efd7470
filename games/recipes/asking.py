"""From a question of a recipe to an Ask, and from an answer to what the rules look at."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from games.core import PASS, Answer, Ask, Seat, Text, Words
from games.recipes.events import Picks
from games.recipes.play import Reply
from games.recipes.recipe import ANSWER, SLOT, Phase, Question, Shape

Values = Mapping[str, object]
"""What may stand in the braces of a template, by name."""


def text_for(template: str, values: Values) -> Text:
    """Return a template with the values it names, and with no others."""
    return Text(template, **{name: values[name] for name in SLOT.findall(template)})


def ask_of(phase: Phase, prompt: Text, named: Sequence[Seat], choices: Sequence[str]) -> Ask:
    """Return the Ask of a phase; a vote is among `named`, and `choices` were drawn."""
    optional = phase.question.optional
    default = PASS if optional and phase.default is None else phase.default
    ask = shaped(phase.question, prompt, named, choices)
    return replace(ask, default=default, seconds=phase.seconds, public=phase.public)


def shaped(
    question: Question, prompt: Text, named: Sequence[Seat] = (), choices: Sequence[str] = ()
) -> Ask:
    """Return the Ask of a question."""
    number, several = question.shape is Shape.NUMBER, question.shape is Shape.SEVERAL
    if question.shape is Shape.VOTE:
        choices = named
    return Ask(
        prompt,
        choices=question.choices or tuple(choices),
        at_least=int(question.least) if several else 1,
        at_most=int(question.most) if several else 0,
        low=question.least if number else None,
        high=question.most if number else None,
        step=question.step,
        max_length=question.longest,
        fields={
            name: shaped(part, Text(part.prompt), named) for name, part in question.parts.items()
        },
        optional=question.optional,
    )


def reply_to(question: Question, answer: Answer, about: Seat | None) -> Reply:
    """Return an answer with its words apart from all that the rules look at."""
    answers = answer if isinstance(answer, Mapping) else {ANSWER: answer}
    parts = question.parts or {ANSWER: question}
    if answer is None:
        answers = {}
    words, values, votes = "", {}, {}
    for name, said in answers.items():
        match parts[name].shape, said:
            case _, None:
                continue
            case Shape.TEXT, _:
                words = str(said)
            case Shape.VOTE, _:
                votes[name] = Seat(str(said))
            case Shape.SEVERAL, tuple():
                values[name] = tuple(one for one in parts[name].choices if one in said)
            case _:
                values[name] = (str(said),)
    return Reply(Words(words), Picks(values, votes, about, passed=answer is None))
