"""The prompt as plain text, for models trained to go on with a script.

The format is that of Character-LLM (arXiv 2310.10158): an introduction with Location and Status,
turns of the form `Name (speaking): words<|eot|>`, and an open turn at the end. A turn is one line,
so that nobody can write a turn of somebody else's. Lore stands behind the introduction, or among
the turns as many tokens from the end as `instruct_depth` says, at the next turn's beginning; what
is remembered comes right before the turns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from characters.budget import first_kept, fitting, tokens
from characters.errors import CharacterError
from characters.lines import Line
from characters.lorebook import Lorebook
from characters.persona import label, persona_text, sections
from characters.prompt import LORE, MEMORIES, SLACK, summarise_to
from characters.scan import Place, Scan, Verdict, scan
from characters.situation import Situation
from games.core import listed

END_OF_TURN: Final = "<|eot|>"


@dataclass(frozen=True)
class Completion:
    """What to let a model go on with, and what became of what might have gone into it."""

    text: str
    stop: Sequence[str]
    summarise_to: int | None
    """The number of the line up to which it is time to sum up; None: not yet."""
    scan: Scan


def completion_prompt(situation: Situation, context: int, rng: Random) -> Completion:
    """Return the text to go on with; `context` is the tokens that it may take.

    Raises CharacterError if the card or the last line alone has no room.
    """
    card, lines = situation.card, situation.unsummarised()
    turns = [_turn(situation, line) for line in lines]
    sizes = [tokens(turn) + 1 for turn in turns]
    introduction = _introduction(situation)
    spare = context - tokens(introduction) - SLACK
    if spare < (sizes[-1] if sizes else 0):
        raise CharacterError(
            f"The card of {card.called} and the last message take more than the {context:,} "
            "tokens that the model reads: say it in shorter pieces, or take one that reads more."
        )
    last = sizes[-1] if sizes else 0
    memories = _memories(situation, min(int(context * MEMORIES), spare - last))
    spare -= tokens(memories)
    lore = min(int(context * LORE), spare - last)
    first = first_kept(sizes, spare - lore)
    found = scan(
        card.book or Lorebook(),
        situation.lines,
        me=situation.me,
        macros=situation.passing(rng),
        greeting=situation.greeting,
        budget=lore,
        full=bool(first or situation.summary),
        plain=sum(sizes),
        sections=sections(card),
    )
    known = [one.text for one in found.taken if one.place is not Place.DEPTH]
    known += [memories] if memories else []
    body = _with_notes(turns[first:], sizes[first:], found.taken)
    stub = f"{label(card.called)} (speaking): "
    text = "\n\n".join([introduction, *known, "\n".join([*body, stub])])
    return Completion(text, [END_OF_TURN], summarise_to(lines, sizes, spare - lore), found)


def _introduction(situation: Situation) -> str:
    card, macros = situation.card, situation.lasting()
    now = card.profile.now
    names = listed(situation.names()[seat] for seat in situation.people) or "somebody"
    place = now.place if now else "A room"
    status = now.status if now else f"{{{{char}}}} is talking with {names}."
    how = (
        f"You are {card.name}. Speak as {{{{char}}}} speaks, from what {{{{char}}}} knows and has "
        "lived through; whatever is beyond that, {{char}} does not know."
    )
    where = f"Location: {place}\nStatus: {status}"
    parts = [macros.expand(how), persona_text(card, user=macros.user), macros.expand(where)]
    if situation.summary:
        parts.append(f"Before that: {' '.join(situation.summary.text.split())}")
    return "\n\n".join(part for part in parts if part)


def _memories(situation: Situation, room: int) -> str:
    """Return as much of what is remembered as has room, each on a line; "" for nothing."""
    heading = f"What {label(situation.card.called)} remembers of these people:"
    told = [f"- {' '.join(one.replace(END_OF_TURN, ' ').split())}" for one in situation.memories]
    kept = fitting(told, room - tokens(heading) - 1)
    return "\n".join([heading, *kept]) if kept else ""


def _turn(situation: Situation, line: Line) -> str:
    own = label(situation.card.called)
    name = own if line.speaker == situation.me else situation.names()[line.speaker]
    words = " ".join(line.words.replace(END_OF_TURN, " ").split())
    return f"{name} (speaking): {words}{END_OF_TURN}"


def _with_notes(
    turns: Sequence[str], sizes: Sequence[int], taken: Sequence[Verdict]
) -> Sequence[str]:
    """Return the turns with the entries that stand so many tokens from the end among them."""
    notes = [one for one in taken if one.place is Place.DEPTH]
    body: list[str] = []
    behind = sum(sizes)
    for turn, size in zip(turns, sizes, strict=True):
        body += [one.text for one in notes if one.depth >= behind]
        notes = [one for one in notes if one.depth < behind]
        body.append(turn)
        behind -= size
    return [*body, *(one.text for one in notes)]
