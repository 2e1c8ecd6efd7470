"""What a character finds when it is to speak, out of what its seat has seen."""

from collections.abc import Sequence
from functools import reduce
from typing import Any

from characters.card import Card
from characters.chat_events import history
from characters.macros import Macros
from characters.persona import label
from characters.situation import Situation
from characters.talk import Talk
from games.core import Game, Seat, View


def talk_in(view: View) -> Talk:
    """Return how a chat stands, as a seat knows it: everything in it is public."""
    game: Game[Talk, Any, Any] = view.game
    return reduce(game.evolve, view.events, game.initial(view.seats))


def situation_in(view: View, card: Card, seed: str) -> Situation:
    """Return the moment in which a seat that is asked is to speak; `seed` is the chat's own."""
    talk = talk_in(view)
    wanted = talk.queue[0]
    lines = history(view.events)
    if wanted.line:
        last = wanted.line if wanted.goes_on else wanted.line - 1
        lines = [line for line in lines if line.number <= last]
    people = [seat for seat, member in talk.members.items() if not member.character]
    company = [seat for seat in talk.names if seat != view.seat]
    own = next((line.words for line in lines if line.speaker == view.seat), "")
    known = greetings(card, people[0] if people else Seat(""))
    return Situation(
        card,
        view.seat,
        people,
        lines,
        company,
        greeting=known.index(own) if own in known else None,
        goes_on=wanted.goes_on,
        seed=seed,
    )


def greetings(card: Card, user: Seat, *, company: bool = False) -> Sequence[str]:
    """Return with which words a character may begin a chat with `user`, the usual ones first.

    In company those come first that are meant for it.
    """
    macros = Macros(card.called, label(user) if user else "somebody")
    alone = [card.first_message, *card.alternate_greetings]
    usual = [*card.group_only_greetings, *alone] if company else alone
    return [said for text in usual if (said := macros.expand(text).strip())]
