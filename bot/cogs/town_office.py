"""The mayor of a town in Discord: what a member in office reads, and how a mayor stands.  Pure."""

from collections.abc import Iterator
from typing import Final

from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.cogs.speech import plain
from games.core import Ask, listed
from towns.affairs import Affairs, term_told
from towns.events import MAYOR
from towns.office import affairs_in
from towns.policies import Tax
from towns.terms import HOURS

HOURS_TOLD: Final = f"at each full hour from {HOURS[0]}:00 to {HOURS[-1]}:00"


def mayor_text(ask: Ask) -> str:
    """Return what a member who is the mayor needs to decide."""
    return "\n".join(_affairs(affairs_in(ask)))[:2000]


def _affairs(affairs: Affairs) -> Iterator[str]:
    yield f"You are the mayor of **{plain(affairs.start.name)}**. It is {affairs.time}."
    yield f"You have {affairs.left} decisions left, this one among them."
    yield f"The town has {affairs.coins:,} coins."
    yield f"Since your term began, it and its buildings have gained {affairs.gained:,} coins."
    if affairs.decision:
        result = f"could not be: {affairs.why}" if affairs.why else "was carried out."
        yield f"Your last decision ({plain(affairs.decision)}) {plain(result)}"
    taxes = [f"{affairs.taxes.rate(tax)} % of {tax}" for tax in Tax]
    yield f"Taxes: {listed(taxes)}."
    yield f"Plots without a building: {', '.join(affairs.plots) or 'none'}."
    beds = [f"{one.beds} at {plain(one.name)}" for one in affairs.estates if one.beds]
    jobs = [f"{one.jobs} at {plain(one.name)}" for one in affairs.estates if one.jobs]
    yield f"Free beds: {listed(beds) or 'none'}. Free jobs: {listed(jobs) or 'none'}."
    yield (
        "**What do you do this hour?** Give `/town build`, `/town recruit` or `/town policy`, or "
        "press the button. Where you take too long, nothing is done until you are back."
    )


def next_time(table: Table) -> str:
    """Return when a mayor who is in office is asked next."""
    state = table.match.state
    when = state.ground.start.clock.at(state.term.next)
    return f"You decide {HOURS_TOLD}; the next time is {when}."


def mayor_line(table: Table) -> str:
    """Return who is the mayor and how the term stands; "" where there never was one."""
    state = table.match.state
    if state.term is None:
        return ""
    return f"Mayor: {_who(table)}. {term_told(state)}"


def _who(table: Table) -> str:
    player = table.first_players[MAYOR]
    if user := person_in(player):
        away = " (away)" if table.players[MAYOR] != player else ""
        return f"<@{user}>{away}"
    kind, _, detail = player.partition(":")
    return "house rules" if kind == "house" else plain(detail or kind)
