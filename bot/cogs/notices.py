"""What admins should know though they have not asked: in the channel they chose, and kept."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zlib import crc32

import discord

from bot.administration import AuditLine, Payer

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient


async def notice(client: "ParlourClient", payer: Payer, sentence: str) -> None:
    """Tell the admins of a server that a budget runs low."""
    if not payer.guild:
        return
    whose = f" It concerns <@{payer.user}>." if "this member" in sentence else ""
    line = AuditLine(payer.guild, 0, "budget runs low", "", sentence, datetime.now(UTC))
    await client.services.administration.note(line)
    settings = await client.settings_of(payer.guild)
    if not settings.notices:
        return
    channel = client.get_partial_messageable(settings.notices, guild_id=payer.guild)
    said = f"{sentence[:1].upper()}{sentence[1:]}{whose} /admin budget show has the numbers."
    async with client.pace:
        await channel.send(
            said,
            nonce=f"warn-{crc32(f'{payer} {sentence}'.encode()):08x}",
            allowed_mentions=discord.AllowedMentions.none(),
        )
