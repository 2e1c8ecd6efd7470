"""Who may do what: decided from the server's settings, the lobby and the member's permissions.

The permissions set on commands are only a first gate, as a server may change them; every
callback asks here again.
"""

from datetime import UTC, datetime

import discord

from bot.administration import Administration, ServerSettings
from bot.arena.lobbies import Lobby
from bot.cogs.needed import TO_PLAY, lacking
from bot.errors import ShownToUser
from games.core import Text


def is_admin(interaction: discord.Interaction) -> bool:
    """Return whether somebody may manage the server in which this happens."""
    rights = interaction.permissions
    return interaction.guild_id is not None and (rights.manage_guild or rights.administrator)


def is_host(interaction: discord.Interaction, lobby: Lobby) -> bool:
    """Return whether somebody may decide about a match: whoever created it, or an admin."""
    here = interaction.guild_id == lobby.place.guild
    return here and (interaction.user.id == lobby.creator or is_admin(interaction))


def need_admin(interaction: discord.Interaction) -> None:
    """Refuse everybody but admins.  Raises ShownToUser."""
    if not is_admin(interaction):
        raise ShownToUser("Only members who may manage this server can do that.")


def need_host(interaction: discord.Interaction, lobby: Lobby) -> None:
    """Refuse everybody but a match's game master and admins.  Raises ShownToUser."""
    if not is_host(interaction, lobby):
        raise ShownToUser("Only whoever created this match, or an admin, can do that.")


def need_here(interaction: discord.Interaction, lobby: Lobby) -> None:
    """Refuse what comes from another server.  Raises ShownToUser."""
    if interaction.guild_id != lobby.place.guild:
        raise ShownToUser("That match is not played in this server.")


async def need_welcome(interaction: discord.Interaction, administration: Administration) -> None:
    """Refuse whoever is banned here.  Raises ShownToUser."""
    guild = interaction.guild_id
    if guild is None:
        raise ShownToUser("Play in a server, not in direct messages.")
    ban = await administration.banned(guild, interaction.user.id, datetime.now(UTC))
    if ban:
        until: Text | str = ""
        if ban.until:
            until = Text(" until {when}", when=discord.utils.format_dt(ban.until, "f"))
        reason = f": {ban.reason}" if ban.reason else ""
        told = "You may not play here{until}{reason}. An admin can lift the ban."
        raise ShownToUser(Text(told, until=until, reason=reason))


def need_place(interaction: discord.Interaction, settings: ServerSettings) -> None:
    """Refuse a channel where no match may or can be shown.  Raises ShownToUser."""
    parent = getattr(interaction.channel, "parent_id", None) or interaction.channel_id or 0
    if not settings.allows_channel(parent):
        places = ", ".join(f"<#{one}>" for one in settings.channels)
        raise ShownToUser(Text("Tables are opened in {places} here.", places=places))
    missing = [one.name for one in lacking(interaction.app_permissions.value) if one in TO_PLAY]
    if missing:
        told = "I need more here: an admin can give me {permissions}."
        raise ShownToUser(Text(told, permissions=missing))


def need_creation(interaction: discord.Interaction, settings: ServerSettings, game: str) -> None:
    """Refuse a lobby that this server does not want.  Raises ShownToUser."""
    roles = [role.id for role in getattr(interaction.user, "roles", ())]
    if not settings.lets_create(roles, admin=is_admin(interaction)):
        raise ShownToUser("In this server not everybody may open a table; ask an admin.")
    if not settings.allows_game(game):
        told = "This server plays {games} only."
        raise ShownToUser(Text(told, games=", ".join(settings.games)))
