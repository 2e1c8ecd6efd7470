"""What moderators, owners and Discord itself do to a guild while a bot is in it."""

from collections.abc import Callable
from typing import Any

from tests.discord_double.faults import Fault
from tests.discord_double.payloads import channel_json, member_json, role_json, user_json
from tests.discord_double.permissions import in_channel
from tests.discord_double.state import (
    Application,
    Channel,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    Thread,
    User,
)
from tests.discord_double.threads import change_thread
from tests.discord_double.waiting import PATIENCE, T, until
from tests.discord_double.world import World


class Happenings(World):
    """A world in which things are changed, taken away and made to fail."""

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel with its threads, or one thread."""
        for thread in [c for c in self.channels.values() if isinstance(c, Thread)]:
            if thread.parent is channel:
                self.delete_channel(thread)
        for webhook in [w for w in self.webhooks.values() if w.channel is channel]:
            del self.webhooks[webhook.id]
        payload = channel_json(channel)
        if isinstance(channel, Thread):
            kept = ("id", "guild_id", "parent_id", "type")
            gone = {name: payload[name] for name in kept}
            self.emit("THREAD_DELETE", gone, channel=channel)
        else:
            self.emit("CHANNEL_DELETE", payload, guild=channel.guild)
        del self.channels[channel.id]

    def change_overwrite(self, channel: Channel, overwrite: Overwrite) -> None:
        """Set what a role or member may in a channel, and tell the bots.

        A bot that comes to see a channel this way hears of the threads in it.
        """
        blind = [app for app in self._bots(channel) if not in_channel(app.id, channel)]
        channel.overwrites[overwrite.id] = overwrite
        self.emit("CHANNEL_UPDATE", channel_json(channel), guild=channel.guild)
        for app in blind:
            if in_channel(app.id, channel):
                self._list_threads(app, channel)

    def _bots(self, channel: Channel) -> list[Application]:
        members = channel.guild.members if channel.guild else {}
        return [app for app in self.applications.values() if app.id in members]

    def _list_threads(self, app: Application, channel: Channel) -> None:
        assert channel.guild is not None
        threads = [c for c in self.channels.values() if isinstance(c, Thread)]
        shown = [channel_json(t) for t in threads if t.parent is channel and not t.archived]
        payload = {"guild_id": str(channel.guild.id), "channel_ids": [str(channel.id)]}
        self.emit("THREAD_LIST_SYNC", {**payload, "threads": shown, "members": []}, app=app)

    def change_role(self, guild: Guild, role: Role, permissions: int) -> None:
        role.permissions = int(permissions)
        payload = {"guild_id": str(guild.id), "role": role_json(role)}
        self.emit("GUILD_ROLE_UPDATE", payload, guild=guild)

    def change_roles(self, guild: Guild, user: User, *roles: Role) -> None:
        """Give a member these roles and no others."""
        guild.members[user.id].roles = [role.id for role in roles]
        self._member_changed(guild, guild.members[user.id])

    def _member_changed(self, guild: Guild, member: Member) -> None:
        payload = {**member_json(member), "guild_id": str(guild.id)}
        self.emit("GUILD_MEMBER_UPDATE", payload, guild=guild)

    def remove_member(self, guild: Guild, user: User) -> None:
        """A member leaves, or is kicked."""
        del guild.members[user.id]
        payload = {"guild_id": str(guild.id), "user": user_json(user)}
        self.emit("GUILD_MEMBER_REMOVE", payload, guild=guild)

    def remove_bot(self, guild: Guild, app: Application) -> None:
        """The bot is kicked: its guild is gone."""
        self.emit("GUILD_DELETE", {"id": str(guild.id)}, guild=guild, app=app)
        del guild.members[app.id]

    def outage(self, guild: Guild) -> None:
        """The guild cannot be reached for a while."""
        gone = {"id": str(guild.id), "unavailable": True}
        self.emit("GUILD_DELETE", gone, guild=guild)
        guild.available = False

    def recover(self, guild: Guild) -> None:
        """The outage is over."""
        guild.available = True
        for app in self.applications.values():
            if app.id in guild.members:
                shown = self.guild_payload(guild, app, everybody=False)
                self.emit("GUILD_CREATE", shown, guild=guild, app=app)

    def archive(self, thread: Thread, *, locked: bool = False) -> None:
        """Archive a thread, as Discord does after some quiet days, or a moderator by locking."""
        change_thread(self, thread, archived=True, locked=locked)

    def fault(
        self,
        method: str,
        route: str,
        status: int | None = 0,
        *,
        times: int = 1,
        done: bool = False,
        delay: float = 0.0,
        then: Callable[[], object] | None = None,
    ) -> Fault:
        """Let the next requests of a route, such as POST /channels/{channel}/messages, fail."""
        fault = Fault(method, route, status, times, done, delay, then)
        self.faults.append(fault)
        return fault

    def messages(self, channel: Channel, viewer: User | None = None) -> list[Message]:
        """What was written there, as the viewer sees it; without one, as everybody does.

        Discord's own notes about threads are left out.
        """
        seen = (None, viewer.id) if viewer is not None else (None,)
        return [m for m in channel.messages.values() if m.only_for in seen and not m.system]

    def threads(self, parent: Channel) -> list[Thread]:
        found = [c for c in self.channels.values() if isinstance(c, Thread)]
        return [thread for thread in found if thread.parent is parent]

    def public_texts(self, app: Application | None = None) -> list[str]:
        """All texts that anybody could read, however short a time; of one bot, or of all."""
        return [text for of, text in self.record.public if app is None or of == app.id]

    async def until(
        self, condition: Callable[[], T], seconds: float = PATIENCE, what: str = ""
    ) -> T:
        """Wait for the condition, and give its value.

        Raises: AssertionError, with what happened last, when the seconds have passed.
        """
        try:
            return await until(condition, seconds, what)
        except AssertionError as missed:
            raise AssertionError(f"{missed}\n{self.lately()}") from None

    def lately(self) -> str:
        """The last deeds and requests, and the double's own errors, for a failed test to show."""
        last: list[Any] = [*self.record.deeds[-5:], *self.record.requests[-8:]]
        return "\n".join([str(thing) for thing in last] + self.record.broken)
