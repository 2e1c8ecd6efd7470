"""Which lore went into an answer that stands in a chat: as it was told, or worked out again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Final

from characters.card import Card
from characters.chat_events import Continued, Retold, Said
from characters.errors import CharacterError
from characters.moment import situation_in, talk_in
from characters.prompt import Prompt, chat_prompt
from characters.scan import Scan
from characters.situation import Summary
from games.core import Seat, View

CONTEXT: Final = 6000
"""Tokens of the prompt that is worked out again; its model may have had more or less."""


@dataclass(frozen=True)
class Lore:
    """What became of each entry of a lorebook for one answer."""

    line: int
    """Of the chat, in which the answer stands."""
    scan: Scan
    left_out: Sequence[str]
    """What else there was no room for, in words for people."""
    again: bool
    """Whether it was worked out again, from what the chat and the card say now."""


def last_speaker(view: View) -> Seat | None:
    """Return which character has answered last; None where none has."""
    return next((seat for _, seat in _answers(view)), None)


def lore_of(
    view: View, card: Card, seed: str, prompt: Prompt | None, summary: Summary | None
) -> Lore | None:
    """Return what became of each entry for a seat's last answer; None where it gave none.

    `prompt` is what the answer was made from, where that is still known. A greeting is no
    answer, as nothing is looked up for it.
    """
    number = next((at for at, seat in _answers(view) if seat == view.seat), None)
    if number is None:
        return None
    event = view.events[number]
    assert isinstance(event, Said | Retold | Continued)
    if prompt:
        return Lore(event.line, prompt.scan, prompt.left_out, again=False)
    asked = replace(view, events=view.events[:number])
    situation = replace(situation_in(asked, card, seed), summary=summary)
    try:
        prompt = chat_prompt(situation, CONTEXT, Random(f"{seed}/{number}"))
    except CharacterError:  # the card has grown since, so that no answer fits any more
        return None
    return Lore(event.line, prompt.scan, prompt.left_out, again=True)


def _answers(view: View) -> Sequence[tuple[int, Seat]]:
    """Return where in the history characters have answered, the newest first."""
    found = []
    talk = talk_in(replace(view, events=()))
    for at, event in enumerate(view.events):
        if isinstance(event, Said | Retold | Continued) and talk.queue:
            speaks = talk.queue[0].seat == event.seat
            found += [(at, event.seat)] if speaks else []
        talk = view.game.evolve(talk, event)
    return found[::-1]
