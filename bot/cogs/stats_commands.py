"""/stats: how members and models have played in a server."""

import asyncio
import io

import discord
from discord import app_commands

from bot.cogs.interactions import Interaction
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import need_welcome
from bot.cogs.speech import plain
from bot.cogs.stats_pages import (
    busiest,
    ladder_files,
    ladder_lines,
    model_lines,
    model_rows,
    own_lines,
)
from bot.cogs.which import rated_games, suggested_rated
from bot.errors import ShownToUser
from bot.rating_tables import POOLS, ratings_table
from bot.ratings import Pool, ladder
from games.core import Either, Text

MOST_NAMED = 40
CHOICES = [app_commands.Choice(name=str(pool), value=str(pool)) for pool in Pool]


@app_commands.guild_only()
class StatsCommands(app_commands.Group):
    """How members and models have played here."""

    def __init__(self) -> None:
        super().__init__(name="stats", description="How members and models have played here.")

    @app_commands.command(description="How you have played here.")
    async def me(self, interaction: Interaction) -> None:
        await _tell_of(interaction, interaction.user)

    @app_commands.command(description="How a member has played here.")
    async def player(self, interaction: Interaction, member: discord.Member) -> None:
        await _tell_of(interaction, member)

    @app_commands.command(description="Who plays a game best here.")
    @app_commands.describe(
        game="Which game.",
        pool="Matches among people, among models and house bots, or of both; else the most played.",
    )
    @app_commands.autocomplete(game=suggested_rated)
    @app_commands.choices(pool=CHOICES)
    async def game(self, interaction: Interaction, game: str, pool: str = "") -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        names = rated_games(interaction)
        known = {one.casefold(): one for one in names}
        if (name := known.get(game.strip().casefold())) is None:
            told = "There is no game of that name; choose one of {games}."
            raise ShownToUser(Text(told, games=Either(names[:MOST_NAMED])))
        await interaction.response.defer(ephemeral=True, thinking=True)
        lobbies = interaction.client.services.lobbies
        results = await lobbies.results(interaction.guild_id or 0, name)
        wanted = Pool(pool) if pool else busiest(results)
        found = await asyncio.to_thread(ladder, results, wanted)
        if not found.standings:
            told = "Nobody has won a rated match of {game} here yet ({pool})."
            raise ShownToUser(Text(told, game=name, pool=POOLS[wanted]))
        language = language_of(interaction)
        files = await asyncio.to_thread(ladder_files, name, found, language)
        told = "**{game}**, {pool}: the rating, and how far it may be off."
        head = language.say(Text(told, game=name, pool=POOLS[wanted]))
        await tell(interaction, f"{head}\n{ladder_lines(found, language)}", files=files)

    @app_commands.command(description="How models, characters and house bots have played here.")
    async def models(self, interaction: Interaction) -> None:
        await need_welcome(interaction, interaction.client.services.administration)
        await interaction.response.defer(ephemeral=True, thinking=True)
        results = await interaction.client.services.lobbies.results(interaction.guild_id or 0)
        rows = await asyncio.to_thread(model_rows, results)
        if not rows:
            raise ShownToUser("No model or house bot has played a rated match here yet.")
        file = discord.File(io.BytesIO(ratings_table(rows)), "models.csv")
        await tell(interaction, model_lines(rows, language_of(interaction)), file=file)


async def _tell_of(interaction: Interaction, member: discord.User | discord.Member) -> None:
    await need_welcome(interaction, interaction.client.services.administration)
    await interaction.response.defer(ephemeral=True, thinking=True)
    results = await interaction.client.services.lobbies.results(interaction.guild_id or 0)
    language = language_of(interaction)
    told = await asyncio.to_thread(own_lines, results, f"person:{member.id}", language)
    name = plain(member.display_name)
    if not told:
        raise ShownToUser(Text("{name} has played no rated match here yet.", name=name))
    await tell(interaction, f"**{name}**\n{told}")
