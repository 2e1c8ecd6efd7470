"""/admin bans: who may not play in a server; a ban takes effect at every table at once."""

from datetime import UTC, datetime, timedelta

import discord
from discord import app_commands

from bot.administration import Ban
from bot.arena.lobbies import LobbyState
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_admin
from bot.cogs.speech import plain
from bot.cogs.table_host import seat_of
from bot.errors import ShownToUser
from games.core import clean

LONGEST_DAYS = 3650
LONGEST_REASON = 200


class BanCommands(app_commands.Group):
    """Who may not play."""

    def __init__(self) -> None:
        super().__init__(name="bans", description="Members who may not play here.")

    @app_commands.command(description="Keep a member out; house bots take over the seats.")
    @app_commands.describe(
        member="Who.", reason="The member is told it.", days="For how long; for ever without."
    )
    async def add(
        self,
        interaction: Interaction,
        member: discord.User,
        reason: app_commands.Range[str, 1, LONGEST_REASON] = "",
        days: app_commands.Range[int, 1, LONGEST_DAYS] | None = None,
    ) -> None:
        need_admin(interaction)
        if member.bot:
            raise ShownToUser("Bots sit at no table; take a model away with /admin model remove.")
        guild = interaction.guild_id or 0
        until = datetime.now(UTC) + timedelta(days=days) if days else None
        ban = Ban(guild, member.id, clean(reason, LONGEST_REASON), until)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.client.services.administration.ban(ban, interaction.user.id)
        left = await _empty_seats(interaction, member.id)
        tables = f" A house bot plays on at {left} of the tables." if left else ""
        await tell(interaction, f"{_line(ban)} may not play here any more.{tables}")

    @app_commands.command(description="Let a member play again.")
    @app_commands.describe(member="Who.")
    async def remove(self, interaction: Interaction, member: discord.User) -> None:
        need_admin(interaction)
        guild, by = interaction.guild_id or 0, interaction.user.id
        await interaction.client.services.administration.unban(guild, member.id, by)
        await tell(interaction, f"<@{member.id}> may play again.")

    @app_commands.command(name="list", description="List who may not play here.")
    async def list_all(self, interaction: Interaction) -> None:
        need_admin(interaction)
        now = datetime.now(UTC)
        bans = await interaction.client.services.administration.bans(interaction.guild_id or 0)
        lines = [_line(ban) for ban in bans if ban.until is None or ban.until > now]
        await tell(interaction, "\n".join(lines) or "Nobody is kept out here.")


async def _empty_seats(interaction: Interaction, user: int) -> int:
    """Free a member's seats in lobbies, and give those in matches to house bots; count these."""
    client, left = interaction.client, 0
    for lobby in await client.services.lobbies.lobbies(
        LobbyState.OPEN, LobbyState.STARTED, guild=interaction.guild_id or 0
    ):
        if lobby.state is LobbyState.OPEN:
            if lobby.seat_of(user):
                await client.lobbies.change(lobby.lobby_id, lambda one: one.leave(user))
            continue
        table = await client.services.arena.wake(lobby.lobby_id)
        seat = seat_of(table, user)
        if seat and not table.over and table.players[seat] == f"person:{user}":
            await table.leave(seat)
            client.services.arena.play(table)
            left += 1
    return left


def _line(ban: Ban) -> str:
    until = f" until {discord.utils.format_dt(ban.until, 'f')}" if ban.until else ""
    return f"<@{ban.user}>{until}" + (f" ({plain(ban.reason)})" if ban.reason else "")
