"""All that Discord holds, and how things come into it before or while a bot looks on."""

import base64
import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tests.discord_double.clock import Clock, Snowflakes
from tests.discord_double.payloads import channel_json, guild_json, member_json, role_json
from tests.discord_double.permissions import OF_EVERYBODY, Permission
from tests.discord_double.rate_limits import Limit, RateLimits
from tests.discord_double.record import Record
from tests.discord_double.state import (
    DIRECT,
    TEXT,
    Application,
    Channel,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    User,
    Webhook,
)

if TYPE_CHECKING:
    from tests.discord_double.actors import Person
    from tests.discord_double.faults import Fault
    from tests.discord_double.gateway import Session
    from tests.discord_double.interactions import Interaction

PRESENCES_FLAG, MEMBERS_FLAG, CONTENT_FLAG = 1 << 13, 1 << 15, 1 << 19
"""Flags of an application: privileged intents enabled on its page."""


class World:
    """Tables by id, and the builders of a test's guilds, channels, people and bots."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.snowflakes = Snowflakes(self.clock)
        self.record = Record()
        self.limits = RateLimits(self.clock)
        self.ack_seconds = 3.0
        self.token_seconds = 900.0
        self.nonce_seconds = 180.0
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.channels: dict[int, Channel] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.applications: dict[int, Application] = {}
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[int, bytes] = {}
        self.nonces: dict[tuple[int, str], tuple[float, Message]] = {}
        self.sessions: list[Session] = []
        self.faults: list[Fault] = []
        self.base = ""

    def emit(
        self,
        kind: str,
        payload: dict[str, Any],
        *,
        guild: Guild | None = None,
        channel: Channel | None = None,
        app: Application | None = None,
    ) -> None:
        """Send an event to every session that it concerns."""
        for session in self.sessions:
            session.offer(kind, payload, guild=guild, channel=channel, app=app)

    def user(self, name: str) -> "Person":
        """A person, who is in no guild yet."""
        from tests.discord_double.actors import Person

        person = Person(self.snowflakes.next(), name, world=self)
        self.users[person.id] = person
        return person

    def guild(self, name: str, owner: User | None = None) -> Guild:
        """A guild with its owner as member, and what everybody may as usual."""
        owner = owner or self.user("owner")
        guild = Guild(self.snowflakes.next(), name, owner.id)
        guild.roles[guild.id] = Role(guild.id, "@everyone", int(OF_EVERYBODY), 0)
        self.guilds[guild.id] = guild
        self.member(guild, owner)
        return guild

    def member(self, guild: Guild, user: User, *roles: Role) -> Member:
        """Let a user join a guild."""
        member = Member(user, self.clock.iso(), [role.id for role in roles])
        guild.members[user.id] = member
        payload = {**member_json(member), "guild_id": str(guild.id)}
        self.emit("GUILD_MEMBER_ADD", payload, guild=guild)
        return member

    def role(
        self, guild: Guild, name: str, permissions: int = 0, *, mentionable: bool = False
    ) -> Role:
        new = self.snowflakes.next()
        role = Role(new, name, int(permissions), len(guild.roles), mentionable)
        guild.roles[role.id] = role
        payload = {"guild_id": str(guild.id), "role": role_json(role)}
        self.emit("GUILD_ROLE_CREATE", payload, guild=guild)
        return role

    def channel(
        self,
        guild: Guild,
        name: str = "general",
        *,
        kind: int = TEXT,
        overwrites: Sequence[Overwrite] = (),
        category: Channel | None = None,
        topic: str | None = None,
        nsfw: bool = False,
    ) -> Channel:
        channel = Channel(self.snowflakes.next(), kind, guild, name, topic, nsfw=nsfw)
        channel.position = len(self.channels)
        channel.category_id = category.id if category else None
        channel.overwrites = {overwrite.id: overwrite for overwrite in overwrites}
        self.channels[channel.id] = channel
        self.record.publish(None, name, topic)
        self.emit("CHANNEL_CREATE", channel_json(channel), guild=guild)
        return channel

    @staticmethod
    def overwrite(whom: Role | User | Guild, *, allow: int = 0, deny: int = 0) -> Overwrite:
        """What a role or user may or may not in a channel; a guild stands for @everyone."""
        return Overwrite(whom.id, int(isinstance(whom, User)), int(allow), int(deny))

    def application(
        self,
        name: str = "bot",
        *,
        message_content: bool = True,
        members: bool = True,
        presences: bool = True,
    ) -> Application:
        """A bot with a token, and these privileged intents enabled on its page."""
        user = User(self.snowflakes.next(), name, bot=True)
        start = base64.urlsafe_b64encode(str(user.id).encode()).decode().rstrip("=")
        token = f"{start}.{secrets.token_urlsafe(6)}.{secrets.token_urlsafe(27)}"
        flags = CONTENT_FLAG * message_content | MEMBERS_FLAG * members | PRESENCES_FLAG * presences
        app = Application(user.id, user, token, flags)
        self.users[user.id] = user
        self.applications[app.id] = app
        return app

    def install(
        self, app: Application, guild: Guild, permissions: int = Permission.ADMINISTRATOR
    ) -> Role:
        """Bring a bot into a guild, with a role of its own that has these bits."""
        role = self.role(guild, app.name, permissions)
        role.managed = True
        self.member(guild, app.user, role)
        self.emit("GUILD_CREATE", self.guild_payload(guild, app, everybody=False), app=app)
        return role

    def guild_payload(self, guild: Guild, app: Application, *, everybody: bool) -> dict[str, Any]:
        return guild_json(guild, app, self.channels_of(guild), everybody=everybody)

    def channels_of(self, guild: Guild) -> list[Channel]:
        return [channel for channel in self.channels.values() if channel.guild is guild]

    def direct(self, app: Application, user: User) -> Channel:
        """The channel of direct messages between a bot and a user, the same each time."""
        pair = {app.id: app.user, user.id: user}
        for channel in self.channels.values():
            if channel.recipients.keys() == pair.keys():
                return channel
        channel = Channel(self.snowflakes.next(), DIRECT, None, recipients=pair)
        self.channels[channel.id] = channel
        return channel

    def limit(self, method: str, route: str, count: int, seconds: float) -> None:
        """Set the rate limit of a route, such as POST /channels/{channel}/messages."""
        self.limits.per_route[method, route] = Limit(count, seconds)

    def unlimited(self) -> None:
        """Take away all limits per route; the one over all routes stays."""
        self.limits.per_route.clear()
