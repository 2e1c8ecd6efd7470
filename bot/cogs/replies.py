"""Answers to whoever typed or clicked: private sentences, and never a traceback."""

import secrets
from collections.abc import Awaitable
from typing import Any

import discord
import structlog

from bot.errors import ModelError, OperatorError, ParlourError
from bot.languages import Language
from games.core import Text
from games.core.errors import GameError

log = structlog.get_logger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord gave up on the interaction: its three seconds were over, or it was answered before."""


def language_of(interaction: discord.Interaction) -> Language:
    """Return the language of the server in which this happens."""
    client: Any = interaction.client  # always the ParlourClient, which imports this file
    language: Language = client.language_of(interaction.guild_id)
    return language


async def tell(interaction: discord.Interaction, sentence: Text | str, **more: Any) -> None:
    """Say something that only this person sees, in the language of the server."""
    said = language_of(interaction).say(sentence)[:2000]
    more.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if interaction.response.is_done():
        await interaction.followup.send(said, ephemeral=True, **more)
    else:
        await interaction.response.send_message(said, ephemeral=True, **more)


async def guarded(interaction: discord.Interaction, work: Awaitable[None]) -> None:
    """Do what a person wanted; whatever goes wrong becomes one sentence for that person alone."""
    try:
        await work
    except OperatorError as why:
        await _try_to_tell(interaction, _for_members(why))
    except (ParlourError, GameError) as why:
        await _try_to_tell(interaction, language_of(interaction).say_error(why))
    except discord.NotFound as why:
        log.warning("an interaction came to nothing", code=why.code, why=why.text)
        if why.code != UNKNOWN_INTERACTION:
            await _try_to_tell(interaction, Text("That is not there any more."))
    except discord.Forbidden as why:
        told = "I lack a permission for that here ({why}); an admin can give it to me."
        await _try_to_tell(interaction, Text(told, why=why.text))
    except Exception:
        number = secrets.token_hex(3)
        log.exception("a wish could not be fulfilled", error=number)
        told = "Something went wrong on my side; nothing was changed. (Error {number})"
        await _try_to_tell(interaction, Text(told, number=number))


def _for_members(why: OperatorError) -> Text | str:
    """Return what may be told of an operator's error, which can name files and settings."""
    if isinstance(why, ModelError):
        return str(why)
    number = secrets.token_hex(3)
    log.error("something is not set up right", error=number, why=str(why))
    told = "Something is not set up right; whoever runs me finds it in the log. (Error {number})"
    return Text(told, number=number)


async def _try_to_tell(interaction: discord.Interaction, sentence: Text | str) -> None:
    try:
        await tell(interaction, sentence)
    except discord.HTTPException as why:
        log.warning("a person could not be told", why=str(why))
