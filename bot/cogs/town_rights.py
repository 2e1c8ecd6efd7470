"""Who may do what in a town; every callback asks here."""

import discord

from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.arena.towns import TownPlace
from bot.cogs.interactions import Interaction
from bot.cogs.rights import is_admin, need_place, need_welcome
from bot.errors import ShownToUser
from games.core import Seat, Text, clean, listed
from towns.events import MAYOR


def is_town_host(interaction: discord.Interaction, town: TownPlace) -> bool:
    """Return whether somebody may decide about a town: its founder, moderators and admins."""
    if interaction.guild_id != town.guild:
        return False
    own = interaction.user.id == town.opener
    return own or interaction.permissions.manage_messages or is_admin(interaction)


async def town_here(interaction: Interaction) -> tuple[TownPlace, Table]:
    """Return the town of a channel or thread with its table.  Raises ShownToUser."""
    await need_welcome(interaction, interaction.client.services.administration)
    town = interaction.client.towns.town_in(interaction.channel_id or 0)
    return town, await interaction.client.services.arena.wake(town.match_id)


async def hosted_town(interaction: Interaction) -> tuple[TownPlace, Table]:
    """Return the town here, for somebody who may decide about it.  Raises ShownToUser."""
    town, table = await town_here(interaction)
    if not is_town_host(interaction, town):
        raise ShownToUser("Only whoever founded this town, or a moderator, can do that.")
    if table.over:
        raise ShownToUser("The days of this town are over; found another one with /town create.")
    return town, table


def mayor_of(table: Table) -> int | None:
    """Return the member who is the mayor, also while somebody stands in; None for no member."""
    return person_in(table.first_players[MAYOR])


def resident_of(table: Table, user: int) -> Seat | None:
    """Return the resident that a member plays, also while somebody stands in; None for none."""
    spec = f"person:{user}"
    for seat in table.match.state.residents:
        if spec in (table.players[seat], table.first_players[seat]):
            return Seat(seat)
    return None


async def need_founding(interaction: Interaction) -> None:
    """Refuse a town that this server does not want here.  Raises ShownToUser."""
    await need_welcome(interaction, interaction.client.services.administration)
    settings = await interaction.client.settings_of(interaction.guild_id or 0)
    roles = [role.id for role in getattr(interaction.user, "roles", ())]
    if not settings.lets_create(roles, admin=is_admin(interaction)):
        raise ShownToUser("In this server not everybody may found a town; ask an admin.")
    need_place(interaction, settings)
    if not isinstance(interaction.channel, discord.TextChannel):
        raise ShownToUser("A town needs a text channel of its own; give the command in one.")


def resident_called(table: Table, name: str) -> Seat:
    """Return a resident by its name, whatever its case.  Raises ShownToUser."""
    residents = table.match.state.residents
    for seat in residents:
        if seat.casefold() == name.strip().casefold():
            return Seat(seat)
    told = "Nobody called {name} lives here; there are {residents}."
    raise ShownToUser(Text(told, name=clean(name, 40), residents=listed(residents)))
