"""The commands by which a town is governed: built, and peopled by whoever is its mayor."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import discord
from discord import app_commands

from bot.arena.table import Table
from bot.arena.towns import TownPlace
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.cogs.town_rights import hosted_town, is_town_host, town_here
from bot.cogs.town_shown import game_of
from bot.cogs.which import CHOICES
from bot.errors import ShownToUser
from games.core import Seat, clean
from towns.clock import Clock
from towns.events import MAYOR
from towns.ledger import TOWN

_Plot = app_commands.Range[int, 1, 99]


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


@app_commands.command(description="Make a member the mayor of the town here, or nobody.")
@app_commands.describe(member="Who builds and invites beside you; nobody where it is left out.")
async def mayor(interaction: Interaction, member: discord.Member | None = None) -> None:
    """Appoint a mayor."""
    town, _ = await hosted_town(interaction)
    user = member.id if member else 0
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.client.towns.change(town.match_id, lambda one: replace(one, mayor=user))
    told = f"<@{user}> is the mayor: /town build and /town recruit." if user else "No mayor now."
    await tell(interaction, told)


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
    _, table = await _governed(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    wish = {"do": "build", "type": type, "name": name, "column": column, "row": row}
    await table.submit(MAYOR, _text(wish), cause=f"i:{interaction.id}")
    await tell(interaction, granted(table, f"{plain(name)} stands. {_left(table)}"))


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
    town, table = await _governed(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    seat = Seat(clean(name, 32))
    wish = {"do": "recruit", "name": seat, "home": home, "bio": bio, "goal": goal, "work": work}
    await admitted(interaction, town, table, seat, MAYOR, _text(wish))
    await tell(interaction, granted(table, f"{plain(seat)} moves in. {_left(table)}"))


GOVERNING: Final[tuple[app_commands.Command[Any, ..., None], ...]] = (mayor, build, recruit)


async def admitted(
    interaction: Interaction, town: TownPlace, table: Table, seat: Seat, by: Seat, answer: str
) -> None:
    """Let somebody move in, played as everybody is whom no member plays."""
    player = table.players.get(seat, town.player)
    await table.admit(seat, player, by=by, answer=answer, cause=f"i:{interaction.id}")
    interaction.client.services.arena.play(table)
    interaction.client.towns.refresh(town.match_id)


def granted(table: Table, told: str) -> str:
    """Return the reply to a wish: that it has come true, or when it will."""
    wishes = table.match.state.wishes
    if not wishes:
        return told
    clock: Clock = game_of(table).start.clock
    return f"So it will be as soon as everybody has come to {clock.at(wishes[-1].tick)}."


async def _governed(interaction: Interaction) -> tuple[TownPlace, Table]:
    """Return the town here, for somebody who may build and invite.  Raises ShownToUser."""
    town, table = await town_here(interaction)
    if interaction.user.id != town.mayor and not is_town_host(interaction, town):
        raise ShownToUser("Only the mayor, whoever founded this town, or a moderator can do that.")
    return town, table


def _text(wish: Mapping[str, object]) -> str:
    return json.dumps({name: value or None for name, value in wish.items()})


def _left(table: Table) -> str:
    return f"The town has {table.match.state.ledger.balances[TOWN]:,} coins left."
