"""The mayor at its hour: what it knows, what it is asked, and what follows from its decision.

Everybody waits for a mayor at its hour, so that it decides about the same town in whatever order
residents have answered.  A decision that cannot be carried out costs the hour; the mayor reads why
before the next one.
Source: the mayor's game of AgentSims.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from games.core import Answer, Ask, IllegalMove, Text
from towns.affairs import Affairs, affairs_of
from towns.decrees import Governed
from towns.policies import Tax
from towns.state import TownState
from towns.steps import go_on_from
from towns.terms import next_hour
from towns.unfolding import Unfolding
from towns.wishes import NOTHING, end_term, fields_of, granted

DETAILS: Final[Mapping[str, Sequence[str]]] = {
    NOTHING: (),
    "build": ("name", "type", "plot"),
    "recruit": ("name", "home", "work", "bio", "goal"),
    "price": ("item", "coins", "place"),
    "tax": ("tax", "percent"),
    "hours": ("place", "opens", "closes"),
}
"""Which fields belong to a decision."""
_UNTOLD: Final = ("bio", "goal")
"""Too long for a decision in one line."""


def mayor_ask(state: TownState) -> Ask:
    """Return the question that is put to the mayor."""
    affairs = affairs_of(state)
    fields = {
        "do": Ask("What you do.", choices=(NOTHING, *_possible(affairs))),
        "name": _field("The name of the building, or of the newcomer.", max_length=32),
        **_for_building(affairs),
        **_for_recruiting(affairs),
        **_for_policies(affairs),
    }
    prompt = Text("{affairs}\n\nWhat do you do this hour?", affairs=affairs)
    return Ask(prompt, fields=fields, default=json.dumps({"do": NOTHING}))


def affairs_in(ask: Ask) -> Affairs:
    """Return what a question to the mayor stands on."""
    assert isinstance(ask.prompt, Text), "the mayor's question has the town's affairs before it"
    affairs = ask.prompt.values["affairs"]
    assert isinstance(affairs, Affairs)
    return affairs


def govern(unfolding: Unfolding, answer: Answer) -> None:
    """Carry out what the mayor decides, or note why it cannot be, and let the town go on."""
    state, fields, why = unfolding.state, fields_of(answer), ""
    assert state.term is not None, "only who is in office is asked"
    tick, last = state.term.next, state.term.left == 1
    if fields["do"] != NOTHING:
        try:
            unfolding.tell(*granted(unfolding, fields))
        except IllegalMove as reason:
            why = str(reason)
    following = next_hour(state.ground.start.clock, tick + 1)
    unfolding.tell(Governed(tick, _decision(fields), why, following))
    if last:
        end_term(unfolding, tick)
    go_on_from(unfolding, tick)


def _decision(fields: Mapping[str, str]) -> str:
    """Return a decision as one line, such as "build: Second Cup, cafe, 1/3"."""
    did = fields["do"]
    told = (name for name in DETAILS[did] if name not in _UNTOLD)
    details = ", ".join(fields[name] for name in told if fields.get(name))
    return f"{did}: {details}" if details else did


def _possible(affairs: Affairs) -> Iterator[str]:
    if affairs.plots:
        yield "build"
    if _homes(affairs):
        yield "recruit"
    if _items(affairs):
        yield "price"
    yield "tax"
    if _public(affairs):
        yield "hours"


def _for_building(affairs: Affairs) -> Mapping[str, Ask]:
    if not affairs.plots:
        return {}
    return {
        "type": _field("To build: the type.", choices=tuple(affairs.start.catalogue.buildings)),
        "plot": _field("To build: a plot without a building.", choices=affairs.plots),
    }


def _for_recruiting(affairs: Affairs) -> Mapping[str, Ask]:
    homes, jobs = _homes(affairs), tuple(one.name for one in affairs.estates if one.jobs)
    if not homes:
        return {}
    work = {"work": _field("To recruit: where the newcomer works.", choices=jobs)} if jobs else {}
    return {
        "home": _field("To recruit: where the newcomer lives.", choices=homes),
        **work,
        "bio": _field("To recruit: who the newcomer is.", max_length=500),
        "goal": _field("To recruit: what the newcomer wants.", max_length=200),
    }


def _for_policies(affairs: Affairs) -> Mapping[str, Ask]:
    fields, most = {}, affairs.start.most_taxes
    if items := _items(affairs):
        highest = max(price.most for one in affairs.estates for price in one.prices.values())
        fields["item"] = _field("For a price: of what.", choices=items)
        fields["coins"] = _field("For a price: how much it costs.", low=0, high=highest)
    fields["tax"] = _field("For a tax: on what.", choices=tuple(Tax))
    percents = {"low": 0, "high": max(most.wages, most.purchases)}
    fields["percent"] = _field("For a tax: how high, in percent.", **percents)
    if public := _public(affairs):
        told = "For hours: which building. For a price: where, if not everywhere."
        fields["place"] = _field(told, choices=public)
        fields["opens"] = _field("For hours: when it opens, such as 08:00.", max_length=5)
        fields["closes"] = _field("For hours: when it closes, such as 20:00.", max_length=5)
    return fields


def _homes(affairs: Affairs) -> tuple[str, ...]:
    return tuple(one.name for one in affairs.estates if one.beds)


def _public(affairs: Affairs) -> tuple[str, ...]:
    return tuple(one.name for one in affairs.estates if not one.private)


def _items(affairs: Affairs) -> tuple[str, ...]:
    return tuple(dict.fromkeys(item for one in affairs.estates for item in one.prices))


def _field(prompt: str, **shape: Any) -> Ask:
    return Ask(prompt, optional=True, **shape)
