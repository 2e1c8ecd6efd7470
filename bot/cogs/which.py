"""What a command means: which match, seat, channel and options; and suggestions for each."""

from collections.abc import Sequence
from typing import Any

from discord import app_commands

from bot.arena.lobbies import Lobby, LobbyState, title_of
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.rights import is_host, need_here, need_welcome
from bot.cogs.table_host import seat_of
from bot.errors import ShownToUser
from games import FOREIGN
from games.core import Game, Seat, Text
from games.core.options import options_of

CHOICES = 25
"""Suggestions that Discord shows."""


async def games(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest games by what was typed."""
    names = interaction.client.services.shelf.games
    return [
        app_commands.Choice(name=name, value=name) for name in names if typed.casefold() in name
    ][:CHOICES]


def rated_games(interaction: Interaction) -> Sequence[str]:
    """Return the names under which matches are rated: in a library, each game has its own."""
    here = interaction.client.services.shelf.games
    own = [name for name in here if name not in FOREIGN]
    return [*own, *(f"{name} {env}" for name, kind in FOREIGN.items() for env in kind.envs())]


async def suggested_rated(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest games that have a ladder."""
    return [
        app_commands.Choice(name=name, value=name)
        for name in rated_games(interaction)
        if typed.casefold() in name.casefold()
    ][:CHOICES]


async def suggested_options(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest which game of another library is played, behind options that were typed already."""
    game = FOREIGN.get(str(getattr(interaction.namespace, "game", "")).strip().casefold())
    before, comma, last = typed.rpartition(",")
    wanted = last.strip().casefold().removeprefix("env=")
    envs = [env for env in game.envs() if wanted in env.casefold()] if game else []
    texts = [f"{before}{comma}{' ' if comma else ''}env={env}" for env in envs]
    fitting = [text for text in texts if len(text) <= 100]
    return [app_commands.Choice(name=text, value=text) for text in fitting[:CHOICES]]


async def lobbies(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    """Suggest the matches and lobbies of this server."""
    found = await interaction.client.services.lobbies.lobbies(
        LobbyState.OPEN, LobbyState.STARTED, guild=interaction.guild_id or 0, limit=100
    )
    return [
        app_commands.Choice(name=f"{title_of(lobby.game)} · {lobby.lobby_id}", value=lobby.lobby_id)
        for lobby in found
        if typed.casefold() in f"{title_of(lobby.game)} {lobby.lobby_id}"
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


def channel_of(interaction: Interaction) -> int:
    """Return the channel of an interaction; for a thread, the channel it belongs to."""
    channel = interaction.channel
    return getattr(channel, "parent_id", None) or interaction.channel_id or 0


def named(table: Any, lobby: Lobby, interaction: Interaction) -> Seat | Text:
    """Return what the journal calls somebody: a seat, which can be renamed, or what they are."""
    user = interaction.user.id
    return seat_of(table, user) or Text("the host" if user == lobby.creator else "an admin")


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
    told = "Nobody of that name sits there; there are {seats}."
    raise ShownToUser(Text(told, seats=tuple(lobby.seats)))


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
