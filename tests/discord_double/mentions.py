"""Whom a message mentions, and whom it really notifies."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.discord_double.permissions import Permission, may
from tests.discord_double.state import SILENT, TEXT_DISPLAY, Channel, Message, User, walk

USER = re.compile(r"<@!?(\d+)>")
ROLE = re.compile(r"<@&(\d+)>")
EVERYBODY = re.compile(r"@(everyone|here)\b")


@dataclass(frozen=True)
class Allowed:
    """What `allowed_mentions` lets through; without it everything is parsed."""

    parse: frozenset[str]
    users: frozenset[int]
    roles: frozenset[int]
    replied: bool

    @classmethod
    def read(cls, body: Mapping[str, Any] | None) -> "Allowed":
        if body is None:
            return cls(frozenset({"users", "roles", "everyone"}), frozenset(), frozenset(), True)
        listed = [frozenset(int(x) for x in body.get(kind) or []) for kind in ("users", "roles")]
        replied = bool(body.get("replied_user"))
        return cls(frozenset(body.get("parse") or []), listed[0], listed[1], replied)

    def user(self, user_id: int) -> bool:
        return "users" in self.parse or user_id in self.users

    def role(self, role_id: int) -> bool:
        return "roles" in self.parse or role_id in self.roles


def mention(message: Message, allowed: Allowed, users: Mapping[int, User]) -> None:
    """Write into the message whom it mentions and notifies."""
    text = _spoken(message)
    for user_id in map(int, USER.findall(text)):
        if user_id in users and allowed.user(user_id):
            message.mentioned[user_id] = users[user_id]
    replied = message.replies_to
    if replied is not None and allowed.replied and replied.webhook_id is None:
        message.mentioned[replied.author.id] = replied.author
    pinged = set(message.mentioned)
    if message.channel.guild is not None:
        pinged |= _of_roles(message, text, allowed)
    pinged.discard(message.author.id)
    if message.flags & SILENT:
        pinged.clear()
    if message.only_for is not None:
        pinged &= {message.only_for}
    message.pinged = frozenset(user for user in pinged if may(user, message.channel))


def _spoken(message: Message) -> str:
    """The texts whose mentions count: embeds never notify."""
    displayed = [p["content"] for p in walk(message.components) if p["type"] == TEXT_DISPLAY]
    return "\n".join([message.content, *displayed])


def _of_roles(message: Message, text: str, allowed: Allowed) -> set[int]:
    guild = message.channel.guild
    assert guild is not None
    anyone = message.webhook_id is not None or _may_anyone(message.author, message.channel)
    pinged: set[int] = set()
    for role_id in map(int, ROLE.findall(text)):
        role = guild.roles.get(role_id)
        if role is not None and allowed.role(role_id) and (role.mentionable or anyone):
            message.mentioned_roles.append(role_id)
            pinged |= {m.user.id for m in guild.members.values() if role_id in m.roles}
    if anyone and "everyone" in allowed.parse and EVERYBODY.search(text):
        message.mentions_everyone = True
        pinged |= set(guild.members)
    return pinged


def _may_anyone(author: User, channel: Channel) -> bool:
    return may(author.id, channel, Permission.MENTION_EVERYONE)
