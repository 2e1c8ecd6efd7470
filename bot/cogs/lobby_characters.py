"""Characters at the tables of any game: offered in a lobby, and named in commands."""

from typing import TYPE_CHECKING, Any, Final

import discord
from discord import ui

from bot.arena.lobbies import Lobby
from bot.cogs.character_rights import need_fitting_channel
from bot.cogs.controls import PLACEHOLDER, Pressed, cut, picked, view
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_here, need_host, need_welcome
from bot.cogs.speech import plain
from bot.errors import ShownToUser

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

MOST: Final = 25
NO_MODELS: Final = (
    "No models are set up, so no character could play; an admin can add one with /admin model add."
)


async def offer(interaction: "discord.Interaction[Any]", lobby: Lobby) -> None:
    """Show a select with the characters that can play; of many, those that stand first."""
    client: ParlourClient = interaction.client
    lobby.need_open()
    if not await client.services.models.names(lobby.place.guild):
        raise ShownToUser(NO_MODELS)
    members = await client.services.cast.members(lobby.place.guild)
    options = [
        discord.SelectOption(label=cut(member.card.called, 100), value=character)
        for character, member in members.items()
        if len(character) <= 100
    ]
    select: ui.Select[Any] = ui.Select(
        custom_id=Pressed("lc", lobby.lobby_id).custom_id,
        placeholder=cut("Which character?", PLACEHOLDER),
        options=options[:MOST],
    )
    await tell(interaction, "Who should play?", view=view([select]))


async def character_picked(interaction: Interaction, pressed: Pressed) -> None:
    """Sit the character down that was picked."""
    client = interaction.client
    lobby = await client.lobbies.lobby(pressed.match_id)
    need_here(interaction, lobby)
    need_host(interaction, lobby)
    await need_welcome(interaction, client.services.administration)
    wanted = "".join(picked(interaction)[:1])
    member = await client.services.cast.find(lobby.place.guild, wanted)
    need_fitting_channel(interaction, member.card)
    spec = f"character:{member.character}"
    await client.lobbies.change(lobby.lobby_id, lambda one: one.add(spec, member.card.called))
    await tell(interaction, f"{plain(member.card.called)} sits down.")


async def character_spec(interaction: Interaction, guild: int, player: str) -> str:
    """Return the player spec "character:NAME" or "character:NAME:MODEL" with the character's id.

    Raises ShownToUser.
    """
    services = interaction.client.services
    _, name, model = f"{player}:".split(":", 2)
    member = await services.cast.find(guild, name)
    need_fitting_channel(interaction, member.card)
    names = await services.models.names(guild)
    model = model.removesuffix(":")
    if not names:
        raise ShownToUser(NO_MODELS)
    if model and model not in names:
        raise ShownToUser(f"There is no model of that name; there are {', '.join(names)}.")
    return f"character:{member.character}" + (f":{model}" if model else "")
