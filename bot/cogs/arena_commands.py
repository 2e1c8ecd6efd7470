"""/arena: create, join and steer matches.  And /move, for answers no control has room for."""

import asyncio
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.arena.events import is_person
from bot.arena.lobbies import Lobby, LobbyState, Place
from bot.arena.transcript import FORMATS, export
from bot.cogs.controls import Pressed, cut
from bot.cogs.lobby_controls import LobbyControls, with_options
from bot.cogs.replies import tell
from bot.cogs.rights import (
    is_host,
    need_creation,
    need_here,
    need_host,
    need_place,
    need_welcome,
)
from bot.cogs.speech import plain
from bot.cogs.table_host import seat_of
from bot.errors import ShownToUser
from games import GAMES
from games.core import Game, Seat, Text

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

    Interaction = discord.Interaction[ParlourClient]
else:
    Interaction = discord.Interaction

GOES_NOT_ON = "That match does not go on; /arena history lists what was played."
CHOICES = 25
"""Suggestions that Discord shows."""


async def games(_: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest games by what was typed."""
    return [
        app_commands.Choice(name=name, value=name) for name in GAMES if typed.casefold() in name
    ][:CHOICES]


async def lobbies(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the matches and lobbies of this server."""
    found = await interaction.client.services.lobbies.lobbies(
        LobbyState.OPEN, LobbyState.STARTED, guild=interaction.guild_id or 0, limit=100
    )
    return [
        app_commands.Choice(name=f"{lobby.game.name} · {lobby.lobby_id}", value=lobby.lobby_id)
        for lobby in found
        if typed.casefold() in f"{lobby.game.name} {lobby.lobby_id}"
    ][:CHOICES]


async def seats(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the seats of the match that is meant."""
    try:
        lobby = await which(interaction, getattr(interaction.namespace, "match", None))
    except ShownToUser:
        return []
    return [
        app_commands.Choice(name=cut(seat, 100), value=str(seat))
        for seat in lobby.seats
        if typed.casefold() in seat.casefold()
    ][:CHOICES]


async def which(interaction: Interaction, match: str | None) -> Lobby:
    """Return the lobby that a command means: the named one, or the one of this thread or channel.

    Raises ShownToUser where there is none, or it is another server's.
    """
    services = interaction.client.services
    await need_welcome(interaction, services.administration)
    if match:
        lobby = await interaction.client.lobbies.lobby(match.strip().casefold())
        need_here(interaction, lobby)
        return lobby
    here = interaction.channel_id or 0
    if lobby_here := await services.lobbies.lobby_in(here):
        return lobby_here
    states = (LobbyState.OPEN, LobbyState.STARTED)
    for lobby in await services.lobbies.lobbies(*states, guild=interaction.guild_id or 0):
        if lobby.place.channel == here:
            return lobby
    raise ShownToUser("Say which match is meant, or give the command in its thread.")


@app_commands.guild_only()
class ArenaCommands(app_commands.Group):
    """Create, join and steer matches."""

    def __init__(self) -> None:
        super().__init__(name="arena", description="Create, join and steer matches.")

    @app_commands.command(description="Open a lobby for a game in this channel.")
    @app_commands.describe(game="What to play.", options="Such as: target=3, rounds=2")
    @app_commands.autocomplete(game=games)
    async def create(self, interaction: Interaction, game: str, options: str = "") -> None:
        client = interaction.client
        await need_welcome(interaction, client.services.administration)
        kind = GAMES.get(game.strip().casefold())
        if kind is None:
            raise ShownToUser(f"There is no game of that name; choose one of {', '.join(GAMES)}.")
        settings = await client.settings_of(interaction.guild_id or 0)
        need_creation(interaction, settings, kind.name)
        need_place(interaction, settings)
        with_given = with_options(default(kind), pairs(options, kind))
        place = Place(interaction.guild_id or 0, channel_of(interaction))
        await interaction.response.defer(ephemeral=True, thinking=True)
        lobby = await client.lobbies.create(
            place, with_given, interaction.user, f"i:{interaction.id}"
        )
        await tell(
            interaction, f"The lobby is open as `{lobby.lobby_id}`; you sit in the first seat."
        )

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
        await self._give_up(interaction, lobby, "You have left; your next answer takes it back.")

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
        if lobby.state in (LobbyState.OPEN, LobbyState.CANCELLED):
            await tell(interaction, lobby_text(lobby))
            return
        table = await interaction.client.services.arena.wake(lobby.lobby_id)
        due = await interaction.client.services.store.due_of(lobby.lobby_id)
        board = f"```\n{str(table.match.board() or '')[:1200]}\n```" if table.match.board() else ""
        await tell(interaction, f"{table_text(table, due, board)}\n<#{lobby.place.thread}>")

    @app_commands.command(description="Pause a match; nobody is asked anything.")
    @app_commands.autocomplete(match=lobbies)
    async def pause(self, interaction: Interaction, match: str | None = None) -> None:
        lobby = await which(interaction, match)
        need_host(interaction, lobby)
        table = await self._table(interaction, lobby)
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.pause(Text("{who} asked for it.", who=named(table, interaction)))
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
        await tell(interaction, f"The match goes on in <#{moved.place.thread}>.")

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
        await tell(interaction, f"{plain(seat)} does not play any more.")

    @app_commands.command(description="Put somebody else in a seat.")
    @app_commands.describe(player="house:easy, house:medium, house:hard or model:NAME")
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
        spec = await self._spec(interaction, lobby, player, member)
        if member is not None and seat_of(table, member.id):
            raise ShownToUser(f"{plain(member.display_name)} sits at this table already.")
        await interaction.response.defer(ephemeral=True, thinking=True)
        await table.reseat(seat_called(lobby, seat), spec)
        interaction.client.services.arena.play(table)
        await tell(interaction, f"{plain(seat)} is played by somebody else from now on.")

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
        await table.abort(Text("{who} has ended it.", who=named(table, interaction)))
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
        self, interaction: Interaction, lobby: Lobby, player: str, member: discord.Member | None
    ) -> str:
        if member is not None and not player:
            if member.bot:
                raise ShownToUser("A bot cannot sit at the table; seat a house bot or a model.")
            return f"person:{member.id}"
        if member is not None or not player or is_person(player):
            raise ShownToUser("Say either player or member.")
        kind, _, name = player.partition(":")
        names = await interaction.client.services.models.names(lobby.place.guild)
        if kind == "model" and name not in names:
            raise ShownToUser(f"There is no model of that name; there are {', '.join(names)}.")
        if kind not in ("model", "house"):
            raise ShownToUser("Say house:easy, house:medium, house:hard or model:NAME.")
        return player


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
    return [
        app_commands.Choice(name=cut(choice, 100), value=cut(choice, 100))
        for choice in ask.choices
        if typed.casefold() in choice.casefold()
    ][:CHOICES]


def controls(interaction: Interaction) -> LobbyControls:
    """Return what the buttons do, for commands that do the same."""
    return interaction.client.lobby_controls


def channel_of(interaction: Interaction) -> int:
    """Return the channel of an interaction; for a thread, the channel it belongs to."""
    channel = interaction.channel
    return getattr(channel, "parent_id", None) or interaction.channel_id or 0


def named(table: Any, interaction: Interaction) -> str:
    """Return what somebody is called: a seat where there is one, as it can be renamed later."""
    return seat_of(table, interaction.user.id) or interaction.user.display_name


def own_seat(table: Any, interaction: Interaction) -> Seat:
    """Return where somebody sits.  Raises ShownToUser."""
    seat = seat_of(table, interaction.user.id)
    if seat is None:
        raise ShownToUser("You do not sit at this table.")
    return seat


def seat_called(lobby: Lobby, name: str) -> Seat:
    """Return a seat by its name, whatever its case.  Raises ShownToUser."""
    for seat in (*lobby.seats, *lobby.game.environment):
        if seat.casefold() == name.strip().casefold():
            return seat
    raise ShownToUser(f"Nobody of that name sits there; there are {', '.join(lobby.seats)}.")


def viewer_of(interaction: Interaction, lobby: Lobby, table: Any, view: str) -> str:
    """Return as whom somebody may see a record.  Raises ShownToUser."""
    if view == "my seat":
        return str(own_seat(table, interaction))
    if view == "full":
        if not table.over:
            raise ShownToUser("Everything is shown only when the match is over.")
        if not (is_host(interaction, lobby) or seat_of(table, interaction.user.id)):
            raise ShownToUser("Only who played, or an admin, sees everything.")
    return view


def default(kind: type[Game[Any, Any, Any]]) -> Game[Any, Any, Any]:
    """Return a game with its default options."""
    return kind()


def pairs(text: str, kind: type[Game[Any, Any, Any]]) -> dict[str, str]:
    """Return options typed as "target=3, rounds=2".  Raises ShownToUser."""
    from games.core.options import options_of

    known: Sequence[str] = [option.name for option in options_of(kind) if not option.hidden]
    found: dict[str, str] = {}
    for part in filter(str.strip, text.split(",")):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals and found:  # the next of several values
            last = next(reversed(found))
            found[last] += f", {name}"
            continue
        if not equals or name not in known:
            has = f"it has {', '.join(known)}" if known else "it has none"
            raise ShownToUser(f"Write options as name=value; {has}.")
        found[name] = value
    return found
