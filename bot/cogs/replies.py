"""Answers to whoever typed or clicked: private sentences, and never a traceback."""

import secrets
from collections.abc import Awaitable
from typing import Any

import discord
import structlog

from bot.errors import ModelError, OperatorError, ParlourError
from games.core.errors import GameError

log = structlog.get_logger(__name__)

UNKNOWN_INTERACTION = 10062
"""Discord gave up on the interaction: its three seconds were over, or it was answered before."""


async def tell(interaction: discord.Interaction, sentence: str, **more: Any) -> None:
    """Say something that only this person sees."""
    more.setdefault("allowed_mentions", discord.AllowedMentions.none())
    if interaction.response.is_done():
        await interaction.followup.send(sentence[:2000], ephemeral=True, **more)
    else:
        await interaction.response.send_message(sentence[:2000], ephemeral=True, **more)


async def guarded(interaction: discord.Interaction, work: Awaitable[None]) -> None:
    """Do what a person wanted; whatever goes wrong becomes one sentence for that person alone."""
    try:
        await work
    except OperatorError as why:
        await _try_to_tell(interaction, _for_members(why))
    except (ParlourError, GameError) as why:
        await _try_to_tell(interaction, str(why))
    except discord.NotFound as why:
        log.warning("an interaction came to nothing", code=why.code, why=why.text)
        if why.code != UNKNOWN_INTERACTION:
            await _try_to_tell(interaction, "That is not there any more.")
    except discord.Forbidden as why:
        sentence = f"I lack a permission for that here ({why.text}); an admin can give it to me."
        await _try_to_tell(interaction, sentence)
    except Exception:
        number = secrets.token_hex(3)
        log.exception("a wish could not be fulfilled", error=number)
        sentence = f"Something went wrong on my side; nothing was changed. (Error {number})"
        await _try_to_tell(interaction, sentence)


def _for_members(why: OperatorError) -> str:
    """Return what may be told of an operator's error, which can name files and settings."""
    if isinstance(why, ModelError):
        return str(why)
    number = secrets.token_hex(3)
    log.error("something is not set up right", error=number, why=str(why))
    return f"Something is not set up right; whoever runs me finds it in the log. (Error {number})"


async def _try_to_tell(interaction: discord.Interaction, sentence: str) -> None:
    try:
        await tell(interaction, sentence)
    except discord.HTTPException as why:
        log.warning("a person could not be told", why=str(why))
