"""Players that are no people, as members write them: house bots, models and characters."""

from bot.cogs.interactions import Interaction
from bot.cogs.lobby_characters import character_spec
from bot.errors import ShownToUser
from games.core import Either, Text

HOUSE = ("house:easy", "house:medium", "house:hard")


async def player_spec(interaction: Interaction, text: str) -> str:
    """Return the player spec that a member means.  Raises ShownToUser."""
    text = text.strip()
    kind, _, name = text.partition(":")
    guild = interaction.guild_id or 0
    if kind == "character" and name:
        return await character_spec(interaction, guild, text)
    if kind == "model" and name:
        names = await interaction.client.services.models.names(guild)
        if not names:
            raise ShownToUser("No models are set up; an admin can add one with /admin model add.")
        if name not in names:
            told = "There is no model of that name; there are {names}."
            raise ShownToUser(Text(told, names=", ".join(names)))
        return text
    if kind == "house" and text not in HOUSE:
        told = "There is no house bot of that kind; say {kinds}."
        raise ShownToUser(Text(told, kinds=Either(HOUSE)))
    if kind != "house":
        raise ShownToUser("Say house:easy, house:medium, house:hard, model:NAME or character:NAME.")
    return text


async def name_of_spec(interaction: Interaction, spec: str) -> str:
    """Return what a player is called at a table."""
    kind, _, detail = spec.partition(":")
    if kind == "character":
        members = await interaction.client.services.cast.members(interaction.guild_id or 0)
        return members[detail.partition(":")[0]].card.called
    if kind == "model":
        return detail.split("/")[-1]
    return f"House {detail}"
