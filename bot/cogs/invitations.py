"""“Add to the table”: invites a member to a lobby; nobody is seated without having pressed Join."""

from datetime import UTC, datetime

import discord
from discord import app_commands

from bot.arena.lobbies import Lobby, LobbyState, title_of
from bot.cogs.controls import Pressed, button, view
from bot.cogs.interactions import Interaction
from bot.cogs.replies import language_of
from bot.cogs.rights import need_welcome
from bot.cogs.which import channel_of
from bot.errors import ShownToUser
from games.core import Text


@app_commands.context_menu(name="Add to the table")
@app_commands.guild_only()
async def add_to_table(interaction: Interaction, member: discord.User) -> None:
    """Invite a member to the newest lobby that whoever asks has opened in this channel."""
    administration = interaction.client.services.administration
    await need_welcome(interaction, administration)
    lobby = await _own_lobby(interaction)
    _need_invitable(interaction, lobby, member)
    guild = interaction.guild_id or 0
    if await administration.banned(guild, member.id, datetime.now(UTC)):
        raise ShownToUser("An admin keeps this member out of the tables here.")
    language = language_of(interaction)
    pressed, primary = Pressed("l", lobby.lobby_id, ("join",)), discord.ButtonStyle.primary
    join = button(language.say("Join"), pressed, primary)
    rules = button(language.say("Rules"), Pressed("l", lobby.lobby_id, ("rules",)))
    invitation = Text(
        "{member}, {host} asks you to the table: **{game}** (`{lobby}`).",
        member=f"<@{member.id}>",
        host=f"<@{interaction.user.id}>",
        game=title_of(lobby.game),
        lobby=lobby.lobby_id,
    )
    pinged = [] if member.id in interaction.client.muted else [member]
    # The answer to the interaction is the invitation: however often it arrives, there is one.
    await interaction.response.send_message(
        language.say(invitation),
        view=view([join, rules]),
        allowed_mentions=discord.AllowedMentions(everyone=False, roles=False, users=pinged),
    )


async def _own_lobby(interaction: Interaction) -> Lobby:
    open_here = await interaction.client.services.lobbies.lobbies(
        LobbyState.OPEN, guild=interaction.guild_id or 0
    )
    for lobby in open_here:
        if lobby.creator == interaction.user.id and lobby.place.channel == channel_of(interaction):
            return lobby
    raise ShownToUser("You have no open lobby in this channel; open one with /arena create first.")


def _need_invitable(
    interaction: Interaction, lobby: Lobby, member: discord.User | discord.Member
) -> None:
    if member.bot:
        raise ShownToUser("A bot cannot sit at the table; add a house bot or a model instead.")
    if lobby.seat_of(member.id):
        told = "{member} sits at that table already."
        raise ShownToUser(Text(told, member=f"<@{member.id}>"))
    if member.id == interaction.user.id:
        raise ShownToUser("Press Join in the lobby to sit down yourself.")
    if lobby.full:
        raise ShownToUser("Every seat of your lobby is taken; let somebody leave first.")
