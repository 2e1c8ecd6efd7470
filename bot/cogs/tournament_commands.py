"""/tournament: members, models, characters and house bots play for a place."""

import secrets
from collections.abc import Sequence

import discord
from discord import app_commands

from bot.arena.arena import new_id
from bot.arena.tournaments import Tournament, TournamentState
from bot.cogs.controls import Pressed
from bot.cogs.interactions import Interaction
from bot.cogs.lobby_controls import with_options
from bot.cogs.player_specs import name_of_spec, player_spec
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import is_admin, need_creation, need_place, need_welcome
from bot.cogs.speech import plain
from bot.cogs.tournament_shown import tournament_text
from bot.cogs.which import CHOICES, channel_of, default, games, pairs, suggested_options
from bot.errors import ShownToUser
from games.core import Either, Text
from tournaments import Format, sizes_of

FORMATS = [
    app_commands.Choice(name=str(one), value=str(one)) for one in Format if one is not Format.BATCH
]
_Games = app_commands.Range[int, 1, 20]
_Rounds = app_commands.Range[int, 0, 16]
_Seats = app_commands.Range[int, 0, 20]
_Minutes = app_commands.Range[int, 1, 10_080]


async def tournaments(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the tournaments of this server that are not over, and the last that are."""
    found = await interaction.client.services.tournaments.tournaments(
        *TournamentState, guild=interaction.guild_id or 0, limit=CHOICES
    )
    return [
        app_commands.Choice(name=f"{one.game.name} · {one.tournament_id}", value=one.tournament_id)
        for one in found
        if typed.casefold() in f"{one.game.name} {one.tournament_id}"
    ]


@app_commands.guild_only()
class TournamentCommands(app_commands.Group):
    """Play for a place, round by round."""

    def __init__(self) -> None:
        super().__init__(name="tournament", description="Play for a place, round by round.")

    @app_commands.command(description="Open a tournament in this channel; members join it.")
    @app_commands.describe(
        game="What to play.",
        format="Who meets whom.",
        players="Who plays beside members, such as: house:hard, model:NAME, character:NAME",
        games="Games of each meeting, with the seats changed.",
        rounds="Of a Swiss tournament; 0 for as many as find a winner.",
        seats="Players of a meeting; 0 for as few as the game needs.",
        minutes="How long a member may think before a house bot plays on.",
        options="Such as: target=3, rounds=2",
    )
    @app_commands.autocomplete(game=games, options=suggested_options)
    @app_commands.choices(format=FORMATS)
    async def create(
        self,
        interaction: Interaction,
        game: str,
        format: str = Format.ROUND_ROBIN,  # noqa: A002 -- members read it
        players: str = "",
        games: _Games = 1,
        rounds: _Rounds = 0,
        seats: _Seats = 0,
        minutes: _Minutes = 10,
        options: str = "",
    ) -> None:
        client = interaction.client
        await need_welcome(interaction, client.services.administration)
        names = client.services.shelf.games
        kind = names.get(game.strip().casefold())
        if kind is None:
            told = "There is no game of that name; choose one of {games}."
            raise ShownToUser(Text(told, games=Either(names)))
        played = with_options(default(kind), pairs(options, kind))
        most = max(sizes_of(played), default=1)
        if not max(seats, 2) <= most:
            told = "{game} has {seats} seats at most, so no more can meet."
            raise ShownToUser(Text(told, game=kind.name, seats=most))
        if rounds and format != Format.SWISS:
            raise ShownToUser("Only a Swiss tournament has a number of rounds to choose.")
        settings = await client.settings_of(interaction.guild_id or 0)
        need_creation(interaction, settings, kind.name)
        need_place(interaction, settings)
        new = Tournament(
            new_id(),
            interaction.guild_id or 0,
            channel_of(interaction),
            interaction.user.id,
            f"i:{interaction.id}",
            discord.utils.utcnow(),
            played,
            Format(format),
            games,
            rounds,
            seats,
            minutes,
            secrets.randbits(32),
        )
        for part in filter(str.strip, players.split(",")):
            spec = await player_spec(interaction, part)
            new = new.enter(spec, await name_of_spec(interaction, spec))
        await interaction.response.defer(ephemeral=True, thinking=True)
        new = await client.tournaments.keep_new(new)
        told = "The tournament is open as `{tournament}`; join it with its button, and start it."
        await tell(interaction, Text(told, tournament=new.tournament_id))

    @app_commands.command(description="Let a house bot, model or character enter a tournament.")
    @app_commands.describe(player="house:easy, house:hard, model:NAME or character:NAME.")
    @app_commands.autocomplete(tournament=tournaments)
    async def add(
        self, interaction: Interaction, player: str, tournament: str | None = None
    ) -> None:
        found = await which(interaction, tournament)
        need_host(interaction, found)
        spec = await player_spec(interaction, player)
        name = await name_of_spec(interaction, spec)
        await interaction.client.tournaments.change(
            found.tournament_id, lambda one: one.enter(spec, name)
        )
        await tell(interaction, Text("{name} enters the tournament.", name=plain(name)))

    @app_commands.command(description="Take somebody out of a tournament that has not begun.")
    @app_commands.describe(name="What it is called in the list.")
    @app_commands.autocomplete(tournament=tournaments)
    async def remove(
        self, interaction: Interaction, name: str, tournament: str | None = None
    ) -> None:
        found = await which(interaction, tournament)
        need_host(interaction, found)
        await interaction.client.tournaments.change(
            found.tournament_id, lambda one: one.remove(name)
        )
        await tell(interaction, Text("{name} plays no more.", name=plain(name)))

    @app_commands.command(description="Begin a tournament; or try again to begin its next games.")
    @app_commands.autocomplete(tournament=tournaments)
    async def start(self, interaction: Interaction, tournament: str | None = None) -> None:
        await begin(interaction, await which(interaction, tournament))

    @app_commands.command(description="Show how a tournament stands.")
    @app_commands.autocomplete(tournament=tournaments)
    async def status(self, interaction: Interaction, tournament: str | None = None) -> None:
        found = await which(interaction, tournament)
        going = await interaction.client.tournaments.threads_of(found)
        await tell(interaction, tournament_text(found, going, "", language_of(interaction)))

    @app_commands.command(description="Stop a tournament; its games under way do not count.")
    @app_commands.autocomplete(tournament=tournaments)
    async def stop(self, interaction: Interaction, tournament: str | None = None) -> None:
        await end(interaction, await which(interaction, tournament))


async def pressed(interaction: Interaction, control: Pressed) -> None:
    """Do what a button of a tournament's message says."""
    found = await which(interaction, control.match_id)
    host, user = interaction.client.tournaments, interaction.user
    match control.rest[0] if control.rest else "":
        case "join":
            name = user.display_name
            await host.change(found.tournament_id, lambda one: one.enter(f"person:{user.id}", name))
            await tell(interaction, "You play in this tournament. I call you when it is your turn.")
        case "leave":
            await host.change(found.tournament_id, lambda one: one.leave(user.id))
            await tell(interaction, "You have left the tournament.")
        case "start":
            await begin(interaction, found)
        case "stop":
            await end(interaction, found)
        case "rules":
            rules = language_of(interaction).say(found.game.without_hidden().rules())
            await tell(interaction, plain(rules))
        case _:
            raise ShownToUser("That control is not known any more.")


async def begin(interaction: Interaction, found: Tournament) -> None:
    """Begin a tournament."""
    need_host(interaction, found)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.client.tournaments.start(found.tournament_id)
    await tell(interaction, "The tournament goes on; its games are listed in its message.")


async def end(interaction: Interaction, found: Tournament) -> None:
    """Stop a tournament."""
    need_host(interaction, found)
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.client.tournaments.stop(found.tournament_id)
    await tell(interaction, "The tournament is stopped.")


async def which(interaction: Interaction, tournament: str | None) -> Tournament:
    """Return the tournament that is meant: the named one, or the newest of this channel.

    Raises ShownToUser where there is none, or it is another server's.
    """
    await need_welcome(interaction, interaction.client.services.administration)
    if tournament:
        found = await interaction.client.tournaments.tournament(tournament.strip().casefold())
        if found.guild != interaction.guild_id:
            raise ShownToUser("That tournament is not played in this server.")
        return found
    for one in await _newest(interaction):
        if one.channel == channel_of(interaction):
            return one
    raise ShownToUser("There is no tournament in this channel; /tournament create opens one.")


def need_host(interaction: Interaction, found: Tournament) -> None:
    """Refuse everybody but who created a tournament, and admins.  Raises ShownToUser."""
    if interaction.user.id != found.creator and not is_admin(interaction):
        raise ShownToUser("Only whoever created this tournament, or an admin, can do that.")


async def _newest(interaction: Interaction) -> Sequence[Tournament]:
    return await interaction.client.services.tournaments.tournaments(
        *TournamentState, guild=interaction.guild_id or 0, limit=100
    )
