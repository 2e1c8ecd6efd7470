"""The mayor of a town in Discord: what a member in office reads, and how a mayor stands.  Pure."""

from typing import Final

from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.cogs.speech import plain
from games.core import Ask
from towns.affairs import brief, term_told
from towns.events import MAYOR
from towns.office import affairs_in
from towns.terms import HOURS

_QUESTION: Final = (
    "**What do you do this hour?** Give `/town build`, `/town recruit` or `/town policy`, or "
    "press the button. Where you take too long, nothing is done until you are back."
)
HOURS_TOLD: Final = f"at each full hour from {HOURS[0]}:00 to {HOURS[-1]}:00"


def mayor_text(ask: Ask) -> str:
    """Return what a member who is the mayor needs to decide."""
    told = [plain(line) for line in brief(affairs_in(ask))]
    return "\n".join([*told, _QUESTION])[:2000]


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
