"""The JSON of things, with every key that discord.py cannot do without."""

from typing import Any

from tests.discord_double.permissions import in_channel
from tests.discord_double.state import (
    DIRECT,
    Application,
    Attachment,
    Channel,
    Guild,
    Member,
    Message,
    Role,
    Thread,
    User,
    Webhook,
)

Json = dict[str, Any]


def user_json(user: User) -> Json:
    return {
        "id": str(user.id),
        "username": user.name,
        "discriminator": "0000" if user.bot else "0",
        "global_name": None if user.bot else user.name.title(),
        "avatar": None,
        "public_flags": 0,
        "bot": user.bot,
    }


def role_json(role: Role) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": role.managed,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def member_json(member: Member, *, with_user: bool = True) -> Json:
    answer: Json = {
        "roles": [str(role) for role in member.roles],
        "joined_at": member.joined_at,
        "nick": member.nick,
        "avatar": None,
        "premium_since": None,
        "pending": False,
        "communication_disabled_until": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
    }
    if with_user:
        answer["user"] = user_json(member.user)
    return answer


def channel_json(channel: Channel) -> Json:
    if isinstance(channel, Thread):
        return thread_json(channel)
    answer: Json = {
        "id": str(channel.id),
        "type": channel.kind,
        "flags": 0,
        "last_message_id": last_message(channel),
    }
    if channel.kind == DIRECT:
        people = [user_json(user) for user in channel.recipients.values() if not user.bot]
        return {**answer, "recipients": people}
    assert channel.guild is not None
    overwrites = [
        {"id": str(o.id), "type": o.kind, "allow": str(o.allow), "deny": str(o.deny)}
        for o in channel.overwrites.values()
    ]
    return {
        **answer,
        "guild_id": str(channel.guild.id),
        "name": channel.name,
        "topic": channel.topic,
        "position": channel.position,
        "parent_id": str(channel.category_id) if channel.category_id else None,
        "permission_overwrites": overwrites,
        "nsfw": channel.nsfw,
        "rate_limit_per_user": 0,
    }


def last_message(channel: Channel) -> str | None:
    return str(next(reversed(channel.messages))) if channel.messages else None


def thread_json(thread: Thread) -> Json:
    assert thread.guild is not None
    state: Json = {
        "archived": thread.archived,
        "auto_archive_duration": thread.auto_archive,
        "archive_timestamp": thread.archived_at,
        "locked": thread.locked,
        "create_timestamp": thread.created_at,
    }
    if thread.private:
        state["invitable"] = thread.invitable
    written = sum(not message.ephemeral for message in thread.messages.values())
    return {
        "id": str(thread.id),
        "type": thread.kind,
        "guild_id": str(thread.guild.id),
        "parent_id": str(thread.parent.id),
        "owner_id": str(thread.owner_id),
        "name": thread.name,
        "last_message_id": last_message(thread),
        "message_count": written,
        "total_message_sent": written,
        "member_count": min(50, len(thread.joined)),
        "rate_limit_per_user": 0,
        "flags": 0,
        "thread_metadata": state,
    }


def thread_member_json(thread: Thread, user_id: int) -> Json:
    return {
        "id": str(thread.id),
        "user_id": str(user_id),
        "join_timestamp": thread.joined.get(user_id, thread.created_at),
        "flags": 0,
    }


def attachment_json(attachment: Attachment) -> Json:
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "size": attachment.size,
        "content_type": attachment.content_type,
        "url": attachment.url,
        "proxy_url": attachment.url,
        "description": attachment.description,
    }


def message_json(message: Message) -> Json:
    """The message as REST gives it; events add guild_id and member."""
    answer: Json = {
        "id": str(message.id),
        "type": message.kind,
        "channel_id": str(message.channel.id),
        "author": user_json(message.author),
        "content": message.content,
        "timestamp": message.at,
        "edited_timestamp": message.edited_at,
        "tts": False,
        "mention_everyone": message.mentions_everyone,
        "mentions": [user_json(user) for user in message.mentioned.values()],
        "mention_roles": [str(role) for role in message.mentioned_roles],
        "attachments": [attachment_json(a) for a in message.attachments],
        "embeds": message.embeds,
        "reactions": [_reaction_json(emoji, who) for emoji, who in message.reactions.items()],
        "components": message.components,
        "pinned": message.pinned,
        "flags": message.flags,
    }
    return {**answer, **_origin_json(message)}


def _reaction_json(emoji: str, who: list[int]) -> Json:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(who),
        "count_details": {"normal": len(who), "burst": 0},
        "me": False,
        "me_burst": False,
        "burst_colors": [],
    }


def _origin_json(message: Message) -> Json:
    answer: Json = {}
    if message.nonce is not None:
        answer["nonce"] = message.nonce
    if message.webhook_id is not None:
        answer["webhook_id"] = str(message.webhook_id)
    if message.application_id is not None:
        answer["application_id"] = str(message.application_id)
    if message.reference is not None:
        answer["message_reference"] = message.reference
        replied = message.replies_to
        known = replied is not None and not replied.deleted
        answer["referenced_message"] = message_json(replied) if known and replied else None
    if message.thread is not None:
        answer["thread"] = thread_json(message.thread)
    if message.interaction is not None:
        answer.update(message.interaction.origin_json())
    return answer


def webhook_json(webhook: Webhook, *, base: str) -> Json:
    assert webhook.channel.guild is not None
    owner = webhook.application_id
    return {
        "id": str(webhook.id),
        "type": 1,
        "guild_id": str(webhook.channel.guild.id),
        "channel_id": str(webhook.channel.id),
        "name": webhook.name,
        "avatar": None,
        "token": webhook.token,
        "application_id": None if owner is None else str(owner),
        "user": user_json(webhook.owner),
        "url": f"{base}/webhooks/{webhook.id}/{webhook.token}",
    }


def guild_json(guild: Guild, app: Application, channels: list[Channel], *, everybody: bool) -> Json:
    """The guild as an event brings it, with the bot alone or everybody as members."""
    shown = list(guild.members.values()) if everybody else [guild.members[app.id]]
    threads = [
        {**thread_json(c), "member": thread_member_json(c, app.id)}
        for c in channels
        if isinstance(c, Thread) and not c.archived and in_channel(app.id, c)
    ]
    return {
        **_guild_settings(guild),
        "joined_at": guild.members[app.id].joined_at,
        "members": [member_json(member) for member in shown],
        "member_count": len(guild.members),
        "channels": [channel_json(c) for c in channels if not isinstance(c, Thread)],
        "threads": threads,
    }


def _guild_settings(guild: Guild) -> Json:
    empty = ("emojis", "stickers", "features", "voice_states", "presences", "stage_instances")
    events = ("guild_scheduled_events", "soundboard_sounds")
    levels = ("verification_level", "default_message_notifications", "explicit_content_filter")
    more = ("mfa_level", "nsfw_level", "premium_tier", "system_channel_flags")
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": [role_json(role) for role in guild.roles.values()],
        **{name: [] for name in (*empty, *events)},
        **dict.fromkeys((*levels, *more), 0),
        **dict.fromkeys(("icon", "splash", "banner", "description", "afk_channel_id")),
        "unavailable": False,
        "large": False,
        "preferred_locale": "en-US",
        "afk_timeout": 300,
        "system_channel_id": None,
        "rules_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "premium_subscription_count": 0,
        "max_members": 500_000,
        "vanity_url_code": None,
        "application_id": None,
    }
