"""Points discord.py at a Discord-compatible server, where the settings name one."""

import discord
import discord.gateway
import discord.http
import yarl

from bot.settings import DiscordSettings


def use(settings: DiscordSettings) -> None:
    """Make every client of this process speak to the server in the settings.

    discord.py keeps these addresses as attributes of classes; there is no narrower place.
    """
    if settings.api_base:
        discord.http.Route.BASE = settings.api_base.rstrip("/")
        discord.asset.Asset.BASE = str(yarl.URL(settings.api_base).origin())
    if settings.gateway:
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway)
