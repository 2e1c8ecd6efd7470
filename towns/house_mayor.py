"""A mayor that follows rules of thumb, without any model.

It takes one half of the taxes that the tables allow, and lets prices rise to the middle of what
they can be.  It spends only what the town has gained since its term began, so that it never ends
with less than it had: on newcomers who find a bed and work, and on buildings where no bed or no
work is left.  At the level easy it changes nothing.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from games.core import Ask, Level
from towns.affairs import Affairs
from towns.catalogue import BuildingType
from towns.office import affairs_in
from towns.policies import Tax
from towns.wishes import NOTHING

Decision = Mapping[str, object]
_SHARE: Final = 2
"""What part of the highest tax is taken: one half."""
_NEWCOMERS: Final[Mapping[str, tuple[str, str]]] = {
    "Ilse": (
        "A retired lighthouse keeper who cannot sleep when it is quiet.",
        "Find somebody to share a boat with.",
    ),
    "Bakary": (
        "A tailor who has sewn for three theatres and owns one good suit.",
        "Make a coat that the whole town talks about.",
    ),
    "Marisol": (
        "A cook who left a large hotel to hear what guests say.",
        "Learn everybody's favourite dish.",
    ),
    "Anders": (
        "A surveyor who counts steps and apologises to trees.",
        "Walk every path of the town and draw them on one sheet.",
    ),
    "Noor": (
        "A nurse between two posts, who reads weather reports for fun.",
        "Stay long enough in one place to plant something.",
    ),
    "Petros": (
        "A postman whose knees have retired before him.",
        "Win one game of chess in the park.",
    ),
}


def mayor_answer(ask: Ask, level: Level) -> str:
    """Return a decision that the question accepts."""
    affairs = affairs_in(ask)
    rules = _RULES if level is not Level.EASY else ()
    found = (decision for rule in rules for decision in rule(affairs))
    return json.dumps(next(found, {"do": NOTHING}))


def _taxes(affairs: Affairs) -> Iterator[Decision]:
    for tax in Tax:
        percent = affairs.start.most_taxes.rate(tax) // _SHARE
        if affairs.taxes.rate(tax) < percent:
            yield {"do": "tax", "tax": tax, "percent": percent}


def _newcomers(affairs: Affairs) -> Iterator[Decision]:
    homes = [one.name for one in affairs.estates if one.beds]
    jobs = [one.name for one in affairs.estates if one.jobs]
    here = {one.name.casefold() for one in affairs.citizens}
    names = [name for name in _NEWCOMERS if name.casefold() not in here]
    if homes and jobs and names and affairs.gained >= affairs.newcomer:
        bio, goal = _NEWCOMERS[names[0]]
        where = {"name": names[0], "home": homes[0], "work": jobs[0]}
        yield {"do": "recruit", **where, "bio": bio, "goal": goal}


def _buildings(affairs: Affairs) -> Iterator[Decision]:
    beds, jobs = (any(getattr(one, room) for one in affairs.estates) for room in ("beds", "jobs"))
    for name, kind in affairs.start.catalogue.buildings.items():
        missing = (kind.beds and not beds) or (kind.jobs and not jobs)
        plots = [plot for plot in affairs.plots if _fits(affairs, kind, plot)]
        if missing and plots and affairs.gained >= kind.price:
            plot = plots[affairs.left % len(plots)]  # somebody may stand on another one
            yield {"do": "build", "type": name, "name": f"{name.title()} {plot}", "plot": plot}


def _prices(affairs: Affairs) -> Iterator[Decision]:
    """Begin where most was sold so far."""
    for one in sorted(affairs.estates, key=lambda one: -one.coins):
        for item, price in one.prices.items():
            middle = (price.least + price.most) // 2
            if price.coins < middle:
                yield {"do": "price", "item": item, "coins": middle}


def _fits(affairs: Affairs, kind: BuildingType, plot: str) -> bool:
    column, row = map(int, plot.split("/"))
    width, height = affairs.start.land.room(column, row)
    return kind.plan.width <= width and kind.plan.height <= height


_RULES: Final[Sequence[Callable[[Affairs], Iterator[Decision]]]] = (
    _taxes,
    _newcomers,
    _buildings,
    _prices,
)
"""The first of them that has a decision makes it."""
