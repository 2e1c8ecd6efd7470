"""/character: who can be summoned in a server, and cards in and out."""

import io
from typing import Final

import discord
from discord import app_commands

from bot.cast import Cast, Member, read_card_file
from bot.cogs import character_forms
from bot.cogs.character_pages import names, own_names, show, show_list
from bot.cogs.character_rights import need_author, need_change, need_fitting_channel
from bot.cogs.character_why import explain
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import plain
from bot.errors import ShownToUser
from characters.card_files import LARGEST_FILE, Format

FORMATS: Final = {
    Format.PNG: "A picture with the card in it (V3 and V2)",
    Format.JSON: "JSON, as it was imported",
    Format.CHARX: "CHARX, with all its pictures",
    Format.V2: "JSON for older programs (V2)",
    Format.V1: "JSON for the oldest programs (V1)",
}


@app_commands.guild_only()
class CharacterCommands(app_commands.Group):
    """Who can be summoned here."""

    def __init__(self) -> None:
        super().__init__(name="character", description="Who can be summoned here.")

    @app_commands.command(name="list", description="List the characters that can be summoned here.")
    async def list_all(self, interaction: Interaction) -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        await show_list(interaction)

    @app_commands.command(description="See all about a character.")
    @app_commands.describe(name="Whom.")
    @app_commands.autocomplete(name=names)
    async def info(self, interaction: Interaction, name: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await show(interaction, await _shown(interaction, name))

    @app_commands.command(
        name="import", description="Bring a character: a JSON, PNG or CHARX card."
    )
    @app_commands.describe(file="A Character Card of version 1, 2 or 3, of up to 8 MiB.")
    async def take_in(self, interaction: Interaction, file: discord.Attachment) -> None:
        await need_author(interaction)
        if file.size > LARGEST_FILE:
            raise ShownToUser(
                f"That file has {file.size:,} bytes, and {LARGEST_FILE:,} is the most: make its "
                "pictures smaller."
            )
        await interaction.response.defer(ephemeral=True, thinking=True)
        card_file = read_card_file(await file.read())
        need_fitting_channel(interaction, card_file.card)
        cast, guild = interaction.client.services.cast, interaction.guild_id or 0
        source = f"file {file.filename}"
        member = await cast.keep(guild, card_file, interaction.user.id, source)
        await show(interaction, member, "Here is a new character.")

    @app_commands.command(name="export", description="Get a character as a file.")
    @app_commands.describe(name="Whom.", format="A picture with the card in it, unless you choose.")
    @app_commands.choices(
        format=[app_commands.Choice(name=words, value=kind) for kind, words in FORMATS.items()]
    )
    @app_commands.autocomplete(name=names)
    async def hand_out(
        self,
        interaction: Interaction,
        name: str,
        format: str = Format.PNG,  # noqa: A002 -- members read it
    ) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        member, wanted = await _shown(interaction, name), Format(format)
        data = await _cast(interaction).export(interaction.guild_id or 0, member, wanted)
        file = discord.File(io.BytesIO(data), f"{member.character}{wanted.ending}")
        await tell(interaction, f"The card of {plain(member.card.called)}.", file=file)

    @app_commands.command(description="Write a new character in a form.")
    async def create(self, interaction: Interaction) -> None:
        await need_author(interaction)
        await interaction.response.send_modal(character_forms.new_form())

    @app_commands.command(description="Change what a character of this server says and is.")
    @app_commands.describe(name="Whom; those that come with me can be copied first.")
    @app_commands.autocomplete(name=own_names)
    async def edit(self, interaction: Interaction, name: str) -> None:
        member = await _shown(interaction, name)
        await need_change(interaction, member)
        await character_forms.show_parts(interaction, member)

    @app_commands.command(description="Remove a character of this server, for good.")
    @app_commands.describe(name="Whom.")
    @app_commands.autocomplete(name=own_names)
    async def remove(self, interaction: Interaction, name: str) -> None:
        member = await _cast(interaction).find(interaction.guild_id or 0, name)
        await need_change(interaction, member)
        await character_forms.ask_to_remove(interaction, member)

    @app_commands.command(description="See which lore went into a character's last answer here.")
    @app_commands.describe(name="Whose; without it, of whoever spoke last.")
    @app_commands.autocomplete(name=names)
    async def why(self, interaction: Interaction, name: str = "") -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await explain(interaction, name)


def _cast(interaction: Interaction) -> Cast:
    return interaction.client.services.cast


async def _shown(interaction: Interaction, name: str) -> Member:
    """Return a character that may be shown here.  Raises ShownToUser."""
    await need_welcome(interaction, interaction.client.services.administration)
    member = await _cast(interaction).find(interaction.guild_id or 0, name)
    need_fitting_channel(interaction, member.card)
    return member
