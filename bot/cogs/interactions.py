"""An interaction with this very client, as callbacks are annotated with it."""

from typing import TYPE_CHECKING

import discord

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

    Interaction = discord.Interaction[ParlourClient]
else:
    Interaction = discord.Interaction
