"""The things of Discord, as the double holds them; only payloads.py knows their JSON."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.discord_double.interactions import Interaction

TEXT, DIRECT, CATEGORY, FORUM = 0, 1, 4, 15
"""Types of channels."""
PUBLIC_THREAD, PRIVATE_THREAD = 11, 12
TEXT_DISPLAY = 10
"""A type of component."""
EPHEMERAL, LOADING, HAS_THREAD, COMPONENTS_V2, SILENT = 1 << 6, 1 << 7, 1 << 5, 1 << 15, 1 << 12
"""Flags of messages."""
THREAD_CREATED, REPLY, COMMAND_REPLY, THREAD_STARTER, MENU_REPLY = 18, 19, 20, 21, 23
"""Types of messages; 0 is an ordinary one."""


@dataclass(eq=False)
class User:
    id: int
    name: str
    bot: bool = False
    accepts_direct: bool = True
    """Whether bots may write to them directly."""

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(eq=False)
class Role:
    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    managed: bool = False

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass
class Overwrite:
    """What a role (kind 0) or member (kind 1) may besides, or may not, in a channel."""

    id: int
    kind: int
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Member:
    user: User
    joined_at: str
    roles: list[int] = field(default_factory=list)
    nick: str | None = None


@dataclass(eq=False)
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    available: bool = True
    opened_commands: set[str] = field(default_factory=set)
    """Commands that the guild's settings give to all, whatever the command's default is."""


@dataclass(eq=False)
class Channel:
    id: int
    kind: int
    guild: Guild | None
    name: str = ""
    topic: str | None = None
    category_id: int | None = None
    position: int = 0
    nsfw: bool = False
    """Whether it is restricted to adults."""
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    recipients: dict[int, User] = field(default_factory=dict)
    """Both ends of a direct message."""
    messages: dict[int, "Message"] = field(default_factory=dict)
    """In the order in which they came, ephemeral ones among them."""

    @property
    def mention(self) -> str:
        return f"<#{self.id}>"

    @property
    def public(self) -> bool:
        return self.guild is not None


@dataclass(eq=False, kw_only=True)
class Thread(Channel):
    parent: Channel
    owner_id: int
    created_at: str
    archived_at: str
    auto_archive: int = 1440
    archived: bool = False
    locked: bool = False
    invitable: bool = True
    joined: dict[int, str] = field(default_factory=dict)
    """When each member joined it."""

    @property
    def private(self) -> bool:
        return self.kind == PRIVATE_THREAD

    @property
    def public(self) -> bool:
        return not self.private


@dataclass(eq=False)
class Attachment:
    id: int
    filename: str
    size: int
    content_type: str
    url: str
    description: str | None


@dataclass(eq=False)
class Message:
    id: int
    channel: Channel
    author: User
    at: str
    kind: int = 0
    flags: int = 0
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    nonce: str | int | None = None
    edited_at: str | None = None
    replies_to: "Message | None" = None
    reference: dict[str, str] | None = None
    webhook_id: int | None = None
    application_id: int | None = None
    avatar_url: str | None = None
    interaction: "Interaction | None" = None
    """The interaction that this answers."""
    thread: Thread | None = None
    mentioned: dict[int, User] = field(default_factory=dict)
    mentioned_roles: list[int] = field(default_factory=list)
    mentions_everyone: bool = False
    pinged: frozenset[int] = frozenset()
    """Ids of the users whom it really notified."""
    only_for: int | None = None
    """The one user who sees it, if it is ephemeral."""
    pinned: bool = False
    reactions: dict[str, list[int]] = field(default_factory=dict)
    """Who reacted, by emoji."""
    deleted: bool = False

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def system(self) -> bool:
        """Whether Discord itself wrote it: about a thread begun."""
        return self.kind in (THREAD_CREATED, THREAD_STARTER)

    @property
    def controls(self) -> dict[str, str]:
        """Custom ids of the buttons and selects, by label (a select's is its placeholder)."""
        found = (part for part in walk(self.components) if "custom_id" in part)
        return {label_of(part): part["custom_id"] for part in found}


def walk(components: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All components, those inside others too."""
    for part in components:
        yield part
        yield from walk(part.get("components") or [])
        for inner in ("accessory", "component"):
            if part.get(inner):
                yield from walk([part[inner]])


def label_of(part: dict[str, Any]) -> str:
    """What a person reads on the control."""
    emoji = (part.get("emoji") or {}).get("name") or ""
    return part.get("label") or part.get("placeholder") or emoji or part["custom_id"]


@dataclass(eq=False)
class Webhook:
    id: int
    channel: Channel
    name: str
    token: str
    owner: User
    application_id: int | None


@dataclass(eq=False)
class Application:
    """A bot with its token, its enabled intents and its commands."""

    id: int
    user: User
    token: str
    flags: int
    commands: dict[int, dict[str, Any]] = field(default_factory=dict)
    guild_commands: dict[int, dict[int, dict[str, Any]]] = field(default_factory=dict)
    emojis: dict[int, dict[str, Any]] = field(default_factory=dict)
    identified: list[float] = field(default_factory=list)
    """When it began a session, each time."""

    @property
    def name(self) -> str:
        return self.user.name

    @property
    def mention(self) -> str:
        return self.user.mention
