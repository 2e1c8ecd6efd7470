"""A chat begun, or a character brought into the one that is held here."""

from typing import Final

import discord

from bot.arena.arena import new_id
from bot.arena.chats import ChatPlace
from bot.arena.table import Table
from bot.cast import Member
from bot.cogs.character_rights import need_fitting_channel
from bot.cogs.chat_host import Guest
from bot.cogs.chat_rights import need_opening, need_speech
from bot.cogs.chat_seats import seat_for_member
from bot.cogs.controls import cut
from bot.cogs.interactions import Interaction
from bot.cogs.replies import tell
from bot.cogs.speech import plain
from bot.cogs.threads import DAY_MINUTES, with_room
from bot.cogs.which import channel_of
from bot.errors import AlreadyDone, ShownToUser

NO_MODELS: Final = (
    "No models are set up, so nobody could speak; an admin adds one: /admin model add."
)


async def begin(
    interaction: Interaction,
    who: str,
    *,
    in_thread: bool = False,
    model: str = "",
    topic: str = "",
) -> None:
    """Bring a character into the chat here, which begins with it if there is none."""
    await need_speech(interaction)
    invited = await guest(interaction, who, model)
    await interaction.response.defer(ephemeral=True, thinking=True)
    chat, table = await _joined(interaction, invited.member, in_thread=in_thread)
    user, cause = interaction.user, f"i:{interaction.id}"
    seat = seat_for_member(table, user.id, user.display_name)
    try:
        guest_seat = await interaction.client.chats.invite(table, invited, seat, f"{cause}:invite")
    except AlreadyDone:
        raise ShownToUser("That has counted already.") from None
    if topic.strip():
        talk = interaction.client.chat_messages
        await talk.say(table, user, topic, cause, guest_seat)
    interaction.client.services.arena.play(table)
    await tell(interaction, f"{plain(guest_seat)} is in <#{chat.place}>. {_how(interaction)}")


async def chat_here(interaction: Interaction) -> tuple[ChatPlace, Table]:
    """Return the chat of a channel or thread with its table.  Raises ShownToUser."""
    chat = await interaction.client.chats.chat_in(interaction.channel_id or 0)
    return chat, await interaction.client.services.arena.wake(chat.match_id)


async def guest(interaction: Interaction, wanted: str, model: str) -> Guest:
    """Return the character that is meant, with a model for it.  Raises ShownToUser."""
    services, guild = interaction.client.services, interaction.guild_id or 0
    member = await services.cast.find(guild, wanted)
    need_fitting_channel(interaction, member.card)
    names = await services.models.names(guild)
    if not names:
        raise ShownToUser(NO_MODELS)
    if model and model not in names:
        raise ShownToUser(f"There is no model of that name; there are {', '.join(names)}.")
    return Guest(member, model)


async def _joined(
    interaction: Interaction, member: Member, *, in_thread: bool
) -> tuple[ChatPlace, Table]:
    """Return the chat here, or a new one.  Raises ShownToUser."""
    client, here = interaction.client, interaction.channel_id or 0
    if here in client.chats.places and not in_thread:
        chat, table = await chat_here(interaction)
        if table.paused:
            raise ShownToUser("The chat here is paused; /chat resume goes on.")
        return chat, table
    await need_opening(interaction)
    if here in client.tables.threads:
        raise ShownToUser("A match is played here; talk in another channel.")
    place = await _thread(interaction, member) if in_thread else here
    chat = ChatPlace(
        new_id(),
        interaction.guild_id or 0,
        channel_of(interaction),
        place,
        interaction.user.id,
        f"i:{interaction.id}",
        interaction.id,
    )
    table = await client.chats.open(chat)
    return await client.chats.chat_in(place), table


async def _thread(interaction: Interaction, member: Member) -> int:
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        raise ShownToUser("A thread can be begun in a text channel only; leave the option out.")

    async def start() -> int:
        thread = await channel.create_thread(
            name=cut(f"{member.card.called} · chat", 100),
            type=discord.ChannelType.public_thread,
            auto_archive_duration=DAY_MINUTES,
        )
        return thread.id

    return await with_room(interaction.client, channel.guild.id, start)


def _how(interaction: Interaction) -> str:
    if interaction.client.intents.message_content:
        return "Just write; a name in what you write, or a reply, calls somebody."
    return "Mention me in what you write, or press Speak under an answer."
