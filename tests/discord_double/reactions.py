"""Emoji that users put under messages."""

from typing import Any

from tests.discord_double.payloads import member_json
from tests.discord_double.permissions import Permission, require
from tests.discord_double.state import Message, User
from tests.discord_double.world import World


def react(world: World, message: Message, emoji: str, user: User) -> None:
    require(user.id, message.channel, Permission.READ_MESSAGE_HISTORY)
    who = message.reactions.get(emoji)
    if who is None:
        require(user.id, message.channel, Permission.ADD_REACTIONS)
        who = message.reactions[emoji] = []
    if user.id in who:
        return
    who.append(user.id)
    payload = _payload(message, emoji, user.id)
    guild = message.channel.guild
    if guild is not None:
        payload["member"] = member_json(guild.members[user.id])
    world.emit("MESSAGE_REACTION_ADD", payload, channel=message.channel)


def unreact(world: World, message: Message, emoji: str, user_id: int) -> None:
    who = message.reactions.get(emoji, [])
    if user_id not in who:
        return
    who.remove(user_id)
    if not who:
        del message.reactions[emoji]
    payload = _payload(message, emoji, user_id)
    world.emit("MESSAGE_REACTION_REMOVE", payload, channel=message.channel)


def _payload(message: Message, emoji: str, user_id: int) -> dict[str, Any]:
    payload: dict[str, Any] = {
        "user_id": str(user_id),
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "message_author_id": str(message.author.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }
    if message.channel.guild is not None:
        payload["guild_id"] = str(message.channel.guild.id)
    return payload
