"""Mayors and policies at the command line: written in short, and shown with their bounds."""

import asyncio
import json
import re
from collections.abc import Sequence
from typing import Any, Final

from bot.arena.towns import NOBODY
from bot.cli.town_files import ROOM, a_town, say
from bot.cli.town_views import kept_town
from bot.errors import ShownToUser
from bot.settings import Settings
from bot.wiring import Wiring
from games.core import Match, Refused, quoted
from towns.events import HOST
from towns.policy_making import policy_lines
from towns.state import TownState
from towns.town import Town

_TAX: Final = re.compile(r"(?P<tax>\w+)=(?P<percent>\d{1,3})%")
_HOURS: Final = re.compile(r"(?P<place>.+)=(?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
_PRICE: Final = re.compile(r"(?:(?P<place>[^/]+)/)?(?P<item>[^/=]+)=(?P<coins>\d{1,12})")


def mayor_player(who: str) -> str:
    """Return who plays the mayor, for whoever was named; NOBODY for none.  Raises ShownToUser."""
    kind, _, name = who.partition(":")
    if who == "none":
        return NOBODY
    if who == "house":
        return "house:hard"
    if who == "me" or (kind == "model" and name):
        return who
    raise ShownToUser(f"A mayor is me, house, model:NAME or none, not {quoted(who)}.")


def wish_in(text: str) -> str:
    """Return a policy such as "latte=18" as the host says it.  Raises ShownToUser."""
    for do, pattern in (("tax", _TAX), ("hours", _HOURS), ("price", _PRICE)):
        if found := pattern.fullmatch(text.strip()):
            return json.dumps({"do": do, **found.groupdict()})
    raise ShownToUser(
        f"{quoted(text)} is no policy; write wages=10%, latte=18, CAFÉ/latte=18 or "
        "SHOP=08:00-20:00."
    )


def need_possible(town: Town, seats: Sequence[str], wishes: Sequence[str]) -> None:
    """Refuse policies that a new town cannot have, before it is founded.  Raises ShownToUser."""
    _try(Match(town, seats), wishes)


def show_policies(match_id: str) -> None:
    """Print taxes, hours and prices with their bounds."""
    for line in policy_lines(kept_town(match_id).history().state):
        say(line, 4)


def set_policies(match_id: str, texts: Sequence[str]) -> None:
    """Set policies of a town that is still open.  Raises ShownToUser."""
    wishes = [wish_in(text) for text in texts]
    state = asyncio.run(_set(match_id, wishes))
    if not state.wishes:
        show_policies(match_id)
        return
    when = state.ground.start.clock.at(state.wishes[-1].tick)
    say(f"So it will be when everybody has come to {when}: python bot.py town resume {match_id}")


async def _set(match_id: str, wishes: Sequence[str]) -> TownState:
    async with Wiring(Settings()).arena() as arena:
        table = await arena.wake(match_id)
        a_town(table.setup)
        if table.setup.room != ROOM:
            raise ShownToUser("This town lives in a channel: use /town policy there.")
        if table.over:
            raise ShownToUser("The days of this town are over; nothing changes there any more.")
        if HOST not in table.match.asks:
            raise ShownToUser(
                "All the time of this town has been given, so that nothing can change any more; "
                "say --policy when you found one, or let it go slower with --speed."
            )
        now = table.match
        _try(Match(now.game, now.seats, now.seed, now.turns, (len(now.turns), now.state)), wishes)
        for wish in wishes:
            await table.submit(HOST, wish, though_paused=True)
        state: TownState = table.match.state
        return state


def _try(trial: Match[Any, Any, Any], wishes: Sequence[str]) -> None:
    """Refuse wishes of which one cannot be, before any of them is kept.  Raises ShownToUser."""
    try:
        for wish in wishes:
            trial.say(HOST, wish)
    except Refused as why:
        raise ShownToUser(str(why)) from None
