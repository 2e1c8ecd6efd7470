"""Who may do what in a chat; every callback asks here."""

from typing import TYPE_CHECKING

import discord

from bot.administration import ServerSettings
from bot.arena.chats import ChatPlace
from bot.arena.lobbies import person_in
from bot.arena.table import Table
from bot.cogs.rights import is_admin, need_place, need_welcome
from bot.errors import ShownToUser
from characters.chat_events import history
from games.core import Seat

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient


def is_chat_host(interaction: discord.Interaction, chat: ChatPlace) -> bool:
    """Return whether somebody may decide about a chat: its opener, moderators and admins."""
    if interaction.guild_id != chat.guild:
        return False
    own = interaction.user.id == chat.opener
    return own or interaction.permissions.manage_messages or is_admin(interaction)


def need_chat_host(interaction: discord.Interaction, chat: ChatPlace) -> None:
    """Refuse everybody but a chat's opener, moderators and admins.  Raises ShownToUser."""
    if not is_chat_host(interaction, chat):
        raise ShownToUser("Only whoever opened this chat, or a moderator, can do that.")


def need_line_host(
    interaction: discord.Interaction, chat: ChatPlace, table: Table, number: int
) -> None:
    """Refuse everybody but those whom a line answers, and those who decide about the chat."""
    answered = answered_by(table, number)
    user = person_in(table.players.get(answered, "")) if answered else None
    if interaction.guild_id != chat.guild or user != interaction.user.id:
        if is_chat_host(interaction, chat):
            return
        raise ShownToUser(
            "Only whom this answers, whoever opened the chat, or a moderator can do that."
        )


def answered_by(table: Table, number: int) -> Seat | None:
    """Return the person who spoke last before a line; None where nobody did."""
    before = [
        line for line in history(table.match.log) if line.number < number and not line.character
    ]
    return before[-1].speaker if before else None


async def need_speech(interaction: "discord.Interaction[ParlourClient]") -> None:
    """Refuse whoever is banned, or may not write here.  Raises ShownToUser."""
    await need_welcome(interaction, interaction.client.services.administration)
    rights = interaction.permissions
    inside = isinstance(interaction.channel, discord.Thread)
    if not (rights.send_messages_in_threads if inside else rights.send_messages):
        raise ShownToUser("You may not write in this channel.")


async def need_opening(interaction: "discord.Interaction[ParlourClient]") -> ServerSettings:
    """Refuse a chat that this server does not want here.  Raises ShownToUser."""
    settings = await interaction.client.settings_of(interaction.guild_id or 0)
    roles = [role.id for role in getattr(interaction.user, "roles", ())]
    if not settings.lets_create(roles, admin=is_admin(interaction)):
        raise ShownToUser("In this server not everybody may open a chat; ask an admin.")
    need_place(interaction, settings)
    return settings
