"""Who may bring, change and remove characters of a server, and where some may be shown."""

import discord

from bot.cast import Member, for_adults
from bot.cogs.interactions import Interaction
from bot.cogs.rights import is_admin, need_welcome
from bot.errors import ShownToUser
from characters.card import Card


async def need_author(interaction: Interaction) -> None:
    """Refuse whoever may not bring characters: who may not open a table.  Raises ShownToUser."""
    client = interaction.client
    await need_welcome(interaction, client.services.administration)
    settings = await client.settings_of(interaction.guild_id or 0)
    roles = [role.id for role in getattr(interaction.user, "roles", ())]
    if not settings.lets_create(roles, admin=is_admin(interaction)):
        raise ShownToUser("In this server not everybody may bring characters; ask an admin.")


async def may_change(interaction: Interaction, member: Member) -> bool:
    """Return whether somebody may change a server's own character: who brought it, or an admin."""
    if not member.own:
        return False
    cast, guild = interaction.client.services.cast, interaction.guild_id or 0
    return is_admin(interaction) or await cast.added_by(guild, member) == interaction.user.id


async def need_change(interaction: Interaction, member: Member) -> None:
    """Refuse whoever may not change this character.  Raises ShownToUser."""
    await need_author(interaction)
    if not member.own:
        raise ShownToUser(
            f"{member.card.called} comes with Parlour and stays as it is; /character info has "
            "a button that makes a copy for this server."
        )
    if not await may_change(interaction, member):
        raise ShownToUser(
            f"Only whoever brought {member.card.called} here, or an admin, can do that."
        )


def is_age_restricted(interaction: discord.Interaction) -> bool:
    """Return whether the channel is one for adults."""
    ask = getattr(interaction.channel, "is_nsfw", None)
    return bool(ask and ask())


def may_show(interaction: discord.Interaction, card: Card) -> bool:
    """Return whether a card may be shown in this channel."""
    return not for_adults(card) or is_age_restricted(interaction)


def need_fitting_channel(interaction: discord.Interaction, card: Card) -> None:
    """Refuse a card for adults in a channel that is not age-restricted.  Raises ShownToUser."""
    if not may_show(interaction, card):
        raise ShownToUser(
            "That card says that it is for adults; it can only be used in an age-restricted "
            "channel."
        )
