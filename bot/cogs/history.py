"""What was played in a server: the last matches, and how somebody has done."""

from typing import TYPE_CHECKING

import discord

from bot.arena.lobbies import LobbyState, title_of
from bot.cogs.speech import plain

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

LAST = 15


async def history_text(interaction: "discord.Interaction[ParlourClient]") -> str:
    """Return the last matches of a server, newest first."""
    states = (LobbyState.STARTED, LobbyState.CLOSED)
    lobbies = await interaction.client.services.lobbies.lobbies(
        *states, guild=interaction.guild_id or 0, limit=LAST
    )
    lines = [
        f"- {discord.utils.format_dt(lobby.created_at, 'd')} **{title_of(lobby.game)}** "
        f"`{lobby.lobby_id}` {plain(', '.join(lobby.seats))} "
        f"{'goes on' if lobby.state is LobbyState.STARTED else 'is over'}: <#{lobby.place.thread}>"
        for lobby in lobbies
    ]
    return "\n".join(lines)[:2000] or "Nothing was played here yet; begin with /arena create."
