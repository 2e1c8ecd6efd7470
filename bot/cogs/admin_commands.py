"""/admin: what a server decides about itself; for members who may manage it."""

from discord import app_commands

from bot.cogs import admin_audit, admin_setup
from bot.cogs.admin_bans import BanCommands
from bot.cogs.admin_budget import BudgetCommands
from bot.cogs.admin_data import DataCommands
from bot.cogs.admin_models import ModelCommands
from bot.cogs.interactions import Interaction


@app_commands.guild_only()
@app_commands.default_permissions(manage_guild=True)
class AdminCommands(app_commands.Group):
    """What a server decides about itself."""

    def __init__(self) -> None:
        super().__init__(name="admin", description="Set me up for this server.")
        for group in (ModelCommands(), BudgetCommands(), BanCommands(), DataCommands()):
            self.add_command(group)

    @app_commands.command(description="Choose channels, games, the default model, and more.")
    async def setup(self, interaction: Interaction) -> None:
        await admin_setup.show(interaction)

    @app_commands.command(description="See who has changed what.")
    async def audit(self, interaction: Interaction) -> None:
        await admin_audit.show(interaction)
