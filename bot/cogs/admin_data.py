"""/admin data: all that is kept about a server, as a file, and its deletion."""

from discord import app_commands

from bot.cogs.controls import Pressed, cut
from bot.cogs.files import json_file
from bot.cogs.forgetting import forget_prompts
from bot.cogs.forms import form, line, typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_admin
from bot.errors import ShownToUser


class DataCommands(app_commands.Group):
    """What is kept about this server."""

    def __init__(self) -> None:
        super().__init__(name="data", description="What is kept about this server.")

    @app_commands.command(description="Get all that is kept about this server, as a file.")
    async def export(self, interaction: Interaction) -> None:
        need_admin(interaction)
        guild = interaction.guild_id or 0
        await interaction.response.defer(ephemeral=True, thinking=True)
        kept = await interaction.client.services.privacy.export_of_guild(guild)
        sentence = "All that is kept about this server, without keys and what members have said."
        await tell(interaction, sentence, file=await json_file(f"server-{guild}.json", kept))

    @app_commands.command(description="Delete all that is kept about this server.")
    async def delete(self, interaction: Interaction) -> None:
        need_admin(interaction)
        name = name_here(interaction)
        told = f"Settings, models, characters, memories and matches go. Type: {name}"
        field = line("name", "The server's name", told, required=True, example=name, most=100)
        await interaction.response.send_modal(
            form("Delete everything", Pressed("data", "delete"), [field])
        )


async def confirmed(interaction: Interaction, _: Pressed) -> None:
    """Delete everything, if the server's name was typed."""
    need_admin(interaction)
    if words(typed_in(interaction).get("name", "")) != words(name_here(interaction)):
        raise ShownToUser("That is not the server's name, so nothing was deleted.")
    client, guild = interaction.client, interaction.guild_id or 0
    await interaction.response.defer(ephemeral=True, thinking=True)
    kept = await client.services.privacy.export_of_guild(guild)
    matches = await client.services.privacy.delete_of_guild(guild, interaction.user.id)
    for match in kept["matches"]:
        await client.services.arena.rest(match["match"])
    await client.settings_changed(guild)
    await client.services.models.reload()
    forget_prompts(client)
    for row in kept["characters"]:
        await client.portraits.remove(guild, row["character"])
    deleted = "1 match" if matches == 1 else f"{matches} matches"
    memories = "1 memory" if kept["memories"] == 1 else f"{kept['memories']:,} memories"
    await tell(
        interaction,
        f"Settings, models, budgets, bans, {len(kept['characters'])} characters, {memories} and "
        f"{deleted} are deleted. What stands in the channels stays there; you can delete it as "
        "any message. The audit log stays, too.",
    )


def name_here(interaction: Interaction) -> str:
    """Return the server's name.  Raises ShownToUser while Discord has not told it."""
    if interaction.guild is None or not interaction.guild.name:
        raise ShownToUser("I do not see this server just now; try again in a minute.")
    return cut(interaction.guild.name, 100)


def words(text: str) -> str:
    """Return a name for comparison: its spaces and capitals do not count."""
    return " ".join(text.split()).casefold()
