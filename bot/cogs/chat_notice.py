"""What a member reads once in each server, at their first words to characters: they remember."""

from typing import TYPE_CHECKING, Final

import discord

from bot.arena.chats import ChatPlace
from bot.memories import EVERYWHERE, Consent

if TYPE_CHECKING:
    from bot.cogs.client import ParlourClient

KEY: Final = "told of memory in"
NOTICE: Final = (
    "-# Characters remember here what members tell them. `/memory view` shows what is remembered "
    "of you, `/memory optout` has nothing remembered."
)


async def notice_memory(client: "ParlourClient", chat: ChatPlace, message: discord.Message) -> None:
    """Tell a member that characters remember, once; not whoever has decided about it already."""
    services, user = client.services, message.author.id
    scope, key = f"user:{user}", f"{KEY} {chat.guild}"
    if await services.store.get_setting(scope, key):
        return
    wishes = [
        await services.memories.settings_of(guild, user) for guild in (chat.guild, EVERYWHERE)
    ]
    if all(wish.consent is Consent.REMEMBER for wish in wishes):
        async with client.pace:
            await message.channel.send(
                NOTICE,
                reference=message.to_reference(fail_if_not_exists=False),
                nonce=f"mem-{message.id}"[:25],
                allowed_mentions=discord.AllowedMentions.none(),
            )
    await services.store.set_setting(scope, key, "yes")
