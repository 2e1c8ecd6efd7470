"""/arena: create, join and steer matches.  And /move, for answers no control has room for."""

import asyncio
import io
from typing import Any

import discord
from discord import app_commands

from bot.arena.events import is_person
from bot.arena.lobbies import Lobby, LobbyState, Place
from bot.arena.transcript import FORMATS, export
from bot.cogs.controls import Pressed, cut
from bot.cogs.interactions import Interaction
from bot.cogs.lobby_controls import LobbyControls, with_options
from bot.cogs.player_specs import player_spec
from bot.cogs.replies import language_of, tell
from bot.cogs.rights import (
    need_creation,
    need_host,
    need_place,
    need_welcome,
)
from bot.cogs.speech import plain
from bot.cogs.table_host import seat_of
from bot.cogs.which import (
    CHOICES,
    channel_of,
    default,
    games,
    lobbies,
    named,
    own_seat,
    pairs,
    seat_called,
    seats,
    suggested_options,
    viewer_of,
    which,
)
from bot.errors import ShownToUser
from bot.languages import shown_choice
from games.core import Either, Seat, Text

GOES_NOT_ON = "That match does not go on; /arena history lists what was played."


@app_commands.guild_only()
class ArenaCommands(app_commands.Group):
    """Create, join and steer matches."""

    def __init__(self) -> None:
        super().__init__(name="arena", description="Create, join and steer matches.")

    @app_commands.command(description="Open a lobby for a game in this channel.")
    @app_commands.describe(game="What to play.", options="Such as: target=3, rounds=2")
    @app_commands.autocomplete(game=games, options=suggested_options)
    async def create(self, interaction: Interaction, game: str, options: str = "") -> None:
        client = interaction.client
        await need_welcome(interaction, client.services.administration)
        names = client.services.shelf.games
        kind = names.get(game.strip().casefold())
        if kind is None:
            told = "There is no game of that name; choose one of {games}."
            raise ShownToUser(Text(told, games=Either(names)))
        settings = await client.settings_of(interaction.guild_id or 0)
        need_creation(interaction, settings, kind.name)
        need_place(interaction, settings)
        with_given = with_options(default(kind), pairs(options, kind))
        place = Place(interaction.guild_id or 0, channel_of(interaction))
        await interaction.response.defer(ephemeral=True, thinking=True)
        lobby = await client.lobbies.create(
            place, with_given, interaction.user, f"i:{interaction.id}"
        )
        told = "The lobby is open as `{lobby}`; you sit in the first seat."
        await tell(interaction, Text(told, lobby=lobby.lobby_id))

    @app_commands.command(description="Take a seat in a lobby.")
    @app_commands.autocomplete(match=lobbies)
    async def join(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        await controls(interaction).press(interaction, Pressed("l", lobby.lobby_id, ("join",)))

    @app_commands.command(description="Leave a lobby; in a match a house bot plays on for you.")
    @app_commands.autocomplete(match=lobbies)
    async def leave(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        if lobby.state is LobbyState.OPEN:
            await controls(interaction).press(interaction, Pressed("l", lobby.lobby_id, ("leave",)))
            return
        told = "You have left; your next answer takes it back."
        await self._give_up(interaction, lobby, told)

    @app_commands.command(
        description="Give up your seat in a match for good; a house bot plays on."
    )
    @app_commands.autocomplete(match=lobbies)
    async def resign(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        table = await self._table(interaction, lobby)
        seat = own_seat(table, interaction)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.resign(seat)
        interaction.client.services.arena.play(table)
        await tell(interaction, "You have resigned; a house bot plays your seat to the end.")

    @app_commands.command(description="Show how a lobby or match stands.")
    @app_commands.autocomplete(match=lobbies)
    async def status(self, interaction: Interaction, match: str | None = None) -> None:
        from bot.cogs.lobby_host import lobby_text
        from bot.cogs.table_host import table_text

        lobby = await which(interaction, match)
        language = language_of(interaction)
        if lobby.state in (LobbyState.OPEN, LobbyState.CANCELLED):
            await tell(interaction, lobby_text(lobby, language))
            return
        table = await interaction.client.services.arena.wake(lobby.lobby_id)
        due = await interaction.client.services.store.due_of(lobby.lobby_id)
        board = table.match.board()
        drawn = f"```\n{str(language.board(board))[:1200]}\n```" if board else ""
        cost = await interaction.client.services.accounts.cost_of_match(lobby.lobby_id)
        text = table_text(table, due, drawn, cost, language)
        await tell(interaction, f"{text}\n<#{lobby.place.thread}>")

    @app_commands.command(description="Pause a match; nobody is asked anything.")
    @app_commands.autocomplete(match=lobbies)
    async def pause(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        table = await self._table(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.pause(Text("{who} asked for it.", who=named(table, lobby, interaction)))
        await tell(interaction, "The match is paused; /arena resume goes on.")

    @app_commands.command(description="Go on with a paused match.")
    @app_commands.autocomplete(match=lobbies)
    async def resume(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        table = await self._table(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.resume()
        interaction.client.services.arena.outbox.reopen(table.setup.room)
        interaction.client.services.arena.play(table)
        await tell(interaction, "The match goes on.")

    @app_commands.command(description="Take a match to a new thread in this channel.")
    @app_commands.autocomplete(match=lobbies)
    async def move(self, interaction: Interaction, match: str) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        settings = await interaction.client.settings_of(lobby.place.guild)
        need_place(interaction, settings)
        table = await self._table(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        moved = await interaction.client.lobbies.move(lobby, channel_of(interaction))
        await table.resume()
        interaction.client.services.arena.outbox.reopen(table.setup.room)
        interaction.client.services.arena.play(table)
        thread = f"<#{moved.place.thread}>"
        await tell(interaction, Text("The match goes on in {thread}.", thread=thread))

    @app_commands.command(description="Take a member's seat away; a house bot plays on.")
    @app_commands.autocomplete(match=lobbies, seat=seats)
    async def kick(self, interaction: Interaction, seat: str, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        if lobby.state is LobbyState.OPEN:
            await interaction.client.lobbies.change(lobby.lobby_id, lambda one: one.remove(seat))
        else:
            table = await self._table(interaction, lobby)
            seat = seat_called(lobby, seat)
            await table.resign(Seat(seat))
            interaction.client.services.arena.play(table)
        await tell(interaction, Text("{seat} does not play any more.", seat=plain(seat)))

    @app_commands.command(description="Put somebody else in a seat.")
    @app_commands.describe(
        player="house:easy, house:medium, house:hard, model:NAME or character:NAME"
    )
    @app_commands.autocomplete(match=lobbies, seat=seats)
    async def replace(
        self,
        interaction: Interaction,
        seat: str,
        player: str = "",
        member: discord.Member | None = None,
        match: str | None = None,
    ) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        table = await self._table(interaction, lobby)
        spec = await self._spec(interaction, player, member)
        if member is not None and seat_of(table, member.id):
            told = "{name} sits at this table already."
            raise ShownToUser(Text(told, name=plain(member.display_name)))
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.reseat(seat_called(lobby, seat), spec)
        interaction.client.services.arena.play(table)
        told = "{seat} is played by somebody else from now on."
        await tell(interaction, Text(told, seat=plain(seat)))

    @app_commands.command(description="Set the options of a lobby.")
    @app_commands.autocomplete(match=lobbies)
    async def settings(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        await controls(interaction).offer_options(interaction, lobby, ())

    @app_commands.command(description="List the last matches of this server.")
    async def history(self, interaction: Interaction) -> None:
        from bot.cogs.history import history_text

        await interaction.response.defer(ephemeral=True, thinking=True)
        await tell(interaction, await history_text(interaction))

    @app_commands.command(description="Get the record of a match as a file.")
    @app_commands.describe(view="Everything is shown only when the match is over.")
    @app_commands.choices(
        kind=[app_commands.Choice(name=kind, value=kind) for kind in FORMATS],
        view=[app_commands.Choice(name=name, value=name) for name in ("public", "my seat", "full")],
    )
    @app_commands.autocomplete(match=lobbies)
    async def export(
        self,
        interaction: Interaction,
        match: str | None = None,
        kind: str = "html",
        view: str = "public",
    ) -> None:
        lobby = await which(interaction, match)
        lobby.need_begun()
        table = await interaction.client.services.arena.wake(lobby.lobby_id)
        viewer = viewer_of(interaction, lobby, table, view)
        await interaction.response.defer(ephemeral=True, thinking=True)
        stored = await interaction.client.services.store.load(lobby.lobby_id)
        text = await asyncio.to_thread(export, stored, viewer, kind)
        file = discord.File(io.BytesIO(text.encode()), f"{lobby.lobby_id}.{kind}")
        await tell(interaction, "Here is the record.", file=file)

    @app_commands.command(description="End a match without a result, or cancel a lobby.")
    @app_commands.autocomplete(match=lobbies)
    async def end(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        if lobby.state is LobbyState.OPEN:
            await interaction.client.lobbies.change(lobby.lobby_id, Lobby.cancel)
            await tell(interaction, "The lobby is cancelled.")
            return
        table = await self._table(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.abort(Text("{who} has ended it.", who=named(table, lobby, interaction)))
        await tell(interaction, "The match has ended without a result.")

    @app_commands.command(description="Open a lobby with the same players, each one seat on.")
    @app_commands.autocomplete(match=lobbies)
    async def rematch(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        await controls(interaction).rematch(interaction, Pressed("rematch", lobby.lobby_id))

    @app_commands.command(description="Choose whether you are pinged when it is your turn.")
    async def pings(self, interaction: Interaction, on: bool) -> None:  # noqa: FBT001
        await interaction.client.set_muted(interaction.user.id, muted=not on)
        await tell(interaction, "I ping you when it is your turn." if on else "No more pings.")

    async def _give_up(self, interaction: Interaction, lobby: Lobby, sentence: str) -> None:
        table = await self._table(interaction, lobby)
        seat = own_seat(table, interaction)
        if table.players[seat] != f"person:{interaction.user.id}":
            raise ShownToUser("You have left already; your next answer takes the seat back.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.leave(seat)
        interaction.client.services.arena.play(table)
        await tell(interaction, sentence)

    async def _table(self, interaction: Interaction, lobby: Lobby) -> Any:
        lobby.need_begun()
        if lobby.state is not LobbyState.STARTED:
            raise ShownToUser(GOES_NOT_ON)
        table = await interaction.client.services.arena.wake(lobby.lobby_id)
        if table.over:
            raise ShownToUser(GOES_NOT_ON)
        return table

    async def _spec(
        self, interaction: Interaction, player: str, member: discord.Member | None
    ) -> str:
        if member is not None and not player:
            if member.bot:
                raise ShownToUser("A bot cannot sit at the table; seat a house bot or a model.")
            return f"person:{member.id}"
        if member is not None or not player or is_person(player):
            raise ShownToUser("Say either player or member.")
        return await player_spec(interaction, player)


@app_commands.command(description="Answer in your match in words, where no button fits.")
@app_commands.guild_only()
@app_commands.describe(answer="What you say or do.")
async def move(interaction: Interaction, answer: str, match: str | None = None) -> None:
    """Answer in words."""
    lobby = await which(interaction, match)
    await interaction.client.answers.move(interaction, lobby.lobby_id, answer)


@move.autocomplete("answer")
async def _answers(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the options of a question that everybody may see; never those of a secret one."""
    try:
        lobby = await which(interaction, getattr(interaction.namespace, "match", None))
        table = await interaction.client.services.arena.wake(lobby.lobby_id)
    except ShownToUser:
        return []
    seat = seat_of(table, interaction.user.id)
    ask = table.match.asks.get(seat) if seat else None
    if ask is None or not ask.public:
        return []
    language = language_of(interaction)
    return [
        app_commands.Choice(name=cut(label, 100), value=cut(choice, 100))
        for choice in ask.choices
        if typed.casefold() in (label := shown_choice(language, choice)).casefold()
    ][:CHOICES]


def controls(interaction: Interaction) -> LobbyControls:
    """Return what the buttons do, for commands that do the same."""
    return interaction.client.lobby_controls
