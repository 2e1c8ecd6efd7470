"""What the host wants: people who come and go, buildings, policies, and whether there is a mayor.

The host is asked at any time, and need not answer. What it wants comes true at the tick up to which
time was given, before which everybody decides without it.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final

from games.core import Answer, Ask, IllegalMove, Seat, Words, clean, listed
from towns.decrees import MayorAppointed, TermEnded
from towns.events import VISITOR, TownEvent, Visited, Wished, WishHeard
from towns.mayor import build, come, go, recruit
from towns.policy_making import set_hours, set_price, set_tax
from towns.state import TownState
from towns.steps import go_on_from
from towns.terms import decisions_in, next_hour
from towns.unfolding import Unfolding

Fields = Mapping[str, str]
NOTHING: Final = "nothing"


def _text(prompt: str, longest: int = 60) -> Ask:
    return Ask(prompt, max_length=longest, optional=True)


HOST_ASK: Final = Ask(
    "Who comes or goes, and what does the town build or decide?",
    fields={
        "do": Ask(
            "What?",
            choices=(
                "come", "go", "build", "recruit", "price", "tax", "hours", "appoint", "dismiss",
                "visit",
            ),
        ),
        "name": _text("Who comes or goes, or what is the building called?", 32),
        "type": _text("Which type of building?"),
        "plot": _text("On which plot? Column and row, such as 1/3.", 5),
        "home": _text("Where does the newcomer live?"),
        "work": _text("Where does the newcomer work?"),
        "bio": _text("Who is the newcomer?", 500),
        "goal": _text("What does the newcomer want?", 200),
        "place": _text("Which building?"),
        "item": _text("Which good, or what else is paid for?"),
        "coins": _text("What does it cost?", 12),
        "tax": _text("Which tax?", 12),
        "percent": _text("How high is the tax?", 3),
        "opens": _text("When does the building open? Such as 08:00.", 5),
        "closes": _text("When does the building close?", 5),
        "visitor": _text("Who has talked to a resident?", 40),
        "player": _text("Who is that, as the shell calls people?", 40),
        "words": _text("What was said?", 300),
        "answer": _text("What has the resident answered?", 300),
    },
    optional=True,
)  # fmt: skip
"""The fields of a wish; which of them are needed depends on the first."""


def fields_of(answer: Answer) -> Fields:
    """Return what was filled in."""
    assert isinstance(answer, Mapping), "who governs is asked for a form"
    return {name: clean(str(value), 500) for name, value in answer.items() if value is not None}


def wish(unfolding: Unfolding, seat: Seat, answer: Answer) -> None:
    """Grant what the host wants, at once or when everybody has come to this tick.

    Raises IllegalMove.
    """
    if answer is None:
        return
    fields = fields_of(answer)
    if fields["do"] == "visit":  # nobody else is concerned, and so it need not wait for anybody
        _visit(unfolding, fields)
        return
    wished = Wished(seat, unfolding.state.horizon, fields)
    trial = Unfolding(unfolding.rules, unfolding.state)
    for earlier in unfolding.state.wishes:
        with suppress(IllegalMove):
            trial.tell(*granted(trial, earlier.fields))
    events = granted(trial, wished.fields)  # also where it is for later: what is wrong is told now
    state = unfolding.state
    if state.asked or state.wishes or state.sits:
        unfolding.tell(wished)
    else:
        unfolding.tell(*events)


def grant_wishes(unfolding: Unfolding) -> None:
    """Let the wishes come true for which everybody has come far enough, and go on.

    A mayor who decides at the same tick does so before.
    """
    while (state := unfolding.state).wishes and not state.asked and not state.sits:
        wished, why = state.wishes[0], ""
        try:
            unfolding.tell(*granted(unfolding, wished.fields))
        except IllegalMove as reason:
            why = str(reason)
        unfolding.tell(WishHeard(wished.by, wished.tick, why))
        go_on_from(unfolding, wished.tick)


def granted(unfolding: Unfolding, fields: Fields) -> Sequence[TownEvent]:
    """Return what happens when this is done, for whoever governs.  Raises IllegalMove."""
    trial = Unfolding(unfolding.rules, unfolding.state)
    _DEEDS[fields["do"]](trial, fields)
    return trial.events


def appoint(unfolding: Unfolding) -> None:
    """Let the term of a mayor begin.  Raises IllegalMove."""
    state = unfolding.state
    if governs(state):
        raise IllegalMove("There is a mayor already; another one can take over.")
    first = next_hour(state.ground.start.clock, state.limit)
    decisions = decisions_in(unfolding.rules.mayor_days)
    unfolding.tell(MayorAppointed(state.limit, first, decisions))


def end_term(unfolding: Unfolding, tick: int) -> None:
    """Let the mayor decide no more, and count what the town has gained."""
    state = unfolding.state
    assert state.term is not None, "only what has begun ends"
    unfolding.tell(TermEnded(tick, state.owned - state.term.owned))


def governs(state: TownState) -> bool:
    """Return whether there is a mayor."""
    return bool(state.term and state.term.left)


def will_govern(state: TownState) -> bool:
    """Return whether there is a mayor once all that is wished has come true."""
    deeds = [one.fields["do"] for one in state.wishes]
    changes = [deed for deed in deeds if deed in ("appoint", "dismiss")]
    return changes[-1] == "appoint" if changes else governs(state)


def _visit(unfolding: Unfolding, fields: Fields) -> None:
    """Let a resident remember a talk with somebody from outside.  Raises IllegalMove."""
    state, name = unfolding.state, fields.get("name", "")
    resident = next((one for one in state.residents if one.casefold() == name.casefold()), None)
    if resident is None:
        raise IllegalMove(
            f"Nobody called {name} lives here; choose from {listed(state.residents)}."
        )
    tick = min(state.residents[resident].tick, state.horizon)
    said = [Words(fields.get(part, "")) for part in ("visitor", "words", "answer")]
    unfolding.tell(Visited(VISITOR, tick, resident, fields.get("player", ""), *said))


def _appoint(unfolding: Unfolding, _: Fields) -> None:
    appoint(unfolding)


def _dismiss(unfolding: Unfolding, _: Fields) -> None:
    if not governs(unfolding.state):
        raise IllegalMove("There is no mayor; appoint one first.")
    end_term(unfolding, unfolding.state.limit)


_DEEDS: Final[Mapping[str, Callable[[Unfolding, Fields], None]]] = {
    "come": come,
    "go": go,
    "build": build,
    "recruit": recruit,
    "price": set_price,
    "tax": set_tax,
    "hours": set_hours,
    "appoint": _appoint,
    "dismiss": _dismiss,
}
