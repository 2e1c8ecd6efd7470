"""Which events a session hears, and what of them it may read."""

from collections.abc import Mapping
from typing import Any

from tests.discord_double.permissions import in_channel
from tests.discord_double.state import Application, Channel, Guild, Thread

Json = dict[str, Any]
GUILDS, MEMBERS, WEBHOOKS = 1 << 0, 1 << 1, 1 << 5
MESSAGES, REACTIONS, TYPING = 1 << 9, 1 << 10, 1 << 11
DIRECT = {MESSAGES: 1 << 12, REACTIONS: 1 << 13, TYPING: 1 << 14}
"""The intents for direct messages, by those for guilds."""
CONTENT = 1 << 15
INTENTS: Mapping[str, int] = {
    "GUILD_CREATE": GUILDS,
    "GUILD_UPDATE": GUILDS,
    "GUILD_DELETE": GUILDS,
    "GUILD_ROLE_CREATE": GUILDS,
    "GUILD_ROLE_UPDATE": GUILDS,
    "GUILD_ROLE_DELETE": GUILDS,
    "CHANNEL_CREATE": GUILDS,
    "CHANNEL_UPDATE": GUILDS,
    "CHANNEL_DELETE": GUILDS,
    "THREAD_CREATE": GUILDS,
    "THREAD_UPDATE": GUILDS,
    "THREAD_DELETE": GUILDS,
    "THREAD_MEMBERS_UPDATE": GUILDS,
    "GUILD_MEMBER_ADD": MEMBERS,
    "GUILD_MEMBER_UPDATE": MEMBERS,
    "GUILD_MEMBER_REMOVE": MEMBERS,
    "MESSAGE_CREATE": MESSAGES,
    "MESSAGE_UPDATE": MESSAGES,
    "MESSAGE_DELETE": MESSAGES,
    "MESSAGE_DELETE_BULK": MESSAGES,
    "MESSAGE_REACTION_ADD": REACTIONS,
    "MESSAGE_REACTION_REMOVE": REACTIONS,
    "TYPING_START": TYPING,
    "WEBHOOKS_UPDATE": WEBHOOKS,
}
USERS_INPUT = ("content", "embeds", "attachments", "components")


def heard(
    app: Application,
    intents: int,
    kind: str,
    payload: Json,
    *,
    guild: Guild | None,
    channel: Channel | None,
) -> Json | None:
    """The event as this bot hears it, or None."""
    home = guild or (channel.guild if channel is not None else None)
    if home is not None and (app.id not in home.members or not home.available):
        return None
    if channel is not None and not in_channel(app.id, channel):
        return None
    needed = INTENTS.get(kind)
    if needed is not None and channel is not None and home is None:
        needed = DIRECT.get(needed, needed)
    if needed is not None and not intents & needed and not _about_itself(app, kind, payload):
        return None
    if kind in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
        return readable(app, payload, reads_all=bool(intents & CONTENT), direct=home is None)
    if kind == "THREAD_CREATE" and isinstance(channel, Thread) and app.id in channel.joined:
        joined = {"id": str(channel.id), "user_id": str(app.id)}
        since = {"join_timestamp": channel.joined[app.id], "flags": 0}
        return {**payload, "member": {**joined, **since}}
    return payload


def _about_itself(app: Application, kind: str, payload: Json) -> bool:
    return kind == "GUILD_MEMBER_UPDATE" and payload["user"]["id"] == str(app.id)


def readable(app: Application, message: Json, *, reads_all: bool, direct: bool) -> Json:
    """A message without what users wrote, if the bot lacks the message content intent.

    Its own messages, direct ones and those that mention it stay whole. Messages of its own
    webhooks do not. Source: discord-api-docs issue 5411.
    """
    if reads_all or direct:
        return message
    shown = dict(message)
    if shown.get("referenced_message"):
        replied = shown["referenced_message"]
        shown["referenced_message"] = readable(app, replied, reads_all=False, direct=False)
    own = message["author"]["id"] == str(app.id)
    mentioned = any(user["id"] == str(app.id) for user in message["mentions"])
    if own or mentioned:
        return shown
    return {**shown, **{name: "" if name == "content" else [] for name in USERS_INPUT}}
