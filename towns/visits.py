"""Visits: somebody from outside has talked to a resident, who remembers it as any talk."""

from typing import Final

from games.core import Words
from games.core.changing import changed
from towns.events import Visited
from towns.memory import NOTHING_SAID, Note, RecordKind
from towns.perception import ask_of
from towns.prompts import marked
from towns.state import TownState

_VISITOR: Final = Words("visitor")
"""What they are to each other."""


def visitor_called(name: str) -> str:
    """Return how a resident knows a visitor, who may be called as somebody in town is."""
    return f"{name or 'somebody'} (a visitor)"


def visited(state: TownState, event: Visited) -> TownState:
    """Return the town after a visit; what the resident was asked before stays as it was put."""
    if event.resident in state.asked:
        ask_of(state, event.resident)
    resident = state.residents[event.resident]
    who = visitor_called(event.name)
    said = [f"Said {marked(event.words)}"] if event.words else []
    answered = [f"I answered {marked(event.answer)}"] if event.answer else []
    heard = ". ".join([*said, *answered])
    memory = resident.memory.perceived(event.tick, RecordKind.TALKED, f"Talked with {who}. {heard}")
    note = Note(who, _VISITOR, NOTHING_SAID, Words(heard))
    memory = memory.noted(event.tick, people=[note] if event.name else [])
    return state.with_resident(event.resident, changed(resident, memory=memory))
