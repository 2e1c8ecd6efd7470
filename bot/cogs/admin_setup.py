"""The panel of /admin setup: how a server wants its tables, changed by selects and buttons."""

from collections.abc import Collection, Sequence
from dataclasses import replace

import discord

from bot.administration import MayCreate, ServerSettings
from bot.arena.lobbies import LobbyState
from bot.cogs.controls import Pressed, data_of, modal_values, picked
from bot.cogs.forms import typed_in
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.rights import need_admin
from bot.cogs.setup_panel import (
    LONGEST,
    MOST,
    OTHER_GAMES,
    SHORTEST,
    games_in_view,
    games_modal,
    panel,
    panel_modal,
    panel_text,
)
from bot.errors import ShownToUser
from bot.languages import codes


async def show(interaction: Interaction) -> None:
    """Show the panel to an admin."""
    need_admin(interaction)
    settings = await settings_here(interaction)
    await tell(interaction, panel_text(settings), view=await _panel(interaction, settings))


async def changed(interaction: Interaction, pressed: Pressed) -> None:
    """Take what was picked, pressed or typed in the panel."""
    need_admin(interaction)
    settings = await settings_here(interaction)
    values = picked(interaction)
    match (pressed.match_id, *pressed.rest):
        case ["channels"]:
            settings = replace(settings, channels=_known_channels(interaction, values))
        case ["games"] if OTHER_GAMES in values:
            await interaction.response.send_modal(games_modal(settings, _games(interaction)))
            return
        case ["games"]:
            hidden = set(settings.games).difference(games_in_view(_games(interaction)))
            settings = replace(settings, games=_known_games(interaction, {*values, *hidden}))
        case ["model"]:
            settings = replace(settings, default_model=await _known_model(interaction, values))
        case ["boards"]:
            settings = replace(settings, text_boards=not settings.text_boards)
        case ["who"] if values[:1] in ([MayCreate.EVERYONE], [MayCreate.ADMINS]):
            settings = replace(settings, may_create=MayCreate(values[0]))
        case ["who"] | ["seconds"] | ["notices"] | ["language"]:
            await interaction.response.send_modal(panel_modal(pressed.match_id, settings))
            return
        case [what, "given"]:
            settings = await _given(interaction, settings, what)
        case _:
            raise ShownToUser("That control is not known any more; use /admin setup.")
    await keep(interaction, settings)
    await interaction.response.edit_message(
        content=panel_text(settings), view=await _panel(interaction, settings)
    )


async def settings_here(interaction: Interaction) -> ServerSettings:
    """Return the settings of the server in which this happens."""
    return await interaction.client.services.administration.settings_of(interaction.guild_id or 0)


async def keep(interaction: Interaction, settings: ServerSettings) -> None:
    """Put these settings in force."""
    client, guild = interaction.client, interaction.guild_id or 0
    await client.services.administration.change_settings(guild, settings, interaction.user.id)
    before = client.language_of(guild)
    await client.settings_changed(guild)
    if client.language_of(guild) is not before:
        await _show_anew(interaction)


async def _show_anew(interaction: Interaction) -> None:
    """Bring the messages of lobbies and matches up to date, which read otherwise now."""
    client, guild = interaction.client, interaction.guild_id or 0
    states = (LobbyState.OPEN, LobbyState.STARTED)
    for lobby in await client.services.lobbies.lobbies(*states, guild=guild):
        client.lobbies.refresh(lobby)
        if lobby.state is LobbyState.STARTED:
            client.tables.refresh(lobby)


async def _panel(interaction: Interaction, settings: ServerSettings) -> discord.ui.View:
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    guild = interaction.guild
    known = [one for one in settings.channels if guild and guild.get_channel(one)]
    return panel(replace(settings, channels=tuple(known)), names, _games(interaction))


async def _given(interaction: Interaction, settings: ServerSettings, what: str) -> ServerSettings:
    value = typed_in(interaction).get("value", "")
    match what:
        case "seconds":
            return replace(settings, seconds=_seconds(value))
        case "who":
            roles = interaction.guild.roles if interaction.guild else ()
            if value not in {str(role.id) for role in roles}:
                raise ShownToUser("That role is not there any more; choose another.")
            return replace(settings, may_create=int(value))
        case "games":
            inputs = modal_values(data_of(interaction).get("components"))
            picks = {name for values in inputs.values() for name in values}
            return replace(settings, games=_known_games(interaction, picks))
        case "language" if value in codes():
            return replace(settings, language=value)
        case "notices":
            (channel,) = _known_channels(interaction, [value]) or (0,)
            if channel:
                await _try_out(interaction, channel)
            return replace(settings, notices=channel)
    raise ShownToUser("That control is not known any more; use /admin setup.")


async def _try_out(interaction: Interaction, channel: int) -> None:
    """Say in the chosen channel what it is chosen for, so that a missing right shows now."""
    place = interaction.client.get_partial_messageable(channel, guild_id=interaction.guild_id)
    async with interaction.client.pace:
        await place.send(
            "Here I tell admins what they should know, such as a budget running low.",
            nonce=f"set-{interaction.id}"[:25],
            allowed_mentions=discord.AllowedMentions.none(),
        )


def _seconds(value: str) -> int | None:
    if not value:
        return None
    if not (value.isascii() and value.isdecimal() and SHORTEST <= int(value) <= LONGEST):
        raise ShownToUser(f"Give whole seconds from {SHORTEST} to {LONGEST}, or nothing.")
    return int(value)


def _games(interaction: Interaction) -> Sequence[str]:
    return list(interaction.client.services.shelf.games)


def _known_games(interaction: Interaction, names: Collection[str]) -> tuple[str, ...]:
    return tuple(name for name in _games(interaction) if name in names)


def _known_channels(interaction: Interaction, values: Sequence[str]) -> tuple[int, ...]:
    guild = interaction.guild
    known = {str(channel.id) for channel in guild.channels} if guild else set()
    return tuple(int(value) for value in values if value in known)[:MOST]


async def _known_model(interaction: Interaction, values: Sequence[str]) -> str:
    names = await interaction.client.services.models.names(interaction.guild_id or 0)
    return next((name for name in names if name in values), "")
