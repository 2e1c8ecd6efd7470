"""The commands by which a town is governed, by its mayor or by whoever decides about the town."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

import discord
from discord import app_commands

from bot.arena.table import Table
from bot.arena.towns import NOBODY, TownPlace
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.cogs.town_office import HOURS_TOLD, next_time
from bot.cogs.town_opening import mayor_spec, mayors
from bot.cogs.town_rights import hosted_town, is_town_host, mayor_of, town_here
from bot.cogs.town_shown import game_of
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from games.core import Seat
from towns.clock import Clock
from towns.decrees import Governed
from towns.events import HOST, MAYOR
from towns.ledger import TOWN
from towns.wishes import governs, will_govern

_Plot = app_commands.Range[int, 1, 99]
TOO_LATE: Final = "All the time of this town has been given; nothing new comes true before its end."


async def types(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest types of buildings with their prices."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    found = game_of(table).start.catalogue.buildings
    return [
        app_commands.Choice(name=cut(f"{name} ({kind.price:,} coins)", 100), value=name)
        for name, kind in found.items()
        if typed.casefold() in name.casefold()
    ][:CHOICES]


async def buildings(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the buildings of the town here."""
    try:
        _, table = await town_here(interaction)
    except ShownToUser:
        return []
    found = [one.name for one in table.match.state.sites if typed.casefold() in one.name.casefold()]
    return [app_commands.Choice(name=name, value=name) for name in found][:CHOICES]


@app_commands.command(description="Choose who is the mayor of the town here.")
@app_commands.describe(
    who="me, house for rules of thumb, none, or the name of a model.",
    member="A member, in place of that.",
)
@app_commands.autocomplete(who=mayors)
async def mayor(
    interaction: Interaction, who: str = "", member: discord.Member | None = None
) -> None:
    """Appoint a mayor, or let another one take over."""
    town, table = await hosted_town(interaction)
    spec = await mayor_spec(interaction, who, member)
    await interaction.response.defer(ephemeral=True, thinking=True)
    _need_time(table)
    await table.reseat(MAYOR, spec or NOBODY)
    if bool(spec) != will_govern(table.match.state):
        wish = json.dumps({"do": "appoint" if spec else "dismiss"})
        await table.submit(HOST, wish, cause=f"i:{interaction.id}")
    interaction.client.services.arena.play(table)
    interaction.client.towns.refresh(town.match_id)
    days = game_of(table).mayor_days
    told = f"The mayor decides {HOURS_TOLD}, on {days} days." if spec else "No mayor now."
    await tell(interaction, granted(table, told))


@app_commands.command(description="Put up a building on a free plot of the town here.")
@app_commands.describe(
    type="Its type, which has a price.",
    name="What it is called.",
    column="Of the plot, from the left.",
    row="Of the plot, from the top.",
)
@app_commands.autocomplete(type=types)
async def build(
    interaction: Interaction,
    type: str,  # noqa: A002 -- it is the option's own name
    name: app_commands.Range[str, 1, 32],
    column: _Plot,
    row: _Plot,
) -> None:
    """Build for the town's money."""
    wish = {"do": "build", "type": type, "name": name, "plot": f"{column}/{row}"}
    await decide(interaction, wish, lambda table: f"{plain(name)} stands. {_left(table)}")


@app_commands.command(description="Invite somebody new to live in the town here.")
@app_commands.describe(
    name="What the newcomer is called.",
    home="Where the newcomer lives; a bed must be free.",
    bio="Who it is.",
    goal="What it wants.",
    work="Where it works, if there is a job.",
)
@app_commands.autocomplete(home=buildings, work=buildings)
async def recruit(
    interaction: Interaction,
    name: app_commands.Range[str, 1, 32],
    home: str,
    bio: app_commands.Range[str, 1, 500],
    goal: app_commands.Range[str, 1, 200],
    work: str = "",
) -> None:
    """Invite for the town's money."""
    wish = {"do": "recruit", "name": name, "home": home, "bio": bio, "goal": goal, "work": work}
    await decide(interaction, wish, lambda table: f"{plain(name)} moves in. {_left(table)}")


GOVERNING: Final[tuple[app_commands.Command[Any, ..., None], ...]] = (mayor, build, recruit)


async def decide(
    interaction: Interaction, wish: Mapping[str, str], told: Callable[[Table], str]
) -> None:
    """Take what somebody who governs wants; of a mayor in session it is the hour's decision.

    `told` says that it has come true.  Raises ShownToUser, Refused.
    """
    town, table, seat = await _office(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    text = json.dumps({name: value or None for name, value in wish.items()})
    if seat == MAYOR:
        _need_possible(table, text)
    await table.submit(seat, text, cause=f"i:{interaction.id}")
    interaction.client.services.arena.play(table)
    interaction.client.towns.refresh(town.match_id)
    await tell(interaction, told(table) if seat == MAYOR else granted(table, told(table)))


def granted(table: Table, told: str) -> str:
    """Return the reply to a wish: that it has come true, or when it will."""
    wishes = table.match.state.wishes
    if not wishes:
        return told
    clock: Clock = game_of(table).start.clock
    return f"So it will be as soon as everybody has come to {clock.at(wishes[-1].tick)}."


async def _office(interaction: Interaction) -> tuple[TownPlace, Table, Seat]:
    """Return the town here, and the seat in whose name somebody governs it.  Raises ShownToUser."""
    town, table = await town_here(interaction)
    state = table.match.state
    is_mayor = mayor_of(table) == interaction.user.id and governs(state)
    if is_mayor:
        await table.come_back(MAYOR)
        if MAYOR in table.match.asks:
            return town, table, MAYOR
    if is_town_host(interaction, town):
        _need_time(table)
        return town, table, HOST
    if is_mayor:
        raise ShownToUser(next_time(table))
    raise ShownToUser("Only the mayor, whoever founded this town, or a moderator can do that.")


def _need_time(table: Table) -> None:
    """Refuse what could not come true any more.  Raises ShownToUser."""
    if table.paused:
        raise ShownToUser("The town stands still; /town start goes on.")
    if HOST not in table.match.asks:
        raise ShownToUser(TOO_LATE)


def _need_possible(table: Table, text: str) -> None:
    """Refuse a decision that would cost the hour and change nothing.

    Raises ShownToUser, Refused.
    """
    if HOST in table.match.asks:
        table.match.propose(HOST, text)  # the same check, in whole sentences
    for event in table.match.propose(MAYOR, text).events:
        if isinstance(event, Governed) and event.why:
            raise ShownToUser(event.why)


def _left(table: Table) -> str:
    return f"The town has {table.match.state.ledger.balances[TOWN]:,} coins left."
